"""The planner: weekly dates that leave out closed days and lose no session (KN-19, KN-20).

A session lies outside the office's hours more often than not, so only its day is looked at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar.model import DayKind, HolidayState
from bot.calendar.rules import day_of
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day
from bot.workshops.errors import (
    NoticeTooShort,
    PlanFault,
    PlanUnfit,
    SessionOnClosedDay,
    SessionsClash,
)
from bot.workshops.model import (
    MINUTES_MAX,
    MINUTES_MIN,
    SESSIONS_MAX,
    ClosedDay,
    ClosedWhy,
    NewDate,
    Proposal,
    Replan,
    SessionState,
    Slot,
)
from bot.workshops.rules.deadlines import knows_hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bot.calendar.model import OfficeCalendar
    from bot.workshops.model import Plan, Policy, Session, SessionId

_DAYS_MAX: Final = 490  # as far as a calendar knows its holidays
_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4
_WEEKDAYS: Final = frozenset(range(7))


def propose(plan: Plan, calendar: OfficeCalendar, now: datetime) -> Proposal:
    """Find a date for every session, and say of each day left out why. Raises PlanUnfit."""
    _ensure_sound(plan, now)
    slots: list[Slot] = []
    skipped: list[ClosedDay] = []
    for day in _days_from(plan.first_on, plan.weekdays):
        closed = closed_day(calendar, day, is_on_days_off=plan.is_on_days_off)
        if closed is not None:
            skipped.append(closed)
            continue
        starts_at = datetime.combine(day, plan.starts, TEHRAN).astimezone(UTC)
        slots.append(Slot(starts_at, plan.minutes))
        if len(slots) == plan.session_count:
            return Proposal(tuple(slots), tuple(skipped))
    raise PlanUnfit(PlanFault.NO_OPEN_DAYS)


def closed_day(
    calendar: OfficeCalendar, day: date, *, is_on_days_off: bool = False
) -> ClosedDay | None:
    """Say why no session takes place on a day; None where one can.

    A closure goes before a holiday, as in the calendar. A weekday that the office does not work
    is closed too, unless sessions are meant to lie on such days; where nobody knows the hours of
    an office, it is the Friday.
    """
    found = day_of(calendar, day)
    if found.kind is DayKind.CLOSURE:
        assert found.closure is not None
        is_shut = not found.spans
        return ClosedDay(day, ClosedWhy.CLOSURE, (found.closure.reason,)) if is_shut else None
    if found.closure is not None and not found.closure.windows:
        return ClosedDay(day, ClosedWhy.CLOSURE, (found.closure.reason,))
    if found.kind is DayKind.HOLIDAY:
        occasions = tuple(holiday.occasion for holiday in found.holidays)
        is_estimated = all(one.state is HolidayState.ESTIMATED for one in found.holidays)
        return ClosedDay(day, ClosedWhy.HOLIDAY, occasions, is_estimated=is_estimated)
    if found.kind is DayKind.WORKED or is_on_days_off:
        return None
    is_off = knows_hours(calendar, day) or day.weekday() == _FRIDAY
    return ClosedDay(day, ClosedWhy.DAY_OFF) if is_off else None


def ensure_on_open_day(
    slot: Slot, calendar: OfficeCalendar, *, is_on_days_off: bool = False
) -> None:
    """Refuse a session on a closed day (KN-20)."""
    day = tehran_day(slot.starts_at)
    closed = closed_day(calendar, day, is_on_days_off=is_on_days_off)
    if closed is not None:
        raise SessionOnClosedDay(closed)


def ensure_apart(slots: Iterable[Slot]) -> None:
    """Refuse sessions of one workshop that overlap."""
    earlier: Slot | None = None
    for slot in sorted(slots, key=lambda one: one.starts_at):
        if earlier is not None and earlier.overlaps(slot):
            raise SessionsClash(slot.starts_at)
        earlier = slot


def ensure_notice(session: Session | None, slot: Slot, policy: Policy, now: datetime) -> None:
    """Refuse to move a session shortly before it, or so that nobody hears of it in time.

    A new session, and one that was displaced, has no date that could be near.
    """
    notice = timedelta(hours=policy.reschedule_notice_hours)
    is_planned = session is not None and session.state is SessionState.PLANNED
    dates = [slot, session.slot] if session is not None and is_planned else [slot]
    if any(date_.starts_at < now + notice for date_ in dates):
        raise NoticeTooShort(policy.reschedule_notice_hours)


def displaced(
    sessions: Iterable[Session], calendar: OfficeCalendar, now: datetime
) -> list[tuple[Session, ClosedDay]]:
    """Find the planned sessions ahead whose day became a closed one.

    A weekday off displaces none: it was chosen with open eyes, or the hours changed since.
    """
    found: list[tuple[Session, ClosedDay]] = []
    for session in sessions:
        if session.state is not SessionState.PLANNED or session.slot.starts_at <= now:
            continue
        day = tehran_day(session.slot.starts_at)
        closed = closed_day(calendar, day, is_on_days_off=True)
        if closed is not None:
            found.append((session, closed))
    return found


def replan(
    sessions: Sequence[Session],
    calendar: OfficeCalendar,
    now: datetime,
    *,
    make_up_ids: AbstractSet[SessionId] = frozenset(),
    is_on_days_off: bool = False,
) -> Replan:
    """Find the next free slot for every displaced session; the others stay where they are.

    The slot lies on a weekday of the workshop, at the hour of the session, after the date that
    was lost; that of a make-up class is none of its own. Sessions are numbered anew in the order
    of time, so that the third is never after the fourth. Raises PlanUnfit where no open day is
    near.
    """
    ahead = [session for session in sessions if session.is_ahead]
    lost = [session for session in ahead if session.state is SessionState.DISPLACED]
    standing = [session for session in sessions if session not in lost]
    usual = [one for one in sessions if one.id not in make_up_ids or one in lost]
    weekdays = frozenset(tehran_day(one.slot.starts_at).weekday() for one in usual)
    taken = {tehran_day(one.slot.starts_at) for one in standing if _keeps_its_day(one)}
    skipped: dict[date, ClosedDay] = {}
    dates: list[NewDate] = []
    for session in sorted(lost, key=_by_time):
        slot = _next_free(
            session,
            weekdays,
            taken,
            calendar,
            now,
            skipped=skipped,
            is_on_days_off=is_on_days_off,
        )
        taken.add(tehran_day(slot.starts_at))
        dates.append(NewDate(session.id, slot))
    moved = {date_.session_id: date_.slot for date_ in dates}
    after = [replace(one, slot=moved.get(one.id, one.slot)) for one in sessions]
    return Replan(tuple(dates), numbered(after), tuple(skipped[day] for day in sorted(skipped)))


def numbered(sessions: Iterable[Session]) -> tuple[tuple[SessionId, int], ...]:
    """Number sessions from 1 in the order of time."""
    in_order = sorted(sessions, key=_by_time)
    return tuple((session.id, number) for number, session in enumerate(in_order, start=1))


def _next_free(
    session: Session,
    weekdays: AbstractSet[int],
    taken: AbstractSet[date],
    calendar: OfficeCalendar,
    now: datetime,
    *,
    skipped: dict[date, ClosedDay],
    is_on_days_off: bool,
) -> Slot:
    lost_on = tehran_day(session.slot.starts_at)
    starts = session.slot.starts_at.astimezone(TEHRAN).time()
    for day in _days_from(max(lost_on, tehran_day(now)), weekdays):
        starts_at = datetime.combine(day, starts, TEHRAN).astimezone(UTC)
        if starts_at <= now or day in taken:
            continue
        closed = closed_day(calendar, day, is_on_days_off=is_on_days_off)
        if closed is None:
            return Slot(starts_at, session.slot.minutes)
        skipped[day] = closed
    raise PlanUnfit(PlanFault.NO_OPEN_DAYS)


def _keeps_its_day(session: Session) -> bool:
    return session.state is not SessionState.CANCELLED_BY_OFFICE


def _by_time(session: Session) -> tuple[datetime, int]:
    return session.slot.starts_at, session.id


def _days_from(first: date, weekdays: AbstractSet[int]) -> Iterator[date]:
    days = (first + ahead * _DAY for ahead in range(_DAYS_MAX))
    return (day for day in days if day.weekday() in weekdays)


def _ensure_sound(plan: Plan, now: datetime) -> None:
    faults = {
        PlanFault.WEEKDAYS: not plan.weekdays or not plan.weekdays <= _WEEKDAYS,
        PlanFault.MINUTES: not MINUTES_MIN <= plan.minutes <= MINUTES_MAX,
        PlanFault.SESSION_COUNT: not 0 < plan.session_count <= SESSIONS_MAX,
    }
    for fault, is_there in faults.items():
        if is_there:
            raise PlanUnfit(fault)
    start = datetime.combine(plan.first_on, plan.starts, TEHRAN)
    if start <= now:
        raise PlanUnfit(PlanFault.FIRST_DAY_PAST)
    if (start + timedelta(minutes=plan.minutes - 1)).date() != plan.first_on:
        raise PlanUnfit(PlanFault.OVER_MIDNIGHT)
