"""Where everything durable is kept, and the one way to change it.

SQLite as it comes lets twelve people into a workshop of three, loses acknowledged commits in a
power cut and answers "database is locked". Hence: writers take the lock before they read (BEGIN
IMMEDIATE), stand in one line inside the process, and every commit is flushed to the disk.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Insert,
    MetaData,
    Table,
    TypeDecorator,
    event,
    make_url,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Transaction = AsyncConnection
Result = TypeVar("Result")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ATTEMPTS_MAX: Final = 5
_STORAGE_TROUBLES: Final = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_NOMEM",
    "SQLITE_READONLY",
)
_BUSY_SECONDS: Final = 5.0
_TIDY_SECONDS: Final = 0.25
_READERS_MAX: Final = 4
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # What is blanked is overwritten with zeros.
)


class Moment(TypeDecorator[datetime]):
    """A moment in time: aware UTC on the way in and on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment that does not say where its clock hangs."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment must be aware, this one is naive"
            raise ValueError(message)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hang the clock back up in Greenwich."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def insert_new(table: Table) -> Insert:
    """Insert the rows that are not there yet and leave the others alone."""
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_or_replace(table: Table) -> Insert:
    """Insert rows, each in the place of the one with its key if there is one."""
    new = sqlite.insert(table)
    others = [column.name for column in table.c if not column.primary_key]
    return new.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={name: new.excluded[name] for name in others}
    )


class _Connection(sqlite3.Connection):
    """Lets its lock go when it is closed, even where a traceback still holds a cursor of it."""

    def close(self) -> None:
        """Undo what was not committed, and close; SQLite alone waits for the last cursor."""
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


class Database:
    """One database file: a line of writers, and readers beside it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(begin="BEGIN")
        self._writing = asyncio.Lock()

    @classmethod
    def open(cls, url: str, *, busy_seconds: float = _BUSY_SECONDS) -> Self:
        """Open the database at this URL; its file is made readable by its owner alone.

        `busy_seconds` is how long one attempt waits for a lock that another process holds.
        """
        make_private(url)
        engine = create_async_engine(
            url,
            pool_size=_READERS_MAX + 1,
            max_overflow=0,
            hide_parameters=True,  # The parameters of a failed statement are what people wrote.
            connect_args={"timeout": busy_seconds, "factory": _Connection},
        )
        set_up(engine.sync_engine)
        return cls(engine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Change things: everything in the block happens, or nothing does."""
        async with self._writing, self._engine.connect() as tx:
            await _begin_patiently(tx)
            try:
                yield tx
            except BaseException:
                await tx.rollback()
                raise
            await tx.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Look at one moment of the database, without standing in the writers' line."""
        async with self._readers.connect() as tx, tx.begin():
            yield tx

    async def attempt(self, unit: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Run a whole unit of work, again when another process held the database too long."""
        attempt = 1
        while True:
            try:
                async with self.transaction() as tx:
                    return await unit(tx)
            except OperationalError as error:
                if attempt == _ATTEMPTS_MAX or not is_busy(error):
                    raise
            attempt += 1

    async def probe(self) -> None:
        """Write something that says nothing, once, to learn whether writing works."""
        async with self._writing, self._engine.begin() as tx:
            await tx.exec_driver_sql("PRAGMA user_version = 1")

    async def tidy(self) -> None:
        """Move every commit into the main file and empty the log, which still holds what is blank.

        Where somebody goes on reading an older moment, it is left for the next time: the writers
        wait a quarter of a second for it and no longer.
        """
        async with self._writing:
            await asyncio.to_thread(_empty_log, str(self._engine.url.database))

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def database_path(url: str) -> Path | None:
    """Say which file a URL names, or None when it names none."""
    name = make_url(url).database
    return None if name is None or name in ("", ":memory:") else Path(name)


def is_busy(error: OperationalError) -> bool:
    """True when another connection held the lock longer than we wait."""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


def is_storage_trouble(error: BaseException) -> bool:
    """True when the disk or a lock is at fault and not the statement: full, locked, I/O."""
    if isinstance(error, PoolTimeout):
        return True  # Whoever holds all connections waits for the disk or a lock.
    if not isinstance(error, DatabaseError):
        return False
    name = getattr(error.orig, "sqlite_errorname", "")
    return str(name).startswith(_STORAGE_TROUBLES)


async def _begin_patiently(tx: Transaction) -> None:
    for attempt in range(1, _ATTEMPTS_MAX + 1):
        try:
            await tx.begin()
        except OperationalError as error:
            if attempt == _ATTEMPTS_MAX or not is_busy(error):
                raise
        else:
            return


def _empty_log(path: str) -> None:
    with (
        closing(sqlite3.connect(path, timeout=_TIDY_SECONDS)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def set_up(engine: Engine) -> None:
    """Let every connection of an engine flush its commits, and lock before it reads."""
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection has no common type
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def make_private(url: str) -> None:
    """Create the file of a database if there is none, and let nobody else read it."""
    path = database_path(url)
    if path is not None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
