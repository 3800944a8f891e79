"""Keys for desks under test: every database they open has these, unless it is told others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.kit.crypto import Keyring
from bot.kit.database import Database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

KEYS = Keyring({1: bytes(range(100, 132))}, 1, bytes(range(132, 164)))


def lend_keys() -> None:
    """Let databases that are opened without keys have those of the tests."""
    plain = Database.__init__

    def keyed(self: Database, engine: AsyncEngine, **options: Any) -> None:
        plain(self, engine, **{"keyring": KEYS, **{k: v for k, v in options.items() if v}})

    Database.__init__ = keyed  # type: ignore[method-assign] # here, and in the processes that tests start
