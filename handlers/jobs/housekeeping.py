"""Rounds that tell nobody anything: what is over is forgotten, and the calendar reaches ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.catalogue import use_cases as questions
from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database
    from handlers.context import Shared


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


async def seed_calendar(_desk: Shared, database: Database, now: datetime) -> bool:
    """Add the official holidays of the years ahead that the calendar does not know yet."""
    async with database.transaction() as tx:
        await calendars.seed_holidays(tx, today=tehran_day(now))
    return False
