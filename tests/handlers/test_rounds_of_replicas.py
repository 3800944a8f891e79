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
from bot.kit.firings import Overtaken, fire, fired
from bot.outbox.tables import outbox
from handlers import jobs
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
            opened.append(database)
        yield opened


async def make_all(
    desk: DeskUnderTest, database: Database, moment: datetime, made: list[tuple[str, int]]
) -> None:
    """Make every round that nobody else makes, as a leader does; end where one is overtaken."""
    rounds = {make_round.__name__: make_round for make_round, _ in ROUNDS}
    for name, slot in (await fire(database, rounds, moment)).items():
        made.append((name, slot))
        while True:
            try:
                await rounds[name](desk.shared, fired(database, name, slot), moment)
            except Overtaken:
                return
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


@pytest.mark.parametrize(("count", "gap"), [(1, 0), (3, 1), (3, 10)])
async def test_every_round_at_once_tells_each_thing_once(
    desk: DeskUnderTest, database_url: str, count: int, gap: int
) -> None:
    """Leaders share a slot, or each begins the next one while the one before is at work."""
    desk.now = SUNDAY_MORNING
    await desk.open_desk(GROUP_ID)
    await Officer.at(desk, OFFICER)
    for _ in range(3):
        await register(desk)
    made = list[tuple[str, int]]()
    async with leaders(database_url, desk, count) as databases:
        for hours in HOURS:
            moment = SUNDAY_MORNING + timedelta(hours=hours)
            await asyncio.gather(
                *(
                    make_all(desk, database, moment + timedelta(seconds=gap * number), made)
                    for number, database in enumerate(databases)
                )
            )
    assert await queued(desk) == TOLD
    assert len(set(made)) == len(made)
    assert gap > 1 or len(made) == len(HOURS) * len(ROUNDS)


async def test_of_two_that_make_the_rounds_one_makes_each_turn(
    desk: DeskUnderTest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, made = asyncio.Event(), list[str]()

    async def tell(*_: object) -> bool:
        made.append("tell")
        return False

    async def tidy(*_: object) -> bool:
        made.append("tidy")
        return False

    monkeypatch.setattr(jobs, "ROUNDS", ((tell, 1.0), (tidy, 1.0)))
    monkeypatch.setattr(jobs, "now", lambda: SUNDAY_MORNING)
    async with leaders(database_url, desk, 2) as databases, asyncio.TaskGroup() as group:
        for database in databases:
            group.create_task(jobs.make_rounds(desk.shared, database, lambda: None, stop))
        await asyncio.sleep(0.5)  # both would have made them twice over by now
        stop.set()
    assert sorted(made) == ["tell", "tidy"]
