"""Queries about the cases of services whose terms change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.cases.model import CaseState
from bot.cases.repository.lists import CaseLists
from bot.cases.tables import desk_case, is_in_work

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.cases.model import QueueItem
    from bot.kit.database import Transaction


class CaseTerms:
    """Cases by the service they are about."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def count_going_on(self, office_id: str, service_ids: Collection[str]) -> int:
        """Count the cases about these services that the office has not ended."""
        query = select(func.count()).where(
            desk_case.c.office_id == office_id,
            is_in_work(desk_case),
            desk_case.c.state != CaseState.ANSWERED,
            desk_case.c.service_id.in_(service_ids),
        )
        return await self._tx.scalar(query) or 0

    async def registered_since(
        self, office_id: str, service_ids: Collection[str], since: datetime, *, limit: int
    ) -> list[QueueItem]:
        """List the cases about these services that go on and came since then, oldest first."""
        condition = desk_case.c.service_id.in_(service_ids) & (desk_case.c.registered_at >= since)
        order = [desk_case.c.registered_at, desk_case.c.id]
        return await CaseLists(self._tx).items(office_id, condition, order, limit=limit)
