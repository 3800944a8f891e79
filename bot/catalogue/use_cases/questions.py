"""What a person can do with the catalogue: ask, choose what was meant, say it did not help."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.catalogue.errors import PersonalDataInQuestion, QuestionGone
from bot.catalogue.model import AskedQuestion, Outcome
from bot.catalogue.repository import QuestionRepository
from bot.catalogue.search import Answer, Band
from bot.kit.identity import personal_data_in
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.catalogue.search import Answerer, Entry
    from bot.kit.database import Transaction

QUESTION_UNITS_MAX = 500

_OUTCOME_OF_BAND = {
    Band.ANSWER: Outcome.ANSWERED,
    Band.CHOOSE: Outcome.CLARIFIED,
    Band.HANDOVER: Outcome.UNANSWERED,
}


def question_text(text: str, *, published_codes: frozenset[str]) -> str:
    """Cut a text to the question that is looked up and kept.

    Raises PersonalDataInQuestion when a national ID, a card, an account or a phone number was
    typed in: such a question is neither looked up nor kept (MZ-18).
    """
    kinds = personal_data_in(text, known=published_codes)
    if kinds:
        raise PersonalDataInQuestion(kinds)
    return cut(_writable(text), QUESTION_UNITS_MAX)


async def ask(
    *,
    answerer: Answerer,
    text: str,
    office_id: str | None,
    recent: tuple[str, str] | None,
    published_codes: frozenset[str],
    today: date,
) -> tuple[AskedQuestion, Answer]:
    """Answer a question, and say how it is to be kept (`keep_questions`): without its author.

    `recent` is the service that was just spoken of, after its office, for a question that names
    none. Raises PersonalDataInQuestion.
    """
    kept = question_text(text, published_codes=published_codes)
    # The kept words are asked, not the whole text: a button under the answer asks them again.
    answer = await answerer.ask(kept, office_id, recent)
    is_known = answer.band is Band.ANSWER
    question = AskedQuestion(
        id=secrets.randbits(62),
        asked_on=today,
        office_id=office_id,
        text=kept,
        outcome=_OUTCOME_OF_BAND[answer.band],
        entry_id=answer.ranked[0].entry.id if is_known else None,
    )
    return question, answer


async def keep_questions(tx: Transaction, questions: Sequence[AskedQuestion]) -> None:
    """Keep questions that were answered, so that the office can learn from them."""
    if questions:
        await QuestionRepository(tx).add_all(questions)


async def report_missed(
    tx: Transaction, *, answerer: Answerer, question_id: int
) -> tuple[AskedQuestion, Answer]:
    """Note that an answer did not help, and look again for what else was near."""
    questions = QuestionRepository(tx)
    question = await _find(questions, question_id)
    await questions.settle(question_id, Outcome.MISSED, question.entry_id)
    answer = await answerer.ask(question.text, question.office_id)
    return replace(question, outcome=Outcome.MISSED), answer


async def choose_meant(
    tx: Transaction, *, answerer: Answerer, question_id: int, entry_key: str
) -> Entry:
    """Find the entry a person says they meant, and note it as the answer if the question is kept.

    Raises QuestionGone when the catalogue has no such entry, or no longer.
    """
    entry = next((entry for entry in answerer.entries if entry.key == entry_key), None)
    if entry is None:
        raise QuestionGone
    await QuestionRepository(tx).settle(question_id, Outcome.ANSWERED, entry.id)
    return entry


async def asked_question(tx: Transaction, *, question_id: int) -> AskedQuestion:
    """Find a question that is still kept; raises QuestionGone."""
    return await _find(QuestionRepository(tx), question_id)


async def forget_old_questions(tx: Transaction, *, today: date) -> int:
    """Delete the questions that are older than thirty days, and say how many there were."""
    return await QuestionRepository(tx).forget_before(today - KEPT_FOR[Kind.QUESTION])


def _writable(text: str) -> str:
    """Replace half characters, which only a broken client sends and no database takes."""
    return text.encode(errors="replace").decode()


async def _find(questions: QuestionRepository, question_id: int) -> AskedQuestion:
    question = await questions.find(question_id)
    if question is None:
        raise QuestionGone
    return question
