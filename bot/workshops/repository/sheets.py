"""Queries about sheets that wait to be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from bot.citizens.model import CitizenId
from bot.workshops.model import SheetId, WorkshopSheet
from bot.workshops.tables import workshop_sheet

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction


class SheetRepository:
    """Sheets, each of which is opened once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self,
        *,
        office_id: str,
        file_id: str,
        sent_by: CitizenId,
        chat_id: int,
        message_id: int,
        now: datetime,
    ) -> None:
        """Note that a sheet came."""
        values = {
            "office_id": office_id,
            "file_id": file_id,
            "sent_by": sent_by,
            "chat_id": chat_id,
            "message_id": message_id,
            "received_at": now,
        }
        await self._tx.execute(insert(workshop_sheet).values(values))

    async def waiting(self, *, limit: int) -> list[WorkshopSheet]:
        """List what was not opened yet, the first one first."""
        query = select(workshop_sheet).where(workshop_sheet.c.opened_at.is_(None))
        rows = await self._tx.execute(query.order_by(workshop_sheet.c.id).limit(limit))
        return [
            WorkshopSheet(
                SheetId(row.id),
                row.office_id,
                row.file_id,
                CitizenId(row.sent_by),
                row.chat_id,
                row.message_id,
                row.received_at,
            )
            for row in rows
        ]

    async def finish(self, sheet_id: SheetId, now: datetime) -> bool:
        """Note that a sheet was opened, and say whether nobody had done so before."""
        is_waiting = (workshop_sheet.c.id == sheet_id) & workshop_sheet.c.opened_at.is_(None)
        statement = update(workshop_sheet).where(is_waiting).values(opened_at=now)
        return (await self._tx.execute(statement)).rowcount == 1

    async def forget_opened(self, before: datetime) -> int:
        """Delete which sheets were opened before a moment, and count them."""
        is_old = workshop_sheet.c.opened_at < before
        return (await self._tx.execute(delete(workshop_sheet).where(is_old))).rowcount
