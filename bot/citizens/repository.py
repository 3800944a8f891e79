"""Every query about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.citizens.model import Citizen, CitizenId
from bot.citizens.tables import citizen

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.kit.database import Transaction

# Built once: this question is asked for every update.
_FIND = select(citizen.c.language, citizen.c.office_id).where(citizen.c.id == bindparam("id"))
_FIND_ALL = select(citizen.c.id, citizen.c.language, citizen.c.office_id).where(
    citizen.c.id.in_(bindparam("ids", expanding=True))
)


class CitizenRepository:
    """People, by their messenger's user id."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, citizen_id: CitizenId) -> Citizen | None:
        """Find what is remembered of a person."""
        row = (await self._tx.execute(_FIND, {"id": citizen_id})).one_or_none()
        return None if row is None else Citizen(citizen_id, row.language, row.office_id)

    async def find_all(self, citizen_ids: Collection[CitizenId]) -> dict[CitizenId, Citizen]:
        """Find what is remembered of several people."""
        rows = await self._tx.execute(_FIND_ALL, {"ids": list(citizen_ids)})
        return {
            CitizenId(row.id): Citizen(CitizenId(row.id), row.language, row.office_id)
            for row in rows
        }

    async def save(self, person: Citizen, now: datetime) -> None:
        """Remember a person's choices, in place of earlier ones."""
        chosen = {"language": person.language, "office_id": person.office_id, "changed_at": now}
        query = insert(citizen).values(id=person.id, **chosen)
        await self._tx.execute(query.on_conflict_do_update(index_elements=["id"], set_=chosen))
