"""The line: first come first served, groups whole, offers that end, and nobody forgotten."""

from datetime import timedelta

import pytest

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    AlreadyRegistered,
    NoSuchTurn,
    OfferOver,
    PlacesTaken,
    StepRefused,
    TermsNotAccepted,
    TimesClash,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    Entity,
    Registration,
    RegistrationAct,
    RegistrationState,
    WaitingAct,
    WaitingEntry,
    WaitingState,
    Workshop,
)
from tests.calendar.support import at
from tests.refusing import refused
from tests.workshops.given import (
    balance,
    begun,
    confirmed,
    escrow_rial,
    family,
    found,
    given_money,
    given_open,
    state_of,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    FEE,
    FIRST,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

LATER = OPENS + timedelta(hours=1)
# Saturday 8:00 and twelve open hours: 6 on Saturday, 6 on Sunday.
UNTIL = at("1405/08/03 14:00")
ROUND = {"office_id": OFFICE, "calendar": CALENDAR}
STATES, TURNS = RegistrationState, WaitingState


async def full(
    tx: Transaction, places: int = 1, **wanted: object
) -> tuple[Workshop, list[Registration]]:
    """A workshop all of whose places Reza has paid for."""
    opened = await given_open(tx, places=places, quorum=1, **wanted)
    taken = await confirmed(tx, opened, *family(places, REZA, first=90), payer_id=REZA)
    return opened, list(taken)


async def drop(tx: Transaction, place: Registration, **wanted: object) -> tuple[object, ...]:
    values = {"actor": Actor.citizen(place.payer_id), "now": LATER, **wanted}
    freed = await workshops.drop(
        tx, registration_id=place.id, calendar=CALENDAR, policy=DEFAULT_POLICY, **values
    )  # type: ignore[arg-type]
    return freed.promotions


async def turn(tx: Transaction, registration: Registration) -> WaitingEntry:
    found_ = await workshops.turn_of(tx, registration=registration)
    assert found_ is not None
    return found_


async def test_the_place_that_is_dropped_is_offered_to_the_first_in_line(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened)
        (second,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA)
        (promotion,) = await drop(tx, place)
        assert promotion.entry == await turn(tx, first)
        assert promotion.entry.state is TURNS.OFFERED
        assert promotion.entry.expires_at == at("1405/08/04 08:00")
        assert promotion.registrations[0].state is STATES.HELD
        assert await state_of(tx, second) is STATES.DRAFT
        assert (await found(tx, opened.id)).taken_count == 1
        await given_money(tx, FEE)
        await workshops.confirm(tx, registration_ids=[first.id], payer_id=SARA, now=LATER)
        assert await workshops.turn_of(tx, registration=first) is None
        assert await escrow_rial(tx, opened) == FEE


async def test_who_asked_for_it_and_can_pay_has_the_place_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened, is_auto_accept=True)
        await given_money(tx, FEE)
        (promotion,) = await drop(tx, place)
        assert promotion.entry.state is TURNS.ACCEPTED
        assert await state_of(tx, first) is STATES.CONFIRMED
        assert (await balance(tx)).available_rial == 0
        assert (await balance(tx, REZA)).available_rial == FEE


async def test_who_cannot_pay_is_asked_and_can_pay_later(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened, is_auto_accept=True)
        await given_money(tx, FEE - 1)
        (promotion,) = await drop(tx, place)
        assert promotion.entry.state is TURNS.OFFERED
        await given_money(tx, 1)
        (paid,) = await workshops.confirm(
            tx, registration_ids=[first.id], payer_id=SARA, now=LATER
        )
        assert paid.state is STATES.CONFIRMED


async def test_a_free_place_is_given_at_once_to_who_asked_for_it(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx, fee_rial=0)
        (first,) = await waits(tx, opened, is_auto_accept=True)
        await drop(tx, place)
        assert await state_of(tx, first) is STATES.CONFIRMED


