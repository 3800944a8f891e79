"""Every query about what is remembered of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from bot.citizens.model import Citizen, CitizenId, Notice, Topic
from bot.citizens.tables import citizen
from bot.kit.database import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.database import Transaction

# Built once: these are asked for every update.
_SAVE = insert_or_replace(citizen)
_SAVE_TOPICS = insert_or_replace(
    citizen,
    citizen.c.topic_office_id,
    citizen.c.topic_service_id,
    citizen.c.topic_at,
    citizen.c.changed_at,
)
_FIND_ALL = select(citizen).where(citizen.c.id.in_(bindparam("ids", expanding=True)))


class CitizenRepository:
    """People, by their messenger's user id."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find_all(self, citizen_ids: Collection[CitizenId]) -> dict[CitizenId, Citizen]:
        """Find what is remembered of several people."""
        rows = await self._tx.execute(_FIND_ALL, {"ids": list(citizen_ids)})
        return {CitizenId(row.id): _citizen(row) for row in rows}

    async def save(self, person: Citizen, now: datetime) -> None:
        """Remember this of a person, in place of what was remembered before."""
        await self._tx.execute(_SAVE, _row(person, now))

    async def save_topics(self, people: Sequence[Citizen], now: datetime) -> None:
        """Remember what people spoke of, and change nothing else of whom is known already.

        In the order of their numbers, in which two desks cannot lock each other out.
        """
        rows = [_row(person, now) for person in sorted(people, key=lambda one: one.id)]
        await self._tx.execute(_SAVE_TOPICS, rows)

    async def forget_topics(self, before: datetime) -> int:
        """Forget what was spoken of, and the people of whom nothing else is remembered."""
        is_old = citizen.c.topic_at < before
        nothing_else = (
            citizen.c.language.is_(None)
            & citizen.c.office_id.is_(None)
            & citizen.c.muted.is_(None)
        )
        gone = await self._tx.execute(delete(citizen).where(is_old & nothing_else))
        topic = {"topic_office_id": None, "topic_service_id": None, "topic_at": None}
        blanked = await self._tx.execute(update(citizen).where(is_old).values(topic))
        return gone.rowcount + blanked.rowcount


def _row(person: Citizen, now: datetime) -> dict[str, object]:
    topic = person.topic
    return {
        "id": person.id,
        "language": person.language,
        "office_id": person.office_id,
        "muted": " ".join(sorted(person.muted)) or None,
        "topic_office_id": None if topic is None else topic.office_id,
        "topic_service_id": None if topic is None else topic.service_id,
        "topic_at": None if topic is None else topic.at,
        "changed_at": now,
    }


def _citizen(row: Row[Any]) -> Citizen:
    topic = None
    if row.topic_at is not None:
        topic = Topic(row.topic_office_id, row.topic_service_id, row.topic_at)
    muted = frozenset(map(Notice, (row.muted or "").split()))
    return Citizen(CitizenId(row.id), row.language, row.office_id, topic, muted)
