"""Every query about a person who is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, update

from bot.citizens.repository.bans import BanRepository
from bot.citizens.repository.dialogues import LimitRepository
from bot.citizens.repository.learners import FORGOTTEN
from bot.citizens.tables import (
    citizen,
    consent,
    dialogue,
    erasure,
    learner,
    parting,
    person_code,
)

if TYPE_CHECKING:
    from datetime import date

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


class PartingRepository:
    """A person who is forgotten in this transaction, and the number that stays in their place."""

    def __init__(self, tx: Transaction, citizen_id: CitizenId) -> None:
        self._tx = tx
        self._id = citizen_id

    async def begin(self, number: int) -> None:
        """Let the guards of the ledger know whose number becomes which."""
        await self._tx.execute(insert(parting), {"citizen_id": self._id, "number": number})

    async def forget(self, number: int) -> None:
        """Delete all that this room keeps of the person, the names of their learners with it.

        A learner stays as a row that names nobody, for places that were taken and paid for.
        """
        gone = {"guardian_id": number, "given_name": b"", "born_on": FORGOTTEN}
        gone["removed_at"] = func.coalesce(learner.c.removed_at, learner.c.added_at)
        is_theirs = learner.c.guardian_id == self._id
        await self._tx.execute(update(learner).where(is_theirs).values(gone))
        await self._tx.execute(delete(citizen).where(citizen.c.id == self._id))
        await LimitRepository(self._tx).veil(self._id)
        await BanRepository(self._tx).veil(self._id)
        for table in (dialogue, consent, person_code):
            await self._tx.execute(delete(table).where(table.c.citizen_id == self._id))

    async def end(self, number: int, day: date) -> None:
        """Forget whose number became which, and keep that somebody was erased."""
        await self._tx.execute(delete(parting).where(parting.c.citizen_id == self._id))
        await self._tx.execute(insert(erasure), {"number": number, "erased_on": day})
