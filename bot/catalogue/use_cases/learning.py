"""What the office learns from questions without an answer: drafts, approval, versions.

An officer writes an answer to a group of questions; a manager who is not its author approves it,
and from then on the desk answers with it. Every version stays, with its author and the decision.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.catalogue import rules
from bot.catalogue.errors import (
    AlreadyDecided,
    DecisionReasonMissing,
    LearntGone,
    QuestionGone,
    QuestionTaken,
)
from bot.catalogue.model import Facet, LearntAnswer, LearntId, LearntState
from bot.catalogue.repository import LearntRepository, QuestionRepository
from bot.catalogue.search import grouped
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.identity import masked
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from bot.catalogue.model import AskedQuestion, QuestionGroup
    from bot.catalogue.search import Answerer
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction

ANSWER_UNITS_MAX = 1500
REASON_UNITS_MAX = 500
QUESTION_UNITS_MAX = 300
_GROUPED_MAX = 1000
_WRITES = (Role.OFFICER, Role.MANAGER)
_ACTIONS = {
    LearntState.DRAFT: "draft_answer",
    LearntState.APPROVED: "approve_answer",
    LearntState.REJECTED: "reject_answer",
    LearntState.RETIRED: "retire_answer",
}


async def question_groups(
    tx: Transaction, *, answerer: Answerer, office_id: str, since: date, limit: int
) -> list[QuestionGroup]:
    """Group the questions that had no answer or missed theirs, the most frequent first.

    Left out are those an answer was written for, whatever became of it, and those dismissed.
    """
    questions = await QuestionRepository(tx).to_learn_from(office_id, since, limit=_GROUPED_MAX)
    return grouped(questions, answerer.lexicon)[:limit]


async def group_of(
    tx: Transaction, *, answerer: Answerer, office_id: str, since: date, question_id: int
) -> QuestionGroup:
    """Find the group that a question is in by now.

    Raises QuestionTaken where an answer was written for it, and QuestionGone where it is no
    longer kept or was dismissed.
    """
    groups = await question_groups(
        tx, answerer=answerer, office_id=office_id, since=since, limit=_GROUPED_MAX
    )
    for group in groups:
        if any(question.id == question_id for question in group.questions):
            return group
    if await LearntRepository(tx).drafted_for([question_id]):
        raise QuestionTaken
    raise QuestionGone


async def dismiss_group(
    tx: Transaction, *, question_ids: Collection[int], actor: Staff, now: datetime
) -> None:
    """Keep questions that are not for this office out of its list."""
    rules.ensure_of(actor, actor.office_id, *_WRITES)
    if not question_ids:
        raise QuestionGone
    await QuestionRepository(tx).dismiss(actor.office_id, question_ids, tehran_day(now))
    count = f"{len(question_ids)}"
    await citizens.record(
        tx, actor=actor, action="dismiss_questions", subject="questions", note=count, now=now
    )


async def draft_answer(
    tx: Transaction,
    *,
    office_id: str,
    service_id: str | None,
    question: str,
    answer: str,
    question_ids: Collection[int],
    author: Staff,
    now: datetime,
    key: str | None = None,
    facet: Facet = Facet.DESCRIPTION,
    published_codes: frozenset[str] = frozenset(),
) -> LearntAnswer:
    """Keep an answer for approval; with a key, as the next version of what has that key.

    A new version keeps the questions of the one before. Raises AnswerMissing, AnswerTooLong,
    PersonalDataInAnswer, QuestionGone, QuestionTaken and LearntGone.
    """
    rules.ensure_of(author, office_id, *_WRITES)
    learnt_answers = LearntRepository(tx)
    before = [] if key is None else await learnt_answers.versions(key)
    if key is not None and not (before and before[0].office_id == office_id):
        raise LearntGone
    if before:
        asked = list(zip(before[-1].question_ids, before[-1].wordings, strict=True))
    else:
        asked = [(one.id, one.text) for one in await _asked(tx, office_id, question_ids)]
    draft = LearntAnswer(
        id=LearntId(0),
        key=key or f"ln-{secrets.token_hex(6)}",
        version=len(before) + 1,
        office_id=office_id,
        service_id=service_id,
        question=rules.plain(question, QUESTION_UNITS_MAX),
        answer=rules.public_text(answer, ANSWER_UNITS_MAX, published_codes=published_codes),
        state=LearntState.DRAFT,
        author_id=author.id,
        drafted_at=now,
        question_ids=tuple(question_id for question_id, _ in asked),
        wordings=tuple(wording for _, wording in asked),
        facet=facet,
    )
    for earlier in before:
        if earlier.state is LearntState.DRAFT:
            await _settle(learnt_answers, earlier, LearntState.RETIRED, now=now)
    draft = replace(draft, id=await learnt_answers.add(draft))
    await _record(tx, author, draft, LearntState.DRAFT, now=now)
    return draft


async def approve_answer(
    tx: Transaction, *, learnt_id: int, actor: Staff, now: datetime
) -> LearntAnswer:
    """Answer with a version from now on, in place of the version before.

    Raises LearntGone, StaffOnly, SelfApproval and AlreadyDecided.
    """
    draft = await _to_decide(tx, learnt_id, actor)
    rules.ensure_second_person(draft, actor)
    learnt_answers = LearntRepository(tx)
    for earlier in await learnt_answers.versions(draft.key):
        if earlier.state is LearntState.APPROVED:
            await _settle(learnt_answers, earlier, LearntState.RETIRED, now=now)
    await _settle(learnt_answers, draft, LearntState.APPROVED, actor=actor, now=now)
    await _record(tx, actor, draft, LearntState.APPROVED, now=now)
    return await learnt(tx, learnt_id)


async def reject_answer(
    tx: Transaction, *, learnt_id: int, actor: Staff, reason: str, now: datetime
) -> LearntAnswer:
    """Send a draft back with a reason; a manager who wrote it may take it back so.

    Raises LearntGone, StaffOnly, AlreadyDecided and DecisionReasonMissing.
    """
    draft = await _to_decide(tx, learnt_id, actor)
    why = _reason(reason)
    await _settle(
        LearntRepository(tx), draft, LearntState.REJECTED, actor=actor, reason=why, now=now
    )
    await _record(tx, actor, draft, LearntState.REJECTED, why=why, now=now)
    return await learnt(tx, learnt_id)


async def retire_answer(
    tx: Transaction, *, learnt_id: int, actor: Staff, reason: str, now: datetime
) -> LearntAnswer:
    """Stop answering with a version that is no longer true; who approved it stays on record.

    Raises LearntGone, StaffOnly, AlreadyDecided and DecisionReasonMissing.
    """
    answer = await _of_office(tx, learnt_id, actor)
    if answer.state is not LearntState.APPROVED:
        raise AlreadyDecided(answer.state)
    why = _reason(reason)
    await _settle(LearntRepository(tx), answer, LearntState.RETIRED, reason=why, now=now)
    await _record(tx, actor, answer, LearntState.RETIRED, why=why, now=now)
    return await learnt(tx, learnt_id)


async def learnt(tx: Transaction, learnt_id: int) -> LearntAnswer:
    """Find a version by its number; raises LearntGone."""
    found = await LearntRepository(tx).find(learnt_id)
    if found is None:
        raise LearntGone
    return found


async def approved_answers(tx: Transaction) -> tuple[LearntAnswer, ...]:
    """List what the desk answers with besides its files, of all offices."""
    return tuple(await LearntRepository(tx).in_state(LearntState.APPROVED, None))


async def drafts_of(tx: Transaction, *, office_id: str) -> list[LearntAnswer]:
    """List what waits for a manager of an office, the oldest first."""
    return await LearntRepository(tx).in_state(LearntState.DRAFT, office_id)


async def learnt_edition(tx: Transaction) -> str:
    """Name the set of approved answers, "" for none; another name means another set."""
    ids = await LearntRepository(tx).approved_ids()
    return "" if not ids else hashlib.sha256(repr(ids).encode()).hexdigest()[:16]


async def _asked(
    tx: Transaction, office_id: str, question_ids: Collection[int]
) -> list[AskedQuestion]:
    """Gather the questions an answer is for, as far as they are kept and nobody else's."""
    kept = await QuestionRepository(tx).find_all(question_ids)
    ours = [question for question in kept if question.office_id in (None, office_id)]
    if not ours:
        raise QuestionGone
    taken = await LearntRepository(tx).drafted_for(question_ids)
    free = [question for question in ours if question.id not in taken]
    if not free:
        raise QuestionTaken
    return free


