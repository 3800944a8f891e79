"""The round that tells nobody anything: the calendar reaches ahead."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.kit.jalali import tehran_day
from bot.kit.official_holidays import seed_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database
    from handlers.context import Shared

_YEARS_AHEAD = 2


async def seed_calendar(_desk: Shared, database: Database, now: datetime) -> bool:
    """Add the official holidays of the years ahead, once the last of them is not known yet.

    The library is asked for a day first, beside the writers: it takes a while to import.
    """
    today = tehran_day(now)
    first, last = (date(today.year + _YEARS_AHEAD, *day) for day in ((1, 1), (12, 31)))
    async with database.reading() as tx:
        known = await calendars.holidays_between(tx, first=first, last=last)
    if known:
        return False
    await asyncio.to_thread(seed_of, today.year)
    async with database.transaction() as tx:
        await calendars.seed_holidays(tx, today=today)
    return False
