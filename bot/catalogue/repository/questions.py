"""Every query about asked questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from bot.catalogue.model import AskedQuestion, Outcome
from bot.catalogue.tables import asked_question, asked_words, dismissed_question, learnt_question
from bot.kit.database import insert_new, keyring_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import Row

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_ADD = insert(asked_question)  # Built once: it is done for every group of questions.


class QuestionRepository:
    """Questions that were asked, without the people who asked them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def add_all(self, questions: Sequence[AskedQuestion]) -> None:
        """Keep questions and their outcomes."""
        rows = [
            {
                "id": question.id,
                "asked_on": question.asked_on,
                "office_id": question.office_id,
                "text": asked_words.seal(self._keyring, question.text, question.id),
                "outcome": question.outcome.value,
                "entry_id": question.entry_id,
            }
            for question in questions
        ]
        await self._tx.execute(_ADD, rows)

    async def find(self, question_id: int) -> AskedQuestion | None:
        """Find a question by the random id that stands in its buttons."""
        query = select(asked_question).where(asked_question.c.id == question_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _question(row, self._keyring)

    async def find_all(self, question_ids: Collection[int]) -> list[AskedQuestion]:
        """Find those of some questions that are still kept."""
        query = (
            select(asked_question)
            .where(asked_question.c.id.in_(question_ids))
            .order_by(asked_question.c.asked_on, asked_question.c.id)
        )
        return [_question(row, self._keyring) for row in await self._tx.execute(query)]

    async def to_learn_from(
        self, office_id: str, since: date, *, limit: int
    ) -> list[AskedQuestion]:
        """List the latest questions that had no answer or missed theirs, and were left so.

        A question that chose no office is everybody's.
        """
        asked = asked_question.c
        is_dismissed = (
            select(dismissed_question.c.question_id)
            .where(dismissed_question.c.office_id == office_id)
            .where(dismissed_question.c.question_id == asked.id)
        )
        is_drafted = select(learnt_question.c.learnt_id).where(
            learnt_question.c.question_id == asked.id
        )
        open_outcomes = (Outcome.UNANSWERED.value, Outcome.MISSED.value)
        query = (
            select(asked_question)
            .where(asked.outcome.in_(open_outcomes), asked.asked_on >= since)
            .where((asked.office_id == office_id) | asked.office_id.is_(None))
            .where(~is_dismissed.exists(), ~is_drafted.exists())
            .order_by(asked.asked_on.desc(), asked.id)
            .limit(limit)
        )
        return [_question(row, self._keyring) for row in await self._tx.execute(query)]

    async def dismiss(self, office_id: str, question_ids: Collection[int], day: date) -> None:
        """Keep questions out of an office's list."""
        rows = [
            {"office_id": office_id, "question_id": one, "dismissed_on": day}
            for one in question_ids
        ]
        await self._tx.execute(insert_new(dismissed_question), rows)

    async def settle(self, question_id: int, outcome: Outcome, entry_id: str | None) -> None:
        """Note what became of a question after all."""
        query = update(asked_question).where(asked_question.c.id == question_id)
        await self._tx.execute(query.values(outcome=outcome.value, entry_id=entry_id))

    async def forget_before(self, day: date) -> int:
        """Delete the questions of earlier days, and say how many there were."""
        await self._tx.execute(
            delete(dismissed_question).where(dismissed_question.c.dismissed_on < day)
        )
        # Every outcome is named, or SQLite reads the questions of all days without their index.
        is_old = asked_question.c.outcome.in_(list(Outcome)) & (asked_question.c.asked_on < day)
        result = await self._tx.execute(delete(asked_question).where(is_old))
        return result.rowcount


def _question(row: Row[Any], keyring: Keyring) -> AskedQuestion:
    return AskedQuestion(
        id=row.id,
        asked_on=row.asked_on,
        office_id=row.office_id,
        text=asked_words.open(keyring, row.text, row.id),
        outcome=Outcome(row.outcome),
        entry_id=row.entry_id,
    )
