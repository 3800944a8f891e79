"""Every query about asked questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from bot.catalogue.model import AskedQuestion, Outcome
from bot.catalogue.tables import asked_question

if TYPE_CHECKING:
    from datetime import date

    from bot.kit.database import Transaction

_ADD = insert(asked_question)  # Built once: it is done for every question.


class QuestionRepository:
    """Questions that were asked, without the people who asked them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, question: AskedQuestion) -> None:
        """Keep a question and its outcome."""
        row = {
            "id": question.id,
            "asked_on": question.asked_on,
            "office_id": question.office_id,
            "text": question.text,
            "outcome": question.outcome.value,
            "entry_id": question.entry_id,
        }
        await self._tx.execute(_ADD, row)

    async def find(self, question_id: int) -> AskedQuestion | None:
        """Find a question by the random id that stands in its buttons."""
        query = select(asked_question).where(asked_question.c.id == question_id)
        row = (await self._tx.execute(query)).one_or_none()
        if row is None:
            return None
        return AskedQuestion(
            id=row.id,
            asked_on=row.asked_on,
            office_id=row.office_id,
            text=row.text,
            outcome=Outcome(row.outcome),
            entry_id=row.entry_id,
        )

    async def settle(self, question_id: int, outcome: Outcome, entry_id: str | None) -> None:
        """Note what became of a question after all."""
        query = update(asked_question).where(asked_question.c.id == question_id)
        await self._tx.execute(query.values(outcome=outcome.value, entry_id=entry_id))

    async def forget_before(self, day: date) -> int:
        """Delete the questions of earlier days, and say how many there were."""
        result = await self._tx.execute(
            delete(asked_question).where(asked_question.c.asked_on < day)
        )
        return result.rowcount
