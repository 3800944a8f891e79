"""Queries about the history of workshops."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select

from bot.kit.database import keyring_of
from bot.workshops.model import Event
from bot.workshops.repository.rows import event_of
from bot.workshops.tables import event_reasons, workshop_event

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction
    from bot.workshops.model import Entity, WorkshopId

_FIELDS: Final = tuple(field.name for field in fields(Event))

# What is asked for in a rush is built once: that takes longer than to run it.
_ADD: Final = insert(workshop_event)
_BY_KEY: Final = select(workshop_event).where(workshop_event.c.key == bindparam("key"))


class EventRepository:
    """What happened to workshops and to what belongs to them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def add(self, event: Event) -> None:
        """Add a line to a history."""
        values = {name: getattr(event, name) for name in _FIELDS}
        place = event.workshop_id, event.entity, event.entity_id, event.act, event.at
        values["reason"] = event_reasons.seal_any(self._keyring, event.reason, *place)
        await self._tx.execute(_ADD, values)

    async def by_key(self, key: str) -> Event | None:
        """Find what was done under a key."""
        row = (await self._tx.execute(_BY_KEY, {"key": key})).one_or_none()
        return None if row is None else event_of(row, self._keyring)

    async def of(self, entity: Entity, entity_id: int) -> list[Event]:
        """Tell the history of one thing."""
        query = (
            select(workshop_event)
            .where(workshop_event.c.entity == entity, workshop_event.c.entity_id == entity_id)
            .order_by(workshop_event.c.id)
        )
        return [event_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def at(self, workshop_id: WorkshopId, moment: datetime) -> list[Event]:
        """Tell what happened to a workshop and all that belongs to it at one moment."""
        query = (
            select(workshop_event)
            .where(workshop_event.c.workshop_id == workshop_id, workshop_event.c.at == moment)
            .order_by(workshop_event.c.id)
        )
        return [event_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def of_workshop(self, workshop_id: WorkshopId, *, limit: int) -> list[Event]:
        """Tell the history of a workshop and all that belongs to it, the latest first."""
        query = (
            select(workshop_event)
            .where(workshop_event.c.workshop_id == workshop_id)
            .order_by(workshop_event.c.id.desc())
            .limit(limit)
        )
        return [event_of(row, self._keyring) for row in await self._tx.execute(query)]
