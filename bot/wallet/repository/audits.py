"""Queries about when the ledger was audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.kit.database import insert_new
from bot.wallet.tables import audited_night

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.kit.database import Transaction


class AuditedNightRepository:
    """Nights, each of which is audited once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def has(self, night: date) -> bool:
        """Say whether a night was audited."""
        query = select(audited_night.c.night).where(audited_night.c.night == night)
        return (await self._tx.execute(query)).one_or_none() is not None

    async def last_findings_count(self) -> int:
        """Say how much the last audit found; nothing where there was none."""
        newest = select(audited_night.c.findings_count).order_by(audited_night.c.night.desc())
        return (await self._tx.scalar(newest.limit(1))) or 0

    async def add(self, night: date, findings_count: int, now: datetime) -> bool:
        """Keep that a night was audited, and say whether it was not yet."""
        values = {"night": night, "audited_at": now, "findings_count": findings_count}
        result = await self._tx.execute(
            insert_new(audited_night).values(**values).returning(audited_night.c.night)
        )
        return result.one_or_none() is not None
