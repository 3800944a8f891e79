"""Queries about workshops: found, locked, changed from the state in which they were read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, bindparam, func, insert, select, update

from bot.workshops.model import Terms, WorkshopId, WorkshopState
from bot.workshops.repository.rows import change, one_or_all, workshop_of
from bot.workshops.tables import registration, workshop, workshop_terms

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.kit.database import Transaction
    from bot.workshops.model import Details, RegistrationId, Workshop

# What is asked for in a rush is built once: that takes longer than to run it.
_FIND: Final = select(workshop).where(workshop.c.id == bindparam("id"))
_LOCKED: Final = select(workshop).order_by(workshop.c.id).with_for_update()
_LOCK_ONE: Final = select(workshop).where(workshop.c.id == bindparam("id")).with_for_update()
_LOCK: Final = _LOCKED.where(workshop.c.id.in_(bindparam("ids")))
_LOCK_OF: Final = _LOCKED.where(
    workshop.c.id.in_(
        select(registration.c.workshop_id).where(registration.c.id.in_(bindparam("ids")))
    )
)
_LOCK_OF_ONE: Final = _LOCKED.where(
    workshop.c.id
    == select(registration.c.workshop_id)
    .where(registration.c.id == bindparam("id"))
    .scalar_subquery()
)
_TAKEN: Final = workshop.c.taken_count + bindparam("count", type_=Integer)
_TAKE: Final = (
    update(workshop)
    .where(workshop.c.id == bindparam("id_taken"), workshop.c.places >= _TAKEN)
    .values(taken_count=_TAKEN)
)
_TERMS: Final = select(workshop_terms.c.version, workshop_terms.c.text).where(
    workshop_terms.c.workshop_id == bindparam("workshop_id"),
    workshop_terms.c.version == bindparam("version"),
)


class WorkshopRepository:
    """Workshops, and their terms."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self, office_id: str, details: Details, *, is_sample: bool, made_at: datetime
    ) -> Workshop:
        """Keep a new draft."""
        values = {
            **asdict(details),
            "office_id": office_id,
            "state": WorkshopState.DRAFT,
            "terms_version": 0,
            "taken_count": 0,
            "is_extended": False,
            "is_sample": is_sample,
            "made_at": made_at,
        }
        added = await self._tx.execute(insert(workshop).values(values).returning(workshop))
        return workshop_of(added.one())

    async def find(self, workshop_id: WorkshopId) -> Workshop | None:
        """Find a workshop."""
        row = (await self._tx.execute(_FIND, {"id": workshop_id})).one_or_none()
        return None if row is None else workshop_of(row)

    async def find_all(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, Workshop]:
        """Find workshops by their numbers."""
        query = select(workshop).where(workshop.c.id.in_(ids)).order_by(workshop.c.id)
        found = [workshop_of(row) for row in await self._tx.execute(query)]
        return {one.id: one for one in found}

    async def lock(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, Workshop]:
        """Find workshops and keep others from changing them, in ascending order of numbers."""
        query, asked = one_or_all(_LOCK_ONE, _LOCK, sorted(ids))
        found = map(workshop_of, await self._tx.execute(query, asked))
        return {one.id: one for one in found}

    async def lock_of(self, ids: Collection[RegistrationId]) -> list[Workshop]:
        """Find the workshops of registrations, and keep others from changing them."""
        query, asked = one_or_all(_LOCK_OF_ONE, _LOCK_OF, ids)
        return [workshop_of(row) for row in await self._tx.execute(query, asked)]

    async def change(self, old: Workshop, **values: Any) -> Workshop | None:  # noqa: ANN401 - any column of a workshop
        """Change a workshop if it still stands where it was read; None if not."""
        row = await change(self._tx, workshop, old, values)
        return None if row is None else workshop_of(row)

    async def take_places(self, workshop_id: WorkshopId, count: int) -> bool:
        """Take places that are free; False where there are not so many."""
        assert count > 0
        asked = {"id_taken": workshop_id, "count": count}
        return (await self._tx.execute(_TAKE, asked)).rowcount == 1

    async def release_places(self, workshop_id: WorkshopId, count: int) -> None:
        """Give places back."""
        assert count > 0
        query = (
            update(workshop)
            .where(workshop.c.id == workshop_id, workshop.c.taken_count >= count)
            .values(taken_count=workshop.c.taken_count - count)
        )
        released = (await self._tx.execute(query)).rowcount
        assert released == 1, workshop_id

    async def add_terms(self, old: Workshop, terms: Terms, made_at: datetime) -> Workshop | None:
        """Keep the terms in a new version; None where the workshop has moved on."""
        row = {
            "workshop_id": old.id,
            "version": terms.version,
            "text": terms.text,
            "sha256": terms.sha256,
            "made_at": made_at,
        }
        await self._tx.execute(insert(workshop_terms).values(row))
        return await self.change(old, terms_version=terms.version)

    async def terms(self, workshop_id: WorkshopId, version: int) -> Terms | None:
        """Find the terms in a version."""
        asked = {"workshop_id": workshop_id, "version": version}
        row = (await self._tx.execute(_TERMS, asked)).one_or_none()
        return None if row is None else Terms(row.version, row.text)

    async def terms_of(self, ids: Collection[WorkshopId]) -> dict[WorkshopId, str]:
        """Find the terms that hold for some workshops, by their numbers."""
        query = (
            select(workshop_terms.c.workshop_id, workshop_terms.c.text)
            .join(workshop, workshop.c.id == workshop_terms.c.workshop_id)
            .where(workshop.c.id.in_(ids), workshop_terms.c.version == workshop.c.terms_version)
        )
        rows = await self._tx.execute(query)
        return {WorkshopId(row.workshop_id): row.text for row in rows}

    async def of_office(
        self, office_id: str, states: Collection[WorkshopState], *, before: int = 0, limit: int
    ) -> list[Workshop]:
        """List the workshops of an office in some states, the latest first, a page at a time."""
        query = select(workshop).where(
            workshop.c.office_id == office_id, workshop.c.state.in_(states)
        )
        if before:
            query = query.where(workshop.c.id < before)
        query = query.order_by(workshop.c.id.desc()).limit(limit)
        return [workshop_of(row) for row in await self._tx.execute(query)]

    async def count(self, office_id: str, states: Collection[WorkshopState]) -> int:
        """Count the workshops of an office in some states."""
        query = select(func.count()).where(
            workshop.c.office_id == office_id, workshop.c.state.in_(states)
        )
        return await self._tx.scalar(query) or 0

    async def in_states(self, office_id: str, states: Collection[WorkshopState]) -> list[Workshop]:
        """List every workshop of an office in some states."""
        return await self._list(
            (workshop.c.office_id == office_id) & workshop.c.state.in_(states), None
        )

    async def to_open(self, office_id: str, now: datetime, *, limit: int) -> list[WorkshopId]:
        """List the workshops whose registration is to begin."""
        return await self._due(
            office_id, [WorkshopState.PUBLISHED], workshop.c.opens_at, now, limit
        )

    async def to_close(self, office_id: str, now: datetime, *, limit: int) -> list[WorkshopId]:
        """List the workshops whose registration is over."""
        states = [WorkshopState.OPEN, WorkshopState.PAUSED]
        return await self._due(office_id, states, workshop.c.closes_at, now, limit)

    async def to_fail(self, office_id: str, now: datetime, *, limit: int) -> list[WorkshopId]:
        """List the workshops that fell short and were not saved in time."""
        states = [WorkshopState.QUORUM_FAILED_PENDING]
        return await self._due(office_id, states, workshop.c.grace_until, now, limit)

    async def unsettled(self, office_id: str) -> list[Workshop]:
        """List the cancelled workshops of which something is still owed."""
        return await self._list(
            (workshop.c.office_id == office_id)
            & (workshop.c.state == WorkshopState.CANCELLED_BY_OFFICE)
            & workshop.c.settled_at.is_(None),
            None,
        )

    async def _due(
        self,
        office_id: str,
        states: Collection[WorkshopState],
        at: ColumnElement[Any],
        now: datetime,
        limit: int,
    ) -> list[WorkshopId]:
        query = (
            select(workshop.c.id)
            .where(workshop.c.office_id == office_id, workshop.c.state.in_(states), at <= now)
            .order_by(at, workshop.c.id)
            .limit(limit)
        )
        return [WorkshopId(one) for one in await self._tx.scalars(query)]

    async def _list(self, condition: ColumnElement[bool], limit: int | None) -> list[Workshop]:
        query = select(workshop).where(condition).order_by(workshop.c.id).limit(limit)
        return [workshop_of(row) for row in await self._tx.execute(query)]
