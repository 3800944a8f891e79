"""F18: three replicas that all believe they lead make every round at once, and tell it once."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.kit.database import Database, is_busy
from bot.kit.replicas import Turn
from bot.outbox.tables import outbox
from handlers.jobs import ROUNDS
from tests.handlers.desk_support import GROUP_ID, OFFICER, Officer, register
from tests.handlers.support import DeskUnderTest

SUNDAY_MORNING = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # 08:00 in Tehran
HOURS = 1, 24, 25, 48
TOLD = {
    "late:citizen": 6,
    "late:desk": 6,
    "digest:kanoon:daily": 5,
    "digest:mazandaran:daily": 3,
    "agreement:kanoon:None": 1,
}
_NUMBERS = re.compile(r"(:[\dT.:+-]+)(?=:|$)")


@asynccontextmanager
async def leaders(url: str, desk: DeskUnderTest, count: int) -> AsyncIterator[list[Database]]:
    """Open the records as so many replicas would; a file has one."""
    if url.startswith("sqlite"):
        yield [desk.database] * count
        return
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(count):
            database = Database.open(url)
            stack.push_async_callback(database.close)
            opened.append(database.in_turn(Turn.ROUNDS))
        yield opened


async def make_all(desk: DeskUnderTest, database: Database, moment: datetime) -> None:
    for make_round, _ in ROUNDS:
        while True:
            try:
                await make_round(desk.shared, database, moment)
            except Exception as error:
                if not is_busy(error):
                    raise
            else:
                break


async def queued(desk: DeskUnderTest) -> Counter[str]:
    """Count what was told, by what it is about, to whom, and of which case."""
    async with desk.database.reading() as tx:
        keys = await tx.scalars(select(outbox.c.dedupe_key))
        return Counter(_NUMBERS.sub("", key) for key in keys)


@pytest.mark.parametrize("count", [1, 3])
async def test_every_round_at_once_tells_each_thing_once(
    desk: DeskUnderTest, database_url: str, count: int
) -> None:
    desk.now = SUNDAY_MORNING
    await desk.open_desk(GROUP_ID)
    await Officer.at(desk, OFFICER)
    for _ in range(3):
        await register(desk)
    async with leaders(database_url, desk, count) as databases:
        for hours in HOURS:
            moment = SUNDAY_MORNING + timedelta(hours=hours)
            await asyncio.gather(
                *(
                    make_all(desk, database, moment + timedelta(seconds=number))
                    for number, database in enumerate(databases)
                )
            )
    assert await queued(desk) == TOLD
