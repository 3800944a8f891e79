"""When an office works, and time counted in its open hours.

Moments are UTC, days and windows are Tehran's. Everything asks `effective_windows`: promises,
warnings, digests. Pauses are passed as breaks in the calendar and never added to a start, which
would count the hours twice in which the office was closed anyway.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar.errors import DayIsPast, NoWorkingTime
from bot.calendar.model import Day, DayKind, HolidayState, Span
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.calendar.model import (
        Closure,
        ClosureDraft,
        Holiday,
        HolidayId,
        OfficeCalendar,
        Window,
    )

IDLE_DAYS_MAX: Final = 400  # without an open hour, after which nothing can be promised
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


def effective_windows(calendar: OfficeCalendar, day: date) -> tuple[Span, ...]:
    """Say when the office is open on a day: in order, and none touches another."""
    return day_of(calendar, day).spans


def day_of(calendar: OfficeCalendar, day: date) -> Day:
    """Say when the office is open on a day, and why then.

    A closure goes before a holiday, and a holiday before the hours; of several closures the one
    decided last holds. Windows of a closure of one day replace that day whatever it is, so that
    an office can open on a Friday; those of several days leave alone what is not worked anyway.
    """
    known = calendar.days_known.get(day)
    if known is None:
        known = calendar.days_known[day] = _work_out(calendar, day)
    return known


def days(calendar: OfficeCalendar, first: date, last: date) -> list[Day]:
    """List the days from the first to the last, both included."""
    count = (last - first).days + 1
    return [day_of(calendar, first + timedelta(days=ahead)) for ahead in range(count)]


def is_open(calendar: OfficeCalendar, at: datetime) -> bool:
    """True while the office works; at the closing moment it no longer does."""
    return any(
        span.starts_at <= at < span.ends_at for span in effective_windows(calendar, tehran_day(at))
    )


def next_opening(calendar: OfficeCalendar, at: datetime) -> datetime | None:
    """Say when the office works next: at this very moment if it is open; None if not for long."""
    try:
        return next(_open_from(calendar, at)).starts_at
    except NoWorkingTime:
        return None


def moments_ahead(calendar: OfficeCalendar, now: datetime) -> dict[str, datetime]:
    """Name the moments until which a case may be put aside: an hour from now, two openings.

    "tomorrow" is there only if the office works tomorrow; "next" is the open day after that.
    """
    moments = {"hour": now + timedelta(hours=1)}
    tomorrow = tehran_day(now) + timedelta(days=1)
    opens_at = next_opening(calendar, _midnight(tomorrow))
    if opens_at is not None and tehran_day(opens_at) == tomorrow:
        moments["tomorrow"] = opens_at
        opens_at = next_opening(calendar, _midnight(tomorrow + timedelta(days=1)))
    if opens_at is not None:
        moments["next"] = opens_at
    return moments


def add_working_time(
    calendar: OfficeCalendar, start: datetime, minutes: int, breaks: Sequence[Span] = ()
) -> datetime:
    """Say at which first moment so many minutes have been worked since the start.

    That is the closing moment, not the next opening, where they just fit into a day. Raises
    NoWorkingTime where the calendar knows no open hour for 400 days.
    """
    assert minutes >= 0
    left = timedelta(minutes=minutes)
    if not left:
        return start
    pauses = _merged(breaks)
    for open_span in _open_from(calendar, start):
        for span in _without(open_span, pauses):
            worked = span.ends_at - span.starts_at
            if worked >= left:
                return span.starts_at + left
            left -= worked
    raise AssertionError  # open spans never end, they are refused


def working_minutes(
    calendar: OfficeCalendar, start: datetime, end: datetime, breaks: Sequence[Span] = ()
) -> int:
    """Count the whole minutes that are worked from the start to the end."""
    worked = timedelta()
    pauses = _merged(breaks)
    day = tehran_day(start)
    while start < end and day <= tehran_day(end):
        for whole in effective_windows(calendar, day):
            open_span = _clipped(whole, start, end)
            if open_span is not None:
                worked += sum(
                    (span.ends_at - span.starts_at for span in _without(open_span, pauses)),
                    timedelta(),
                )
        day += _DAY
    return worked // _MINUTE


def with_closure(calendar: OfficeCalendar, draft: ClosureDraft) -> OfficeCalendar:
    """Imagine the calendar with a closure that is decided now."""
    assert draft.office_id == calendar.office_id
    return replace(calendar, closures=(*calendar.closures, draft))


def without_closure(
    calendar: OfficeCalendar, draft: ClosureDraft, kept: ClosureDraft | None = None
) -> OfficeCalendar:
    """Imagine the calendar without this closure, or with what is kept of it in its place."""
    there = (kept if closure == draft else closure for closure in calendar.closures)
    return replace(calendar, closures=tuple(closure for closure in there if closure is not None))


def with_moves(calendar: OfficeCalendar, moves: Mapping[HolidayId, date]) -> OfficeCalendar:
    """Imagine the calendar with holidays on other days."""
    holidays = tuple(
        replace(holiday, day=moves[holiday.id], state=HolidayState.MOVED)
        if holiday.id in moves
        else holiday
        for holiday in calendar.holidays
    )
    return replace(calendar, holidays=holidays)


def moves_of(holidays: Iterable[Holiday], moved: Holiday, new_day: date) -> dict[HolidayId, date]:
    """Say which holidays move with this one, and where to.

    The sighting of one moon decides the whole lunar month: what comes later in that month, of the
    same year, moves by as many days (as in 1401, when Fitr came a day later than printed).
    """
    by = new_day - moved.day
    if not by:
        return {}
    moves = {moved.id: new_day}
    if moved.lunar_month is None or moved.lunar_day is None:
        return moves
    month = (moved.lunar_year, moved.lunar_month)
    for holiday in holidays:
        if (
            (holiday.lunar_year, holiday.lunar_month) == month
            and holiday.lunar_day is not None
            and holiday.lunar_day > moved.lunar_day
            and holiday.state is not HolidayState.CANCELLED
        ):
            moves[holiday.id] = holiday.day + by
    return moves


def ensure_changeable(day: date, today: date) -> None:
    """Refuse to change a day that is over; today can still be changed."""
    if day < today:
        raise DayIsPast(day)


def withdrawn(closure: Closure, calendar: OfficeCalendar, today: date, now: datetime) -> Closure:
    """Take a closure back from today on, all of it or what is left; raises DayIsPast.

    One day that is left of several, and was not worked, stays so: windows would open it.
    """
    draft = closure.draft
    ensure_changeable(draft.last_on, today)
    if draft.first_on >= today:
        return replace(closure, withdrawn_at=now)
    left = replace(draft, last_on=today - _DAY)
    if left.first_on == left.last_on and not effective_windows(calendar, left.last_on):
        left = replace(left, windows=())
    return replace(closure, draft=left)


def _work_out(calendar: OfficeCalendar, day: date) -> Day:
    holidays = calendar.holidays_on.get(day, ())
    usual = () if holidays else _hours_of(calendar, day)
    closure = next((draft for draft in reversed(calendar.closures) if draft.covers(day)), None)
    if closure is not None:
        is_range = closure.first_on < closure.last_on
        windows = () if is_range and not usual else closure.windows
        if usual or windows:
            spans = _spans(day, windows)
            return Day(day, spans, DayKind.CLOSURE, holidays, closure)
    if holidays:
        return Day(day, (), DayKind.HOLIDAY, holidays, closure)
    kind = DayKind.WORKED if usual else DayKind.NOT_WORKED
    return Day(day, _spans(day, usual), kind, closure=closure)


def _hours_of(calendar: OfficeCalendar, day: date) -> tuple[Window, ...]:
    """Find the windows of the decision about hours that was the last to take effect."""
    holding = [period for period in calendar.hours if period.covers(day)]
    latest = max((period.valid_from for period in holding), default=None)
    return tuple(
        window for period in holding if period.valid_from == latest for window in period.windows
    )


def _spans(day: date, windows: Iterable[Window]) -> tuple[Span, ...]:
    return _merged(
        Span(
            datetime.combine(day, window.opens, TEHRAN).astimezone(UTC),
            datetime.combine(day, window.closes, TEHRAN).astimezone(UTC),
        )
        for window in windows
    )


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Put spans in order and join those that overlap or touch."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts_at <= joined[-1].ends_at:
            ends_at = max(span.ends_at, joined[-1].ends_at)
            joined[-1] = Span(joined[-1].starts_at, ends_at)
        else:
            joined.append(span)
    return tuple(joined)


def _clipped(span: Span, start: datetime, end: datetime) -> Span | None:
    starts_at, ends_at = max(span.starts_at, start), min(span.ends_at, end)
    return Span(starts_at, ends_at) if starts_at < ends_at else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, TEHRAN)


def _without(span: Span, pauses: Iterable[Span]) -> Iterator[Span]:
    """Give what remains of a span between pauses that are in order."""
    starts_at = span.starts_at
    for pause in pauses:
        if pause.ends_at <= starts_at:
            continue
        if pause.starts_at >= span.ends_at:
            break
        if starts_at < pause.starts_at:
            yield Span(starts_at, pause.starts_at)
        starts_at = pause.ends_at
    if starts_at < span.ends_at:
        yield Span(starts_at, span.ends_at)


def _open_from(calendar: OfficeCalendar, start: datetime) -> Iterator[Span]:
    """Give the open spans after a moment, in order; the first may be cut. Never just ends."""
    day, idle = tehran_day(start), 0
    while idle <= IDLE_DAYS_MAX:
        idle += 1
        for span in effective_windows(calendar, day):
            if start < span.ends_at:
                idle = 0
                yield Span(max(start, span.starts_at), span.ends_at)
        day += _DAY
    raise NoWorkingTime(calendar.office_id)
