"""The records as a whole: whether they are right, copies of them, and the way back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.settings import Settings, load_settings
from bot.shell.applied import catalogue_of

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Commands


_ALL_RIGHT = (
    "The ledger is right, and so are the places of workshops, what staff did, and the outbox."
)


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add audit, backup, restore and forget."""
    audit = commands.add_parser("audit", help="add money up and count places anew")
    audit.set_defaults(command=_audit)
    backup = commands.add_parser("backup", help="make a sealed copy, also while the desk runs")
    backup.add_argument("folder", type=Path, nargs="?", help="else MIZBAN_BACKUP_DIR")
    backup.set_defaults(command=_back_up)
    restore = commands.add_parser("restore", help="put a backup where there are no records")
    restore.add_argument("file", type=Path, help="a file that backup made")
    restore.set_defaults(command=_restore)
    move = commands.add_parser("move", help="carry the records of a file into a PostgreSQL server")
    to = move.add_mutually_exclusive_group(required=True)
    to.add_argument("--to", metavar="URL", help="postgresql+asyncpg://user:password@host/name")
    to.add_argument("--to-file", type=Path, metavar="FILE", help="a file with that address")
    move.set_defaults(command=_move)
    forget = commands.add_parser("forget", help="delete what was kept long enough, or count it")
    forget.add_argument("--dry-run", action="store_true", help="count it, and delete nothing")
    forget.set_defaults(command=_forget)


def _audit(_asked: argparse.Namespace) -> int:
    from bot import app
    from handlers.by_hand import records as by_hand

    settings = load_settings()
    url, keys = app.database_url(settings), app.keyring_path(settings)
    catalogue = catalogue_of(settings)
    faults = asyncio.run(by_hand.audit_lines(url, catalogue, keys, now=now()))
    print("\n".join(faults) or _ALL_RIGHT)
    print(asyncio.run(by_hand.chain_line(url)))
    return 1 if faults else 0


def _back_up(asked: argparse.Namespace) -> int:
    from bot import app
    from bot.catalogue.loader import load_catalogue
    from handlers.jobs import backups

    settings = load_settings()
    folder = asked.folder or settings.backup_dir
    if folder is None:
        raise StartRefused(["backup: name a folder, or set MIZBAN_BACKUP_DIR."])
    keeper = backups.Keeper(folder, settings.backup_keep, app.keyring_path(settings))
    catalogue = load_catalogue(settings.catalogue_dir)
    made = asyncio.run(backups.back_up(_records(settings), keeper, catalogue, now=now()))
    print(f"{made.path} was made, opened again and looked at.")
    return _told(made.findings)


def _restore(asked: argparse.Namespace) -> int:
    from bot import app
    from bot.catalogue.loader import load_catalogue
    from handlers.jobs import backups

    settings = load_settings()
    catalogue, keys = load_catalogue(settings.catalogue_dir), app.keyring_path(settings)
    records = _records(settings)
    made = asyncio.run(backups.restore(asked.file, records, keys, catalogue, now=now()))
    print(f"{asked.file} is restored to {made.path}; start the desk.")
    return _told(made.findings)


def _move(asked: argparse.Namespace) -> int:
    from bot import app
    from bot.catalogue.loader import load_catalogue
    from bot.kit.postgres import name_of
    from handlers.by_hand.moving import move

    settings = load_settings()
    source, target = app.database_url(settings), _target(asked)
    if _path_of(source) is None:
        raise StartRefused(["move: MIZBAN_DATABASE_URL names no file, which is where it begins."])
    catalogue, keys = load_catalogue(settings.catalogue_dir), app.keyring_path(settings)
    arrived = asyncio.run(move(source, target, keys, catalogue, now=now()))
    for table in arrived.tables:
        print(f"{table.table}: {table.rows} rows, {table.digest[:16]}, here and there.")
    print(
        f"All of it is in {name_of(target)}, and the audit finds the same on both sides. Set "
        "MIZBAN_DATABASE_URL to it, and put the file away: it is not written to any more."
    )
    return _told(tuple(arrived.findings))


def _target(asked: argparse.Namespace) -> str:
    """Read where to move to, as a setting is read."""
    from pydantic import ValidationError

    from bot.kit.secret_files import Unfit, read_secret

    name = "--to" if asked.to_file is None else "--to-file"
    try:
        url = asked.to if asked.to_file is None else read_secret(asked.to_file)
        if _path_of(Settings(database_url=url).database_url) is None:
            return str(url)
    except Unfit as unfit:
        raise StartRefused([f"{name}: {asked.to_file} {unfit}."]) from None
    except ValidationError:
        pass
    raise StartRefused([f"{name}: must be postgresql+asyncpg://user:password@host/name."])


def _forget(asked: argparse.Namespace) -> int:
    from bot import app
    from handlers.jobs import forgetting

    settings = load_settings()
    url, keys = app.database_url(settings), app.keyring_path(settings)
    work = forgetting.forgotten_lines(url, keys, is_dry=asked.dry_run, now=now())
    print(*asyncio.run(work), sep="\n")
    return 0


def _records(settings: Settings) -> Path:
    from bot import app

    path = _path_of(app.database_url(settings))
    if path is None:
        why = "of a server its own tools make and restore backups, as docs/operating.md says"
        raise StartRefused([f"backup: MIZBAN_DATABASE_URL names no file; {why}."])
    return path


def _path_of(url: str) -> Path | None:
    from bot.kit.sqlite import database_path

    return database_path(url)


def _told(findings: tuple[str, ...]) -> int:
    """Name what the audit found in a copy that is whole all the same."""
    if findings:
        print("The audit found in it:", *findings, sep="\n", file=sys.stderr)
    return 1 if findings else 0
