"""Connections to a SQLite file that cross to their thread and back once for each statement.

As they come, a statement takes four crossings: a cursor is opened, told what to do, asked for its
rows, and closed. A crossing costs more than most of our statements themselves.
"""

import sqlite3
from asyncio import CancelledError
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import aiosqlite

_ROWS_AT_ONCE: Final = 1_000


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors bring their rows along, and which undoes only what was begun."""

    def __init__(self, path: Path | str, **options: Any) -> None:  # noqa: ANN401 - as sqlite3 takes them
        super().__init__(partial(sqlite3.connect, path, **options), iter_chunk_size=_ROWS_AT_ONCE)
        self._thread.daemon = True  # A process that ends waits for no statement.
        self.is_unsure = False  # whether something was begun by whom nobody waits for any more

    def cursor(self) -> "OneHopCursor":  # type: ignore[override] # SQLAlchemy asks for no more
        """Make a cursor; nothing is crossed for it."""
        return OneHopCursor(self)

    async def rollback(self) -> None:
        """Undo what was not committed, if anything was begun."""
        if self.in_transaction or self.is_unsure:
            await super().rollback()
            self.is_unsure = False

    async def cross(self, work: partial[Any]) -> Any:  # noqa: ANN401 - whatever the work returns
        """Let the thread of this connection do something."""
        try:
            return await self._execute(work)  # type: ignore[no-untyped-call] # theirs
        except CancelledError:
            self.is_unsure = True
            raise


class OneHopCursor:
    """One statement and its rows; a great many rows come in several crossings."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._open: sqlite3.Cursor | None = None  # while rows are still to be fetched
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Run a statement and bring its rows, or the first thousand of them."""
        await self._connection.cross(partial(self._run, sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> None:
        """Run a statement that returns no rows, once for each of these."""
        await self._connection.cross(partial(self._run, sql, parameters, is_many=True))

    async def fetchall(self) -> Sequence[Any]:
        """Take all rows that were not taken yet."""
        rows, self._rows = self._rows, []
        if self._open is not None:
            rows += await self._connection.cross(partial(self._open.fetchall))
            await self.close()
        return rows

    async def fetchmany(self, size: int) -> Sequence[Any]:
        """Take some rows; none where all were taken."""
        if not self._rows and self._open is not None:
            await self._connection.cross(partial(self._bring, self._open))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def close(self) -> None:
        """Forget what was not fetched."""
        self._rows = []
        if self._open is not None:
            closed, self._open = self._open, None
            await self._connection.cross(partial(closed.close))

    def _run(self, sql: str, parameters: Any, *, is_many: bool = False) -> None:  # noqa: ANN401 - a statement's own
        cursor = self._connection._conn.cursor()  # noqa: SLF001 - in its own thread
        try:
            (cursor.executemany if is_many else cursor.execute)(sql, parameters)
            self._bring(cursor)
        except BaseException:
            cursor.close()
            raise

    def _bring(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchmany(_ROWS_AT_ONCE) if cursor.description else []
        is_done = len(self._rows) < _ROWS_AT_ONCE
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        self._open = None if is_done else cursor
        if is_done:
            cursor.close()
