"""The moments until which a case may be put aside by one press."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.calendar import rules
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from datetime import date

    from bot.calendar.model import OfficeCalendar


def moments_ahead(calendar: OfficeCalendar, now: datetime) -> dict[str, datetime]:
    """Name the moments that are offered: an hour from now, and the next two openings.

    "tomorrow" is there only if the office works tomorrow; "next" is the open day after that.
    """
    moments = {"hour": now + timedelta(hours=1)}
    tomorrow = tehran_day(now) + timedelta(days=1)
    opens_at = rules.next_opening(calendar, _midnight(tomorrow))
    if opens_at is not None and tehran_day(opens_at) == tomorrow:
        moments["tomorrow"] = opens_at
        opens_at = rules.next_opening(calendar, _midnight(tomorrow + timedelta(days=1)))
    if opens_at is not None:
        moments["next"] = opens_at
    return moments


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, TEHRAN)
