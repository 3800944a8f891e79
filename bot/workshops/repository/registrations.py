"""Queries about registrations, and what was accepted in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, update

from bot.workshops.model import Entity, RegistrationState, WorkshopId
from bot.workshops.repository.rows import change, consent_of, one_or_all, registration_of
from bot.workshops.tables import (
    is_active,
    is_placed,
    registration,
    workshop,
    workshop_consent,
    workshop_event,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Executable

    from bot.citizens.model import CitizenId, LearnerId
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Consent,
        Registration,
        RegistrationId,
        WaitingEntryId,
    )


# What is asked for in a rush is built once: that takes longer than to run it.
_ADD: Final = insert(registration).returning(registration)
_IN_ORDER: Final = select(registration).order_by(registration.c.id)
_FIND: Final = select(registration).where(registration.c.id == bindparam("id"))
_FIND_ALL: Final = _IN_ORDER.where(registration.c.id.in_(bindparam("ids")))
_ACTIVE_OF: Final = _IN_ORDER.where(
    registration.c.workshop_id == bindparam("workshop_id"),
    registration.c.learner_id == bindparam("learner_id"),
    is_active,
)
_OF_ENTRY: Final = _IN_ORDER.where(registration.c.waiting_entry_id == bindparam("entry_id"))
_ADD_CONSENT: Final = insert(workshop_consent)
_CONSENT: Final = select(workshop_consent).where(
    workshop_consent.c.registration_id == bindparam("id"),
    workshop_consent.c.terms_version == bindparam("version"),
)
_CONSENTS: Final = select(workshop_consent).where(
    workshop_consent.c.registration_id.in_(bindparam("ids")),
    workshop_consent.c.terms_version == bindparam("version"),
)


class RegistrationRepository:
    """Registrations, and the terms accepted in them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self,
        workshop_id: WorkshopId,
        learner_id: LearnerId,
        payer_id: CitizenId,
        *,
        fee_rial: int,
        made_at: datetime,
    ) -> Registration:
        """Keep a new draft."""
        values = {
            "workshop_id": workshop_id,
            "learner_id": learner_id,
            "payer_id": payer_id,
            "state": RegistrationState.DRAFT,
            "fee_rial": fee_rial,
            "made_at": made_at,
            "is_bank_awaited": False,
        }
        return registration_of((await self._tx.execute(_ADD, values)).one())

    async def find_all(self, ids: Collection[RegistrationId]) -> list[Registration]:
        """Find registrations, by their numbers in ascending order."""
        query, asked = one_or_all(_FIND, _FIND_ALL, ids)
        return await self._run(query, asked)

    async def change(self, old: Registration, **values: Any) -> Registration | None:  # noqa: ANN401 - any column of a registration
        """Change a registration if it still stands where it was read; None if not."""
        row = await change(self._tx, registration, old, values)
        return None if row is None else registration_of(row)

    async def active_of(
        self, workshop_id: WorkshopId, learner_id: LearnerId
    ) -> Registration | None:
        """Find the registration of a learner in a workshop that has not ended."""
        asked = {"workshop_id": workshop_id, "learner_id": learner_id}
        found = await self._run(_ACTIVE_OF, asked)
        return found[0] if found else None

    async def of_workshop(
        self, workshop_id: WorkshopId, states: Collection[RegistrationState]
    ) -> list[Registration]:
        """List the registrations of a workshop in some states."""
        return await self._list(
            (registration.c.workshop_id == workshop_id) & registration.c.state.in_(states)
        )

    async def of_entry(self, entry_id: WaitingEntryId) -> list[Registration]:
        """List the registrations that wait, or waited, together."""
        return await self._run(_OF_ENTRY, {"entry_id": entry_id})

    async def placed_with(
        self, workshop_id: WorkshopId, indexes: Collection[bytes]
    ) -> list[Registration]:
        """List places, and turns in the line, of people whose national ID is one of these."""
        return await self._list(
            (registration.c.workshop_id == workshop_id)
            & registration.c.national_id_index.in_(indexes)
            & is_placed
        )

    async def last_identified(
        self, office_id: str, learner_id: LearnerId, payer_id: CitizenId
    ) -> Registration | None:
        """Find the latest registration of a learner whom an office knows."""
        query = (
            select(registration)
            .join(workshop, workshop.c.id == registration.c.workshop_id)
            .where(
                workshop.c.office_id == office_id,
                registration.c.learner_id == learner_id,
                registration.c.payer_id == payer_id,
                registration.c.national_id.is_not(None) | registration.c.is_vouched,
            )
            .order_by(registration.c.id.desc())
            .limit(1)
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else registration_of(row)

    async def forget_national_ids(self, before: datetime) -> int:
        """Blank those of registrations without place or turn, after which nothing happened.

        Says how many there were.
        """
        is_recent = (
            select(workshop_event.c.id)
            .where(
                workshop_event.c.entity == Entity.REGISTRATION,
                workshop_event.c.entity_id == registration.c.id,
                workshop_event.c.at >= before,
            )
            .exists()
        )
        blanked = await self._tx.execute(
            update(registration)
            .where(
                registration.c.national_id.is_not(None) | registration.c.is_vouched,
                ~is_placed,
                ~is_recent,
            )
            .values(national_id=None, national_id_index=None, is_vouched=False)
        )
        return blanked.rowcount

    async def of_payer(
        self,
        payer_id: CitizenId,
        states: Collection[RegistrationState],
        *,
        before: int | None = None,
        limit: int,
    ) -> list[Registration]:
        """List the registrations that somebody pays for, the latest first."""
        condition = (registration.c.payer_id == payer_id) & registration.c.state.in_(states)
        if before is not None:
            condition &= registration.c.id < before
        query = (
            select(registration).where(condition).order_by(registration.c.id.desc()).limit(limit)
        )
        return [registration_of(row) for row in await self._tx.execute(query)]

    async def count_by_state(self, workshop_id: WorkshopId) -> dict[RegistrationState, int]:
        """Count the registrations of a workshop by their states."""
        query = (
            select(registration.c.state, func.count())
            .where(registration.c.workshop_id == workshop_id)
            .group_by(registration.c.state)
        )
        rows = await self._tx.execute(query)
        return {RegistrationState(state): count for state, count in rows}

    async def expired_holds(
        self, office_id: str, now: datetime, *, limit: int
    ) -> list[tuple[WorkshopId, RegistrationId]]:
        """List the held places whose time is over, but for those offered to the line."""
        query = (
            select(registration.c.workshop_id, registration.c.id)
            .join(workshop, workshop.c.id == registration.c.workshop_id)
            .where(
                workshop.c.office_id == office_id,
                registration.c.state == RegistrationState.HELD,
                registration.c.expires_at <= now,
                registration.c.waiting_entry_id.is_(None),
            )
            .order_by(registration.c.expires_at, registration.c.id)
            .limit(limit)
        )
        return [(row.workshop_id, row.id) for row in await self._tx.execute(query)]

    async def add_consent(self, given: Consent) -> None:
        """Keep what was accepted."""
        await self._tx.execute(_ADD_CONSENT, asdict(given))

    async def consents(
        self, ids: Collection[RegistrationId], version: int
    ) -> dict[RegistrationId, Consent]:
        """Find for which of these registrations a version of the terms was accepted."""
        query, asked = one_or_all(_CONSENT, _CONSENTS, ids)
        rows = await self._tx.execute(query, {**asked, "version": version})
        found = [consent_of(row) for row in rows]
        return {one.registration_id: one for one in found}

    async def _list(self, condition: ColumnElement[bool]) -> list[Registration]:
        return await self._run(_IN_ORDER.where(condition), {})

    async def _run(self, query: Executable, asked: Mapping[str, object]) -> list[Registration]:
        return [registration_of(row) for row in await self._tx.execute(query, asked)]
