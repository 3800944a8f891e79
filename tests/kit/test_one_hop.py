"""One crossing for each statement, and nothing of it is left behind."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.kit.one_hop import OneHopConnection

MANY = 2_500


class Counted(OneHopConnection):
    """A connection that counts how often something is sent to its thread."""

    crossings = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.crossings += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # theirs


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Counted]:
    made = await Counted(tmp_path / "a.sqlite3", isolation_level=None)
    cursor = made.cursor()
    await cursor.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, word TEXT)")
    await cursor.executemany("INSERT INTO one (word) VALUES (?)", [("w",)] * MANY)
    made.crossings = 0
    yield made
    await made.close()


async def test_a_statement_and_its_rows_cross_once(connection: Counted) -> None:
    async with asyncio.timeout(5):
        cursor = await connection.cursor().__aenter__()
        await cursor.execute("SELECT id FROM one WHERE id < ?", (3,))
        assert await cursor.fetchall() == [(1,), (2,)]
        assert [column[0] for column in cursor.description] == ["id"]
        await cursor.close()
    assert connection.crossings == 1


async def test_a_great_many_rows_come_whole_and_in_order(connection: Counted) -> None:
    cursor = connection.cursor()
    await cursor.execute("SELECT id FROM one ORDER BY id")
    assert [row[0] for row in await cursor.fetchall()] == list(range(1, MANY + 1))
    assert connection.crossings < 5


async def test_rows_can_be_taken_by_and_by(connection: Counted) -> None:
    cursor = connection.cursor()
    await cursor.execute("SELECT id FROM one ORDER BY id")
    taken = []
    while rows := await cursor.fetchmany(700):
        taken += [row[0] for row in rows]
    assert taken == list(range(1, MANY + 1))


async def test_rows_that_nobody_takes_keep_nobody_waiting(
    connection: Counted, tmp_path: Path
) -> None:
    cursor = connection.cursor()
    await cursor.execute("SELECT id FROM one")
    await cursor.close()
    assert await cursor.fetchall() == []
    other = sqlite3.connect(tmp_path / "a.sqlite3", timeout=0, isolation_level=None)
    other.execute("DELETE FROM one WHERE id = 1")
    other.close()


async def test_what_was_inserted_and_changed_is_told(connection: Counted) -> None:
    cursor = connection.cursor()
    await cursor.execute("INSERT INTO one (word) VALUES ('x') RETURNING id")
    assert await cursor.fetchall() == [(MANY + 1,)]
    assert cursor.lastrowid == MANY + 1
    await cursor.execute("UPDATE one SET word = 'y' WHERE id <= 4")
    assert cursor.rowcount == 4


async def test_a_refused_statement_leaves_the_connection_usable(connection: Counted) -> None:
    cursor = connection.cursor()
    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO one VALUES (1, 'again')")
    await cursor.execute("SELECT count(*) FROM one")
    assert await cursor.fetchall() == [(MANY,)]


async def test_nothing_is_undone_where_nothing_was_begun(connection: Counted) -> None:
    await connection.rollback()
    assert connection.crossings == 0
    await connection.cursor().execute("BEGIN IMMEDIATE")
    await connection.rollback()
    assert not connection.in_transaction


async def test_what_was_begun_for_somebody_who_left_is_undone(connection: Counted) -> None:
    may_go_on = threading.Event()
    held_up = asyncio.ensure_future(connection.cross(partial(may_go_on.wait, 5)))
    begun = asyncio.ensure_future(connection.cursor().execute("BEGIN IMMEDIATE"))
    await asyncio.sleep(0)
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    assert not connection.in_transaction, "its turn has not come yet"
    undoing = asyncio.ensure_future(connection.rollback())
    await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.gather(held_up, undoing)
    assert not connection.in_transaction
