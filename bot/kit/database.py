"""Where everything durable is kept, and the one way to change it: whole, or not at all.

It is a SQLite file or a PostgreSQL server, and nothing above this module knows which. Their
manners are in `bot.kit.sqlite` and `bot.kit.postgres`.
"""

import asyncio
import copy
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from sqlalchemy import (
    ClauseElement,
    Column,
    DateTime,
    Dialect,
    Insert,
    MetaData,
    Table,
    TypeDecorator,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import SyntaxExtension
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from bot.kit import metrics, postgres, sqlite
from bot.kit.writer import Writer

if TYPE_CHECKING:
    from bot.kit.crypto import Keyring

Transaction = AsyncConnection
Result = TypeVar("Result")

# An index of some rows alone names its condition for SQLite. To name it for PostgreSQL too would
# import that dialect into every desk, 2 MB; there the migrations name it.
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
_BUSY_SECONDS: Final = {"sqlite": 5.0, "postgresql": 3.0}
_PAUSE_MILLISECONDS: Final = 20  # at most, after the first attempt
_DATABASE: Final = "desk_database"  # the option of a connection that says whose it is
_LAST_THINGS: Final = "mizban:last_things"


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


class _OnConflict(SyntaxExtension, ClauseElement):
    """What becomes of a row that is there already; SQLite and PostgreSQL write it alike."""

    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy declares it
        ("keys", InternalTraversal.dp_string_list),
        ("replaced", InternalTraversal.dp_string_list),
    ]

    def __init__(self, keys: list[str], replaced: list[str]) -> None:
        self.keys = keys
        self.replaced = replaced

    def apply_to_insert(self, insert_stmt: Insert) -> None:
        """Stand behind the values."""
        insert_stmt.apply_syntax_extension_point(lambda _: [self], "post_values")


@compiles(_OnConflict)
def _write(clause: _OnConflict, compiler: SQLCompiler, **_: object) -> str:
    if not clause.replaced:
        return "ON CONFLICT DO NOTHING"
    quote = compiler.preparer.quote
    keys = ", ".join(map(quote, clause.keys))
    values = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in clause.replaced)
    return f"ON CONFLICT ({keys}) DO UPDATE SET {values}"


def insert_new(table: Table) -> Insert:
    """Insert the rows that are not there yet and leave the others alone."""
    return insert(table).ext(_OnConflict([], []))


def insert_or_replace(table: Table, *only: Column[Any]) -> Insert:
    """Insert rows, each in the place of the one with its key if there is one.

    Where columns are named, the others of a row that is there stay as they are.
    """
    others = only or [column for column in table.c if not column.primary_key]
    keys = [key.name for key in table.primary_key]
    return insert(table).ext(_OnConflict(keys, [column.name for column in others]))


