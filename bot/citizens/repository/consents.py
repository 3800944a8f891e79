"""Every query about agreeing to what is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.citizens.model import CitizenId, Consent
from bot.citizens.tables import consent
from bot.kit.database import insert_new

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction


class ConsentRepository:
    """Who agreed to which text."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of_citizen(self, citizen_id: CitizenId) -> list[Consent]:
        """List what a person agreed to, the earliest text first."""
        query = select(consent).where(consent.c.citizen_id == citizen_id)
        rows = await self._tx.execute(query.order_by(consent.c.version))
        return [Consent(**row._asdict()) for row in rows]

    async def add_new(self, given: Consent) -> None:
        """Keep that a person agreed, unless they agreed to the same text before."""
        await self._tx.execute(insert_new(consent), asdict(given))

    async def forget_before(self, before: datetime) -> int:
        """Forget who agreed before a moment, and count them."""
        gone = await self._tx.execute(delete(consent).where(consent.c.given_at < before))
        return gone.rowcount
