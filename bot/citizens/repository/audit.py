"""The two queries there are about the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.citizens.model import AuditEntry, CitizenId, Role
from bot.citizens.tables import audit

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction


class AuditRepository:
    """What staff did; it is added to and read, never changed."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self, actor: Staff, action: str, subject: str, note: str | None, now: datetime
    ) -> None:
        """Write down what somebody did."""
        who = {"actor_id": actor.id, "actor_name": actor.name, "role": actor.role.value}
        what = {"action": action, "subject": subject, "note": note}
        row = {"at": now, "office_id": actor.office_id, **who, **what}
        await self._tx.execute(insert(audit), row)

    async def of_office(
        self, office_id: str, *, limit: int, before_id: int | None
    ) -> list[AuditEntry]:
        """List what was done for an office, the newest first."""
        query = select(audit).where(audit.c.office_id == office_id)
        if before_id is not None:
            query = query.where(audit.c.id < before_id)
        rows = await self._tx.execute(query.order_by(audit.c.id.desc()).limit(limit))
        return [
            AuditEntry(
                at=row.at,
                office_id=row.office_id,
                actor_id=CitizenId(row.actor_id),
                role=Role(row.role),
                action=row.action,
                subject=row.subject,
                note=row.note,
                actor_name=row.actor_name,
                id=row.id,
            )
            for row in rows
        ]
