"""Days and moments as Iranians read them; the only user of jdatetime.

Inside the program days are Gregorian and moments are aware UTC (ADR 0007). Jalali dates are made
here, for display, and nowhere kept: jdatetime's dates compare unequal across locales.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jdatetime  # noqa: TID251 - this is the only importer that others are sent to

from bot.kit.clock import TEHRAN
from bot.kit.digits import persian_digits

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.kit.words import Language


def jalali_day(day: date, language: Language, *, with_weekday: bool = False) -> str:
    """Write a Gregorian day as a Jalali date in words, with its weekday where that matters."""
    pattern = "%A %-d %B %Y" if with_weekday else "%-d %B %Y"
    if language == "en":
        jalali = jdatetime.date.fromgregorian(date=day, locale="en_US").strftime(pattern)
        return f"{jalali} ({day:%-d %B %Y})"
    return persian_digits(jdatetime.date.fromgregorian(date=day, locale="fa_IR").strftime(pattern))


def tehran_day(moment: datetime) -> date:
    """Say which day it is in Tehran at an aware moment."""
    assert moment.tzinfo is not None
    return moment.astimezone(TEHRAN).date()
