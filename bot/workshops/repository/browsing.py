"""Queries about what can be registered for, and about wishes to be told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, delete, func, insert, select

from bot.kit.database import insert_or_replace
from bot.workshops.model import (
    Listing,
    SessionState,
    Sieve,
    Subscription,
    Terms,
    WorkshopId,
    WorkshopState,
)
from bot.workshops.repository.rows import workshop_of
from bot.workshops.tables import (
    is_waiting,
    waiting_entry,
    workshop,
    workshop_session,
    workshop_subscription,
    workshop_telling,
    workshop_terms,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import SubscriptionId, Workshop

_LISTED = (WorkshopState.PUBLISHED, WorkshopState.OPEN, WorkshopState.PAUSED)
_GOING_ON = (
    WorkshopState.CLOSED,
    WorkshopState.QUORUM_FAILED_PENDING,
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
)
_UNSEEN = (WorkshopState.DRAFT, WorkshopState.DELETED)
_first = (
    select(func.min(workshop_session.c.starts_at))
    .where(
        workshop_session.c.workshop_id == workshop.c.id,
        workshop_session.c.state != SessionState.CANCELLED_BY_OFFICE,
    )
    .scalar_subquery()
)
_waiting = (
    select(func.count())
    .where(waiting_entry.c.workshop_id == workshop.c.id, is_waiting)
    .scalar_subquery()
)
# Built once: every group of questions asks for both.
_SHOWN: Select[Any] = (
    select(workshop, _first.label("first_at"), _waiting.label("waiting_count"))
    .where(
        workshop.c.office_id.in_(bindparam("offices", expanding=True)),
        workshop.c.state.in_(bindparam("states", expanding=True)),
        _first.is_not(None),
    )
    .order_by(_first, workshop.c.id)
    .limit(bindparam("most"))
)
_UPCOMING = _SHOWN.where(workshop.c.closes_at > bindparam("now"))


class BrowsingRepository:
    """Workshops for which one can register now or soon."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def upcoming(
        self, office_ids: Collection[str], now: datetime, *, limit: int
    ) -> list[Listing]:
        """List what can be registered for now or soon, what begins first before the others."""
        return await self._listed(_UPCOMING, _LISTED, office_ids, limit, now=now)

    async def going_on(self, office_ids: Collection[str], *, limit: int) -> list[Listing]:
        """List what is not over, although one can register for it no more."""
        return await self._listed(_SHOWN, _GOING_ON, office_ids, limit)

    async def _listed(
        self,
        query: Select[Any],
        states: Collection[WorkshopState],
        office_ids: Collection[str],
        limit: int,
        **more: datetime,
    ) -> list[Listing]:
        bound = {"states": states, "offices": list(office_ids), "most": limit, **more}
        return [
            Listing(workshop_of(row), row.first_at, row.waiting_count)
            for row in await self._tx.execute(query, bound)
        ]

    async def said_of(self, office_id: str, *, limit: int) -> list[tuple[str | None, str | None]]:
        """List the provinces and subjects of all workshops that were ever shown."""
        query = (
            select(workshop.c.province, workshop.c.subject)
            .where(workshop.c.office_id == office_id, workshop.c.state.not_in(_UNSEEN))
            .distinct()
            .order_by(workshop.c.province, workshop.c.subject)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in await self._tx.execute(query)]

    async def dated_terms(self, of: Workshop) -> tuple[Terms, datetime] | None:
        """Find the terms that hold, and since when."""
        query = select(workshop_terms).where(
            workshop_terms.c.workshop_id == of.id, workshop_terms.c.version == of.terms_version
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else (Terms(row.version, row.text), row.made_at)


class SubscriptionRepository:
    """Wishes to be told of new workshops."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self, citizen_id: CitizenId, office_id: str, sieve: Sieve, made_at: datetime
    ) -> Subscription:
        """Keep a wish."""
        values = {
            "citizen_id": citizen_id,
            "office_id": office_id,
            "age": sieve.age,
            "province": sieve.province,
            "subject": sieve.subject,
            "made_at": made_at,
        }
        query = insert(workshop_subscription).values(values).returning(workshop_subscription)
        return _subscription_of((await self._tx.execute(query)).one())

    async def of(self, citizen_ids: Collection[CitizenId]) -> list[Subscription]:
        """List the wishes of some people, in the order in which they were made."""
        query = (
            select(workshop_subscription)
            .where(workshop_subscription.c.citizen_id.in_(citizen_ids))
            .order_by(workshop_subscription.c.id)
        )
        return [_subscription_of(row) for row in await self._tx.execute(query)]

    async def remove(
        self, citizen_id: CitizenId, subscription_id: SubscriptionId | None = None
    ) -> int:
        """Forget one wish of a person, or all of them. Gives how many were forgotten."""
        query = delete(workshop_subscription).where(
            workshop_subscription.c.citizen_id == citizen_id
        )
        if subscription_id is not None:
            query = query.where(workshop_subscription.c.id == subscription_id)
        return (await self._tx.execute(query)).rowcount

    async def untold(self, office_id: str, now: datetime) -> tuple[WorkshopId, int] | None:
        """Find an open workshop of which not all were told, and the last wish looked at."""
        query = (
            select(workshop.c.id, workshop_telling.c.subscription_id)
            .outerjoin(workshop_telling, workshop_telling.c.workshop_id == workshop.c.id)
            .where(
                workshop.c.office_id == office_id,
                workshop.c.state == WorkshopState.OPEN,
                workshop.c.closes_at > now,
                workshop_telling.c.is_over.is_not(True),
            )
            .order_by(workshop.c.id)
            .limit(1)
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else (WorkshopId(row[0]), row[1] or 0)

    async def made_before(
        self, office_id: str, moment: datetime, *, after: int, limit: int
    ) -> list[Subscription]:
        """List wishes about an office that are older than a moment, after one of them."""
        query = (
            select(workshop_subscription)
            .where(
                workshop_subscription.c.office_id == office_id,
                workshop_subscription.c.made_at <= moment,
                workshop_subscription.c.id > after,
            )
            .order_by(workshop_subscription.c.id)
            .limit(limit)
        )
        return [_subscription_of(row) for row in await self._tx.execute(query)]

    async def note_telling(
        self, workshop_id: WorkshopId, subscription_id: int, *, is_over: bool
    ) -> None:
        """Keep how far the telling of a workshop has come."""
        row = {
            "workshop_id": workshop_id,
            "subscription_id": subscription_id,
            "is_over": is_over,
        }
        await self._tx.execute(insert_or_replace(workshop_telling).values(row))


def _subscription_of(row: Row[Any]) -> Subscription:
    return Subscription(**row._asdict())
