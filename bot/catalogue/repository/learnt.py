"""Every query about answers that staff wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.catalogue.model import Facet, LearntAnswer, LearntId, LearntState
from bot.catalogue.tables import (
    learnt_answer,
    learnt_question,
    learnt_reasons,
    learnt_words,
)
from bot.citizens.model import CitizenId
from bot.kit.database import keyring_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_FIELDS = tuple(column.name for column in learnt_answer.c if column.name != "id")


class LearntRepository:
    """Answers that staff wrote, each version of them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def add(self, learnt: LearntAnswer) -> LearntId:
        """Keep a new version, with the questions that it answers; its number is given here."""
        row = {name: getattr(learnt, name) for name in _FIELDS}
        row["reason"] = self._sealed(learnt, learnt.reason)
        result = await self._tx.execute(insert(learnt_answer).values(row))
        (learnt_id,) = result.inserted_primary_key or (0,)
        rows = [
            {
                "learnt_id": learnt_id,
                "question_id": question_id,
                "text": learnt_words.seal(self._keyring, wording, learnt_id, question_id),
            }
            for question_id, wording in zip(learnt.question_ids, learnt.wordings, strict=True)
        ]
        if rows:
            await self._tx.execute(insert(learnt_question), rows)
        return LearntId(learnt_id)

    async def find(self, learnt_id: int) -> LearntAnswer | None:
        """Find a version by its number."""
        found = await self._found(learnt_answer.c.id == learnt_id)
        return found[0] if found else None

    async def versions(self, key: str) -> list[LearntAnswer]:
        """List the versions of an answer, the first one first."""
        return await self._found(learnt_answer.c.key == key)

    async def in_state(self, state: LearntState, office_id: str | None) -> list[LearntAnswer]:
        """List the answers in a state, of one office or of all, in the order of their drafting."""
        is_meant = learnt_answer.c.state == state.value
        if office_id is not None:
            is_meant &= learnt_answer.c.office_id == office_id
        return await self._found(is_meant)

    async def drafted_for(self, question_ids: Collection[int]) -> set[int]:
        """Say which of some questions an answer was written for."""
        query = select(learnt_question.c.question_id).where(
            learnt_question.c.question_id.in_(question_ids)
        )
        return set((await self._tx.execute(query)).scalars())

    async def settle(
        self,
        learnt: LearntAnswer,
        state: LearntState,
        *,
        approver_id: int | None,
        reason: str | None,
        now: datetime,
    ) -> bool:
        """Put a version into another state, unless it is no longer in the one that was seen."""
        is_unchanged = (learnt_answer.c.id == learnt.id) & (
            learnt_answer.c.state == learnt.state.value
        )
        changes: dict[str, object] = {
            "state": state.value,
            "reason": self._sealed(learnt, reason),
        }
        if state is not LearntState.RETIRED:
            changes |= {"approver_id": approver_id, "decided_at": now}
        result = await self._tx.execute(update(learnt_answer).where(is_unchanged).values(changes))
        return result.rowcount == 1

    async def approved_ids(self) -> list[int]:
        """List the numbers of the versions that are answered with."""
        query = select(learnt_answer.c.id).where(
            learnt_answer.c.state == LearntState.APPROVED.value
        )
        return sorted((await self._tx.execute(query)).scalars())

    def _sealed(self, learnt: LearntAnswer, reason: str | None) -> bytes | None:
        return learnt_reasons.seal_any(self._keyring, reason, learnt.key, learnt.version)

    async def _found(self, is_meant: ColumnElement[bool]) -> list[LearntAnswer]:
        query = select(learnt_answer).where(is_meant).order_by(learnt_answer.c.id)
        rows = (await self._tx.execute(query)).all()
        asked = (
            select(learnt_question)
            .where(learnt_question.c.learnt_id.in_([row.id for row in rows]))
            .order_by(learnt_question.c.learnt_id, learnt_question.c.question_id)
        )
        of_each: dict[int, list[Row[Any]]] = {}
        for one in await self._tx.execute(asked) if rows else ():
            of_each.setdefault(one.learnt_id, []).append(one)
        return [_learnt(row, self._keyring, of_each.get(row.id, [])) for row in rows]


def _learnt(row: Row[Any], keyring: Keyring, questions: Sequence[Row[Any]]) -> LearntAnswer:
    return LearntAnswer(
        id=LearntId(row.id),
        key=row.key,
        version=row.version,
        office_id=row.office_id,
        service_id=row.service_id,
        question=row.question,
        answer=row.answer,
        state=LearntState(row.state),
        author_id=CitizenId(row.author_id),
        drafted_at=row.drafted_at,
        reason=learnt_reasons.open_any(keyring, row.reason, row.key, row.version),
        approver_id=None if row.approver_id is None else CitizenId(row.approver_id),
        decided_at=row.decided_at,
        question_ids=tuple(one.question_id for one in questions),
        wordings=tuple(
            learnt_words.open(keyring, one.text, one.learnt_id, one.question_id)
            for one in questions
        ),
        facet=Facet(row.facet),
    )
