"""The file of a database: which process holds it, and what shape it has."""

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bot.kit.database import is_storage_trouble
from bot.kit.errors import StartRefused
from bot.kit.migrating import SHAPE, migrate
from bot.kit.shapes import ANOTHER, VERSIONS, Shape, heads, is_todays, shape_fault
from bot.kit.sqlite import database_path, make_private
from bot.kit.troubles import told
from bot.kit.upgrading import Examine, upgrade

if sys.platform != "win32":
    import fcntl

_REVISION_SHAPED: Final = re.compile(
    r"^INSERT INTO \"alembic_version\" VALUES\('(\w+)'\)", re.MULTILINE
)
_REVISIONS_HELD: Final = "SELECT version_num FROM alembic_version"
_OWNERS: Final = "look at the owner and the mode of the file and of its folder"


@contextmanager
def held(url: str) -> Iterator[None]:
    """Keep every other desk away from a database; raise StartRefused when another has it.

    The lock is the kernel's and ends with the process, however that ends.
    """
    path = database_path(url)
    assert path is not None
    lock = None
    try:
        lock = os.open(f"{path.resolve()}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        if sys.platform != "win32":
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if lock is not None:
            os.close(lock)
        is_taken = isinstance(error, BlockingIOError)
        why = f"is in use by another desk; stop it, or {ANOTHER}" if is_taken else _closed(error)
        raise StartRefused([f"database: {path} {why}."]) from None
    try:
        yield
    finally:
        os.close(lock)


def prepare_database(url: str, examine: Examine | None = None) -> None:
    """Bring the database to this program's shape; raise StartRefused when that cannot be.

    What `examine` finds wrong in an upgraded copy keeps the database from being upgraded.
    """
    path = database_path(url)
    assert path is not None
    faults: list[str] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_current(url):
            make_private(url)  # and find out whether it may be written
            return
        faults = schema_faults(url)
        if not faults:
            with held(url):
                faults = _brought_up(url, path, examine)
    except OSError as error:
        faults = [f"database: {path} {_closed(error)}."]
    except Exception as error:
        if not (isinstance(error, sqlite3.Error) or is_storage_trouble(error)):
            raise
        faults = [f"database: {path} cannot be written: {told(error)}."]
    if faults:
        raise StartRefused(faults)


def _brought_up(url: str, path: Path, examine: Examine | None) -> list[str]:
    if path.exists() and path.stat().st_size > 0:
        return upgrade(url, path, examine)
    shape = SHAPE.read_text(encoding="utf-8")
    if heads() == set(_REVISION_SHAPED.findall(shape)):
        _take_shape(url, path, shape)
    else:
        migrate(url)
    return []


def _take_shape(url: str, path: Path, shape: str) -> None:
    """Make of an empty file what the migrations would, but in no time."""
    make_private(url)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(f"BEGIN IMMEDIATE;\n{shape}COMMIT;\n")


def is_current(url: str) -> bool:
    """True when the database has the shape of this program already, as at nearly every start.

    The migrations are read as text: to import what runs them takes a tenth of a second and 10 MB.
    """
    path = database_path(url)
    if path is None or not path.exists():
        return False
    try:
        shape = _shape(path)
    except sqlite3.DatabaseError:
        return False
    return is_todays(shape)


def schema_faults(url: str) -> list[str]:
    """Say in plain lines why this database cannot be used; an older or empty one can.

    Nothing is written to it: it may be somebody else's.
    """
    path = database_path(url)
    if path is None or not path.exists() or path.stat().st_size == 0:
        return []
    try:
        shape = _shape(path)
    except sqlite3.DatabaseError as error:
        return [f"database: {path} cannot be opened: {told(error)}."]
    fault = shape_fault(shape)
    return [] if fault is None else [f"database: {path} {fault}."]


def _closed(error: OSError) -> str:
    return f"cannot be opened: {error.strerror}; {_OWNERS}"


def _shape(path: Path) -> Shape:
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, timeout=1, uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = frozenset(str(row[0]) for row in names if not row[0].startswith("sqlite_"))
        rows = connection.execute(_REVISIONS_HELD).fetchall() if VERSIONS in tables else []
    return Shape(tables, tuple(sorted(str(row[0]) for row in rows)))
