"""Queries about what was told, and about how people got ready for sessions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.kit.database import insert_new, insert_or_replace
from bot.workshops.model import Check, CheckItem
from bot.workshops.tables import session_check, workshop_told

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.kit.database import Transaction
    from bot.workshops.model import RegistrationId, SessionId


class NoticeRepository:
    """Marks of what was told, and the checks before sessions."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def mark(self, what: str, now: datetime) -> bool:
        """Note that something is told now; False where it was told before."""
        row = {"what": what, "at": now}
        return (await self._tx.execute(insert_new(workshop_told), row)).rowcount == 1

    async def told(self, whats: Collection[str]) -> set[str]:
        """Say which of these were told before."""
        query = select(workshop_told.c.what).where(workshop_told.c.what.in_(whats))
        return set(await self._tx.scalars(query))

    async def forget_told(self, before: datetime) -> int:
        """Delete the marks of what was told before a moment, and count them."""
        is_old = workshop_told.c.at < before
        return (await self._tx.execute(delete(workshop_told).where(is_old))).rowcount

    async def forget_checks(self, before: datetime) -> int:
        """Delete what people said of getting ready before a moment, and count it."""
        is_old = session_check.c.noted_at < before
        return (await self._tx.execute(delete(session_check).where(is_old))).rowcount

    async def note_check(self, check: Check) -> None:
        """Keep what somebody said of a step, in the place of what they said before."""
        await self._tx.execute(insert_or_replace(session_check).values(asdict(check)))

    async def checks(
        self, session_id: SessionId, registration_id: RegistrationId | None = None
    ) -> list[Check]:
        """List what was said before a session, by everybody or in one registration."""
        query = (
            select(session_check)
            .where(session_check.c.session_id == session_id)
            .order_by(session_check.c.registration_id, session_check.c.item)
        )
        if registration_id is not None:
            query = query.where(session_check.c.registration_id == registration_id)
        rows = await self._tx.execute(query)
        return [Check(**{**row._asdict(), "item": CheckItem(row.item)}) for row in rows]