async def _of_office(tx: Transaction, learnt_id: int, actor: Staff) -> LearntAnswer:
    """Find a version that this manager may decide about."""
    found = await learnt(tx, learnt_id)
    if found.office_id != actor.office_id:
        raise LearntGone
    rules.ensure_of(actor, found.office_id, Role.MANAGER)
    return found


async def _to_decide(tx: Transaction, learnt_id: int, actor: Staff) -> LearntAnswer:
    draft = await _of_office(tx, learnt_id, actor)
    rules.ensure_decidable(draft)
    return draft


async def _settle(
    learnt_answers: LearntRepository,
    answer: LearntAnswer,
    state: LearntState,
    *,
    actor: Staff | None = None,
    reason: str | None = None,
    now: datetime,
) -> None:
    approver_id = actor.id if actor is not None and state is LearntState.APPROVED else None
    is_done = await learnt_answers.settle(
        answer, state, approver_id=approver_id, reason=reason, now=now
    )
    assert is_done, answer.id


async def _record(
    tx: Transaction,
    actor: Staff,
    answer: LearntAnswer,
    after: LearntState,
    *,
    why: str | None = None,
    now: datetime,
) -> None:
    await citizens.record(
        tx,
        actor=actor,
        action=_ACTIONS[after],
        subject=f"learnt:{answer.id}",
        note=answer.key if why is None else f"{answer.key}: {why}",
        between=(None if after is LearntState.DRAFT else answer.state, after),
        now=now,
    )


def _reason(reason: str) -> str:
    why = masked(rules.plain(reason, REASON_UNITS_MAX))
    if not why:
        raise DecisionReasonMissing
    return why
