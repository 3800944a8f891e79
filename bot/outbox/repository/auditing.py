"""What an audit asks of the outbox."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from bot.kit.database import Transaction
from bot.outbox.model import OutboxId
from bot.outbox.tables import is_queued, outbox


class OutboxAuditRepository:
    """Messages that stand where none may stand."""

    def __init__(self, tx: Transaction, *, limit: int) -> None:
        self._tx = tx
        self._limit = limit

    async def left_behind(self, before: datetime) -> list[OutboxId]:
        """Number the messages that wait since before a moment, and nobody has given up."""
        query = select(outbox.c.id).where(is_queued(outbox), outbox.c.created_at < before)
        return await self._ids(query.order_by(outbox.c.id).limit(self._limit))

    async def misshapen(self) -> list[OutboxId]:
        """Number the messages that wait with nothing to say, or were said and say it still."""
        waits = is_queued(outbox)
        query = select(outbox.c.id).where(
            or_(
                waits & outbox.c.params.is_(None),
                ~waits & (outbox.c.params.is_not(None) | outbox.c.done_at.is_(None)),
            )
        )
        return await self._ids(query.order_by(outbox.c.id).limit(self._limit))

    async def _ids(self, query: Select[int]) -> list[OutboxId]:
        return [OutboxId(id_) for id_ in await self._tx.scalars(query)]