class Database:
    """Everything durable: writers, and readers beside them.

    Writers of a file stand in one line; on a server they wait for each other's rows alone.
    """

    def __init__(self, engine: AsyncEngine, *, keyring: "Keyring | None" = None) -> None:
        self.keyring = keyring
        self._engine = engine
        engine.sync_engine.update_execution_options(**{_DATABASE: self})
        self._is_file = engine.dialect.name == "sqlite"
        self.is_shared: Final = not self._is_file  # other processes may write at the same time
        self._first: Callable[[Transaction], Awaitable[None]] | None = None
        reading: dict[str, Any] = dict(sqlite.READING if self._is_file else postgres.READING)
        self._readers = engine.execution_options(**reading)
        self._writer = Writer(engine)
        self._lend = self._writer.lent if self._is_file else engine.connect
        self._writing = self._writer.line if self._is_file else nullcontext()

    @classmethod
    def open(
        cls, url: str, *, busy_seconds: float | None = None, keyring: "Keyring | None" = None
    ) -> Self:
        """Open the database at this URL; without keys, what is sealed in it stays so.

        `busy_seconds` is how long one attempt waits for a lock that another transaction holds.
        """
        name = make_url(url).get_backend_name()
        kind = sqlite if name == "sqlite" else postgres
        engine = kind.open_engine(url, busy_seconds=busy_seconds or _BUSY_SECONDS[name])
        return cls(engine, keyring=keyring)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Change things: everything in the block happens, or nothing does."""
        async with self._lend() as tx:
            await _begin_patiently(tx)
            tx.info.pop(_LAST_THINGS, None)  # of a transaction that was undone
            try:
                if self._first is not None:
                    await self._first(tx)
                yield tx
                await _do_last_things(tx)
                with metrics.timed(metrics.COMMIT_SECONDS):
                    await tx.commit()
            except BaseException:
                try:
                    await tx.rollback()
                except DBAPIError:
                    await tx.invalidate()  # Undone with its connection; why it ended is told on.
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Look at one moment of the database, without standing in the writers' line."""
        async with self._readers.connect() as tx, tx.begin():
            yield tx

    async def attempt(self, unit: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Run a whole unit of work, again when another transaction was in its way."""
        attempt = 1
        while True:
            try:
                async with self.transaction() as tx:
                    return await unit(tx)
            except DBAPIError as error:
                if attempt == _ATTEMPTS_MAX or not is_busy(error):
                    raise
            # Two that were in each other's way do not come back at the same moment.
            await asyncio.sleep(secrets.randbelow(_PAUSE_MILLISECONDS * attempt) / 1000)
            attempt += 1

    def beginning_with(self, first: Callable[[Transaction], Awaitable[None]]) -> Self:
        """Give this database with transactions that each begin with something."""
        other = copy.copy(self)
        other._first = first  # noqa: SLF001 - of the same class
        return other

    def session(self) -> AbstractAsyncContextManager[Any]:
        """Hold a connection to the server as its driver gives it, for what lasts as long as it."""
        assert self.is_shared
        return postgres.session(self._engine)

    async def probe(self) -> None:
        """Write something that says nothing, once, to learn whether writing works."""
        async with self._writing, self._engine.begin() as tx:
            if self._is_file:
                await tx.exec_driver_sql("PRAGMA user_version = 1")
            else:
                # Told to whoever follows the log of the server, and flushed as a commit is.
                await tx.execute(select(func.pg_logical_emit_message(True, "mizban", "probe")))  # noqa: FBT003 - its signature

    async def tidy(self) -> None:
        """Move every commit into the main file and empty the log, which still holds what is blank.

        Where somebody goes on reading an older moment, it is left for the next time: the writers
        wait a quarter of a second for it and no longer. A server tidies up by itself.
        """
        if self._is_file:
            async with self._writing:
                await asyncio.to_thread(sqlite.empty_log, str(self._engine.url.database))

    async def compact(self) -> None:
        """Write the file anew, so that nothing is left in it of what it held before.

        On a server nothing is done: its owner decides when it may stand still for that.
        """
        if self._is_file:
            async with self._writing:
                await asyncio.to_thread(sqlite.compact, str(self._engine.url.database))

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.close()
        await self._engine.dispose()


def at_end(
    tx: Transaction, work: Callable[[Transaction, list[int]], Awaitable[None]], /, id_: int
) -> None:
    """Let something be done with all numbers that it was named, just before the commit.

    So it locks what it must after everything else, and never holds up who waits for the rest.
    A number may be of what a savepoint has undone.
    """
    tx.info.setdefault(_LAST_THINGS, {}).setdefault(work, []).append(id_)


async def _do_last_things(tx: Transaction) -> None:
    for work, ids in tx.info.pop(_LAST_THINGS, {}).items():
        await work(tx, ids)


def keyring_of(tx: Transaction) -> "Keyring":
    """Say with which keys a transaction seals and opens: those of its database."""
    database: Database = tx.sync_connection.get_execution_options()[_DATABASE]  # type: ignore[union-attr] # it has begun
    assert database.keyring is not None, "the database was opened without its keys"
    return database.keyring


def lend_keys(tx: Transaction, keyring: "Keyring") -> None:
    """Let a transaction, and all others of its database, seal and open with these keys."""
    database: Database = tx.sync_connection.get_execution_options()[_DATABASE]  # type: ignore[union-attr] # it has begun
    database.keyring = keyring


def is_busy(error: BaseException) -> bool:
    """True when somebody else was in the way, and the same unit of work may work again."""
    if not isinstance(error, DBAPIError):
        return False
    return sqlite.is_busy(error) if sqlite.is_of_file(error) else postgres.is_busy(error)


def is_storage_trouble(error: BaseException) -> bool:
    """True when storage or a lock is at fault and not the statement: full, gone, locked, I/O."""
    if isinstance(error, PoolTimeout):
        return True  # Whoever holds all connections waits for the disk or a lock.
    if not isinstance(error, DBAPIError):
        return False
    return sqlite.is_trouble(error) if sqlite.is_of_file(error) else postgres.is_trouble(error)


async def _begin_patiently(tx: Transaction) -> None:
    for attempt in range(1, _ATTEMPTS_MAX + 1):
        try:
            await tx.begin()
        except DBAPIError as error:
            if attempt == _ATTEMPTS_MAX or not is_busy(error):
                raise
        else:
            return
