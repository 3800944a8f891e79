"""Keys for desks under test: every database they open has these, unless it is told others."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from bot.kit.crypto import Keyring
from bot.kit.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncEngine

KEYS = Keyring({1: bytes(range(100, 132))}, 1, bytes(range(132, 164)))


def write_keys(path: Path) -> Path:
    """Write the keys of the tests where a command of the shell finds them."""

    def text(key: bytes) -> str:
        return b64encode(key).decode()

    keys = {str(number): text(key) for number, key in KEYS.keys.items()}
    fields = {"current": KEYS.current, "keys": keys, "index": text(KEYS.index_key)}
    path.write_text(json.dumps(fields))
    path.chmod(0o600)
    return path


def lend_keys() -> None:
    """Let databases that are opened without keys have those of the tests."""
    plain = Database.__init__

    def keyed(self: Database, engine: AsyncEngine, **options: Any) -> None:
        plain(self, engine, **{"keyring": KEYS, **{k: v for k, v in options.items() if v}})

    Database.__init__ = keyed  # type: ignore[method-assign] # here, and in the processes that tests start
