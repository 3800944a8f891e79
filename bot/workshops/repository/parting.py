"""Queries that let workshops name nobody where they named a person: places stay counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.workshops.repository.rows import registration_of
from bot.workshops.tables import (
    is_in_line,
    registration,
    session_check,
    waiting_entry,
    workshop_subscription,
)

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import Registration, RegistrationState


class PartingRepository:
    """What workshops keep of one person, who pays and who learns."""

    def __init__(self, tx: Transaction, citizen_id: CitizenId) -> None:
        self._tx = tx
        self._is_theirs = registration.c.payer_id == citizen_id
        self._id = citizen_id

    async def in_states(self, *states: RegistrationState) -> list[Registration]:
        """List the person's registrations that stand there, the first one first."""
        query = select(registration).where(self._is_theirs, registration.c.state.in_(states))
        rows = await self._tx.execute(query.order_by(registration.c.id))
        return [registration_of(row) for row in rows]

    async def is_in_line(self) -> bool:
        """True while the person waits for a place, or has an offer."""
        query = select(waiting_entry.c.id).where(waiting_entry.c.payer_id == self._id, is_in_line)
        return await self._tx.scalar(query.limit(1)) is not None

    async def renumber(self, number: int) -> None:
        """Delete what only the person needed, and write a number in the place of theirs."""
        ids = select(registration.c.id).where(self._is_theirs)
        is_about = session_check.c.registration_id.in_(ids)
        await self._tx.execute(delete(session_check).where(is_about))
        is_wish = workshop_subscription.c.citizen_id == self._id
        await self._tx.execute(delete(workshop_subscription).where(is_wish))
        entries = update(waiting_entry).where(waiting_entry.c.payer_id == self._id)
        await self._tx.execute(entries.values(payer_id=number))
        gone = {"national_id": None, "national_id_index": None}
        registrations = update(registration).where(self._is_theirs)
        await self._tx.execute(registrations.values(payer_id=number, **gone))
