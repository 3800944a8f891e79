"""The official holidays of Iran as a library knows them; the only importer of `holidays`.

The library seeds the desk's own table and decides nothing afterwards. Days that wait for the
sighting of the moon are marked as estimated; which lunar day an occasion is, is written here,
because a sighting moves all that follows in its month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.kit.digits import persian_digits
from bot.kit.jalali import jalali_numbers

if TYPE_CHECKING:
    from datetime import date

    from holidays.countries.iran import Iran  # noqa: TID251 - others are sent here for it

# The lunar occasions by the library's English name: the month and the day of it.
_LUNAR_DAYS: Final = {
    "Tasua": (1, 9),
    "Ashura": (1, 10),
    "Arbaeen": (2, 20),
    "Death of Prophet Muhammad and Martyrdom of Hasan ibn Ali": (2, 28),
    "Martyrdom of Ali al-Rida": (2, 30),  # the last day of Safar, be it the 29th or the 30th
    "Martyrdom of Hasan al-Askari": (3, 8),
    "Birthday of Muhammad and Imam Ja'far al-Sadiq": (3, 17),
    "Martyrdom of Fatima": (6, 3),
    "Birthday of Imam Ali": (7, 13),
    "Isra' and Mi'raj": (7, 27),
    "Birthday of Mahdi": (8, 15),
    "Martyrdom of Imam Ali": (9, 21),
    "Eid al-Fitr": (10, 1),
    "Eid al-Fitr Holiday": (10, 2),
    "Martyrdom of Imam Ja'far al-Sadiq": (10, 25),
    "Eid al-Adha": (12, 10),
    "Eid al-Ghadir": (12, 18),
}
_NO_LETTERS = re.compile("[^a-z0-9]+")
_GLUED: Final = {"عیدنوروز": "عید نوروز"}
# The lunar calendar as arithmetic has it: off by a day or two, which names the year rightly.
_FIRST_LUNAR_DAY: Final = 227_015
_LUNAR_YEAR_DAYS: Final = 354.36708
_LUNAR_MONTH_DAYS: Final = 29.53059


@dataclass(frozen=True, slots=True)
class SeededHoliday:
    """An occasion and its day, with the key that stays the same when the day is moved."""

    key: str
    day: date
    occasion: str
    occasion_en: str
    is_estimated: bool
    lunar_month: int | None = None
    lunar_day: int | None = None
    lunar_year: int | None = None


def seed_of(year_gregorian: int) -> list[SeededHoliday]:
    """List the holidays of a Gregorian year by day; two occasions on one day are two holidays."""
    from holidays.countries.iran import Iran  # noqa: PLC0415, TID251 - 12 MB that only a seed needs

    persian = Iran(years=year_gregorian, language="fa_IR")
    english = Iran(years=year_gregorian, language="en_US")
    mark = persian.tr(persian.estimated_label).replace("%s", "")
    return [
        _seeded(day, name.removesuffix(mark), english, is_estimated=name.endswith(mark))
        for day in sorted(persian)
        for name in persian.get_list(day)
    ]


def _seeded(day: date, name: str, english: Iran, *, is_estimated: bool) -> SeededHoliday:
    occasion_en = english.tr(name)
    occasion = persian_digits(_GLUED.get(name, name).replace("؛", "؛ "))
    slug = _NO_LETTERS.sub("-", occasion_en.lower()).strip("-")
    lunar = _LUNAR_DAYS.get(occasion_en)
    if lunar is None:
        year, month, day_of_month = jalali_numbers(day)
        key = f"{slug}/{year}-{month:02}-{day_of_month:02}"
        return SeededHoliday(key, day, occasion, occasion_en, is_estimated)
    lunar_year = _lunar_year(day, *lunar)
    key = f"{slug}/{lunar_year}"
    return SeededHoliday(key, day, occasion, occasion_en, is_estimated, *lunar, lunar_year)


def _lunar_year(day: date, month: int, day_of_month: int) -> int:
    into_year = (month - 1) * _LUNAR_MONTH_DAYS + day_of_month - 1
    first_of_year = day.toordinal() - _FIRST_LUNAR_DAY - into_year
    return round(first_of_year / _LUNAR_YEAR_DAYS) + 1
