"""The keys that seal what nobody should read in the records."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.kit.clock import now
from bot.settings import load_settings

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add keys."""
    keys = commands.add_parser("keys", help="add a key, seal everything anew, retire old keys")
    actions = keys.add_subparsers(required=True, metavar="action")
    add = actions.add_parser("add", help="add a key for what is sealed from now on")
    add.set_defaults(command=_add_key)
    rotate = actions.add_parser("rotate", help="seal everything with a new key; the desk may run")
    rotate.set_defaults(command=_rotate)
    retire = actions.add_parser("retire", help="take out the keys that seal nothing any more")
    retire.set_defaults(command=_retire)


def _add_key(_asked: argparse.Namespace) -> int:
    from bot import app
    from bot.kit.keyring_file import add_key

    path = app.keyring_path(load_settings())
    print(f"Key {add_key(path)} is in {path}, and a desk that runs takes it up at once.")
    print("Copy the file anew.")
    return 0


def _rotate(_asked: argparse.Namespace) -> int:
    from bot import app
    from bot.kit.rotating import rotate

    settings = load_settings()
    path = app.keyring_path(settings)
    number = asyncio.run(rotate(app.database_url(settings), path, tell=_tell))
    print(
        f"Everything is sealed with key {number}. Copy {path} anew, and keep the copy of before "
        "as long as the backups of before; `keys retire` takes the old keys out, a day from now."
    )
    return 0


def _tell(column: str, count: int) -> None:
    print(f"{column}: {count} sealed anew.", flush=True)


def _retire(_asked: argparse.Namespace) -> int:
    from bot import app
    from bot.kit.rotating import retire

    settings = load_settings()
    path = app.keyring_path(settings)
    gone = asyncio.run(retire(app.database_url(settings), path, now=now()))
    named = ", ".join(map(str, gone))
    print(
        f"Taken out of {path}: {named}." if gone else f"There is one key in {path}, and it stays."
    )
    return 0
