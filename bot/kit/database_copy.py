"""Copies of the file of a database: made while the desk works, looked at before they are used."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.kit.folders import held, settle

_PREFIX: Final = ".copy-"
_BUSY_SECONDS: Final = 30.0
_FAULTS_MAX: Final = 5
BESIDE: Final = ("-wal", "-shm", "-journal")
"""How the names of the files end that SQLite keeps beside a database."""


@contextmanager
def workshop(path: Path) -> Iterator[Path]:
    """Give a folder for copies beside a database, for its owner alone and until the block ends.

    What somebody left who was killed in the middle is removed.
    """
    for left in path.parent.glob(f"{_PREFIX}*"):
        with suppress(OSError), held(left):
            shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=path.parent))
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_database(source: Path, target: Path) -> None:
    """Copy one moment of a database that others write to meanwhile; nobody waits for it.

    The copy is for its owner alone, and on the disk before this ends.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    # Nothing is written, but who may only read leaves a log beside a database that nobody uses.
    address = f"{source.resolve().as_uri()}?mode=rw"
    with (
        closing(sqlite3.connect(address, timeout=_BUSY_SECONDS, uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def copy_faults(path: Path) -> list[str]:
    """Say what is damaged in a copy; no line holds anything of a row."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            said = [
                str(row[0])
                for row in connection.execute(f"PRAGMA integrity_check({_FAULTS_MAX})")
                if row[0] != "ok"
            ]
            rows = connection.execute("PRAGMA foreign_key_check").fetchmany(_FAULTS_MAX)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return said + [
        f"row {row} of {table} belongs to no {parent}" for table, row, parent, _ in rows
    ]


def put_in_place(copy: Path, path: Path) -> None:
    """Give a copy its name, never in the place of another file; raises FileExistsError."""
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    os.link(copy, path)
    settle(path.parent)
    copy.unlink()
