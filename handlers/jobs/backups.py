"""Backups: sealed copies of the records, each opened again and looked at before it counts."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.kit.database import Database, is_storage_trouble
from bot.kit.database_copy import (
    BESIDE,
    copy_database,
    copy_faults,
    put_in_place,
    workshop,
)
from bot.kit.database_file import held, prepare_database
from bot.kit.errors import StartRefused
from bot.kit.folders import settle
from bot.kit.keyring_file import find_keyring
from bot.kit.keys import fitting_keyring
from bot.kit.resealing import seal_readable
from bot.kit.sealed_file import Unopenable, open_file, seal_file
from bot.kit.troubles import told
from handlers.jobs.audits import audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.kit.crypto import Keyring

_MOMENT: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"mizban-([0-9]{8}T[0-9]{6}Z)\.backup")
_UNFINISHED: Final = ".mizban-*.backup.new"
_UNFINISHED_SECONDS_MAX: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was looked at, and what the audit found in it."""

    path: Path
    made_at: datetime
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where backups are kept, how many of them, and who can open them."""

    folder: Path
    kept_count: int
    keyring_file: Path

    def backups(self) -> list[Backup]:
        """List the backups in the folder, the newest first; raises OSError."""
        found = [(path, _moment_in(path.name)) for path in self.folder.iterdir()]
        backups = [Backup(path, moment) for path, moment in found if moment is not None]
        return sorted(backups, key=lambda backup: backup.made_at, reverse=True)


async def back_up(records: Path, keeper: Keeper, catalogue: Catalogue, *, now: datetime) -> Backup:
    """Copy the records beside whoever writes to them, seal the copy, open it again and look at it.

    Only then it has its name, and only then older ones are removed. Raises StartRefused.
    """
    _ensure_there(records, keeper.folder)
    path = keeper.folder / f"mizban-{now.astimezone(UTC):{_MOMENT}}.backup"
    new = path.with_name(f".{path.name}.new")
    keyring = _keyring_in(keeper.keyring_file)
    with _told(keeper.folder), workshop(records) as work:
        try:
            await asyncio.to_thread(_write, records, work / "copy.sqlite3", new, keyring)
            opened = work / "opened.sqlite3"
            await asyncio.to_thread(_open, new, opened, keyring)
            findings = await _looked_at(opened, new, keeper.keyring_file, catalogue, now=now)
            await asyncio.to_thread(_name, new, path)
        finally:
            new.unlink(missing_ok=True)
        await asyncio.to_thread(_retire, keeper, path)
    return Backup(path, now, findings)


async def restore(
    backup: Path, records: Path, keyring_file: Path, catalogue: Catalogue, *, now: datetime
) -> Backup:
    """Put the records of a backup where there are none, in today's shape; raises StartRefused.

    They have their name only after they were looked at.
    """
    keyring = _keyring_in(keyring_file)
    _ensure_free(records)
    with _told(records):
        records.parent.mkdir(parents=True, exist_ok=True)
        with held(_url(records)), workshop(records) as work:
            _ensure_free(records)
            opened = work / records.name
            await asyncio.to_thread(_open, backup, opened, keyring)
            findings = await _looked_at(opened, backup, keyring_file, catalogue, now=now)
            _ensure_free(records)
            put_in_place(opened, records)
    return Backup(records, now, findings)


def _ensure_there(records: Path, folder: Path) -> None:
    if not records.exists():
        raise StartRefused([f"database: {records} is not there; start the desk once."])
    if not folder.is_dir():
        why = "is not there; make it, or mount it: nothing is made in the place of a lost disk"
        raise StartRefused([f"backup: {folder} {why}."])


def _ensure_free(records: Path) -> None:
    there = [records, *(records.with_name(records.name + end) for end in BESIDE)]
    found = ", ".join(str(path) for path in there if path.exists())
    if found:
        why = "nothing is written over; move it away, or set MIZBAN_DATABASE_URL to another file"
        raise StartRefused([f"restore: {found} is there already, and {why}."])


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Turn what goes wrong with disks into the line that says it."""
    try:
        yield
    except StartRefused:
        raise
    except OSError as error:
        where = error.filename2 or error.filename or place
        raise StartRefused([f"backup: {where} cannot be used: {error.strerror}."]) from None
    except Exception as error:
        if not (isinstance(error, sqlite3.Error) or is_storage_trouble(error)):
            raise
        raise StartRefused([f"backup: {place}: {told(error)}."]) from None


def _keyring_in(path: Path) -> Keyring:
    keyring = find_keyring(path)
    if keyring is None:
        why = "without the keys nobody can open a backup; put the copy of them there"
        raise StartRefused([f"keyring: {path} is not there; {why}."])
    return keyring


def _write(records: Path, copy: Path, new: Path, keyring: Keyring) -> None:
    copy_database(records, copy)
    new.unlink(missing_ok=True)  # left by somebody who was killed
    entry = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(entry, "wb") as target, copy.open("rb") as source:
        seal_file(source, target, keyring)
        target.flush()
        os.fsync(entry)
    copy.unlink()


def _open(backup: Path, opened: Path, keyring: Keyring) -> None:
    entry = os.open(opened, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(entry, "wb") as target, backup.open("rb") as source:
        try:
            open_file(source, target, keyring)
        except Unopenable as fault:
            raise StartRefused([f"backup: {backup} {fault}."]) from None
    faults = copy_faults(opened)
    if faults:
        raise StartRefused([f"backup: {backup} holds damaged records: {line}." for line in faults])


async def _looked_at(
    opened: Path, backup: Path, keyring_file: Path, catalogue: Catalogue, *, now: datetime
) -> tuple[str, ...]:
    """Bring what was opened to today's shape, see that the keys fit it, and audit it."""
    try:
        await asyncio.to_thread(prepare_database, _url(opened))
    except StartRefused as refused:
        faults = [line.replace(str(opened), str(backup)) for line in refused.faults]
        raise StartRefused(faults) from None
    database = Database.open(_url(opened))
    try:
        async with database.reading() as tx:
            keyring = database.keyring = await fitting_keyring(tx, keyring_file)
        if keyring is not None:
            await seal_readable(database, keyring)  # it may be of before everything was sealed
        async with database.reading() as tx:
            findings = await audit(tx, catalogue, now=now)
    finally:
        await database.close()
    return tuple(str(finding) for finding in findings)


def _name(new: Path, path: Path) -> None:
    if path.exists():
        raise StartRefused([f"backup: {path} was made within this second."])
    new.rename(path)
    settle(path.parent)


def _retire(keeper: Keeper, path: Path) -> None:
    """Remove all but the newest backups, and never the one that was just made."""
    for backup in keeper.backups()[keeper.kept_count :]:
        if backup.path != path:
            backup.path.unlink(missing_ok=True)
    for left in keeper.folder.glob(_UNFINISHED):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime - left.stat().st_mtime > _UNFINISHED_SECONDS_MAX:
                left.unlink()  # by somebody who was killed


def _moment_in(name: str) -> datetime | None:
    """Read when a backup was made from its name; None for any other file."""
    found = _NAME.fullmatch(name)
    if found is not None:
        with suppress(ValueError):
            return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
    return None


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
