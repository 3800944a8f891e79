"""One SQLite file: its connections flush what they commit, and lock before they read.

SQLite as it comes lets twelve people into a workshop of three, loses acknowledged commits in a
power cut and answers "database is locked". Hence: writers take the lock before they read (BEGIN
IMMEDIATE), stand in one line inside the process, and every commit is flushed to the disk.
"""

import os
import sqlite3
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.kit.in_place import DRIVER, InPlaceConnection

READING: Final = {"begin": "BEGIN"}  # the options of a connection that only reads
_TROUBLES: Final = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_NOMEM",
    "SQLITE_READONLY",
)
_TIDY_SECONDS: Final = 0.25
_READERS_MAX: Final = 4
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # What is blanked is overwritten with zeros.
)


class _Connection(sqlite3.Connection):
    """Lets its lock go when it is closed, even where a traceback still holds a cursor of it."""

    def close(self) -> None:
        """Undo what was not committed, and close; SQLite alone waits for the last cursor."""
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


def open_engine(url: str, *, busy_seconds: float) -> AsyncEngine:
    """Open the file at this URL, which is made readable by its owner alone."""
    make_private(url)
    path = str(make_url(url).database)
    engine = create_async_engine(
        url,
        pool_size=_READERS_MAX + 1,
        max_overflow=0,
        module=DRIVER,
        hide_parameters=True,  # The parameters of a failed statement are what people wrote.
        async_creator=partial(InPlaceConnection, path, timeout=busy_seconds, factory=_Connection),
    )
    set_up(engine.sync_engine)
    return engine


def set_up(engine: Engine) -> None:
    """Let every connection of an engine flush its commits, and lock before it reads."""
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)


def is_file(url: str) -> bool:
    """True where a URL names a file, and not a server."""
    return url.startswith("sqlite")


def database_path(url: str) -> Path | None:
    """Say which file a URL names, or None when it names none."""
    if not is_file(url):
        return None
    name = make_url(url).database
    return None if name is None or name in ("", ":memory:") else Path(name)


def make_private(url: str) -> None:
    """Create the file of a database if there is none, and let nobody else read it."""
    path = database_path(url)
    if path is not None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)


def is_of_file(error: DBAPIError) -> bool:
    """True when it is SQLite that complains."""
    return isinstance(error.orig, sqlite3.Error)


def is_busy(error: DBAPIError) -> bool:
    """True when another connection held the lock longer than we wait."""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


def is_trouble(error: DBAPIError) -> bool:
    """True when the disk or a lock is at fault and not the statement: full, locked, I/O."""
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(_TROUBLES)


def empty_log(path: str) -> None:
    """Move every commit into the main file, unless somebody reads an older moment."""
    with (
        closing(sqlite3.connect(path, timeout=_TIDY_SECONDS)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def compact(path: str) -> None:
    """Write the file anew, so that nothing is left in it of what it held before."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection has no common type
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))
