"""Short statements of a transaction run where they are asked for; what may take long does not."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.kit.database import Database, Transaction, is_storage_trouble
from bot.kit.in_place import DRIVER, InPlaceConnection
from bot.kit.sqlite import set_up

LONG = 5_000_000  # steps, about a second
SECONDS = 0.4

numbers = Table("number", MetaData(), Column("id", Integer, primary_key=True))
COUNT = (
    "SELECT count(*) FROM (WITH RECURSIVE one(n) AS"
    " (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < ?) SELECT n FROM one)"
)
FILL = (
    "INSERT INTO number (id) WITH RECURSIVE one(n) AS"
    " (SELECT ? UNION ALL SELECT n + 1 FROM one WHERE n < ?) SELECT n FROM one"
)


class Counted(InPlaceConnection):
    """A connection that counts how often something is sent to its thread."""

    crossings = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        Counted.crossings += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # theirs


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "a.sqlite3"
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", module=DRIVER, async_creator=partial(Counted, path)
    )
    set_up(engine.sync_engine)
    made = Database(engine)
    async with made.transaction() as tx:
        await tx.run_sync(numbers.create)
    async with made.transaction() as tx:  # The statements are known to be short after this.
        await _add(tx, 1)
        await _look(tx)
        await _count(tx, 10)
        await _fill(tx, 2, 3)
    async with made.reading() as tx:
        await _look(tx)
    Counted.crossings = 0
    yield made
    await made.close()


async def _add(tx: Transaction, number: int) -> None:
    await tx.execute(insert(numbers), {"id": number})


async def _look(tx: Transaction) -> list[int]:
    return list(await tx.scalars(select(numbers.c.id).order_by(numbers.c.id)))


async def _count(tx: Transaction, last: int) -> int:
    return int((await tx.exec_driver_sql(COUNT, (last,))).scalar_one())


async def _fill(tx: Transaction, first: int, last: int) -> None:
    await tx.exec_driver_sql(FILL, (first, last))


class Heart:
    """Beats while the loop goes round; knows for which part of the time it stood still at once."""

    _longest = 0.0

    @property
    def stood_still(self) -> float:
        return self._longest / (perf_counter() - self._began)

    async def __aenter__(self) -> Self:
        self._began = perf_counter()
        self._beating = asyncio.ensure_future(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._beating.cancel()
        await asyncio.wait([self._beating])

    async def _beat(self) -> None:
        last = perf_counter()
        while True:
            await asyncio.sleep(0)
            self._longest = max(self._longest, perf_counter() - last)
            last = perf_counter()


async def test_a_writer_crosses_to_commit_and_for_nothing_else(
    counted: Database,
) -> None:
    async with counted.transaction() as tx:
        await _add(tx, 10)
        assert await _look(tx) == [1, 2, 3, 10]
        async with tx.begin_nested():
            await _add(tx, 11)
    assert Counted.crossings <= 1 + 2, "the savepoint is not known yet"
    Counted.crossings = 0
    async with counted.transaction() as tx, tx.begin_nested():
        await _add(tx, 12)
    assert Counted.crossings == 1


async def test_a_reader_of_short_statements_does_not_cross(counted: Database) -> None:
    async with counted.reading() as tx:
        assert await _look(tx) == [1, 2, 3]
    assert Counted.crossings == 0


async def test_what_a_writer_undoes_is_undone(counted: Database) -> None:

    async def fail() -> None:
        async with counted.transaction() as tx:
            await _add(tx, 10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with counted.reading() as tx:
        assert await _look(tx) == [1, 2, 3]


async def test_a_select_that_turns_out_to_be_long_stops_nobody(counted: Database) -> None:
    async with counted.transaction() as tx:
        await _add(tx, 10)
        assert await _count(tx, 10) == 10
        before = Counted.crossings
        async with Heart() as heart:
            assert await _count(tx, LONG) == LONG
            assert heart.stood_still < 0.5
        assert Counted.crossings == before + 1
        await _count(tx, 10)
        assert Counted.crossings == before + 2, "it was long the last time"
    async with counted.reading() as tx:
        assert await _look(tx) == [1, 2, 3, 10], "a statement was stopped, the transaction not"


async def test_a_change_that_was_long_crosses_the_next_time(counted: Database) -> None:
    async with counted.transaction() as tx:
        await _fill(tx, 10, 30_000)
        before = Counted.crossings
        await _fill(tx, 40_000, 40_001)
        assert Counted.crossings == before + 1
        await _fill(tx, 50_000, 50_001)
        assert Counted.crossings == before + 1, "it was short the last time"


async def test_many_short_statements_leave_others_their_turn(counted: Database) -> None:
    async with Heart() as heart, counted.reading() as tx:
        began = perf_counter()
        looks = 0
        while perf_counter() < began + SECONDS:
            await _look(tx)
            looks += 1
        assert heart.stood_still < 0.5
    assert Counted.crossings < looks / 10, "one that was disturbed crosses once"


async def test_who_waits_for_the_lock_of_another_process_stops_nobody(
    counted: Database, tmp_path: Path
) -> None:
    other = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite3'}")
    async with other.transaction() as tx:
        await _add(tx, 10)
        async with Heart() as heart:
            waiting = asyncio.ensure_future(_written(counted, 11))
            await asyncio.sleep(SECONDS)
            assert heart.stood_still < 0.5
        assert not waiting.done()
    async with asyncio.timeout(5):
        await waiting
    await other.close()


async def _written(database: Database, number: int) -> None:
    async with database.transaction() as tx:
        await _add(tx, number)


async def test_a_refused_statement_leaves_the_transaction_usable(counted: Database) -> None:
    async with counted.transaction() as tx:
        await _count(tx, 10)
        with pytest.raises(OperationalError, match="no such table"):
            await tx.exec_driver_sql("SELECT 1 FROM nowhere")
        await _add(tx, 10)
    async with counted.reading() as tx:
        assert 10 in await _look(tx)


async def _meet_a_full_disk(tx: Transaction) -> None:
    pages = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one()
    await tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    await _add(tx, 100)
    with pytest.raises(OperationalError, match="full"):
        async with tx.begin_nested():
            await tx.exec_driver_sql("INSERT INTO more VALUES (zeroblob(1000000))")


@pytest.mark.parametrize("goes_on", [True, False])
async def test_where_a_full_disk_has_undone_the_whole_nothing_more_of_it_is_kept(
    counted: Database, *, goes_on: bool
) -> None:
    async def unit(tx: Transaction) -> None:
        await _meet_a_full_disk(tx)
        if goes_on:
            await _add(tx, 101)

    async with counted.transaction() as tx:
        await tx.exec_driver_sql("CREATE TABLE more (word BLOB)")
        kept = await _look(tx)
    with pytest.raises(OperationalError, match="full") as failed:
        await counted.attempt(unit)
    assert is_storage_trouble(failed.value)
    async with counted.transaction() as tx:
        await tx.exec_driver_sql("PRAGMA max_page_count=100000")
        assert await _look(tx) == kept
        await _add(tx, 102)
    async with counted.reading() as tx:
        assert await _look(tx) == [*kept, 102]


class Unwilling(InPlaceConnection):
    """A connection that cannot undo anything, as where its disk is gone."""

    async def rollback(self) -> None:
        if self.in_transaction:
            raise sqlite3.OperationalError("disk I/O error")
        await super().rollback()


async def test_who_is_told_to_end_ends_though_nothing_can_be_undone(tmp_path: Path) -> None:
    path, begun = tmp_path / "b.sqlite3", asyncio.Event()
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", module=DRIVER, async_creator=partial(Unwilling, path)
    )
    set_up(engine.sync_engine)
    database = Database(engine)

    async def work() -> None:
        async with database.transaction() as tx:
            await _add(tx, 1)
            begun.set()
            await asyncio.sleep(60)

    async with database.transaction() as tx:
        await tx.run_sync(numbers.create)
    working = asyncio.ensure_future(work())
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    async with asyncio.timeout(5), database.transaction() as tx:
        assert await _look(tx) == []
    await database.close()
