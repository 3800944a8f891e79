"""Queries about the lines of those who wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select

from bot.workshops.model import WaitingState, WorkshopId
from bot.workshops.repository.rows import change, entry_of
from bot.workshops.tables import is_in_line, is_offered, is_waiting, waiting_entry, workshop

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import WaitingEntry, WaitingEntryId

# What is asked for in a rush is built once: that takes longer than to run it.
_ADD: Final = insert(waiting_entry).returning(waiting_entry)
_FIND: Final = select(waiting_entry).where(waiting_entry.c.id == bindparam("id"))
_OF_WORKSHOP: Final = waiting_entry.c.workshop_id == bindparam("workshop_id")
_LINE: Final = select(waiting_entry).where(_OF_WORKSHOP, is_in_line).order_by(waiting_entry.c.id)
_COUNT: Final = select(func.count()).where(_OF_WORKSHOP, is_waiting)


class WaitingRepository:
    """The lines of those who wait."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self,
        workshop_id: WorkshopId,
        payer_id: CitizenId,
        size: int,
        *,
        is_auto_accept: bool,
        joined_at: datetime,
    ) -> WaitingEntry:
        """Let somebody stand at the end of a line."""
        values = {
            "workshop_id": workshop_id,
            "payer_id": payer_id,
            "state": WaitingState.WAITING,
            "size": size,
            "is_auto_accept": is_auto_accept,
            "joined_at": joined_at,
        }
        return entry_of((await self._tx.execute(_ADD, values)).one())

    async def find(self, entry_id: WaitingEntryId) -> WaitingEntry | None:
        """Find a turn."""
        row = (await self._tx.execute(_FIND, {"id": entry_id})).one_or_none()
        return None if row is None else entry_of(row)

    async def line(self, workshop_id: WorkshopId) -> list[WaitingEntry]:
        """List who waits or has an offer, in the order in which they came."""
        rows = await self._tx.execute(_LINE, {"workshop_id": workshop_id})
        return [entry_of(row) for row in rows]

    async def count_waiting(self, workshop_id: WorkshopId) -> int:
        """Count the turns that have no offer yet."""
        return await self._tx.scalar(_COUNT, {"workshop_id": workshop_id}) or 0

    async def change(self, old: WaitingEntry, **values: Any) -> WaitingEntry | None:  # noqa: ANN401 - any column of a turn
        """Change a turn if it still stands where it was read; None if not."""
        row = await change(self._tx, waiting_entry, old, values)
        return None if row is None else entry_of(row)

    async def lapsed(
        self, office_id: str, now: datetime, *, limit: int
    ) -> list[tuple[WorkshopId, WaitingEntryId]]:
        """List the offers whose time is over."""
        query = (
            select(waiting_entry.c.workshop_id, waiting_entry.c.id)
            .join(workshop, workshop.c.id == waiting_entry.c.workshop_id)
            .where(
                workshop.c.office_id == office_id,
                is_offered,
                waiting_entry.c.expires_at <= now,
            )
            .order_by(waiting_entry.c.expires_at, waiting_entry.c.id)
            .limit(limit)
        )
        return [(row.workshop_id, row.id) for row in await self._tx.execute(query)]
