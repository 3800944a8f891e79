"""Every query about what staff were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.digests.tables import ENDED, agreement_alert, digest
from bot.kit.database import insert_new

if TYPE_CHECKING:
    from datetime import datetime

    from bot.digests.model import AgreementAlert, AgreementStanding, DigestKind, Period
    from bot.kit.database import Transaction


class DigestRepository:
    """Digests and alerts that were told."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def covered_until(self, office_id: str, kind: DigestKind) -> datetime | None:
        """Say until when the office was told; None before the first digest."""
        query = select(func.max(digest.c.covered_until)).where(
            digest.c.office_id == office_id, digest.c.kind == kind.value
        )
        found: datetime | None = await self._tx.scalar(query)
        return found

    async def add(self, office_id: str, kind: DigestKind, period: Period, now: datetime) -> bool:
        """Write down that a period was told; False when one with the same end was."""
        row = {
            "office_id": office_id,
            "kind": kind.value,
            "covered_since": period.since,
            "covered_until": period.until,
            "sent_at": now,
        }
        return (await self._tx.execute(insert_new(digest), row)).rowcount == 1

    async def told_marks(
        self, office_id: str, standing: AgreementStanding
    ) -> frozenset[int | None]:
        """Name the moments before this end that staff were told of."""
        query = select(agreement_alert.c.mark).where(
            agreement_alert.c.office_id == office_id,
            agreement_alert.c.agreement_id == standing.agreement_id,
            agreement_alert.c.last_day == standing.last_day,
        )
        marks = (await self._tx.scalars(query)).all()
        return frozenset(None if mark == ENDED else mark for mark in marks)

    async def add_alert(self, alert: AgreementAlert, now: datetime) -> bool:
        """Write down that an alert was given; False when it was given before."""
        row = {
            "office_id": alert.office_id,
            "agreement_id": alert.standing.agreement_id,
            "last_day": alert.standing.last_day,
            "mark": ENDED if alert.mark is None else alert.mark,
            "sent_at": now,
        }
        return (await self._tx.execute(insert_new(agreement_alert), row)).rowcount == 1
