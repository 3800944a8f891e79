"""What time does to cases: promises that come due or break, claims and snoozes that end.

Each can be repeated at any moment: what was told or done is marked in the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.calendar.errors import NoWorkingTime
from bot.calendar.rules import add_working_time, is_open, working_minutes
from bot.cases import rules
from bot.cases.model import REOPENED_WITHIN, Action, CaseState, Event, Overdue, Shift
from bot.cases.repository import CaseClocks, CaseLists, CaseRepository
from bot.cases.use_cases import steps

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case, Clock
    from bot.kit.database import Transaction

_AT_ONCE_MAX = 50


async def due_warnings(
    tx: Transaction, *, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[tuple[Case, Clock]]:
    """Find the promises of which staff are to be reminded, once each and only while they work."""
    if not is_open(calendar, now):
        return []
    clocks = CaseClocks(tx)
    found: list[tuple[Case, Clock]] = []
    for minutes in await clocks.warn_minutes(office_id):
        try:
            due_by = add_working_time(calendar, now, minutes)
        except NoWorkingTime:
            continue
        found += await clocks.unwarned(
            office_id, minutes, after=now, due_by=due_by, limit=_AT_ONCE_MAX
        )
    warned = [(case, replace(clock, warned_at=now)) for case, clock in found]
    await CaseRepository(tx).save_clocks(clock for _case, clock in warned)
    return warned


async def overdue(
    tx: Transaction, *, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[Overdue]:
    """Find the broken promises and make new ones; of each case the latest new date is told.

    A new date that is broken too is found again, and the next one is twice as far. `clock` is the
    promise as it stood, so its `promised_at` is the date that passed.
    """
    cases = CaseRepository(tx)
    found: dict[int, Overdue] = {}
    moved: list[Clock] = []
    events: list[Event] = []
    running = await CaseClocks(tx).running(office_id, due_by=now, limit=_AT_ONCE_MAX)
    for case, clock in running:
        try:
            broken = rules.late(case, clock, calendar, now)
        except NoWorkingTime:
            continue
        assert broken.new_due_at is not None
        moved.append(broken)
        note = rules.moved_note(clock, broken)
        events.append(Event(case.id, now, Action.LATE, None, None, note))
        was = found.get(case.id)
        if was is None or was.new_due_at < broken.new_due_at:
            told = replace(clock, breached_at=broken.breached_at)
            found[case.id] = Overdue(case, told, broken.new_due_at)
    await cases.save_clocks(moved)
    await cases.add_events(events)
    return list(found.values())


async def idle_claims(
    tx: Transaction,
    *,
    office_id: str,
    calendar: OfficeCalendar,
    kept_minutes: int,
    now: datetime,
) -> list[Case]:
    """Give back the cases that were taken and then left alone for so many working minutes."""
    cases = CaseRepository(tx)
    released: list[Case] = []
    before = now - timedelta(minutes=kept_minutes)
    untouched = await CaseLists(tx).untouched(
        office_id, before=before, now=now, limit=_AT_ONCE_MAX
    )
    for case, since in untouched:
        if working_minutes(calendar, since, now) >= kept_minutes:
            released.append(await cases.change(case, assignee_id=None, assigned_at=None))
            await steps.note_event(cases, case, Action.RELEASED, now)
    return released


async def wake_snoozed(tx: Transaction, *, office_id: str, now: datetime) -> list[Case]:
    """Bring back the cases whose time has come."""
    cases = CaseRepository(tx)
    woken: list[Case] = []
    for case in await CaseLists(tx).sleepers(office_id, now, limit=_AT_ONCE_MAX):
        woken.append(await cases.change(case, **steps.AWAKE))
        await steps.note_event(cases, case, Action.WOKEN, now)
    return woken


async def close_answered(tx: Transaction, *, now: datetime) -> list[Case]:
    """Close the cases of every office whose ten days are over."""
    cases = CaseRepository(tx)
    closed: list[Case] = []
    for case in await CaseLists(tx).answered_by(now - REOPENED_WITHIN, limit=_AT_ONCE_MAX):
        closed.append(await cases.change(case, state=CaseState.CLOSED))
        await steps.note_event(cases, case, Action.CLOSED, now)
    return closed


async def preview(
    tx: Transaction, *, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[Shift]:
    """Say which promises of open cases would move if this were the calendar; nothing is kept."""
    return [shift for shift, _clock in await _shifts(tx, office_id, calendar, now)]


async def recalculate(
    tx: Transaction, *, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[Shift]:
    """Move the promises of open cases to where this calendar puts them; again, nothing moves."""
    cases = CaseRepository(tx)
    moved = await _shifts(tx, office_id, calendar, now)
    await cases.save_clocks(clock for _shift, clock in moved)
    await cases.add_events(
        Event(
            case_id=shift.case.id,
            at=now,
            action=Action.DEADLINE_MOVED,
            actor_id=None,
            role=None,
            note=rules.moved_note(shift.clock, clock),
        )
        for shift, clock in moved
    )
    return [shift for shift, _clock in moved]


async def _shifts(
    tx: Transaction, office_id: str, calendar: OfficeCalendar, now: datetime
) -> list[tuple[Shift, Clock]]:
    """Count every running promise anew.

    One that the new calendar would put into the past stays where it is: nobody could keep it.
    """
    clocks = CaseClocks(tx)
    waits = await clocks.waits(office_id)
    moved: list[tuple[Shift, Clock]] = []
    for case, clock in await clocks.running(office_id):
        pauses = rules.pauses_from(waits.get(case.id, ()), now)
        try:
            counted = rules.recounted(case, clock, calendar, pauses)
        except NoWorkingTime:
            continue
        if counted.promised_at != clock.promised_at and counted.promised_at > now:
            shift = Shift(case, clock, counted.promised_at)
            moved.append((shift, replace(counted, warned_at=None)))
    return moved
