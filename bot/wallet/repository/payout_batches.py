"""Queries about payouts that went to the bank together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.citizens.model import CitizenId
from bot.kit.database import insert_new
from bot.wallet.model import BatchId, PayoutBatch
from bot.wallet.tables import payout_batch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import Payout


class PayoutBatchRepository:
    """Batches, which are added and read, never changed."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, batch_id: BatchId) -> PayoutBatch | None:
        """Find a batch by its number."""
        query = select(payout_batch).where(payout_batch.c.id == batch_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _batch_of(row)

    async def by_key(self, key: str) -> PayoutBatch | None:
        """Find what was sent under a key."""
        query = select(payout_batch).where(payout_batch.c.key == key)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _batch_of(row)

    async def of_office(self, office_id: str, *, limit: int) -> list[PayoutBatch]:
        """List the batches of an office, the latest first."""
        query = select(payout_batch).where(payout_batch.c.office_id == office_id)
        rows = await self._tx.execute(query.order_by(payout_batch.c.id.desc()).limit(limit))
        return [_batch_of(row) for row in rows]

    async def add(
        self, *, key: str, code: str, sent: Sequence[Payout], actor: Staff, now: datetime
    ) -> PayoutBatch | None:
        """Write a batch down; None where its key has one already."""
        statement = insert_new(payout_batch).values(
            code=code,
            office_id=actor.office_id,
            key=key,
            count=len(sent),
            total_rial=sum(one.amount_rial for one in sent),
            created_by=actor.id,
            created_at=now,
        )
        row = (await self._tx.execute(statement.returning(*payout_batch.c))).one_or_none()
        return None if row is None else _batch_of(row)


def _batch_of(row: Row[Any]) -> PayoutBatch:
    # A row has a method called "count".
    values = row._mapping  # noqa: SLF001 - the documented way to a column whose name is taken
    return PayoutBatch(
        id=BatchId(row.id),
        code=row.code,
        office_id=row.office_id,
        count=values["count"],
        total_rial=row.total_rial,
        created_by=CitizenId(row.created_by),
        created_at=row.created_at,
    )
