"""Statements on a SQLite file that are run where they are asked for, in the loop's own thread.

To cross to another thread and back takes longer than most of our statements. In a transaction
they find what they need in memory and wait for nobody; so only the commit of a writer, which waits
for the disk, and statements that were not short the last time are run in the thread of their
connection. A SELECT that turns out to be long is stopped and begun anew there. Who finds the file
locked asks again after a moment.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, ClassVar, Final, cast

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

from bot.kit.one_hop import OneHopConnection

_SHORT_SECONDS: Final = 0.001
_STOP_SECONDS: Final = 0.002
_TURN_SECONDS: Final = 0.003  # after which the others in the loop have a turn
_STEPS: Final = 1_000  # of SQLite's machine, some 0.03 ms, after which the clock is looked at
_TEXTS_MAX: Final = 2_000
_ASKS_AGAIN_SECONDS: Final = 0.005
_KIND: Final = 0xFF  # of an error of SQLite; what is above says more about it

_Run = Callable[[], None]


class InPlaceConnection(OneHopConnection):
    """A connection that knows which statements are short."""

    _short: ClassVar[set[str]] = set()  # the texts of statements, whatever file they are about

    def __init__(self, path: Path | str, *, timeout: float = 5.0, **options: Any) -> None:  # noqa: ANN401 - as sqlite3 takes them
        super().__init__(path, check_same_thread=False, timeout=0, **options)
        self.busy_seconds = timeout
        self._is_writing = False
        self._undone_by: sqlite3.Error | None = None
        self._turn_ends = 0.0

    def is_short(self, sql: str) -> bool:
        """True where a statement can be expected to be done at once."""
        if self.is_unsure:
            return False
        return sql in self._short if self.in_transaction else sql.startswith("BEGIN")

    def opened_cursor(self) -> sqlite3.Cursor:
        """Open a cursor, for whichever thread has its turn."""
        return self._conn.cursor()

    def turn(self) -> Awaitable[None]:
        """Let others go first where this connection had the loop for long; to be awaited."""
        return _NOTHING if perf_counter() < self._turn_ends else self._pause()

    def try_here(self, sql: str, run: _Run) -> bool:
        """Run a statement in this thread; False where it was stopped, and left no trace."""
        stops_at = perf_counter() + _STOP_SECONDS
        is_select = sql.startswith("SELECT")
        if is_select:
            self._conn.set_progress_handler(lambda: perf_counter() > stops_at, _STEPS)
        try:
            self._run(sql, run, perf_counter)
        except sqlite3.OperationalError as error:
            if not is_select or error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        finally:
            if is_select:
                self._conn.set_progress_handler(None, _STEPS)
        return True

    async def run_there(self, sql: str, run: _Run) -> None:
        """Run a statement in the thread of this connection."""
        # Of the time that passes there, what other threads take says nothing of the statement.
        await self.cross(partial(self._run, sql, run, thread_time))
        self._turn_ends = perf_counter() + _TURN_SECONDS

    async def commit(self) -> None:
        """Commit; who only read waits for nothing."""
        self._ensure_not_undone()
        if self._is_writing or self.is_unsure:
            await super().commit()
            self._is_writing = False
        else:
            self._conn.commit()

    async def rollback(self) -> None:
        """Undo what was not committed, if anything was begun; the disk has no part in it."""
        if self.is_unsure:
            await super().rollback()
        else:
            self._conn.rollback()
        self._is_writing, self._undone_by = False, None

    def _run(self, sql: str, run: _Run, clock: Callable[[], float]) -> None:
        self._ensure_not_undone()
        began, was_begun = clock(), self.in_transaction
        is_short = False
        if sql == "BEGIN IMMEDIATE":
            self._is_writing = True
        try:
            run()
            is_short = clock() - began < _SHORT_SECONDS
        except sqlite3.Error as error:
            if was_begun and not self.in_transaction:
                self._undone_by = error
            raise
        finally:
            if not is_short:
                self._short.discard(sql)
            elif len(self._short) < _TEXTS_MAX:
                self._short.add(sql)
            else:
                self._short.clear()  # Lists of many lengths make many texts.

    def _ensure_not_undone(self) -> None:
        """Refuse to go on where SQLite has undone everything, as it may when the disk is full.

        What came next would be a transaction by itself, and half of the whole would be kept.
        """
        if self._undone_by is not None:
            raise self._undone_by

    async def _pause(self) -> None:
        await asyncio.sleep(0)
        self._turn_ends = perf_counter() + _TURN_SECONDS


class _Nothing:
    """What is there at once when it is awaited."""

    def __await__(self) -> Generator[None]:
        yield from ()


_NOTHING: Final = _Nothing()


class _Cursor:
    """One statement and its rows, as SQLAlchemy asks a driver for them."""

    __slots__ = ("_adapted", "_connection", "_rows", "description", "lastrowid", "rowcount")

    def __init__(self, adapted: "_Connection") -> None:
        self._adapted = adapted
        self._connection = cast("InPlaceConnection", adapted.driver_connection)
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, operation: str, parameters: Any = None) -> None:  # noqa: ANN401 - a statement's own
        """Run a statement and keep its rows."""
        self._go(operation, partial(self._run, operation, parameters or ()))

    def executemany(self, operation: str, seq_of_parameters: Any) -> None:  # noqa: ANN401 - a statement's own
        """Run a statement that returns no rows, once for each of these."""
        self._go(operation, partial(self._run, operation, seq_of_parameters, is_many=True))

    def fetchone(self) -> Any:  # noqa: ANN401 - a row
        """Take the next row, if there is one."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        """Take some rows; none where all were taken."""
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """Take all rows that were not taken yet."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def close(self) -> None:
        """Forget the rows that nobody took."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Leave the rows; what brought them is closed already."""

    def _go(self, sql: str, run: _Run) -> None:
        try:
            try:
                self._go_once(sql, run)
            except sqlite3.OperationalError as error:
                self._go_again(sql, run, error)
        except Exception as error:  # noqa: BLE001 - it is raised again, as SQLAlchemy knows it
            self._adapted._handle_exception(error)  # noqa: SLF001 - theirs

    def _go_once(self, sql: str, run: _Run) -> None:
        if self._connection.is_short(sql):
            await_(self._connection.turn())
            if self._connection.try_here(sql, run):
                return
        await_(self._connection.run_there(sql, run))

    def _go_again(self, sql: str, run: _Run, error: sqlite3.OperationalError) -> None:
        """Ask again while others hold the lock, as long as we wait for it."""
        gives_up_at = perf_counter() + self._connection.busy_seconds
        while error.sqlite_errorcode & _KIND == sqlite3.SQLITE_BUSY:
            if perf_counter() > gives_up_at:
                break
            await_(asyncio.sleep(_ASKS_AGAIN_SECONDS))
            try:
                return self._go_once(sql, run)
            except sqlite3.OperationalError as again:
                error = again
        raise error

    def _run(self, sql: str, parameters: Any, *, is_many: bool = False) -> None:  # noqa: ANN401 - a statement's own
        opened = self._connection.opened_cursor()
        try:
            (opened.executemany if is_many else opened.execute)(sql, parameters)
            self.description = opened.description
            self._rows = deque(opened.fetchall() if opened.description else ())
            self.rowcount, self.lastrowid = opened.rowcount, opened.lastrowid
        finally:
            opened.close()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = cast("type[AsyncAdapt_aiosqlite_cursor]", _Cursor)


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *, async_creator_fn: Callable[[], Awaitable[Any]]) -> _Connection:
        return _Connection(self, await_(async_creator_fn()))


DRIVER: Final = _Driver(aiosqlite, sqlite3)
