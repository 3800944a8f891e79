"""What time does to workshops. Each can be repeated at any moment: what was done is not due again.

A round asks for what is due, and does each in turn; what `due` names may have changed meanwhile,
so each looks again once the workshop is locked. Workshops are locked in the order of their
numbers, by rounds as by people, so that none wait for each other in a ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.model import (
    CLOCK,
    Freed,
    RegistrationAct,
    RegistrationState,
    WaitingAct,
    WaitingState,
    WorkshopAct,
    WorkshopState,
    by_clock,
)
from bot.workshops.repository import (
    RegistrationRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import deadlines, quorum
from bot.workshops.rules.quorum import Outcome
from bot.workshops.use_cases import checks, ending, line, steps, waiting

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.kit.database import Transaction
    from bot.workshops.model import Policy, Registration, Workshop

_AT_ONCE_MAX = 50


async def open_due(tx: Transaction, *, office_id: str, now: datetime) -> list[Workshop]:
    """Open registration where its time has come."""
    opened: list[Workshop] = []
    due = await WorkshopRepository(tx).to_open(office_id, now, limit=_AT_ONCE_MAX)
    for workshop_id in sorted(due):
        workshop = await steps.locked(tx, workshop_id, CLOCK)
        if workshop.state is WorkshopState.PUBLISHED:
            act = WorkshopAct.OPEN
            opened.append(await steps.move(tx, workshop, act, by_clock(now)))
    return opened


async def close_due(tx: Transaction, *, office_id: str, now: datetime) -> list[Workshop]:
    """End registration at its deadline: the line is closed, and what was only begun is over.

    Held places stay for as long as they were promised, for money may be on its way.
    """
    closed: list[Workshop] = []
    due = await WorkshopRepository(tx).to_close(office_id, now, limit=_AT_ONCE_MAX)
    for workshop_id in sorted(due):
        workshop = await steps.locked(tx, workshop_id, CLOCK)
        if workshop.state in (WorkshopState.OPEN, WorkshopState.PAUSED):
            act = WorkshopAct.CLOSE
            closed.append(await steps.move(tx, workshop, act, by_clock(now)))
            await ending.close_line(tx, workshop_id, now)
            await ending.end_drafts(tx, workshop_id, now)
    return closed


async def expire_holds(
    tx: Transaction,
    *,
    office_id: str,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> list[Freed]:
    """Give places on that were not paid for in time."""
    freed: list[Freed] = []
    registrations = RegistrationRepository(tx)
    due = await registrations.expired_holds(office_id, now, limit=_AT_ONCE_MAX)
    for workshop_id, registration_id in sorted(due):
        await steps.locked(tx, workshop_id, CLOCK)
        (held,) = await registrations.find_all([registration_id])
        if held.state is RegistrationState.HELD:
            act = RegistrationAct.EXPIRE
            expired = await steps.move(tx, held, act, by_clock(now))
            promoted = await line.release(
                tx, workshop_id, 1, calendar=calendar, policy=policy, now=now
            )
            freed.append(Freed((expired,), promoted))
    return freed


async def lapse_offers(
    tx: Transaction,
    *,
    office_id: str,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> list[Freed]:
    """End the offers that nobody took in time, and ask the next in line."""
    freed: list[Freed] = []
    turns = WaitingRepository(tx)
    due = await turns.lapsed(office_id, now, limit=_AT_ONCE_MAX)
    for workshop_id, entry_id in sorted(due):
        await steps.locked(tx, workshop_id, CLOCK)
        entry = await turns.find(entry_id)
        assert entry is not None
        is_over = entry.expires_at is not None and entry.expires_at <= now
        if entry.state is not WaitingState.OFFERED or not is_over:
            continue
        ended = await waiting.end_turn(
            tx, entry, WaitingAct.LAPSE, RegistrationAct.EXPIRE, by_clock(now)
        )
        count = sum(before.has_place for before, _after in ended)
        promoted = await line.release(
            tx, workshop_id, count, calendar=calendar, policy=policy, now=now
        )
        freed.append(Freed(tuple(after for _before, after in ended), promoted))
    return freed


async def check_quorums(
    tx: Transaction, *, office_id: str, now: datetime, policy: Policy
) -> list[Workshop]:
    """Count where registration is over: confirm a workshop, or give a manager the grace (KN-16).

    Where money on its way could still make the quorum, it is waited for.
    """
    decided: list[Workshop] = []
    workshops = WorkshopRepository(tx)
    for found in await workshops.in_states(office_id, [WorkshopState.CLOSED]):
        workshop = await steps.locked(tx, found.id, CLOCK)
        if workshop.state is not WorkshopState.CLOSED:
            continue
        counts = await RegistrationRepository(tx).count_by_state(workshop.id)
        outcome = quorum.outcome(
            workshop.quorum,
            confirmed_count=counts.get(RegistrationState.CONFIRMED, 0),
            held_count=counts.get(RegistrationState.HELD, 0),
        )
        match outcome:
            case Outcome.MET:
                act, values = WorkshopAct.CONFIRM, {}
            case Outcome.SHORT:
                first = await checks.first_session_at(tx, workshop)
                until = deadlines.grace_until(now, policy, first_session_at=first)
                act, values = WorkshopAct.FALL_SHORT, {"grace_until": until}
            case Outcome.OPEN:
                continue
        decided.append(await steps.move(tx, workshop, act, by_clock(now), **values))
    return decided


async def fail_due(
    tx: Transaction, *, office_id: str, now: datetime
) -> list[tuple[Workshop, tuple[Registration, ...]]]:
    """Let workshops fail that nobody saved in time; each fee goes back (KN-16)."""
    failed: list[tuple[Workshop, tuple[Registration, ...]]] = []
    due = await WorkshopRepository(tx).to_fail(office_id, now, limit=_AT_ONCE_MAX)
    for workshop_id in sorted(due):
        workshop = await steps.locked(tx, workshop_id, CLOCK)
        if workshop.state is WorkshopState.QUORUM_FAILED_PENDING:
            failed.append(await ending.fail(tx, workshop, by_clock(now)))
    return failed
