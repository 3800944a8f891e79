"""What is counted of many workshops at once, for the digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.workshops.model import MakeUpState, RegistrationState, WorkshopId, WorkshopState
from bot.workshops.tables import is_waiting, make_up, registration, waiting_entry, workshop

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Table

    from bot.kit.database import Transaction

_OWED = (MakeUpState.OWED, MakeUpState.OVERDUE)


class FiguresRepository:
    """Counts by workshop; one with nothing to count is left out."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def confirmed(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, int]:
        """Count who has a place."""
        return await self._count(
            registration, registration.c.state == RegistrationState.CONFIRMED, ids
        )

    async def waiting(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, int]:
        """Count the turns that wait without an offer."""
        return await self._count(waiting_entry, is_waiting, ids)

    async def owed(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, int]:
        """Count the sessions that are still to be made up."""
        return await self._count(make_up, make_up.c.state.in_(_OWED), ids)

    async def offices_with(self, states: Collection[WorkshopState]) -> list[str]:
        """Name the offices that have workshops in these states."""
        query = select(workshop.c.office_id).where(workshop.c.state.in_(states)).distinct()
        return list(await self._tx.scalars(query.order_by(workshop.c.office_id)))

    async def _count(
        self, rows: Table, condition: ColumnElement[bool], ids: Collection[WorkshopId]
    ) -> dict[WorkshopId, int]:
        query = (
            select(rows.c.workshop_id, func.count())
            .where(rows.c.workshop_id.in_(ids), condition)
            .group_by(rows.c.workshop_id)
        )
        return {WorkshopId(id_): count for id_, count in await self._tx.execute(query)}
