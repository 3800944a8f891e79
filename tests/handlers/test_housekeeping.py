"""The calendar reaches ahead, and the library of holidays is asked only when it must be."""

import sys
from datetime import date, timedelta

import pytest

from bot.calendar import use_cases as calendars
from bot.kit.jalali import tehran_day
from handlers.jobs.housekeeping import seed_calendar
from tests.handlers.support import DeskUnderTest

LIBRARY = "holidays.countries.iran"


async def count_of_year(desk: DeskUnderTest, year: int) -> int:
    async with desk.database.reading() as tx:
        return len(
            await calendars.holidays_between(tx, first=date(year, 1, 1), last=date(year, 12, 31))
        )


class TestSeedingTheCalendar:
    async def test_an_empty_calendar_is_filled_two_years_ahead(self, desk: DeskUnderTest) -> None:
        await desk.round(seed_calendar)
        assert await count_of_year(desk, tehran_day(desk.now).year + 2) > 20

    async def test_a_calendar_that_reaches_ahead_needs_no_library(
        self, desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await desk.round(seed_calendar)
        monkeypatch.setitem(sys.modules, LIBRARY, None)  # an import of it fails from now on
        await desk.round(seed_calendar)
        desk.now += timedelta(days=366)
        with pytest.raises(ImportError):
            await desk.round(seed_calendar)
