"""Until when what can be done; each moment is worked out once, kept, and shown as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar.errors import NoWorkingTime
from bot.calendar.rules import add_working_time, day_of
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from bot.calendar.model import OfficeCalendar
    from bot.workshops.model import Policy

_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_HOUR_MINUTES: Final = 60
# Of an office whose hours nobody knows: banks rest on Thursdays and Fridays, offers wait a day.
_DAYS_OFF_OF_BANKS: Final = frozenset({3, 4})
_OFFER_WITHOUT_HOURS: Final = timedelta(hours=24)
_LOOKED_AHEAD: Final = 400


def drop_until(closes_at: datetime) -> datetime:
    """Say until when a place can be dropped or changed (KN-27); the moment itself is too late.

    It is the midnight in Tehran with which the last day of registration begins. A deadline at
    midnight does not belong to the day that begins with it, so the day before is the last one.
    """
    return midnight(tehran_day(closes_at - _INSTANT))


def midnight(day: date) -> datetime:
    """Say when a day begins in Tehran."""
    return datetime.combine(day, time(), TEHRAN).astimezone(UTC)


def hold_until(now: datetime, policy: Policy, *, latest: datetime) -> datetime:
    """Say until when a place waits for who pays at once."""
    return min(now + timedelta(minutes=policy.hold_minutes), latest)


def bank_hold_until(
    calendar: OfficeCalendar, now: datetime, policy: Policy, *, latest: datetime
) -> datetime:
    """Say until when a place waits for a bank transfer: the end of so many working days to come.

    Today does not count, for what is sent today may arrive tomorrow.
    """
    day, left = tehran_day(now), policy.bank_grace_days
    for _ in range(_LOOKED_AHEAD):
        day += _DAY
        left -= is_working_day(calendar, day)
        if not left:
            break
    return min(midnight(day + _DAY), latest)


def is_working_day(calendar: OfficeCalendar, day: date) -> bool:
    """True where the office works, or, where its hours are unknown, where banks do."""
    found = day_of(calendar, day)
    if knows_hours(calendar, day) or found.closure is not None:
        return bool(found.spans)
    return not found.holidays and day.weekday() not in _DAYS_OFF_OF_BANKS


def knows_hours(calendar: OfficeCalendar, day: date) -> bool:
    """True where some decision about hours holds on a day, for whatever weekdays."""
    return any(
        period.valid_from <= day and (period.valid_to is None or day <= period.valid_to)
        for period in calendar.hours
    )


def offer_until(
    calendar: OfficeCalendar, now: datetime, policy: Policy, *, latest: datetime
) -> datetime:
    """Say until when a freed place is kept for the next in line: so many open hours."""
    try:
        until = add_working_time(calendar, now, policy.offer_open_hours * _HOUR_MINUTES)
    except NoWorkingTime:
        until = now + _OFFER_WITHOUT_HOURS
    return min(until, latest)


def grace_until(now: datetime, policy: Policy, *, first_session_at: datetime) -> datetime:
    """Say until when a manager can save a workshop that fell short."""
    return max(now, min(now + policy.quorum_grace, first_session_at))
