"""Replicas whose groups lock the same in another order: both get there, each effect once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, update

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.inbox.tables import inbox as letters
from bot.kit.clock import now
from bot.kit.database import Database, Transaction
from bot.messenger.contract import Desk, Outcome
from bot.messenger.reading import dumps
from bot.messenger.worker import Worker
from tests.messenger.support import eventually
from tests.postgres_support import Server

UPDATES = 48
counter = Table(
    "counter",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)


@pytest.fixture
def server_url(server: Server) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.take_back(url)


async def answer(tx: Transaction, update_: dict[str, Any], _now: datetime) -> Outcome:
    """Count twice, at two counters whose order depends on the update."""
    both = [1, 2] if update_["update_id"] % 2 else [2, 1]
    for number in both:
        await tx.execute(
            update(counter).where(counter.c.id == number).values(count=counter.c.count + 1)
        )
        await asyncio.sleep(0.001)
    return Outcome()


async def refuse(*_: object) -> Outcome:
    raise AssertionError


@asynccontextmanager
async def working(url: str) -> AsyncIterator[Database]:
    database, stop, arrived = Database.open(url), asyncio.Event(), asyncio.Event()
    worker = Worker(
        database,
        Desk(answer, refuse),
        clock=now,
        arrived=arrived,
        queued=lambda: None,
        call_directly=lambda _: None,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        yield database
        stop.set()
        arrived.set()
    await database.close()


async def test_groups_that_lock_each_other_out_are_made_smaller_and_tried_again(
    server_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database.open(server_url)
    async with database.transaction() as tx:
        await tx.run_sync(counter.create)
        await tx.execute(insert(counter), [{"id": 1, "count": 0}, {"id": 2, "count": 0}])
        received = [
            Received(1, number, number, dumps({"update_id": number})) for number in range(UPDATES)
        ]
        await inbox.receive(tx, received, now())

    async def is_done() -> bool:
        async with database.reading() as tx:
            states = list(await tx.scalars(select(letters.c.state)))
        return states == ["done"] * UPDATES

    async with working(server_url), working(server_url), working(server_url):
        await eventually(is_done, 30)
    async with database.reading() as tx:
        counts = await tx.scalars(select(counter.c.count).order_by(counter.c.id))
        assert list(counts) == [UPDATES, UPDATES]
    await database.close()
    assert "cannot be worked off" not in caplog.text
