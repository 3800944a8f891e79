"""A round does what is due, and what is not yet due keeps nothing else waiting."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.calendar.model import OfficeCalendar
from bot.calendar.rules import with_closure
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Learner
from bot.kit.crypto import Keyring
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    StepRefused,
    TermsNotAccepted,
    TimesClash,
)
from bot.workshops.model import (
    CLOCK,
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    ClosedWhy,
    Deed,
    Entity,
    Registration,
    RegistrationAct,
    RegistrationState,
    Session,
    Sieve,
    Slot,
    WaitingState,
    Workshop,
    WorkshopAct,
    WorkshopState,
)
from bot.workshops.use_cases import steps
from tests.calendar.support import at, closed, jalali
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
    given_published,
    held,
    standing,
    state_of,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    FEE,
    FIRST,
    HOUR,
    MANAGER,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

ROUND = {"office_id": OFFICE, "policy": DEFAULT_POLICY}
STATES, AT = RegistrationState, WorkshopState
ONE_DATE = ("1405/08/23 17:00",)
SNOW = with_closure(CALENDAR, closed("1405/08/30"))


async def close(tx: Transaction, now: datetime = CLOSES) -> list[Workshop]:
    await workshops.close_due(tx, office_id=OFFICE, now=now)
    return await workshops.check_quorums(tx, now=now, **ROUND)  # type: ignore[arg-type]


async def drop(tx: Transaction, place: Registration, now: datetime = OPENS + HOUR) -> Any:
    return await workshops.drop(
        tx,
        registration_id=place.id,
        actor=Actor.citizen(place.payer_id),
        calendar=CALENDAR,
        policy=DEFAULT_POLICY,
        now=now,
    )


async def cancel(tx: Transaction, session: Session, now: datetime = OPENS) -> Any:
    return await workshops.cancel_session(
        tx,
        session_id=session.id,
        why=CancelReason.TEACHER_ABSENT,
        actor=OFFICER,
        reason="بیماری",
        policy=DEFAULT_POLICY,
        now=now,
    )


async def sessions_of(tx: Transaction, workshop: Workshop) -> list[Session]:
    return await workshops.sessions(tx, workshop_id=workshop.id)


async def test_a_workshop_that_waits_for_money_holds_up_no_other(database: Database) -> None:
    async with database.transaction() as tx:
        open_, met, short = [
            await given_open(tx, ONE_DATE, session_count=1, quorum=quorum) for quorum in (1, 1, 2)
        ]
        await held(tx, open_, learner(1), now=CLOSES - HOUR / 6)
        await confirmed(tx, met, learner(2))
        await confirmed(tx, short, learner(3))
        decided = await close(tx)
        assert [(one.id, one.state) for one in decided] == [
            (met.id, AT.CONFIRMED),
            (short.id, AT.QUORUM_FAILED_PENDING),
        ]


async def test_a_session_that_cannot_begin_or_end_holds_up_no_other(database: Database) -> None:
    async with database.transaction() as tx:
        doubtful, long, short = [
            await given_open(tx, ONE_DATE, session_count=1, quorum=quorum) for quorum in (2, 1, 1)
        ]
        for number, one in enumerate((doubtful, long, short)):
            await confirmed(tx, one, learner(number))
        await close(tx)
        (first,) = await sessions_of(tx, long)
        (second,) = await sessions_of(tx, short)
        await workshops.reschedule(
            tx,
            session_id=first.id,
            slot=Slot(first.slot.starts_at, 120),
            actor=OFFICER,
            reason="دو ساعت",
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=CLOSES,
        )
        started = await workshops.start_due(tx, office_id=OFFICE, now=FIRST)
        assert [one.id for one in started] == [first.id, second.id]
        assert await workshops.start_due(tx, office_id="mazandaran", now=FIRST) == []
        over = second.slot.ends_at
        (ended,) = await workshops.end_due(tx, office_id=OFFICE, now=over)
        assert ended.id == second.id
        ((done, _),) = await workshops.complete_due(tx, office_id=OFFICE, now=over)
        assert done.id == short.id
        assert await escrow_rial(tx, long) == FEE


async def test_only_the_sessions_of_a_closed_day_lose_their_date_in_every_workshop(
    database: Database,
) -> None:
    async def losing(calendar: OfficeCalendar, office_id: str = OFFICE) -> list[tuple[int, int]]:
        found_ = await workshops.losing_their_day(
            tx, office_id=office_id, calendar=calendar, now=OPENS
        )
        return [(of.id, session.id) for of, session in found_]

    async with database.transaction() as tx:
        calm, late, early = [
            await given_published(tx, dates, session_count=len(dates))
            for dates in (ONE_DATE, ("1405/08/30 18:00",), ("1405/08/30 16:00",))
        ]
        (of_late,), (of_early,) = await sessions_of(tx, late), await sessions_of(tx, early)
        assert await losing(CALENDAR) == []
        assert await losing(SNOW) == [(early.id, of_early.id), (late.id, of_late.id)]
        assert await losing(SNOW, "mazandaran") == []
        displaced = await workshops.displace_closed(tx, office_id=OFFICE, calendar=SNOW, now=OPENS)
        assert [(of.id, one.id, why.why) for of, one, why in displaced] == [
            (late.id, of_late.id, ClosedWhy.CLOSURE),
            (early.id, of_early.id, ClosedWhy.CLOSURE),
        ]
        assert [one.day for _, _, one in displaced] == [jalali("1405/08/30")] * 2
        assert await losing(SNOW) == []
        assert (await sessions_of(tx, calm))[0].is_ahead


async def test_two_offers_that_end_make_room_for_two_others(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2, quorum=1)
        places = await confirmed(tx, opened, *family(2, REZA), payer_id=REZA)
        asked = [(await waits(tx, opened, learner(20 + number)))[0] for number in (0, 1)]
        others = [
            (await waits(tx, opened, learner(30 + number, MINA), payer_id=MINA))[0]
            for number in (0, 1, 2)
        ]
        for one in places:
            await drop(tx, one)
        turn = await workshops.turn_of(tx, registration=asked[0])
        assert turn is not None
        assert turn.expires_at is not None
        freed = await workshops.lapse_offers(tx, calendar=CALENDAR, now=turn.expires_at, **ROUND)  # type: ignore[arg-type]
        assert [one.registrations[0].id for one in freed] == [one.id for one in asked]
        promoted = [promotion for one in freed for promotion in one.promotions]
        assert [one.registrations[0].id for one in promoted] == [one.id for one in others[:2]]
        assert (await found(tx, opened.id)).taken_count == 2
        assert await workshops.waiting_count(tx, workshop_id=opened.id) == 1


async def kept_learner(tx: Transaction, payer_id: CitizenId, born_on: str) -> Learner:
    return await citizens.add_learner(
        tx,
        guardian_id=payer_id,
        given_name="نیکا",
        born_on=jalali(born_on),
        is_self=False,
        keyring=Keyring.drawn(),
        now=OPENS,
    )


async def test_who_has_grown_out_of_a_workshop_meanwhile_is_passed_over(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=1, quorum=1)
        (place,) = await confirmed(tx, opened, learner(90, REZA), payer_id=REZA)
        grown = await kept_learner(tx, SARA, "1392/08/25")  # Twelve on the first day.
        (first,) = await waits(tx, opened, grown)
        fitting = await kept_learner(tx, MINA, "1393/08/25")
        (second,) = await waits(tx, opened, fitting, payer_id=MINA)
        (last,) = await waits(tx, opened, learner(91, MINA), payer_id=MINA)
        start, *_ = await sessions_of(tx, opened)
        await workshops.reschedule(
            tx,
            session_id=start.id,
            slot=Slot(at("1405/09/02 17:00"), 90),
            actor=OFFICER,
            reason="سفر مربی",
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        freed = await drop(tx, place)
        passed, promoted = freed.promotions
        assert (passed.entry.state, promoted.entry.state) == (
            WaitingState.CLOSED,
            WaitingState.OFFERED,
        )
        assert [(one.id, one.state) for one in passed.registrations] == [
            (first.id, STATES.ABANDONED)
        ]
        assert [(one.id, one.state) for one in promoted.registrations] == [
            (second.id, STATES.HELD)
        ]
        assert await state_of(tx, last) is STATES.DRAFT
        assert (await found(tx, opened.id)).taken_count == 1
        history = await workshops.history(
            tx, entity=Entity.WAITING_ENTRY, entity_id=passed.entry.id
        )
        assert [(one.act, one.actor, one.at) for one in history[1:]] == [
            ("skip", "clock", OPENS + HOUR)
        ]


async def test_a_free_place_stays_free_while_the_first_in_line_are_too_many(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=1, quorum=1)
        (place,) = await confirmed(tx, opened, learner(90, REZA), payer_id=REZA)
        await waits(tx, opened, *family(2))
        freed = await drop(tx, place)
        assert freed.promotions == ()
        assert (await found(tx, opened.id)).taken_count == 0
        await waits(tx, opened, learner(91, MINA), payer_id=MINA)  # behind them, all the same
        assert await workshops.waiting_count(tx, workshop_id=opened.id) == 2


async def test_terms_are_fixed_once_a_workshop_is_over(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        where = Entity.WORKSHOP, AT.CANCELLED_BY_OFFICE
        with refused(StepRefused(*where, "set_terms")):
            await workshops.set_terms(
                tx, workshop_id=opened.id, text="شرط تازه", actor=OFFICER, now=OPENS
            )
        with refused(StepRefused(*where, "set_details")):
            await workshops.set_details(
                tx, workshop_id=opened.id, details=opened.details, actor=OFFICER, now=OPENS
            )


async def test_who_acts_on_what_has_moved_on_meanwhile_is_told_how_it_stood(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        deed = Deed(Actor.staff(OFFICER), OPENS)
        await steps.move(tx, opened, WorkshopAct.PAUSE, deed)
        with refused(StepRefused(Entity.WORKSHOP, AT.OPEN, WorkshopAct.PAUSE)):
            await steps.move(tx, opened, WorkshopAct.PAUSE, deed)
        assert steps.is_theirs(opened, CLOCK)


async def test_hours_are_agreed_to_when_a_place_is_taken_and_not_asked_again(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        one, other = await given_open(tx), await given_open(tx, title="خوشنویسی")
        await confirmed(tx, one)
        ids = await begun(tx, other)
        words = {"registration_ids": ids, "payer_id": SARA, "now": OPENS}
        with refused(TimesClash(one.details.title, FIRST)):
            await workshops.take_places(tx, policy=DEFAULT_POLICY, **words)  # type: ignore[arg-type]
        await workshops.take_places(
            tx,
            policy=DEFAULT_POLICY,
            is_clash_accepted=True,
            **words,  # type: ignore[arg-type]
        )
        await given_money(tx, FEE)
        (paid,) = await workshops.confirm(tx, **words)  # type: ignore[arg-type]
        assert paid.state is STATES.CONFIRMED


async def test_what_was_offered_is_paid_for_under_todays_terms_and_hours(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2, quorum=1)
        places = await confirmed(tx, opened, *family(2, REZA, first=90), payer_id=REZA)
        pair = await waits(tx, opened, *family(2))
        elsewhere = await given_open(tx, title="خوشنویسی")
        await confirmed(tx, elsewhere, learner(2))
        for one in places:
            await drop(tx, one)
        await given_money(tx, 2 * FEE)
        anew = await workshops.set_terms(
            tx, workshop_id=opened.id, text="شرط تازه", actor=OFFICER, now=OPENS + HOUR
        )
        words = {"registration_ids": [pair[0].id], "payer_id": SARA, "now": OPENS + HOUR}
        with refused(TermsNotAccepted(anew.terms_version)):
            await workshops.confirm(tx, **words)  # type: ignore[arg-type]
        await workshops.accept_terms(
            tx,
            registration_ids=[one.id for one in pair],
            payer_id=SARA,
            terms_version=anew.terms_version,
            message_id=1,
            now=OPENS + HOUR,
        )
        with refused(TimesClash("خوشنویسی", FIRST)):
            await workshops.confirm(tx, **words)  # type: ignore[arg-type]
        paid = await workshops.confirm(tx, is_clash_accepted=True, **words)  # type: ignore[arg-type]
        assert [one.state for one in paid] == [STATES.CONFIRMED] * 2
        entry = paid[0].waiting_entry_id
        assert entry is not None
        history = await workshops.history(tx, entity=Entity.WAITING_ENTRY, entity_id=entry)
        assert [(one.act, one.actor, one.at) for one in history[2:]] == [
            ("accept", "citizen", OPENS + HOUR)
        ]


async def test_a_place_of_ones_own_and_an_offered_group_are_paid_for_together(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=3, quorum=1)
        (own,) = await held(tx, opened, now=OPENS + HOUR)
        places = await confirmed(tx, opened, *family(2, REZA, first=90), payer_id=REZA)
        pair = await waits(tx, opened, *family(2, first=20))
        for one in places:
            await drop(tx, one)
        await given_money(tx, 3 * FEE)
        paid = await workshops.confirm(
            tx, registration_ids=[own.id, pair[1].id], payer_id=SARA, now=OPENS + HOUR
        )
        assert [one.id for one in paid] == [own.id, *(one.id for one in pair)]
        assert await escrow_rial(tx, opened) == 3 * FEE


async def test_a_place_is_given_up_once_under_one_key(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        words = {
            "registration_id": place.id,
            "actor": Actor.citizen(SARA),
            "calendar": CALENDAR,
            "policy": DEFAULT_POLICY,
            "now": CLOSES - HOUR,
        }
        first = await workshops.withdraw(tx, key="press:1", **words)  # type: ignore[arg-type]
        again = await workshops.withdraw(tx, key="press:1", **words)  # type: ignore[arg-type]
        assert again.registrations == first.registrations
        with refused(
            StepRefused(Entity.REGISTRATION, STATES.WITHDRAWN_LATE, RegistrationAct.WITHDRAW)
        ):
            await workshops.withdraw(tx, key="press:2", **words)  # type: ignore[arg-type]
        assert await standing(tx, "revenue") == FEE


async def test_a_place_waits_for_a_bank_once(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await held(tx, opened)
        words = {"registration_ids": [place.id], "payer_id": SARA, "calendar": CALENDAR}
        wait = {"policy": DEFAULT_POLICY, "now": OPENS}
        await workshops.await_bank(tx, **words, **wait)  # type: ignore[arg-type]
        with refused(StepRefused(Entity.REGISTRATION, STATES.HELD, RegistrationAct.AWAIT_BANK)):
            await workshops.await_bank(tx, **words, **wait)  # type: ignore[arg-type]
        with refused(StepRefused(Entity.REGISTRATION, STATES.HELD, RegistrationAct.HOLD)):
            await workshops.take_places(
                tx, registration_ids=[place.id], payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )


async def test_nobody_registers_where_no_session_is_left(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        ids = await begun(tx, opened)
        for session in await sessions_of(tx, opened):
            await cancel(tx, session)
        with refused(StepRefused(Entity.WORKSHOP, AT.OPEN, "register")):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )


async def test_staff_see_what_is_owed_and_for_whom_nobody_waits(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await confirmed(tx, opened)
        first, *_ = await sessions_of(tx, opened)
        await cancel(tx, first)
        await given_open(tx)
        (one,) = await workshops.notable(tx, office_id=OFFICE, now=OPENS)
        assert (one.workshop.id, one.owed_count, one.waiting_count) == (opened.id, 1, 0)
        (near, other) = await workshops.notable(tx, office_id=OFFICE, now=CLOSES)
        assert (near.owed_count, other.owed_count) == (1, 0)
        assert (other.confirmed_count, other.is_deadline_near) == (0, True)


async def test_who_wished_before_registration_really_began_is_told_and_nobody_later(
    database: Database,
) -> None:
    late = OPENS + HOUR
    async with database.transaction() as tx:
        given = [
            (SARA, OFFICE, Sieve(), late),
            (MINA, "mazandaran", Sieve(), OPENS),
            (MINA, OFFICE, Sieve(), OPENS + HOUR / 2),
            (REZA, OFFICE, Sieve(age=40), OPENS),
            (REZA, OFFICE, Sieve(), late + HOUR),
        ]
        wishes = [
            (
                await workshops.subscribe(
                    tx, citizen_id=citizen_id, office_id=office_id, sieve=sieve, now=now
                )
            )[0]
            for citizen_id, office_id, sieve, now in given
        ]
        made = await given_published(tx)
        await workshops.open_due(tx, office_id=OFFICE, now=late)  # The desk was away for an hour.
        told: list[int] = []
        while portion := await workshops.next_to_tell(tx, office_id=OFFICE, now=late, limit=2):
            assert portion[0].id == made.id
            assert len(portion[1]) <= 2
            told += [one.id for one in portion[1]]
        assert told == [wishes[0].id, wishes[2].id]


async def test_where_nobody_wishes_nobody_is_told_and_the_next_workshop_comes(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await given_open(tx)
        for expected in ((made.id, []), None):
            portion = await workshops.next_to_tell(tx, office_id=OFFICE, now=OPENS, limit=1)
            assert portion == (None if expected is None else (await found(tx, made.id), []))


async def test_what_nobody_can_pay_for_is_offered_and_not_taken(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2, quorum=1)
        places = await confirmed(tx, opened, *family(2, REZA, first=90), payer_id=REZA)
        pair = await waits(tx, opened, *family(2), is_auto_accept=True)
        await given_money(tx, 2 * FEE - 1)
        for one in places:
            await drop(tx, one)
        assert [await state_of(tx, one) for one in pair] == [STATES.HELD] * 2
        assert (await balance(tx)).available_rial == 2 * FEE - 1
        assert await escrow_rial(tx, opened) == 0


async def test_a_stranger_among_staff_finds_no_workshop(database: Database) -> None:
    stranger = Actor.staff(replace(MANAGER, office_id="mazandaran"))
    async with database.transaction() as tx:
        opened = await given_open(tx)
        assert not steps.is_theirs(opened, stranger)
        assert steps.is_theirs(opened, Actor.citizen(SARA))
