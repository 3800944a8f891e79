"""Rounds that tell nobody anything: what is over is forgotten, and the calendar reaches ahead."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.catalogue import use_cases as questions
from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.kit.official_holidays import seed_of
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.workshops import use_cases as workshops

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database
    from handlers.context import Shared

_YEARS_AHEAD = 2
_ADDED_BY_HAND_MAX = 10  # staff may enter a few days of a year that the library was not asked for


async def forget_what_is_over(_desk: Shared, database: Database, now: datetime) -> bool:
    """Forget old questions, topics and flows that were left alone."""
    async with database.transaction() as tx:
        await questions.forget_old_questions(tx, today=tehran_day(now))
        await citizens.forget_topics(tx, now=now)
        await citizens.forget_expired(tx, now=now)
    return False


async def forget_old_cases(_desk: Shared, database: Database, now: datetime) -> bool:
    """Keep of a case that ended a year ago nothing but what figures are made of."""
    async with database.transaction() as tx:
        about = [f"case:{case_id}" for case_id in await cases.forget_old(tx, now=now)]
        about += [subject.replace("case:", "said:") for subject in about]
        await outbox.forget_subjects(tx, about)
        await surveys.forget(tx, subjects=about)
    return False


async def forget_old_workshops(_desk: Shared, database: Database, now: datetime) -> bool:
    """Forget what is kept beside workshops for a time: marks, preparations, ratings."""
    async with database.transaction() as tx:
        await workshops.forget_old(tx, now=now)
        await surveys.forget_old(tx, about="registration", now=now)
    return False


async def seed_calendar(_desk: Shared, database: Database, now: datetime) -> bool:
    """Add the official holidays of the years ahead, once the last of them is not known yet.

    The library is asked for a day first, beside the writers: it takes a while to import.
    """
    today = tehran_day(now)
    first, last = (date(today.year + _YEARS_AHEAD, *day) for day in ((1, 1), (12, 31)))
    async with database.reading() as tx:
        known = await calendars.holidays_between(tx, first=first, last=last)
    if len(known) > _ADDED_BY_HAND_MAX:
        return False
    await asyncio.to_thread(seed_of, today.year)
    async with database.transaction() as tx:
        await calendars.seed_holidays(tx, today=today)
    return False
