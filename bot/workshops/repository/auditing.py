"""Queries that count places, lines, consents and histories anew.

Each names what is wrong, at most so much of a kind: records of any size are audited in bounded
memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, or_, select

from bot.kit.repository import is_file, missing_guards, numbers_gone
from bot.workshops.model import (
    Entity,
    PaidPlace,
    RegistrationState,
    WaitingAct,
    WaitingState,
    WorkshopState,
)
from bot.workshops.tables import (
    make_up,
    registration,
    waiting_entry,
    workshop,
    workshop_consent,
    workshop_event,
    workshop_session,
    workshop_terms,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Subquery

    from bot.kit.database import Transaction

_GUARDED: Final = ("workshop_terms", "workshop_event", "workshop_consent")
_WITH_HISTORY: Final = {
    Entity.WORKSHOP: workshop,
    Entity.SESSION: workshop_session,
    Entity.REGISTRATION: registration,
    Entity.WAITING_ENTRY: waiting_entry,
    Entity.MAKE_UP: make_up,
}
_HAS_PLACE: Final = (RegistrationState.HELD, RegistrationState.CONFIRMED)
_ACTIVE: Final = (RegistrationState.DRAFT, *_HAS_PLACE)
_PAID: Final = (RegistrationState.CONFIRMED, RegistrationState.COMPLETED)
_IN_LINE: Final = (WaitingState.WAITING, WaitingState.OFFERED)
_REGISTERING: Final = (WorkshopState.OPEN, WorkshopState.PAUSED)
_PROMOTED: Final = (WaitingAct.OFFER, WaitingAct.AUTO_ACCEPT)
_OVER: Final = (
    *(WorkshopState.DRAFT, WorkshopState.DELETED),
    *(WorkshopState.COMPLETED, WorkshopState.QUORUM_FAILED),
)


class AuditRepository:
    """What an auditor reads of workshops; nothing here changes anything."""

    def __init__(self, tx: Transaction, *, limit: int) -> None:
        self._tx = tx
        self._limit = limit

    async def missing_guards(self) -> list[str]:
        """Name the triggers that should stand and do not."""
        return await missing_guards(self._tx, _GUARDED)

    async def events_gone(self) -> int:
        """Count the lines of histories that are gone, where their numbers tell it."""
        return await numbers_gone(self._tx, workshop_event) if is_file(self._tx) else 0

    async def paid_places(self, after: int, *, limit: int) -> list[PaidPlace]:
        """Turn to a page of the registrations for which a fee was paid, by their numbers."""
        columns = [
            workshop.c.office_id if name == "office_id" else registration.c[name]
            for name in PaidPlace.__dataclass_fields__
        ]
        query = (
            select(*columns)
            .join(workshop, workshop.c.id == registration.c.workshop_id)
            .where(registration.c.journal_id.is_not(None), registration.c.id > after)
            .order_by(registration.c.id)
            .limit(limit)
        )
        rows = [row._asdict() for row in await self._tx.execute(query)]
        return [PaidPlace(**{**row, "state": RegistrationState(row["state"])}) for row in rows]

    async def places_in_what_is_over(self) -> list[int]:
        """Name the confirmed places of workshops that are over, or were never shown."""
        is_settled = workshop.c.settled_at.is_not(None)
        query = (
            select(registration.c.id)
            .join(workshop, workshop.c.id == registration.c.workshop_id)
            .where(
                registration.c.state == RegistrationState.CONFIRMED,
                or_(workshop.c.state.in_(_OVER), is_settled),
            )
        )
        return await self._first(query.order_by(registration.c.id))

    async def places_taken_otherwise(self) -> list[tuple[int, int, int, int]]:
        """Name the workshops that count other places than are taken, or that are oversold.

        Beside each stand the places that are taken, those that it counts, and those it has.
        """
        taken = _counted(registration.c.workshop_id == workshop.c.id, _HAS_PLACE)
        is_wrong = or_(taken != workshop.c.taken_count, taken > workshop.c.places)
        columns = (workshop.c.id, taken.label("taken"), workshop.c.taken_count, workshop.c.places)
        query = select(*columns).where(is_wrong).order_by(workshop.c.id).limit(self._limit)
        return [tuple(row) for row in await self._tx.execute(query)]

    async def learners_twice(self) -> list[tuple[int, int]]:
        """Name the workshops with a learner who has two registrations that have not ended."""
        columns = (registration.c.workshop_id, registration.c.learner_id)
        query = (
            select(*columns)
            .where(registration.c.state.in_(_ACTIVE))
            .group_by(*columns)
            .having(func.count() > 1)
            .order_by(*columns)
            .limit(self._limit)
        )
        return [(row[0], row[1]) for row in await self._tx.execute(query)]

    async def left_waiting(self, now: datetime) -> list[int]:
        """Name who waits although there is room for them, first in line while one can register."""
        first = (
            select(func.min(waiting_entry.c.id))
            .where(waiting_entry.c.state == WaitingState.WAITING)
            .group_by(waiting_entry.c.workshop_id)
        )
        query = (
            select(waiting_entry.c.id)
            .join(workshop, workshop.c.id == waiting_entry.c.workshop_id)
            .where(
                waiting_entry.c.id.in_(first),
                workshop.c.closes_at > now,
                waiting_entry.c.size <= workshop.c.places - workshop.c.taken_count,
            )
        )
        return await self._first(query.order_by(waiting_entry.c.id))

    async def lines_of_closed(self) -> list[int]:
        """Name who waits or has an offer where nobody can register any more."""
        query = (
            select(waiting_entry.c.id)
            .join(workshop, workshop.c.id == waiting_entry.c.workshop_id)
            .where(waiting_entry.c.state.in_(_IN_LINE), workshop.c.state.not_in(_REGISTERING))
        )
        return await self._first(query.order_by(waiting_entry.c.id))

    async def turns_of_others(self) -> list[int]:
        """Name the turns that are not of as many drafts, or held places, as they are for."""
        of_it = registration.c.waiting_entry_id == waiting_entry.c.id
        waiting = _counted(of_it, [RegistrationState.DRAFT])
        offered = _counted(of_it, [RegistrationState.HELD])
        is_waiting = waiting_entry.c.state == WaitingState.WAITING
        there = case((is_waiting, waiting), else_=offered)
        query = select(waiting_entry.c.id).where(
            waiting_entry.c.state.in_(_IN_LINE), there != waiting_entry.c.size
        )
        return await self._first(query.order_by(waiting_entry.c.id))

    async def overtaken(self) -> list[int]:
        """Name who was passed over: whoever came later was promoted before them, by the events."""
        promoted = _promoted()
        latest = (
            select(promoted.c.workshop_id, func.max(promoted.c.entity_id).label("entity_id"))
            .group_by(promoted.c.workshop_id)
            .subquery()
        )
        waits = (
            select(waiting_entry.c.id.label("passed_id"))
            .join(latest, latest.c.workshop_id == waiting_entry.c.workshop_id)
            .where(
                waiting_entry.c.state == WaitingState.WAITING,
                waiting_entry.c.id < latest.c.entity_id,
            )
        )
        after = select(promoted.c.entity_id).where(promoted.c.entity_id <= promoted.c.before_id)
        passed = waits.union(after).subquery()
        return await self._first(select(passed.c.passed_id).order_by(passed.c.passed_id))

    async def without_consent(self) -> list[int]:
        """Name the places for which no version of the workshop's terms was accepted."""
        of_it = and_(
            workshop_terms.c.workshop_id == registration.c.workshop_id,
            workshop_terms.c.version == workshop_consent.c.terms_version,
            workshop_terms.c.sha256 == workshop_consent.c.terms_sha256,
        )
        consented = (
            select(workshop_consent.c.registration_id)
            .select_from(workshop_consent)
            .join(workshop_terms, of_it)
            .where(workshop_consent.c.registration_id == registration.c.id)
            .correlate(registration)
        )
        query = select(registration.c.id).where(
            registration.c.state.in_(_PAID), ~consented.exists()
        )
        return await self._first(query.order_by(registration.c.id))

    async def elsewhere_than_history(self, entity: Entity) -> list[int]:
        """Name what stands elsewhere than where the last line of its history led.

        A session has no line before something happened to it: it was planned, no more.
        """
        kept = _WITH_HISTORY[entity]
        last = (
            select(func.max(workshop_event.c.id).label("id"), workshop_event.c.entity_id)
            .where(workshop_event.c.entity == entity)
            .group_by(workshop_event.c.entity_id)
            .subquery()
        )
        begins = "planned" if entity is Entity.SESSION else ""
        led_to = func.coalesce(workshop_event.c.state_to, begins)
        query = (
            select(kept.c.id)
            .outerjoin(last, last.c.entity_id == kept.c.id)
            .outerjoin(workshop_event, workshop_event.c.id == last.c.id)
            .where(kept.c.state != led_to)
        )
        return await self._first(query.order_by(kept.c.id))

    async def _first(self, query: Select[tuple[Any]]) -> list[Any]:
        return list((await self._tx.scalars(query.limit(self._limit))).all())


def _counted(
    condition: ColumnElement[bool], states: Collection[RegistrationState]
) -> ColumnElement[int]:
    query = select(func.count()).select_from(registration).where(condition)
    return query.where(registration.c.state.in_(states)).scalar_subquery()


def _promoted() -> Subquery:
    """List the promotions, each with who was promoted before in the same workshop."""
    before = func.lag(workshop_event.c.entity_id).over(
        partition_by=workshop_event.c.workshop_id, order_by=workshop_event.c.id
    )
    return (
        select(workshop_event.c.workshop_id, workshop_event.c.entity_id, before.label("before_id"))
        .where(
            workshop_event.c.entity == Entity.WAITING_ENTRY,
            workshop_event.c.act.in_(_PROMOTED),
        )
        .subquery()
    )
