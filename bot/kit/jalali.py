"""Days and moments as Iranians read and write them; the only user of jdatetime.

Inside the program days are Gregorian and moments are aware UTC (ADR 0007). Jalali dates are made
here, for display, and nowhere kept: jdatetime's dates compare unequal across locales.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import jdatetime  # noqa: TID251 - this is the only importer that others are sent to

from bot.kit.clock import TEHRAN
from bot.kit.digits import persian_digits
from bot.kit.text import normalise

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from bot.kit.words import Language

_NUMBERS = re.compile(r"(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})")
_SHORT_YEAR_FIRST = re.compile(r"(\d{2})(\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2})")
_SHORT_YEAR_LAST = re.compile(r"(.*\D)(\d{2})")
_CENTURY: Final = 100
_DAYS_KEPT: Final = 512  # the same few days stand in most answers
_WEEKDAYS = "|".join(
    normalise(name).replace(" ", " ?")
    for names in (jdatetime.date.j_weekdays_fa, jdatetime.date.j_weekdays_en)
    for name in names
)
_IN_WORDS = re.compile(
    rf"(?:(?:{_WEEKDAYS}) ?[,،]? )?(\d{{1,2}}) ?([^\W\d]+?)(?: ?ماه)?(?: (\d{{4}}))?"
)
_FROM_TODAY: Final = {
    "امروز": 0,
    "today": 0,
    "فردا": 1,
    "tomorrow": 1,
    "پس فردا": 2,
    "پسفردا": 2,
}
_MONTHS: Final = {
    normalise(name): month
    for names in (jdatetime.date.j_months_fa, jdatetime.date.j_months_en)
    for month, name in enumerate(names, start=1)
}
_FIRST_YEAR, _LAST_YEAR = 1300, 1500


@lru_cache(maxsize=_DAYS_KEPT)
def jalali_day(day: date, language: Language, *, with_weekday: bool = False) -> str:
    """Write a Gregorian day as a Jalali date in words, with its weekday where that matters."""
    pattern = "%A %-d %B %Y" if with_weekday else "%-d %B %Y"
    if language == "en":
        jalali = jdatetime.date.fromgregorian(date=day, locale="en_US").strftime(pattern)
        return f"{jalali} ({day:%-d %B %Y})"
    return persian_digits(jdatetime.date.fromgregorian(date=day, locale="fa_IR").strftime(pattern))


def jalali_moment(moment: datetime, language: Language, *, with_weekday: bool = True) -> str:
    """Write a moment as the day and the hour it is in Tehran."""
    assert moment.tzinfo is not None
    local = moment.astimezone(TEHRAN)
    day = jalali_day(local.date(), language, with_weekday=with_weekday)
    clock = clock_time(local.time(), language)
    return f"{day}، ساعت {clock}" if language == "fa" else f"{day}, {clock}"


def jalali_month_day(day: date, language: Language) -> str:
    """Write a day without its year, for lists in which the year is plain."""
    locale = "fa_IR" if language == "fa" else "en_US"
    said = jdatetime.date.fromgregorian(date=day, locale=locale).strftime("%-d %B")
    return persian_digits(said) if language == "fa" else said


def weekday_name(day: date, language: Language) -> str:
    """Name the weekday of a day."""
    locale = "fa_IR" if language == "fa" else "en_US"
    name: str = jdatetime.date.fromgregorian(date=day, locale=locale).strftime("%A")
    return name


def jalali_numbers(day: date) -> tuple[int, int, int]:
    """Give the Jalali year, month and day of a Gregorian day."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def jalali_months_before(day: date, months: int) -> date:
    """Go back so many Jalali months, to the day of the same number or the last of its month."""
    assert months >= 0
    year, month, number = jalali_numbers(day)
    years, month_index = divmod(year * 12 + month - 1 - months, 12)
    found = (_gregorian(years, month_index + 1, one) for one in range(number, 0, -1))
    return next(one for one in found if one is not None)


def clock_time(at: time, language: Language) -> str:
    """Write a time of day in the digits of the language."""
    said = f"{at:%H:%M}"
    return persian_digits(said) if language == "fa" else said


def tehran_day(moment: datetime) -> date:
    """Say which day it is in Tehran at an aware moment."""
    assert moment.tzinfo is not None
    return moment.astimezone(TEHRAN).date()


def read_jalali(text: str, *, today: date | None = None) -> date | None:
    """Read a day that a person typed, such as 1405/09/01 or a day and the name of a month.

    Any digits will do, and the year may stand last. Where `today` is given, a day without a year
    is the next such day, and the words for today and tomorrow are read. None for what is no day,
    such as the 31st of a month of 30.
    """
    typed = normalise(text)
    if found := _NUMBERS.fullmatch(typed):
        year, month, day = (int(part) for part in found.groups())
        return _gregorian(year, month, day)
    if found := _DAY_FIRST.fullmatch(typed):
        day, month, year = (int(part) for part in found.groups())
        return _gregorian(year, month, day)
    if today is not None and typed in _FROM_TODAY:
        return today + timedelta(days=_FROM_TODAY[typed])
    found = _IN_WORDS.fullmatch(typed)
    if found is None or found[2] not in _MONTHS:
        return None
    month, day = _MONTHS[found[2]], int(found[1])
    if found[3] is not None:
        return _gregorian(int(found[3]), month, day)
    return None if today is None else _next_such_day(month, day, today)


def read_past_day(text: str, *, today: date) -> date | None:
    """Read a day that is over, where a year may have two digits: the last one that ends so.

    None for what is no day, and for what could be two.
    """
    day = read_jalali(text)
    if day is not None:
        return day
    typed, this_year = normalise(text), jalali_numbers(today)[0]

    def whole(year: str) -> int:
        return this_year - (this_year - int(year)) % _CENTURY

    readings = set()
    if found := _SHORT_YEAR_FIRST.fullmatch(typed):
        readings.add(read_jalali(f"{whole(found[1])}{found[2]}"))
    if found := _SHORT_YEAR_LAST.fullmatch(typed):
        readings.add(read_jalali(f"{found[1]}{whole(found[2])}"))
    readings.discard(None)
    return readings.pop() if len(readings) == 1 else None


def _next_such_day(month: int, day: int, today: date) -> date | None:
    year = jalali_numbers(today)[0]
    coming = (_gregorian(year + ahead, month, day) for ahead in range(5))  # a leap day is far
    return next((found for found in coming if found is not None and found >= today), None)


def _gregorian(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        read: date = jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return None
    return read
