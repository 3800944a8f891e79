"""How the file of a database and the disk beneath it are, for whoever looks before a start."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.kit.remarks import Remark, fine, ill, note
from bot.kit.troubles import told

_OLDEST: Final = (3, 35, 0)  # RETURNING came with it
_MEGABYTE: Final = 1_000_000
_ROOM_AT_LEAST: Final = 200 * _MEGABYTE
_COPIES: Final = 2  # an upgrade and a backup make so many beside the file
_LATE: Final = timedelta(hours=1)
_DAY: Final = 24


def file_remarks(path: Path) -> list[Remark]:
    """Look at the library, the journal, every page of the file, and the room beside it."""
    about = f"database: {path}"
    if sqlite3.sqlite_version_info < _OLDEST:
        needed = ".".join(map(str, _OLDEST))
        return [ill(about, f"SQLite is {sqlite3.sqlite_version}; install {needed} or newer.")]
    size = path.stat().st_size
    remarks = [*_inside(path, about), room_remark(path.parent, size)]
    said = f"whole, SQLite {sqlite3.sqlite_version}, {size / _MEGABYTE:.1f} MB."
    well = [] if any(one.about == about for one in remarks) else [fine(about, said)]
    return [*well, *remarks]


def _inside(path: Path, about: str) -> list[Remark]:
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
            (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.Error as error:
        return [ill(about, f"{told(error)}.")]
    remarks = []
    if journal != "wal":
        why = "readers and writers stand in each other's way; put it on a disk of this machine"
        remarks.append(ill(about, f"its journal is {journal} and not wal: {why}."))
    if found != ["ok"]:
        mend = "stop the desk and restore a backup"
        remarks.append(ill(about, f"is damaged ({found[0].splitlines()[0]}); {mend}."))
    return remarks


def room_remark(folder: Path, size: int, free: int | None = None) -> Remark:
    """Say whether a backup and an upgrade have room beside a file of this size."""
    if free is None:
        free = shutil.disk_usage(folder).free
    needed = max(_ROOM_AT_LEAST, _COPIES * size)
    said = f"{free / _MEGABYTE:.0f} MB free beside the records"
    if free >= needed:
        return fine("disk", f"{said}.")
    return ill("disk", f"{said}, {needed / _MEGABYTE:.0f} are needed; make room.")


def backup_remark(
    folder: Path | None,
    hours: tuple[int, ...],
    newest_at: datetime | None,
    *,
    records: Path,
    now: datetime,
) -> Remark:
    """Say how old the newest backup is, and whether there is any."""
    about = "backups"
    if folder is None:
        how = "set MIZBAN_BACKUP_DIR to a folder on another disk"
        return note(about, f"none are made: a lost disk would be a lost desk; {how}.")
    if newest_at is None:
        by_hand = "the desk makes one when it runs, and python -m bot backup at once"
        return note(about, f"there are none in {folder} yet; {by_hand}.")
    age = now - newest_at
    said = f"the newest in {folder} is {age.total_seconds() / 3600:.0f} hours old"
    if age > _longest_gap(hours) + _LATE:
        return ill(about, f"{said}; see the log for why none could be made since.")
    if _same_disk(folder, records):
        return note(about, f"{said}, but on the disk of the records; choose another disk.")
    return fine(about, f"{said}.")


def _longest_gap(hours: tuple[int, ...]) -> timedelta:
    after = [*hours[1:], hours[0] + _DAY]
    return timedelta(hours=max(b - a for a, b in zip(hours, after, strict=True)))


def _same_disk(one: Path, other: Path) -> bool:
    try:
        return os.stat(one).st_dev == os.stat(other).st_dev  # noqa: PTH116 - of folders and files alike
    except OSError:
        return False
