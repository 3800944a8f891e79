"""Every query about the keys that sealed what the database holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.kit.database import insert_new
from bot.kit.tables import key_check

if TYPE_CHECKING:
    from bot.kit.database import Transaction


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """A known word as a key sealed it, and as the key of the index digested it."""

    key_id: int
    sealed: bytes
    index_digest: bytes


class KeyCheckRepository:
    """The rows of key_check, one for each key that sealed anything."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def all(self) -> list[KeyCheck]:
        """List the checks by the numbers of their keys."""
        rows = await self._tx.execute(select(key_check).order_by(key_check.c.key_id))
        return [KeyCheck(row.key_id, row.sealed, row.index_digest) for row in rows]

    async def add_new(self, check: KeyCheck) -> None:
        """Keep the check of a key, unless there is one."""
        await self._tx.execute(insert_new(key_check), asdict(check))
