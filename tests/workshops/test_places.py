"""Places and their money: held, paid, dropped, moved, given up, taken away; exact to the rial."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.citizens.model import LearnerId
from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.errors import InsufficientFunds
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    AgeOutside,
    AlreadyRegistered,
    GroupUnfit,
    MoveToItself,
    NoSuchRegistration,
    NoSuchWorkshop,
    NotGuardian,
    NotTheirStep,
    NotYetLate,
    OfferOver,
    PlacesFree,
    PlacesTaken,
    RegistrationNotOpen,
    StepRefused,
    TermsNotAccepted,
    TimesClash,
    TooLateToDrop,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    By,
    Entity,
    RegistrationAct,
    RegistrationState,
    WorkshopId,
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
    given_draft,
    given_money,
    given_open,
    held,
    standing,
    state_of,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    FEE,
    FIRST,
    MANAGER,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

CUTOFF = at("1405/08/20 00:00")
MOMENT = timedelta(microseconds=1)
HALF_HOUR = timedelta(minutes=30)
BY_SARA = Actor.citizen(SARA)
OTHER_DATES = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")
STATES = RegistrationState


async def test_a_place_is_begun_agreed_to_held_and_paid_for(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await held(tx, opened)
        assert (place.state, place.expires_at) == (STATES.HELD, OPENS + HALF_HOUR)
        assert (await found(tx, opened.id)).taken_count == 1
        await given_money(tx, FEE + 7)
        (paid,) = await workshops.confirm(
            tx, registration_ids=[place.id], payer_id=SARA, now=OPENS
        )
        assert paid.state is STATES.CONFIRMED
        assert (await found(tx, opened.id)).taken_count == 1
        assert (await balance(tx)).available_rial == 7
        assert await escrow_rial(tx, opened) == FEE
        history = await workshops.history(tx, entity=Entity.REGISTRATION, entity_id=place.id)
        assert [event.act for event in history] == ["begin", "accept_terms", "hold", "pay"]
        assert {event.actor for event in history} == {"citizen"}
        consent = await workshops.consent(tx, of=paid, version=1)
        assert consent is not None
        assert consent.message_id == 44
        assert await wallet.audit(tx) == []


async def test_what_costs_nothing_is_confirmed_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, fee_rial=0)
        (place,) = await held(tx, opened)
        assert (place.state, place.journal_id) == (STATES.CONFIRMED, None)
        dropped = await workshops.drop(
            tx,
            registration_id=place.id,
            actor=BY_SARA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert dropped.registrations[0].state is STATES.DROPPED
        assert (await found(tx, opened.id)).taken_count == 0


async def test_who_may_not_register_is_told_why(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        hidden = await given_draft(tx)
        one = learner()
        for number, wanted, refusal in (
            (opened.id, {"now": CLOSES}, RegistrationNotOpen),
            (opened.id, {"now": OPENS - MOMENT}, RegistrationNotOpen),
            (opened.id, {"learners": [learner(guardian_id=REZA)]}, NotGuardian),
            (opened.id, {"learners": [learner(born_on="1402/01/01")]}, AgeOutside),
            (opened.id, {"learners": [one, one]}, GroupUnfit),
            (opened.id, {"learners": family(5)}, GroupUnfit),
            (hidden.id, {}, NoSuchWorkshop),
            (WorkshopId(404), {}, NoSuchWorkshop),
        ):
            values = {"learners": [one], "payer_id": SARA, "now": OPENS, **wanted}
            with pytest.raises(refusal):
                await workshops.begin(tx, workshop_id=number, policy=DEFAULT_POLICY, **values)  # type: ignore[arg-type]
        assert await workshops.registrations_of(tx, payer_id=SARA, limit=10) == []


async def test_who_began_before_goes_on_where_they_were(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        first = await begun(tx, opened)
        assert await begun(tx, opened) == first
        await workshops.take_places(
            tx, registration_ids=first, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
        )
        with refused(AlreadyRegistered(first[0], STATES.HELD)):
            await begun(tx, opened)


async def test_no_place_without_the_terms_that_hold_now(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        drafts = await workshops.begin(
            tx,
            workshop_id=opened.id,
            learners=[learner()],
            payer_id=SARA,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        ids = [one.id for one in drafts]
        with refused(TermsNotAccepted(1)):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )
        await begun(tx, opened)
        anew = await workshops.set_terms(
            tx, workshop_id=opened.id, text="شرط تازه", actor=OFFICER, now=OPENS
        )
        for version, refusal in ((1, TermsNotAccepted), (3, TermsNotAccepted)):
            with pytest.raises(refusal) as told:
                await workshops.accept_terms(
                    tx,
                    registration_ids=ids,
                    payer_id=SARA,
                    terms_version=version,
                    message_id=None,
                    now=OPENS,
                )
            assert told.value.terms_version == 2
        with refused(TermsNotAccepted(2)):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )
        assert await begun(tx, anew) == ids
        (place,) = await workshops.take_places(
            tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
        )
        assert place.state is STATES.HELD


async def test_brothers_and_sisters_get_their_places_together_or_none(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=3)
        ids = await begun(tx, opened, *family(4))
        with refused(PlacesTaken(3, 0)):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )
        assert (await found(tx, opened.id)).taken_count == 0
        with refused(PlacesFree(3)):
            await workshops.join_line(
                tx,
                registration_ids=ids[:3],
                payer_id=SARA,
                is_auto_accept=False,
                policy=DEFAULT_POLICY,
                now=OPENS,
            )
        places = await workshops.take_places(
            tx, registration_ids=ids[:3], payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
        )
        await given_money(tx, 3 * FEE - 1)
        numbers = [one.id for one in places]
        with refused(InsufficientFunds(3 * FEE, 3 * FEE - 1)):
            await workshops.confirm(tx, registration_ids=numbers, payer_id=SARA, now=OPENS)
        assert await escrow_rial(tx, opened) == 0
        await given_money(tx, 1)
        paid = await workshops.confirm(tx, registration_ids=numbers, payer_id=SARA, now=OPENS)
        assert {one.state for one in paid} == {STATES.CONFIRMED}
        assert await escrow_rial(tx, opened) == 3 * FEE


async def test_a_press_that_comes_twice_acts_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        ids = await begun(tx, opened)
        words = {"registration_ids": ids, "payer_id": SARA, "now": OPENS}
        first = await workshops.take_places(tx, policy=DEFAULT_POLICY, **words, key="k:1")  # type: ignore[arg-type]
        assert await workshops.take_places(tx, policy=DEFAULT_POLICY, **words, key="k:1") == first  # type: ignore[arg-type]
        with refused(StepRefused(Entity.REGISTRATION, STATES.HELD, RegistrationAct.HOLD)):
            await workshops.take_places(tx, policy=DEFAULT_POLICY, **words, key="k:2")  # type: ignore[arg-type]
        await given_money(tx, 2 * FEE)
        paid = await workshops.confirm(tx, **words, key="k:3")  # type: ignore[arg-type]
        assert await workshops.confirm(tx, **words, key="k:3") == paid  # type: ignore[arg-type]
        assert (await balance(tx)).available_rial == FEE
        drop = {
            "registration_id": ids[0],
            "actor": BY_SARA,
            "calendar": CALENDAR,
            "now": OPENS,
            "key": "k:4",
        }
        left = await workshops.drop(tx, policy=DEFAULT_POLICY, **drop)  # type: ignore[arg-type]
        assert await workshops.drop(tx, policy=DEFAULT_POLICY, **drop) == replace(
            left, promotions=()
        )  # type: ignore[arg-type]
        assert (await balance(tx)).available_rial == 2 * FEE
        assert (await found(tx, opened.id)).taken_count == 0


async def test_a_place_that_is_not_paid_for_in_time_is_given_on(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await held(tx, opened)
        await given_money(tx, FEE)
        until = OPENS + HALF_HOUR
        round_ = {"office_id": OFFICE, "calendar": CALENDAR}
        assert (
            await workshops.expire_holds(tx, **round_, policy=DEFAULT_POLICY, now=until - MOMENT)
            == []
        )  # type: ignore[arg-type]
        with refused(OfferOver(until)):
            await workshops.confirm(tx, registration_ids=[place.id], payer_id=SARA, now=until)
        (freed,) = await workshops.expire_holds(tx, **round_, policy=DEFAULT_POLICY, now=until)  # type: ignore[arg-type]
        assert freed.registrations[0].state is STATES.EXPIRED
        assert await workshops.expire_holds(tx, **round_, policy=DEFAULT_POLICY, now=until) == []  # type: ignore[arg-type]
        assert (await found(tx, opened.id)).taken_count == 0
        with refused(StepRefused(Entity.REGISTRATION, STATES.EXPIRED, RegistrationAct.PAY)):
            await workshops.confirm(tx, registration_ids=[place.id], payer_id=SARA, now=until)
        again = await begun(tx, opened)
        assert again != [place.id]


async def test_a_bank_transfer_keeps_a_place_over_working_days_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await held(tx, opened)
        words = {"registration_ids": [place.id], "payer_id": SARA, "calendar": CALENDAR}
        (kept,) = await workshops.await_bank(tx, **words, policy=DEFAULT_POLICY, now=OPENS)  # type: ignore[arg-type]
        # Saturday: Sunday and Monday.
        assert kept.expires_at == at("1405/08/05 00:00")
        with refused(StepRefused(Entity.REGISTRATION, STATES.HELD, RegistrationAct.AWAIT_BANK)):
            await workshops.await_bank(tx, **words, policy=DEFAULT_POLICY, now=OPENS)  # type: ignore[arg-type]
        assert (
            await workshops.expire_holds(
                tx,
                office_id=OFFICE,
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=at("1405/08/04 23:59"),
            )
            == []
        )


async def test_a_place_is_dropped_until_the_cutoff_and_the_money_goes_back_where_it_was(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened, credit_rial=200_000)
        assert (await balance(tx)).available_rial == 0
        words = {"registration_id": place.id, "actor": BY_SARA, "calendar": CALENDAR}
        with refused(TooLateToDrop(CUTOFF)):
            await workshops.drop(tx, **words, policy=DEFAULT_POLICY, now=CUTOFF)  # type: ignore[arg-type]
        with refused(NotYetLate(CUTOFF)):
            await workshops.withdraw(tx, **words, policy=DEFAULT_POLICY, now=CUTOFF - MOMENT)  # type: ignore[arg-type]
        left = await workshops.drop(tx, **words, policy=DEFAULT_POLICY, now=CUTOFF - MOMENT)  # type: ignore[arg-type]
        assert left.registrations[0].state is STATES.DROPPED
        after = await balance(tx)
        assert (after.cash_rial, after.credit_rial) == (FEE - 200_000, 200_000)
        assert await escrow_rial(tx, opened) == 0
        with refused(StepRefused(Entity.REGISTRATION, STATES.DROPPED, RegistrationAct.DROP)):
            await workshops.drop(tx, **words, policy=DEFAULT_POLICY, now=OPENS)  # type: ignore[arg-type]
        assert await wallet.audit(tx) == []


async def test_a_place_given_up_late_earns_its_fee_and_is_free_for_others(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened, credit_rial=200_000)
        left = await workshops.withdraw(
            tx,
            registration_id=place.id,
            actor=BY_SARA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=CUTOFF,
        )
        assert left.registrations[0].state is STATES.WITHDRAWN_LATE
        assert (await balance(tx)).available_rial == 0
        assert await escrow_rial(tx, opened) == 0
        assert await standing(tx, "revenue") == FEE
        assert (await found(tx, opened.id)).taken_count == 0
        assert await wallet.audit(tx) == []


@pytest.mark.parametrize("is_refunded", [True, False])
async def test_a_manager_takes_a_place_away_with_or_without_its_fee(
    database: Database,
    is_refunded: bool,  # noqa: FBT001 - a case of the test
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        words = {
            "registration_id": place.id,
            "reason": "رفتار ناشایست",
            "calendar": CALENDAR,
            "now": OPENS,
            "is_refunded": is_refunded,
        }
        with refused(NotTheirStep(RegistrationAct.REMOVE, (By.MANAGER,))):
            await workshops.remove(tx, actor=Actor.staff(OFFICER), policy=DEFAULT_POLICY, **words)  # type: ignore[arg-type]
        await workshops.remove(tx, actor=Actor.staff(MANAGER), policy=DEFAULT_POLICY, **words)  # type: ignore[arg-type]
        assert (await balance(tx)).available_rial == (FEE if is_refunded else 0)
        assert await standing(tx, "revenue") == (0 if is_refunded else FEE)
        assert await escrow_rial(tx, opened) == 0


async def test_nobody_touches_what_is_anothers(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        ids, by_reza = [place.id], Actor.citizen(REZA)
        words = {"registration_ids": ids, "payer_id": REZA, "now": OPENS}
        act = {"registration_id": place.id, "actor": by_reza, "calendar": CALENDAR}
        for unit in (
            workshops.accept_terms(tx, **words, terms_version=1, message_id=None),  # type: ignore[arg-type]
            workshops.take_places(tx, policy=DEFAULT_POLICY, **words),  # type: ignore[arg-type]
            workshops.confirm(tx, **words),  # type: ignore[arg-type]
            workshops.await_bank(tx, policy=DEFAULT_POLICY, **words, calendar=CALENDAR),  # type: ignore[arg-type]
            workshops.join_line(tx, policy=DEFAULT_POLICY, **words, is_auto_accept=True),  # type: ignore[arg-type]
            workshops.drop(tx, **act, policy=DEFAULT_POLICY, now=OPENS),  # type: ignore[arg-type]
            workshops.withdraw(tx, **act, policy=DEFAULT_POLICY, now=CUTOFF),  # type: ignore[arg-type]
            workshops.abandon(tx, **act, policy=DEFAULT_POLICY, now=OPENS),  # type: ignore[arg-type]
            workshops.registration(tx, registration_id=place.id, actor=by_reza),
        ):
            with pytest.raises(NoSuchRegistration):
                await unit
        assert await state_of(tx, place) is STATES.CONFIRMED


async def test_an_unpaid_place_is_left_and_free_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await held(tx, opened)
        freed = await workshops.abandon(
            tx,
            registration_id=place.id,
            actor=BY_SARA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert freed.registrations[0].state is STATES.ABANDONED
        assert (await found(tx, opened.id)).taken_count == 0
        (draft,) = await begun(tx, opened)
        await workshops.abandon(
            tx,
            registration_id=draft,
            actor=BY_SARA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert (await found(tx, opened.id)).taken_count == 0


async def test_hours_at_which_the_learner_is_elsewhere_are_said_and_may_be_wanted(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        one, other = await given_open(tx), await given_open(tx, title="خوشنویسی")
        await confirmed(tx, one)
        ids = await begun(tx, other)
        with refused(TimesClash(one.details.title, FIRST)):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )
        (place,) = await workshops.take_places(
            tx,
            registration_ids=ids,
            payer_id=SARA,
            policy=DEFAULT_POLICY,
            now=OPENS,
            is_clash_accepted=True,
        )
        assert place.state is STATES.HELD
        sister = await begun(tx, other, learner(2))
        await workshops.take_places(
            tx, registration_ids=sister, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
        )


async def test_a_move_gives_the_old_fee_back_and_pays_the_new_one_in_one_go(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        one = await given_open(tx)
        other = await given_open(tx, fee_rial=FEE + 100)
        (place,) = await confirmed(tx, one, credit_rial=200_000)
        (target,) = await begun(tx, other)
        words = {
            "registration_id": place.id,
            "to_registration_id": target,
            "actor": BY_SARA,
            "calendar": CALENDAR,
        }
        with refused(InsufficientFunds(FEE + 100, FEE)):
            await workshops.move(tx, **words, policy=DEFAULT_POLICY, now=OPENS)  # type: ignore[arg-type]
        assert await state_of(tx, place) is STATES.CONFIRMED
        assert await escrow_rial(tx, one) == FEE
        await given_money(tx, 150)
        with refused(TooLateToDrop(CUTOFF)):
            await workshops.move(tx, **words, policy=DEFAULT_POLICY, now=CUTOFF)  # type: ignore[arg-type]
        moved = await workshops.move(tx, **words, policy=DEFAULT_POLICY, now=OPENS, key="k:move")  # type: ignore[arg-type]
        assert (moved.old.state, moved.new.state) == (STATES.MOVED, STATES.CONFIRMED)
        assert moved.new.moved_from_id == place.id
        assert (await found(tx, one.id)).taken_count == 0
        assert (await found(tx, other.id)).taken_count == 1
        assert (await escrow_rial(tx, one), await escrow_rial(tx, other)) == (0, FEE + 100)
        after = await balance(tx)
        assert (after.cash_rial, after.credit_rial) == (50, 0)
        again = await workshops.move(tx, **words, policy=DEFAULT_POLICY, now=OPENS, key="k:move")  # type: ignore[arg-type]
        assert again.new == moved.new
        assert await wallet.audit(tx) == []


async def test_nobody_moves_where_there_is_no_place_or_to_where_they_are(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        one, full = await given_open(tx), await given_open(tx, OTHER_DATES, places=1, quorum=1)
        (place,) = await confirmed(tx, one)
        await held(tx, full, learner(9, REZA), payer_id=REZA)
        (target,) = await begun(tx, full)
        words = {"actor": BY_SARA, "calendar": CALENDAR, "now": OPENS}
        with refused(PlacesTaken(0, 0)):
            await workshops.move(
                tx,
                registration_id=place.id,
                to_registration_id=target,
                policy=DEFAULT_POLICY,
                **words,  # type: ignore[arg-type]
            )
        (sister,) = await begun(tx, one, replace(learner(), id=LearnerId(2)))
        with pytest.raises(MoveToItself):
            await workshops.move(
                tx,
                registration_id=place.id,
                to_registration_id=sister,
                policy=DEFAULT_POLICY,
                **words,  # type: ignore[arg-type]
            )
        assert await state_of(tx, place) is STATES.CONFIRMED
        assert (await balance(tx)).available_rial == 0


async def test_a_place_paid_for_after_the_deadline_counts_while_it_was_promised(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        late = CLOSES - timedelta(minutes=10)
        (place,) = await held(tx, opened, now=late)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await given_money(tx, FEE)
        (paid,) = await workshops.confirm(
            tx, registration_ids=[place.id], payer_id=SARA, now=CLOSES + timedelta(minutes=10)
        )
        assert paid.state is STATES.CONFIRMED
