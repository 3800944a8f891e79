"""When a digest is due and what it covers, and when an agreement asks for attention.

A digest is told at the office's hour, on days that are worked. What it covers begins where the
last one ended, however long ago: neither a holiday nor a restart leaves a moment out or repeats
one. A clock that jumps back finds everything covered already, and waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

from bot.calendar.rules import effective_windows
from bot.catalogue.model.desk import Weekday
from bot.digests.model import (
    ALERT_DAYS,
    AgreementAlert,
    AgreementStanding,
    DigestKind,
    Period,
    ReportSpan,
)
from bot.kit.clock import TEHRAN
from bot.kit.jalali import jalali_numbers, tehran_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from bot.calendar.model import OfficeCalendar
    from bot.catalogue.model import Agreement, AgreementEnd, DeskPolicy

LENGTH = {DigestKind.DAILY: timedelta(days=1), DigestKind.WEEKLY: timedelta(weeks=1)}
_STILL_TOLD_FOR = timedelta(hours=2)  # after its hour, on a day that closes before
_WEEKDAYS = get_args(Weekday)
_PYTHON_SATURDAY = 5
_WEEK_DAYS = 7


def due_period(
    kind: DigestKind,
    desk: DeskPolicy,
    calendar: OfficeCalendar,
    covered_until: datetime | None,
    now: datetime,
) -> Period | None:
    """Say what a digest would cover now, or None where none is due."""
    today = tehran_day(now)
    slot = hour_on(today, desk)
    if now < slot or not _is_told_until(slot, today, calendar, now):
        return None
    if kind is DigestKind.WEEKLY and not _is_weekly_due(desk, calendar, covered_until, today):
        return None
    since = slot - LENGTH[kind] if covered_until is None else covered_until
    return Period(since, slot) if since < slot else None


def hour_on(day: date, desk: DeskPolicy) -> datetime:
    """Say when the office's hour for digests is on a day."""
    return datetime.combine(day, desk.digest_at, TEHRAN)


def _is_told_until(slot: datetime, day: date, calendar: OfficeCalendar, now: datetime) -> bool:
    """True on a worked day until the office closes: a desk that starts late tells nobody at night.

    What is then not told is covered by the next one.
    """
    spans = effective_windows(calendar, day)
    return bool(spans) and now < max(spans[-1].ends_at, slot + _STILL_TOLD_FOR)


def _is_weekly_due(
    desk: DeskPolicy, calendar: OfficeCalendar, covered_until: datetime | None, today: date
) -> bool:
    """True on the office's weekday, or the first worked day after it; once for each week."""
    anchor = _last_weekday(desk.weekly_on, today)
    if covered_until is not None:
        return covered_until < hour_on(anchor, desk)
    earlier = (anchor + timedelta(days=days) for days in range((today - anchor).days))
    return not any(effective_windows(calendar, day) for day in earlier)


def _last_weekday(weekday: Weekday, today: date) -> date:
    wanted = (_WEEKDAYS.index(weekday) + _PYTHON_SATURDAY) % _WEEK_DAYS
    return today - timedelta(days=(today.weekday() - wanted) % _WEEK_DAYS)


def standing_of(
    agreement: Agreement, end: AgreementEnd | None, today: date
) -> AgreementStanding | None:
    """Say how an agreement stands that ends within sixty days, or ended; None for any other.

    One that has a successor needs nobody. A perpetual one ends only by a decision (MZ-26).
    """
    last_day = agreement.valid_to
    if end is not None and (last_day is None or end.ended_on < last_day):
        last_day = end.ended_on
    if last_day is None or agreement.successor is not None:
        return None
    days_left = (last_day - today).days
    return AgreementStanding(agreement.id, last_day, days_left) if is_near(days_left) else None


def is_near(days_left: int) -> bool:
    """True when it is time to speak of an end."""
    return days_left <= max(ALERT_DAYS)


def alert_for(
    office_id: str, standing: AgreementStanding, told: Collection[int | None]
) -> AgreementAlert | None:
    """Choose the nearest moment that has come and was not told; older ones are not caught up.

    A moment is past telling once it, or a later one, was told: also when the clock jumped back.
    """
    reached = [days for days in ALERT_DAYS if 0 <= standing.days_left <= days]
    mark = min(reached) if reached else None
    later = {None, *(days for days in ALERT_DAYS if mark is not None and days <= mark)}
    return None if later & set(told) else AgreementAlert(office_id, standing, mark)


def days_of(span: ReportSpan, today: date) -> tuple[date, date]:
    """Say from which to which day a report goes; both count."""
    if span is ReportSpan.WEEK:
        return today - timedelta(days=_WEEK_DAYS), today - timedelta(days=1)
    first = _first_of_month(today)
    if span is ReportSpan.THIS_MONTH:
        return first, today
    last = first - timedelta(days=1)
    return _first_of_month(last), last


def _first_of_month(day: date) -> date:
    return day - timedelta(days=jalali_numbers(day)[2] - 1)
