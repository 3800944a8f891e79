"""Queries that let workshops name nobody where they named a person: places stay counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.workshops.model import Check, CheckItem
from bot.workshops.model.parting import KeptBesides, Owed
from bot.workshops.repository.rows import (
    attendance_of,
    consent_of,
    entry_of,
    registration_of,
)
from bot.workshops.tables import (
    attendance,
    is_in_line,
    make_up,
    make_up_entitlement,
    registration,
    session_check,
    waiting_entry,
    workshop_consent,
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

    async def besides(self) -> KeptBesides:
        """Read all else that is about the person or their learners."""
        execute, ids = self._tx.execute, select(registration.c.id).where(self._is_theirs)
        turns = select(waiting_entry).where(waiting_entry.c.payer_id == self._id)
        terms = select(workshop_consent).where(workshop_consent.c.registration_id.in_(ids))
        presences = select(attendance).where(attendance.c.registration_id.in_(ids))
        checks = select(session_check).where(session_check.c.registration_id.in_(ids))
        entitled = make_up_entitlement
        owed = (
            select(make_up.c.session_id, entitled.c.registration_id, entitled.c.ended_at)
            .join_from(entitled, make_up, entitled.c.make_up_id == make_up.c.id)
            .where(entitled.c.registration_id.in_(ids))
        )
        return KeptBesides(
            [entry_of(row) for row in await execute(turns.order_by(waiting_entry.c.id))],
            [consent_of(row) for row in await execute(terms.order_by("accepted_at"))],
            [attendance_of(row) for row in await execute(presences.order_by("noted_at"))],
            [
                Check(**{**row._asdict(), "item": CheckItem(row.item)})
                for row in await execute(checks.order_by("noted_at"))
            ],
            [Owed(**row._asdict()) for row in await execute(owed.order_by("session_id"))],
        )

    async def renumber(self, number: int) -> None:
        """Delete what only the person needed, and write a number in the place of theirs."""
        ids = select(registration.c.id).where(self._is_theirs)
        is_about = session_check.c.registration_id.in_(ids)
        await self._tx.execute(delete(session_check).where(is_about))
        is_wish = workshop_subscription.c.citizen_id == self._id
        await self._tx.execute(delete(workshop_subscription).where(is_wish))
        entries = update(waiting_entry).where(waiting_entry.c.payer_id == self._id)
        await self._tx.execute(entries.values(payer_id=number))
        gone = {"national_id": None, "national_id_index": None, "is_vouched": False}
        registrations = update(registration).where(self._is_theirs)
        await self._tx.execute(registrations.values(payer_id=number, **gone))
