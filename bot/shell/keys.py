"""The keys that seal what nobody should read in the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import load_settings

if TYPE_CHECKING:
    import argparse

    from bot.shell.adding import Commands


def add_to(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add keys."""
    keys = commands.add_parser("keys", help="add a key for what is sealed from now on")
    keys.add_argument("action", choices=["add"])
    keys.set_defaults(command=_add_key)


def _add_key(_asked: argparse.Namespace) -> int:
    from bot import app
    from bot.kit.keyring_file import add_key

    path = app.keyring_path(load_settings())
    print(f"Key {add_key(path)} is in {path}; restart the desk, and copy the file anew.")
    return 0
