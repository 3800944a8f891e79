"""The file of a database: which process holds it, and what shape it has."""

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, inspect

from bot.kit.database import is_storage_trouble, metadata
from bot.kit.errors import StartRefused
from bot.kit.migrating import MIGRATIONS, SHAPE, migrate, migration_config
from bot.kit.sqlite import database_path, make_private, set_up
from bot.kit.troubles import told
from bot.kit.upgrading import Examine, upgrade

if sys.platform != "win32":
    import fcntl

_REVISION: Final = re.compile(r"^revision\b.*?[\"'](\w+)[\"']", re.MULTILINE)
_DOWN_REVISION: Final = re.compile(r"^down_revision\b.*?[\"'](\w+)[\"']", re.MULTILINE)
_VERSIONS: Final = "alembic_version"
_REVISION_SHAPED: Final = re.compile(
    r"^INSERT INTO \"alembic_version\" VALUES\('(\w+)'\)", re.MULTILINE
)
_REVISIONS_HELD: Final = "SELECT version_num FROM alembic_version"
_OWNERS: Final = "look at the owner and the mode of the file and of its folder"
_ANOTHER: Final = "set MIZBAN_DATABASE_URL to another file"


@dataclass(frozen=True, slots=True)
class _Shape:
    """The names of the tables in a file, and the revisions it says to have."""

    tables: frozenset[str]
    revisions: tuple[str, ...]


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
        why = f"is in use by another desk; stop it, or {_ANOTHER}" if is_taken else _closed(error)
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
    return set(shape.revisions) == heads() and shape.tables >= metadata.tables.keys()


def heads() -> set[str]:
    """Name the last steps among the migrations, of which there should be one."""
    texts = [file.read_text(encoding="utf-8") for file in MIGRATIONS.glob("versions/*.py")]
    revisions = {found[1] for text in texts if (found := _REVISION.search(text))}
    superseded = {found[1] for text in texts if (found := _DOWN_REVISION.search(text))}
    return revisions - superseded


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
    fault = _fault_of(shape)
    return [] if fault is None else [f"database: {path} {fault}."]


def _closed(error: OSError) -> str:
    return f"cannot be opened: {error.strerror}; {_OWNERS}"


def _fault_of(shape: _Shape) -> str | None:
    ours = shape.tables - {_VERSIONS}
    if not shape.revisions:
        return f"holds the tables of another program; {_ANOTHER}" if ours else None
    if len(shape.revisions) > 1:
        return f"has several revisions ({', '.join(shape.revisions)}); restore a backup"
    (revision,) = shape.revisions
    expected = _tables_at(revision)
    if expected is None:
        newer = "made by a newer program than this"
        return f"has revision {revision}, {newer}; start that one, or restore a backup"
    missing = ", ".join(sorted(expected - ours))
    return f"has revision {revision} but lacks {missing}; restore a backup" if missing else None


def _shape(path: Path) -> _Shape:
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, timeout=1, uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = frozenset(str(row[0]) for row in names if not row[0].startswith("sqlite_"))
        rows = connection.execute(_REVISIONS_HELD).fetchall() if _VERSIONS in tables else []
    return _Shape(tables, tuple(sorted(str(row[0]) for row in rows)))


def _tables_at(revision: str) -> set[str] | None:
    """Name the tables that a revision comes with, or None when this program does not know it."""
    import alembic.command  # noqa: PLC0415 - see is_current
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    engine = create_engine("sqlite://")
    set_up(engine)
    with engine.connect() as connection:
        config = migration_config(connection)
        known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
        if revision not in known:
            return None
        alembic.command.upgrade(config, revision)
        tables = set(inspect(connection).get_table_names())
    engine.dispose()
    return tables - {_VERSIONS}
