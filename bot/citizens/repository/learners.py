"""Every query about who takes part in workshops."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from bot.citizens.model import CitizenId, Learner, LearnerId
from bot.citizens.tables import births_sealed, learner
from bot.kit.database import keyring_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_NAME = "learner.given_name"
FORGOTTEN: Final = b""  # in the place of a name or a birth date
_LIVING = learner.c.removed_at.is_(None)


class LearnerRepository:
    """Learners; their names are opened and sealed here, and nowhere else."""

    def __init__(self, tx: Transaction, keyring: Keyring) -> None:
        self._tx = tx
        self._keyring = keyring

    async def of_guardian(self, guardian_id: CitizenId) -> tuple[Learner, ...]:
        """List the learners of a guardian, in the order in which they were added."""
        query = select(learner).where(learner.c.guardian_id == guardian_id, _LIVING)
        rows = await self._tx.execute(query.order_by(learner.c.id))
        return tuple(self._learner(row) for row in rows)

    async def find_all(self, ids: Collection[LearnerId]) -> dict[LearnerId, Learner]:
        """Find learners who were not taken out."""
        rows = await self._tx.execute(select(learner).where(learner.c.id.in_(ids), _LIVING))
        return {LearnerId(row.id): self._learner(row) for row in rows}

    async def add(
        self,
        *,
        guardian_id: CitizenId,
        given_name: str,
        born_on: date,
        is_self: bool,
        now: datetime,
    ) -> LearnerId:
        """Keep a learner; what says who it is is sealed once the row has its number."""
        statement = insert(learner).values(
            guardian_id=guardian_id,
            given_name=b"",
            born_on=b"",
            is_self=is_self,
            added_at=now,
        )
        id_ = (await self._tx.execute(statement.returning(learner.c.id))).scalar_one()
        sealed = self._keyring.seal(given_name, column=_NAME, row=id_)
        born = births_sealed.seal(keyring_of(self._tx), born_on.isoformat(), id_)
        is_new = learner.c.id == id_
        await self._tx.execute(
            update(learner).where(is_new).values(given_name=sealed, born_on=born)
        )
        return LearnerId(id_)

    async def remove(self, learner_id: LearnerId, guardian_id: CitizenId, now: datetime) -> bool:
        """Blank the name and birth date of a learner of this guardian; say if there was one."""
        statement = (
            update(learner)
            .where(learner.c.id == learner_id, learner.c.guardian_id == guardian_id, _LIVING)
            .values(given_name=FORGOTTEN, born_on=FORGOTTEN, removed_at=now)
        )
        return (await self._tx.execute(statement)).rowcount == 1

    def _learner(self, row: Row[Any]) -> Learner:
        return Learner(
            id=LearnerId(row.id),
            guardian_id=CitizenId(row.guardian_id),
            given_name=self._keyring.open(row.given_name, column=_NAME, row=row.id),
            born_on=_born_on(row.id, row.born_on, keyring_of(self._tx)),
            is_self=row.is_self,
        )


async def births(tx: Transaction, ids: Collection[LearnerId]) -> dict[LearnerId, date]:
    """Say when learners were born who were not taken out; no name is opened for it."""
    query = select(learner.c.id, learner.c.born_on).where(learner.c.id.in_(ids), _LIVING)
    keyring = keyring_of(tx)
    return {
        LearnerId(row.id): _born_on(row.id, row.born_on, keyring)
        for row in await tx.execute(query)
    }


def _born_on(learner_id: int, sealed: bytes, keyring: Keyring) -> date:
    return date.fromisoformat(births_sealed.open(keyring, sealed, learner_id))
