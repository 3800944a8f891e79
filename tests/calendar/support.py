"""Offices, days and moments to count with."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache

from bot.calendar.model import (
    ClosureDraft,
    ClosureScope,
    Holiday,
    HolidayId,
    HolidayState,
    HoursPeriod,
    OfficeCalendar,
    Window,
)
from bot.kit.clock import TEHRAN
from bot.kit.jalali import read_jalali
from bot.kit.official_holidays import seed_of

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
SAT_TO_WED = frozenset({SAT, SUN, MON, TUE, WED})
SAT_TO_THU = SAT_TO_WED | {THU}


def window(written: str) -> Window:
    opens, _, closes = written.partition("-")
    return Window(time.fromisoformat(opens), time.fromisoformat(closes))


def windows(written: str) -> tuple[Window, ...]:
    return tuple(window(part) for part in written.split())


MORNING = windows("07:30-12:30")
WITH_LUNCH = windows("07:30-12:30 13:00-14:30")


def jalali(written: str) -> date:
    """The Gregorian day of a Jalali date such as 1405/09/01."""
    day = read_jalali(written)
    assert day is not None, written
    return day


def at(written: str) -> datetime:
    """A moment in Tehran such as 1405/09/01 07:30."""
    day, _, clock = written.partition(" ")
    return datetime.combine(jalali(day), time.fromisoformat(clock), TEHRAN).astimezone(UTC)


def hours(
    weekdays: frozenset[int] = SAT_TO_WED,
    opened: tuple[Window, ...] = WITH_LUNCH,
    *,
    valid_from: str = "1390/01/01",
    valid_to: str | None = None,
) -> HoursPeriod:
    until = None if valid_to is None else jalali(valid_to)
    return HoursPeriod(jalali(valid_from), until, weekdays, opened)


@cache
def official(first_year: int = 2022, last_year: int = 2028) -> tuple[Holiday, ...]:
    """The holidays as they are seeded."""
    seeds = [seed for year in range(first_year, last_year + 1) for seed in seed_of(year)]
    return tuple(
        Holiday(
            HolidayId(number),
            seed.key,
            seed.day,
            seed.occasion,
            seed.occasion_en,
            HolidayState.ESTIMATED if seed.is_estimated else HolidayState.CONFIRMED,
            seed.lunar_month,
            seed.lunar_day,
            seed.lunar_year,
        )
        for number, seed in enumerate(seeds, start=1)
    )


def one_holiday(day: date, number: int = 1) -> Holiday:
    key = f"some-day/{day}"
    return Holiday(HolidayId(number), key, day, "روزی", "A day", HolidayState.CONFIRMED)


def closed(
    first: str,
    last: str | None = None,
    *,
    opened: tuple[Window, ...] = (),
    reason: str = "سرمای شدید",
    office_id: str = "kanoon",
) -> ClosureDraft:
    first_on = jalali(first)
    last_on = first_on if last is None else jalali(last)
    return ClosureDraft(office_id, ClosureScope.OFFICE, first_on, last_on, opened, reason)


def office(
    *periods: HoursPeriod,
    holidays: Iterable[Holiday] = (),
    closures: Iterable[ClosureDraft] = (),
) -> OfficeCalendar:
    return OfficeCalendar("kanoon", periods or (hours(),), tuple(holidays), tuple(closures))


def by_name(holidays: Iterable[Holiday], year: int) -> Mapping[str, Holiday]:
    """The lunar holidays of a lunar year by their English names."""
    return {found.occasion_en: found for found in holidays if found.lunar_year == year}
