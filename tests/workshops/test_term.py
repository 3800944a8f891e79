"""A term from its first session to its end: holidays, cancellations, make-ups, absences, money."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.calendar.model import OfficeCalendar
from bot.calendar.rules import with_closure
from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    DeadlineUnfit,
    NoSuchSession,
    NoticeTooShort,
    NotTheirStep,
    PartUnfit,
    SessionOnClosedDay,
    SessionsClash,
    StepRefused,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    By,
    CancelReason,
    ClosedWhy,
    Entity,
    MakeUpAct,
    MakeUpState,
    NewDate,
    Presence,
    Registration,
    RegistrationState,
    Session,
    SessionAct,
    SessionState,
    Slot,
    Workshop,
    WorkshopState,
)
from tests.calendar.support import at, closed, jalali
from tests.refusing import refused
from tests.workshops.given import (
    balance,
    confirmed,
    escrow_rial,
    found,
    given_draft,
    given_open,
    standing,
    state_of,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FEE,
    MANAGER,
    NOW,
    OFFICE,
    OFFICER,
    REZA,
    learner,
)

SNOW = with_closure(CALENDAR, closed("1405/08/30"))
AT, MET, OWED = WorkshopState, SessionState, MakeUpState


async def given_confirmed(tx: Transaction) -> tuple[Workshop, Registration, Registration]:
    """Four Saturdays, two learners, and enough of them."""
    opened = await given_open(tx)
    (one,) = await confirmed(tx, opened)
    (other,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
    await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
    await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
    return await found(tx, opened.id), one, other


async def sessions_of(tx: Transaction, workshop: Workshop) -> list[Session]:
    return await workshops.sessions(tx, workshop_id=workshop.id)


async def hold(tx: Transaction, session: Session) -> None:
    """Let time pass over a session."""
    await workshops.start_due(tx, office_id=OFFICE, now=session.slot.starts_at)
    await workshops.end_due(tx, office_id=OFFICE, now=session.slot.ends_at)


async def cancel(tx: Transaction, session: Session, now: datetime, **wanted: Any) -> Any:
    values = {"why": CancelReason.TEACHER_ABSENT, "actor": OFFICER, **wanted}
    return await workshops.cancel_session(
        tx, session_id=session.id, reason="بیماری مربی", policy=DEFAULT_POLICY, now=now, **values
    )


async def accept(
    tx: Transaction, workshop: Workshop, dates: Any, calendar: OfficeCalendar = SNOW, **wanted: Any
) -> list[Session]:
    values = {"actor": OFFICER, "now": CLOSES, **wanted}
    return await workshops.accept_dates(
        tx,
        workshop_id=workshop.id,
        dates=dates,
        calendar=calendar,
        policy=DEFAULT_POLICY,
        **values,
    )


async def test_a_term_runs_by_the_clock_and_its_fees_are_earned_at_its_end(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, one, _other = await given_confirmed(tx)
        sessions = await sessions_of(tx, made)
        first = sessions[0].slot
        early = first.starts_at - first.starts_at.resolution
        assert await workshops.start_due(tx, office_id=OFFICE, now=early) == []
        (live,) = await workshops.start_due(tx, office_id=OFFICE, now=first.starts_at)
        assert live.state is MET.LIVE
        assert (await found(tx, made.id)).state is AT.RUNNING
        assert await workshops.start_due(tx, office_id=OFFICE, now=first.starts_at) == []
        assert await workshops.end_due(tx, office_id=OFFICE, now=first.ends_at - DAY / 24) == []
        (held,) = await workshops.end_due(tx, office_id=OFFICE, now=first.ends_at)
        assert held.state is MET.HELD
        for session in sessions[1:]:
            assert (
                await workshops.complete_due(tx, office_id=OFFICE, now=session.slot.starts_at)
                == []
            )
            await hold(tx, session)
        over = sessions[-1].slot.ends_at
        assert await escrow_rial(tx, made) == 2 * FEE
        ((done, registrations),) = await workshops.complete_due(tx, office_id=OFFICE, now=over)
        assert done.state is AT.COMPLETED
        assert len(registrations) == 2
        assert await state_of(tx, one) is RegistrationState.COMPLETED
        assert await escrow_rial(tx, made) == 0
        assert await standing(tx, "revenue") == 2 * FEE
        assert (await found(tx, made.id)).taken_count == 0
        assert await workshops.complete_due(tx, office_id=OFFICE, now=over) == []
        assert await wallet.audit(tx) == []


async def test_no_session_begins_in_a_workshop_that_is_not_confirmed(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (session, *_rest) = await sessions_of(tx, opened)
        assert await workshops.start_due(tx, office_id=OFFICE, now=session.slot.starts_at) == []


async def test_a_day_that_closes_takes_the_date_from_its_session_and_staff_accept_another(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _one, _other = await given_confirmed(tx)
        assert (
            await workshops.displace_closed(tx, office_id=OFFICE, calendar=CALENDAR, now=CLOSES)
            == []
        )
        ((workshop, lost, why),) = await workshops.displace_closed(
            tx, office_id=OFFICE, calendar=SNOW, now=CLOSES
        )
        assert (workshop.id, lost.number, lost.state) == (made.id, 2, MET.DISPLACED)
        assert (why.day, why.why) == (jalali("1405/08/30"), ClosedWhy.CLOSURE)
        assert (
            await workshops.displace_closed(tx, office_id=OFFICE, calendar=SNOW, now=CLOSES) == []
        )
        assert lost not in await workshops.start_due(tx, office_id=OFFICE, now=lost.slot.starts_at)
        proposed = await workshops.propose_dates(
            tx, workshop_id=made.id, actor=OFFICER, calendar=SNOW, now=CLOSES
        )
        (date,) = proposed.dates
        assert date == NewDate(lost.id, Slot(at("1405/09/21 17:00"), 90))
        assert [skipped.day for skipped in proposed.skipped] == [jalali("1405/08/30")]
        (moved,) = await accept(tx, made, proposed.dates)
        assert (moved.state, moved.revision, moved.number) == (MET.PLANNED, 1, 4)
        assert [one.number for one in await sessions_of(tx, made)] == [1, 2, 3, 4]
        with refused(StepRefused(Entity.SESSION, MET.PLANNED, SessionAct.ACCEPT_DATE)):
            await accept(tx, made, proposed.dates)


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("1405/08/30 17:00", SessionOnClosedDay),
        ("1405/09/07 18:00", SessionsClash),
        ("1405/08/20 19:00", SessionOnClosedDay),  # closed by a decision
        ("1405/08/21 17:00", SessionOnClosedDay),
    ],
)
async def test_a_date_that_cannot_be_leaves_the_session_without_one(
    database: Database, written: str, refusal: type[Exception]
) -> None:
    async with database.transaction() as tx:
        made, _one, _other = await given_confirmed(tx)
        ((_, lost, _),) = await workshops.displace_closed(
            tx, office_id=OFFICE, calendar=SNOW, now=CLOSES
        )
        shut = with_closure(SNOW, closed("1405/08/20"))
        with pytest.raises(refusal):
            await accept(tx, made, [NewDate(lost.id, Slot(at(written), 90))], shut)
        assert MET.DISPLACED in {one.state for one in await sessions_of(tx, made)}


async def test_a_session_is_moved_with_notice_a_reason_and_after_the_deadline(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _one, _other = await given_confirmed(tx)
        first, second, *_rest = await sessions_of(tx, made)
        words = {"actor": OFFICER, "reason": "سفر مربی", "calendar": CALENDAR, "now": CLOSES}
        moved = await workshops.reschedule(
            tx,
            session_id=first.id,
            slot=Slot(at("1405/09/02 17:00"), 60),
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        assert (moved.number, moved.revision, moved.slot.minutes) == (2, 1, 60)
        for slot, other, refusal in (
            (at("1405/08/21 17:00"), {"now": CLOSES - 5 * DAY}, SessionOnClosedDay),
            (at("1405/08/19 17:00"), {"now": CLOSES - 5 * DAY}, DeadlineUnfit),
            (at("1405/09/03 17:00"), {"now": second.slot.starts_at - DAY / 2}, NoticeTooShort),
            (at("1405/09/03 17:00"), {"reason": " "}, PartUnfit),
        ):
            with pytest.raises(refusal):
                await workshops.reschedule(
                    tx,
                    session_id=second.id,
                    slot=Slot(slot, 90),
                    policy=DEFAULT_POLICY,
                    **{**words, **other},  # type: ignore[arg-type]
                )


async def test_a_session_that_the_office_cancels_is_owed_scheduled_told_and_held(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, one, other = await given_confirmed(tx)
        first, second, third, fourth = await sessions_of(tx, made)
        await hold(tx, first)
        gone, (debt,) = await cancel(tx, second, second.slot.starts_at - DAY)
        assert (gone.state, gone.cancel_reason) == (
            MET.CANCELLED_BY_OFFICE,
            CancelReason.TEACHER_ABSENT,
        )
        assert await workshops.entitled(tx, of=debt) == [one.id, other.id]
        await hold(tx, third)
        await hold(tx, fourth)
        over = fourth.slot.ends_at
        # The debt keeps the term open, and the fees where they are.
        assert await workshops.complete_due(tx, office_id=OFFICE, now=over) == []
        words = {"actor": OFFICER, "calendar": CALENDAR, "now": over}
        with pytest.raises(SessionOnClosedDay):
            await workshops.schedule_make_up(
                tx,
                make_up_id=debt.id,
                slot=Slot(at("1405/09/20 17:00"), 90),
                policy=DEFAULT_POLICY,
                **words,  # type: ignore[arg-type]
            )
        scheduled, added = await workshops.schedule_make_up(
            tx,
            make_up_id=debt.id,
            slot=Slot(at("1405/09/21 17:00"), 90),
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        assert (scheduled.state, scheduled.new_session_id) == (OWED.SCHEDULED, added.id)
        told = await workshops.mark_told(tx, make_up_id=debt.id, now=over)
        assert told.state is OWED.NOTIFIED
        await hold(tx, added)
        (paid,) = await workshops.make_ups(tx, workshop_id=made.id)
        assert paid.state is OWED.HELD
        assert await workshops.entitled(tx, of=paid) == []
        ((done, _),) = await workshops.complete_due(tx, office_id=OFFICE, now=added.slot.ends_at)
        assert done.state is AT.COMPLETED
        assert await escrow_rial(tx, made) == 0


async def test_a_make_up_that_is_cancelled_too_is_owed_again_and_not_twice(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _one, _other = await given_confirmed(tx)
        first, *_rest = await sessions_of(tx, made)
        _, (debt,) = await cancel(tx, first, CLOSES)
        words = {"actor": OFFICER, "calendar": CALENDAR, "now": CLOSES}
        _, added = await workshops.schedule_make_up(
            tx,
            make_up_id=debt.id,
            slot=Slot(at("1405/09/21 17:00"), 90),
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        moved = await workshops.reschedule(
            tx,
            session_id=added.id,
            slot=Slot(at("1405/09/22 17:00"), 90),
            reason="سفر مربی",
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        _, (again,) = await cancel(tx, moved, CLOSES)
        assert (again.id, again.state, again.new_session_id) == (debt.id, OWED.OWED, None)
        assert len(await workshops.make_ups(tx, workshop_id=made.id)) == 1
        due = again.due_at
        assert await workshops.fall_due(tx, office_id=OFFICE, now=due - due.resolution) == []
        (late,) = await workshops.fall_due(tx, office_id=OFFICE, now=due)
        assert late.state is OWED.OVERDUE
        assert await workshops.fall_due(tx, office_id=OFFICE, now=due) == []
        later, _ = await workshops.schedule_make_up(
            tx,
            make_up_id=debt.id,
            slot=Slot(at("1405/09/28 17:00"), 90),
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        assert later.state is OWED.SCHEDULED


async def test_a_debt_is_waived_by_a_manager_when_all_agreed_to_credit(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _one, _other = await given_confirmed(tx)
        first, *_rest = await sessions_of(tx, made)
        _, (debt,) = await cancel(tx, first, CLOSES)
        words = {"make_up_id": debt.id, "reason": "توافق با خانواده‌ها", "now": CLOSES}
        with refused(NotTheirStep(MakeUpAct.CREDIT, (By.CLOCK, By.MANAGER))):
            await workshops.waive_make_up(tx, **words, actor=OFFICER)  # type: ignore[arg-type]
        waived = await workshops.waive_make_up(tx, **words, actor=MANAGER)  # type: ignore[arg-type]
        assert waived.state is OWED.CREDITED
        assert await workshops.entitled(tx, of=waived) == []


async def test_a_live_session_that_was_too_short_is_owed_and_one_that_was_held_is_not(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _one, _other = await given_confirmed(tx)
        first, second, *_rest = await sessions_of(tx, made)
        await workshops.start_due(tx, office_id=OFFICE, now=first.slot.starts_at)
        gone, debts = await cancel(
            tx, first, first.slot.starts_at + DAY / 48, why=CancelReason.TOO_SHORT
        )
        assert gone.cancel_reason is CancelReason.TOO_SHORT
        assert len(debts) == 1
        with refused(StepRefused(Entity.SESSION, MET.PLANNED, SessionAct.CUT_SHORT)):
            await cancel(tx, second, CLOSES, why=CancelReason.TOO_SHORT)
        await hold(tx, second)
        with refused(StepRefused(Entity.SESSION, MET.HELD, SessionAct.CANCEL)):
            await cancel(tx, second, second.slot.ends_at)


async def test_who_was_there_is_written_down_until_the_list_is_closed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, one, other = await given_confirmed(tx)
        first, *_rest = await sessions_of(tx, made)
        words = {"session_id": first.id, "actor": OFFICER, "now": first.slot.ends_at}
        seen = {one.id: Presence.PRESENT, other.id: Presence.ABSENT}
        with refused(StepRefused(Entity.SESSION, MET.PLANNED, "note_attendance")):
            await workshops.note_attendance(tx, **words, presences=seen)  # type: ignore[arg-type]
        await hold(tx, first)
        await workshops.note_attendance(tx, **words, presences=seen)  # type: ignore[arg-type]
        late = {other.id: Presence.TECHNICAL_FAULT_OFFICE}
        await workshops.note_attendance(tx, **words, presences=late)  # type: ignore[arg-type]
        with pytest.raises(NoSuchSession):
            await workshops.note_attendance(
                tx,
                **words,  # type: ignore[arg-type]
                presences={one.id + 1_000: Presence.PRESENT},
            )
        listed = await workshops.attendance(tx, session_id=first.id)
        assert [noted.presence for noted in listed] == [
            Presence.PRESENT,
            Presence.TECHNICAL_FAULT_OFFICE,
        ]
        settled = await workshops.settle_session(tx, **words)  # type: ignore[arg-type]
        assert settled.state is MET.SETTLED
        with refused(StepRefused(Entity.SESSION, MET.SETTLED, "note_attendance")):
            await workshops.note_attendance(tx, **words, presences=seen)  # type: ignore[arg-type]
        # An absence owes nobody anything (KN-30).
        assert await workshops.make_ups(tx, workshop_id=made.id) == []


async def test_who_was_at_the_last_session_is_written_down_after_the_workshop_is_completed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, one, _other = await given_confirmed(tx)
        meetings = await sessions_of(tx, made)
        for session in meetings:
            await hold(tx, session)
        end = meetings[-1].slot.ends_at
        ((done, _completed),) = await workshops.complete_due(tx, office_id=OFFICE, now=end)
        assert done.id == made.id
        await workshops.note_attendance(
            tx,
            session_id=meetings[-1].id,
            presences={one.id: Presence.PRESENT},
            actor=OFFICER,
            now=end,
        )
        (noted,) = await workshops.attendance(tx, session_id=meetings[-1].id)
    assert noted.presence is Presence.PRESENT


async def test_a_cancelled_workshop_is_settled_when_all_its_make_ups_were_held(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _one, other = await given_confirmed(tx)
        _, owed = await workshops.cancel(
            tx,
            workshop_id=made.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=CLOSES,
        )
        await workshops.credit(
            tx, registration_id=other.id, actor=MANAGER, reason="خواست متقاضی", now=CLOSES
        )
        days = ("1405/09/21", "1405/09/22", "1405/09/23", "1405/09/24")
        for debt, day in zip(owed, days, strict=True):
            assert (await found(tx, made.id)).settled_at is None
            _, added = await workshops.schedule_make_up(
                tx,
                make_up_id=debt.id,
                slot=Slot(at(f"{day} 17:00"), 90),
                actor=OFFICER,
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
            await hold(tx, added)
            await workshops.complete_due(tx, office_id=OFFICE, now=added.slot.ends_at)
        settled = await found(tx, made.id)
        assert settled.settled_at is not None
        assert (settled.state, settled.taken_count) == (AT.CANCELLED_BY_OFFICE, 0)
        assert await escrow_rial(tx, made) == 0
        assert await standing(tx, "revenue") == FEE
        assert (await balance(tx, REZA)).available_rial == FEE
        assert await wallet.audit(tx) == []


async def test_a_workshop_that_fails_leaves_no_session_to_come_and_owes_none(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        await confirmed(tx, opened)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        await workshops.fail_due(tx, office_id=OFFICE, now=CLOSES + DAY)
        sessions = await sessions_of(tx, opened)
        assert {one.state for one in sessions} == {MET.CANCELLED_BY_OFFICE}
        assert await workshops.make_ups(tx, workshop_id=opened.id) == []


async def test_sessions_of_drafts_and_of_other_offices_are_left_alone(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx)
        (session, *_rest) = await sessions_of(tx, made)
        with refused(StepRefused(Entity.WORKSHOP, AT.DRAFT, "change_session")):
            await cancel(tx, session, NOW)
        stranger = replace(MANAGER, office_id="mazandaran")
        with pytest.raises(NoSuchSession):
            await cancel(tx, session, NOW, actor=stranger)