async def test_nobody_is_given_a_place_under_terms_or_at_hours_they_did_not_agree_to(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (place, other) = await full(tx, places=2)
        (first,) = await waits(tx, opened, is_auto_accept=True)
        elsewhere = await given_open(tx, title="خوشنویسی")
        (second,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA, is_auto_accept=True)
        await confirmed(tx, elsewhere, learner(7, MINA), payer_id=MINA)
        for payer_id in (SARA, MINA):
            await given_money(tx, FEE, payer_id)
        anew = await workshops.set_terms(
            tx, workshop_id=opened.id, text="شرط تازه", actor=OFFICER, now=OPENS
        )
        await drop(tx, place)
        await drop(tx, other)
        assert (await turn(tx, first)).state is TURNS.OFFERED
        with refused(TermsNotAccepted(2)):
            await workshops.confirm(tx, registration_ids=[first.id], payer_id=SARA, now=LATER)
        assert (await turn(tx, second)).state is TURNS.OFFERED
        for one, payer_id in ((first, SARA), (second, MINA)):
            await workshops.accept_terms(
                tx,
                registration_ids=[one.id],
                payer_id=payer_id,
                terms_version=anew.terms_version,
                message_id=None,
                now=LATER,
            )
        await workshops.confirm(tx, registration_ids=[first.id], payer_id=SARA, now=LATER)
        words = {"registration_ids": [second.id], "payer_id": MINA, "now": LATER}
        with refused(TimesClash("خوشنویسی", FIRST)):
            await workshops.confirm(tx, **words)  # type: ignore[arg-type]
        await workshops.confirm(tx, **words, is_clash_accepted=True)  # type: ignore[arg-type]


async def test_newcomers_do_not_overtake_a_group_that_waits_for_more_places(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (one, other) = await full(tx, places=2)
        pair = await waits(tx, opened, *family(2))
        (single,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA)
        assert await drop(tx, one) == ()
        assert (await found(tx, opened.id)).free_count == 1
        newcomer = CitizenId(55_000)
        ids = await begun(tx, opened, learner(8, newcomer), payer_id=newcomer)
        with refused(PlacesTaken(1, 2)):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=newcomer, policy=DEFAULT_POLICY, now=LATER
            )
        _, _, where = await workshops.explain_standing(
            tx, entry_id=(await turn(tx, single)).id, actor=Actor.citizen(MINA)
        )
        assert (where.position, where.places_before, where.free_count) == (2, 2, 1)
        (promotion,) = await drop(tx, other)
        assert {one.id for one in promotion.registrations} == {one.id for one in pair}
        assert await state_of(tx, single) is STATES.DRAFT


async def test_nor_does_who_moves_from_another_workshop(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (one, _other) = await full(tx, places=2)
        await waits(tx, opened, *family(2))
        await drop(tx, one)
        assert (await found(tx, opened.id)).free_count == 1
        elsewhere = await given_open(tx, title="خوشنویسی")
        (place,) = await confirmed(tx, elsewhere, learner(7, MINA), payer_id=MINA)
        (target,) = await begun(tx, opened, learner(7, MINA), payer_id=MINA)
        with refused(PlacesTaken(1, 1)):
            await workshops.move(
                tx,
                registration_id=place.id,
                to_registration_id=target,
                actor=Actor.citizen(MINA),
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=LATER,
            )


async def test_one_of_a_pair_cannot_be_paid_for_alone(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (one, other) = await full(tx, places=2)
        pair = await waits(tx, opened, *family(2))
        await drop(tx, one)
        await drop(tx, other)
        await given_money(tx, 2 * FEE)
        paid = await workshops.confirm(tx, registration_ids=[pair[0].id], payer_id=SARA, now=LATER)
        assert {one.id for one in paid} == {one.id for one in pair}
        assert await escrow_rial(tx, opened) == 2 * FEE


async def test_an_offer_ends_and_the_next_in_line_is_asked(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened)
        (second,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA)
        await drop(tx, place, now=OPENS)
        moment = timedelta(microseconds=1)
        assert (
            await workshops.lapse_offers(tx, **ROUND, policy=DEFAULT_POLICY, now=UNTIL - moment)
            == []
        )  # type: ignore[arg-type]
        assert await workshops.expire_holds(tx, **ROUND, policy=DEFAULT_POLICY, now=UNTIL) == []  # type: ignore[arg-type]
        await given_money(tx, FEE)
        with refused(OfferOver(UNTIL)):
            await workshops.confirm(tx, registration_ids=[first.id], payer_id=SARA, now=UNTIL)
        (freed,) = await workshops.lapse_offers(tx, **ROUND, policy=DEFAULT_POLICY, now=UNTIL)  # type: ignore[arg-type]
        assert [one.state for one in freed.registrations] == [STATES.EXPIRED]
        assert [one.registrations[0].id for one in freed.promotions] == [second.id]
        assert await workshops.lapse_offers(tx, **ROUND, policy=DEFAULT_POLICY, now=UNTIL) == []  # type: ignore[arg-type]
        (again,) = await waits(tx, opened, now=UNTIL)
        assert again.waiting_entry_id != first.waiting_entry_id


async def test_an_offer_that_is_declined_goes_on_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened)
        (second,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA)
        await drop(tx, place)
        offered = await turn(tx, first)
        words = {"entry_id": offered.id, "calendar": CALENDAR, "now": LATER}
        with pytest.raises(NoSuchTurn):
            await workshops.decline_offer(
                tx, policy=DEFAULT_POLICY, **words, actor=Actor.citizen(MINA)
            )  # type: ignore[arg-type]
        freed = await workshops.decline_offer(
            tx, policy=DEFAULT_POLICY, **words, actor=Actor.citizen(SARA)
        )  # type: ignore[arg-type]
        assert [one.state for one in freed.registrations] == [STATES.ABANDONED]
        assert freed.promotions[0].registrations[0].id == second.id
        with refused(StepRefused(Entity.WAITING_ENTRY, TURNS.DECLINED, WaitingAct.DECLINE)):
            await workshops.decline_offer(
                tx, policy=DEFAULT_POLICY, **words, actor=Actor.citizen(SARA)
            )  # type: ignore[arg-type]


async def test_a_group_that_leaves_the_line_lets_those_behind_have_what_is_free(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (one, _other) = await full(tx, places=2)
        pair = await waits(tx, opened, *family(2))
        (single,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA)
        await drop(tx, one)
        freed = await workshops.leave_line(
            tx,
            entry_id=(await turn(tx, pair[0])).id,
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=LATER,
        )
        assert [one.state for one in freed.registrations] == [STATES.ABANDONED] * 2
        assert freed.promotions[0].registrations[0].id == single.id
        assert (await found(tx, opened.id)).free_count == 0


async def test_who_waits_does_not_wait_twice_and_does_not_slip_out_unseen(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, _ = await full(tx)
        (first,) = await waits(tx, opened)
        with refused(AlreadyRegistered(first.id, STATES.DRAFT)):
            await begun(tx, opened)
        with refused(StepRefused(Entity.REGISTRATION, STATES.DRAFT, RegistrationAct.HOLD)):
            await workshops.join_line(
                tx,
                registration_ids=[first.id],
                payer_id=SARA,
                is_auto_accept=False,
                policy=DEFAULT_POLICY,
                now=LATER,
            )
        with refused(StepRefused(Entity.REGISTRATION, STATES.DRAFT, RegistrationAct.ABANDON)):
            await workshops.abandon(
                tx,
                registration_id=first.id,
                actor=Actor.citizen(SARA),
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=LATER,
            )
        assert await workshops.waiting_count(tx, workshop_id=opened.id) == 1


async def test_at_the_deadline_the_line_is_closed_and_its_places_are_free(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (place, _other) = await full(tx, places=2)
        (offered,) = await waits(tx, opened)
        (waiting,) = await waits(tx, opened, learner(7, MINA), payer_id=MINA)
        (mere,) = await begun(tx, opened, learner(8))
        await drop(tx, place, now=at("1405/08/19 09:00"))
        assert (await turn(tx, offered)).expires_at == CLOSES
        (closed,) = await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        assert closed.state == "closed"
        assert await state_of(tx, offered) is STATES.EXPIRED
        assert await state_of(tx, waiting) is STATES.ABANDONED
        _, draft = await workshops.registration(
            tx, registration_id=mere, actor=Actor.citizen(SARA)
        )
        assert draft.state is STATES.ABANDONED
        assert (await found(tx, opened.id)).taken_count == 1
        assert await workshops.waiting_line(tx, workshop_id=opened.id) == []
        assert await workshops.close_due(tx, office_id=OFFICE, now=CLOSES) == []


async def test_an_offer_is_kept_for_a_bank_transfer_and_not_past_the_deadline(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened)
        await drop(tx, place, now=OPENS)
        await workshops.await_bank(
            tx,
            registration_ids=[first.id],
            payer_id=SARA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        offered = await turn(tx, first)
        assert offered.expires_at == at("1405/08/05 00:00")
        assert await workshops.lapse_offers(tx, **ROUND, policy=DEFAULT_POLICY, now=UNTIL) == []  # type: ignore[arg-type]


async def test_during_a_pause_what_is_freed_still_goes_to_the_line(database: Database) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened, is_auto_accept=True)
        await given_money(tx, FEE)
        await workshops.pause(
            tx, workshop_id=opened.id, actor=OFFICER, reason="بازبینی", now=OPENS
        )
        await drop(tx, place)
        assert await state_of(tx, first) is STATES.CONFIRMED


async def test_a_move_frees_a_place_for_the_line_of_the_workshop_that_was_left(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened, (place,) = await full(tx)
        (first,) = await waits(tx, opened, is_auto_accept=True)
        await given_money(tx, FEE)
        dates = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")
        other = await given_open(tx, dates)
        (target,) = await begun(tx, other, learner(90, REZA), payer_id=REZA)
        moved = await workshops.move(
            tx,
            registration_id=place.id,
            to_registration_id=target,
            actor=Actor.citizen(REZA),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=LATER,
        )
        assert [one.registrations[0].id for one in moved.promotions] == [first.id]
        assert await state_of(tx, first) is STATES.CONFIRMED
