"""The shape of the records, brought about one migration at a time, in a file or on a server.

What runs the migrations is imported where it is needed: that takes a tenth of a second and 10 MB.
"""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import Connection, create_engine, event, func, make_url, select

from bot.kit import postgres, sqlite
from bot.kit.database import Database, Transaction

if TYPE_CHECKING:
    from alembic.config import Config

Result = TypeVar("Result")

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"
SHAPE: Final = MIGRATIONS / "shape.sql"  # what they make of an empty file, written by `make shape`
_LOCK: Final = 0x4D697A62616E  # "Mizban"; whoever holds it changes the shape of a server's records
_LOCK_SECONDS: Final = 60.0
_CLIMBING: Final = (
    threading.Lock()
)  # of two bots that start at once, Alembic would mix up the steps


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to the shape this program knows, from nothing or from an older one.

    All steps are one transaction: where one fails, the database is as it was before the first.
    """

    def whole(held: Connection) -> None:
        with held.begin():
            climb(held, revision)

    on_connection(url, whole)


def climb(held: Connection, revision: str = "head") -> None:
    """Take the steps that are left, in a transaction that has begun."""
    import alembic.command  # noqa: PLC0415 - see above

    with _CLIMBING:
        alembic.command.upgrade(migration_config(held), revision)


def migration_config(connection: Connection) -> "Config":
    """Say to Alembic where the migrations are and which database they are for."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config(stdout=sys.stdout, attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def on_connection(url: str, work: Callable[[Connection], Result]) -> Result:
    """Work on a plain connection whose changes of shape happen whole or not at all.

    Where a loop runs already, there is none to be had to a server. In a file rows may point
    nowhere meanwhile: SQLite changes a condition only by making a table anew, and others point to
    it. The copy on which an upgrade is tried is looked through for rows that still do.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return asyncio.run(_on_server(url, work))
    sqlite.make_private(url)
    engine = create_engine(make_url(url).set(drivername="sqlite"), hide_parameters=True)
    sqlite.set_up(engine)
    event.listen(engine, "connect", _let_rows_point_nowhere)
    try:
        with engine.connect() as connection:
            return work(connection)
    finally:
        engine.dispose()


def _let_rows_point_nowhere(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


async def _on_server(url: str, work: Callable[[Connection], Result]) -> Result:
    async with climbing(url) as connection:
        return await connection.run_sync(work)


@asynccontextmanager
async def climbing(url: str) -> AsyncIterator[Transaction]:
    """Work while nobody else changes the shape; the lock ends with the connection."""
    engine = postgres.open_plain_engine(url, busy_seconds=_LOCK_SECONDS)
    database = Database(engine)
    try:
        async with engine.connect() as connection:
            await connection.execute(select(func.pg_advisory_lock(_LOCK)))
            await connection.commit()
            yield connection
    finally:
        await database.close()
