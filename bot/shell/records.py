"""The records as a whole: whether they are right, copies of them, and the way back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.kit.errors import StartRefused
from bot.settings import Settings, load_settings

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
    forget = commands.add_parser("forget", help="delete what was kept long enough, or count it")
    forget.add_argument("--dry-run", action="store_true", help="count it, and delete nothing")
    forget.set_defaults(command=_forget)


def _audit(_asked: argparse.Namespace) -> int:
    from bot import app
    from handlers.jobs import by_hand

    settings = load_settings()
    url, keys = app.database_url(settings), app.keyring_path(settings)
    faults = asyncio.run(by_hand.audit_lines(url, settings.catalogue_dir, keys, now=now()))
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
    from bot.kit.sqlite import database_path

    url = app.database_url(settings)
    path = database_path(url) if url.startswith("sqlite") else None
    if path is None:
        why = "use pg_dump and pg_restore, as docs/operating.md says"
        raise StartRefused([f"backup: MIZBAN_DATABASE_URL names no file; {why}."])
    return path


def _told(findings: tuple[str, ...]) -> int:
    """Name what the audit found in a copy that is whole all the same."""
    if findings:
        print("The audit found in it:", *findings, sep="\n", file=sys.stderr)
    return 1 if findings else 0
