"""Where everything durable is kept, and the one way to change it.

SQLite as it comes lets twelve people into a workshop of three, loses acknowledged commits in a
power cut and answers "database is locked". Hence: writers take the lock before they read (BEGIN
IMMEDIATE), stand in one line inside the process, and every commit is flushed to the disk.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Insert,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

if TYPE_CHECKING:
    from alembic.config import Config

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

_MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"
_REVISION: Final = re.compile(r"^revision\b.*?[\"'](\w+)[\"']", re.MULTILINE)
_DOWN_REVISION: Final = re.compile(r"^down_revision\b.*?[\"'](\w+)[\"']", re.MULTILINE)
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
_READERS_MAX: Final = 4
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
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


class Database:
    """One database file: a line of writers, and readers beside it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(reading=True)
        self._writing = asyncio.Lock()

    @classmethod
    def open(cls, url: str, *, busy_seconds: float = _BUSY_SECONDS) -> Self:
        """Open the database at this URL; its file is made readable by its owner alone.

        `busy_seconds` is how long one attempt waits for a lock that another process holds.
        """
        _make_private(url)
        engine = create_async_engine(
            url,
            pool_size=_READERS_MAX + 1,
            max_overflow=0,
            hide_parameters=True,  # The parameters of a failed statement are what people wrote.
            connect_args={"timeout": busy_seconds},
        )
        event.listen(engine.sync_engine, "connect", _prepare_connection)
        event.listen(engine.sync_engine, "begin", _begin)
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


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection has no common type
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    is_reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """Open a plain connection whose changes of shape happen whole or not at all."""
    _make_private(url)
    engine = create_engine(make_url(url).set(drivername="sqlite"))
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """True when the database has the shape of this program already, as at nearly every start.

    The migrations are read as text: to import what runs them takes a tenth of a second and 10 MB.
    """
    path = database_path(url)
    if path is None or not path.exists():
        return False
    texts = [file.read_text(encoding="utf-8") for file in _MIGRATIONS.glob("versions/*.py")]
    revisions = {found[1] for text in texts if (found := _REVISION.search(text))}
    superseded = {found[1] for text in texts if (found := _DOWN_REVISION.search(text))}
    try:
        with migrating(url) as connection:
            rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    except DatabaseError:
        return False
    return len(revisions) == len(texts) and {row[0] for row in rows} == revisions - superseded


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to the shape this program knows, from nothing or from an older one."""
    import alembic.command  # noqa: PLC0415 - see is_current

    with migrating(url) as connection:
        alembic.command.upgrade(migration_config(connection), revision)


def migration_config(connection: Connection) -> "Config":
    """Say to Alembic where the migrations are and which database they are for."""
    from alembic.config import Config  # noqa: PLC0415 - see is_current

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def schema_faults(url: str) -> list[str]:
    """Say in plain lines why this database cannot be used; an older or empty one can."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - see is_current
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    path = database_path(url)
    if path is None or not path.exists() or path.stat().st_size == 0:
        return []
    try:
        with migrating(url) as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            config = migration_config(connection)
    except DatabaseError as error:
        return [f"database: {path.name} cannot be opened: {error.orig}"]
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is None or revision in known:
        return []
    return [f"database: {path.name} has revision {revision}, made by a newer program than this"]


def _make_private(url: str) -> None:
    path = database_path(url)
    if path is not None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
