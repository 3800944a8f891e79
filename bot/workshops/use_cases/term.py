"""What time does to a term: sessions begin and end, are displaced by holidays, and it is over.

Each can be repeated at any moment, as the other rounds can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.model import (
    CLOCK,
    REASON_LENGTH_MAX,
    Deed,
    MakeUpAct,
    MakeUpState,
    SessionAct,
    SessionState,
    WorkshopAct,
    WorkshopState,
    by_clock,
)
from bot.workshops.repository import SessionRepository, WorkshopRepository
from bot.workshops.rules import planning
from bot.workshops.use_cases import ending, steps

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.kit.database import Transaction
    from bot.workshops.model import ClosedDay, MakeUp, Registration, Session, Workshop

_AT_ONCE_MAX = 50
TO_TAKE_PLACE = (
    WorkshopState.PUBLISHED,
    WorkshopState.OPEN,
    WorkshopState.PAUSED,
    WorkshopState.CLOSED,
    WorkshopState.QUORUM_FAILED_PENDING,
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
    WorkshopState.CANCELLED_BY_OFFICE,  # Make-ups of it may lie ahead.
)
_TAKING_PLACE = (
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
    WorkshopState.CANCELLED_BY_OFFICE,
)


async def displace_closed(
    tx: Transaction, *, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[tuple[Workshop, Session, ClosedDay]]:
    """Take the dates from sessions whose day became a closed one; staff are to accept others."""
    found: list[tuple[Workshop, Session, ClosedDay]] = []
    workshops = await WorkshopRepository(tx).in_states(office_id, TO_TAKE_PLACE)
    sessions = await SessionRepository(tx).of_all([one.id for one in workshops])
    for workshop in workshops:
        if not planning.displaced(sessions.get(workshop.id, []), calendar, now):
            continue
        await steps.locked(tx, workshop.id, CLOCK)
        again = await SessionRepository(tx).of(workshop.id)
        for session, closed in planning.displaced(again, calendar, now):
            why = ", ".join(closed.occasions)[:REASON_LENGTH_MAX] or None
            deed = Deed(CLOCK, now, why)
            moved = await steps.move(tx, session, SessionAct.DISPLACE, deed)
            found.append((workshop, moved, closed))
    return found


async def losing_their_day(
    tx: Transaction, *, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[tuple[Workshop, Session]]:
    """List the sessions that such a calendar would displace, the earliest first; move none."""
    workshops = await WorkshopRepository(tx).in_states(office_id, TO_TAKE_PLACE)
    sessions = await SessionRepository(tx).of_all([one.id for one in workshops])
    found = [
        (workshop, session)
        for workshop in workshops
        for session, _closed in planning.displaced(sessions.get(workshop.id, []), calendar, now)
    ]
    return sorted(found, key=lambda pair: pair[1].slot.starts_at)


async def start_due(tx: Transaction, *, office_id: str, now: datetime) -> list[Session]:
    """Let the sessions begin whose time has come, and with its first one a workshop."""
    started: list[Session] = []
    for session in await _beginning(tx, office_id, SessionState.PLANNED, now):
        workshop = await steps.locked(tx, session.workshop_id, CLOCK)
        again = await SessionRepository(tx).find(session.id)
        if again is None or again != session or workshop.state not in _TAKING_PLACE:
            continue
        if workshop.state is WorkshopState.CONFIRMED:
            await steps.move(tx, workshop, WorkshopAct.START, by_clock(now))
        act = SessionAct.START
        started.append(await steps.move(tx, again, act, by_clock(now)))
    return started


async def end_due(tx: Transaction, *, office_id: str, now: datetime) -> list[Session]:
    """Let the sessions end whose time is over; what one made up for is owed no more."""
    ended: list[Session] = []
    sessions = SessionRepository(tx)
    for session in await _beginning(tx, office_id, SessionState.LIVE, now):
        if session.slot.ends_at > now:
            continue
        await steps.locked(tx, session.workshop_id, CLOCK)
        again = await sessions.find(session.id)
        if again is None or again != session:
            continue
        deed = by_clock(now)
        ended.append(await steps.move(tx, again, SessionAct.END, deed))
        owed = await sessions.made_up_in(session.id)
        if owed is not None and not owed.is_settled:
            await steps.move(tx, owed, MakeUpAct.HOLD, deed)
            await sessions.end_entitlements_of(owed.id, now)
    return ended


async def fall_due(tx: Transaction, *, office_id: str, now: datetime) -> list[MakeUp]:
    """Find what is owed past its time and has no date."""
    overdue: list[MakeUp] = []
    sessions = SessionRepository(tx)
    due = await sessions.overdue(office_id, now, limit=_AT_ONCE_MAX)
    for owed in sorted(due, key=lambda one: (one.workshop_id, one.id)):
        await steps.locked(tx, owed.workshop_id, CLOCK)
        again = await sessions.make_up(owed.id)
        if again is not None and again.state is MakeUpState.OWED:
            act = MakeUpAct.FALL_DUE
            overdue.append(await steps.move(tx, again, act, by_clock(now)))
    return overdue


async def complete_due(
    tx: Transaction, *, office_id: str, now: datetime
) -> list[tuple[Workshop, tuple[Registration, ...]]]:
    """Complete workshops of which no session is left and nothing is owed; the fees are earned.

    A cancelled workshop is settled by the same rule.
    """
    completed: list[tuple[Workshop, tuple[Registration, ...]]] = []
    workshops = WorkshopRepository(tx)
    running = await workshops.in_states(office_id, [WorkshopState.RUNNING])
    cancelled = await workshops.unsettled(office_id)
    for one in sorted([*running, *cancelled], key=lambda workshop: workshop.id):
        if not await _is_over(tx, one):
            continue
        workshop = await steps.locked(tx, one.id, CLOCK)
        if workshop.state is WorkshopState.CANCELLED_BY_OFFICE:
            await ending.settle_if_nothing_is_owed(tx, workshop, now)
        elif workshop.state is WorkshopState.RUNNING and await _is_over(tx, workshop):
            act = WorkshopAct.COMPLETE
            done = await steps.move(tx, workshop, act, by_clock(now))
            registrations = await ending.earn_all(tx, done, now)
            completed.append((done, tuple(registrations)))
    return completed


async def _is_over(tx: Transaction, workshop: Workshop) -> bool:
    sessions = SessionRepository(tx)
    ahead = (SessionState.PLANNED, SessionState.DISPLACED, SessionState.LIVE)
    if any(one.state in ahead for one in await sessions.of(workshop.id)):
        return False
    owed = await sessions.make_ups(workshop.id)
    return all(one.is_settled for one in owed)


async def _beginning(
    tx: Transaction, office_id: str, state: SessionState, now: datetime
) -> list[Session]:
    """List the sessions in a state that begin by now, in the order in which all are locked."""
    found = await SessionRepository(tx).beginning(office_id, [state], now)
    return sorted(found, key=lambda one: (one.workshop_id, one.slot.starts_at, one.id))
