"""Planning a question about an answer, asking it once, and keeping what is said to it.

Taking part is asked for, never required (MZ-13): a question that is left alone changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.kit.identity import masked
from bot.kit.keeping import KEPT_FOR, Kind
from bot.surveys import rules
from bot.surveys.errors import NoSuchSurvey, SurveyOver
from bot.surveys.model import SCORES, Opinions, SurveyKind
from bot.surveys.repository import SurveyRepository

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.surveys.model import (
        Reason,
        Satisfaction,
        ServiceScore,
        Solved,
        Survey,
        SurveyId,
    )

_SERVICES_MAX = 200  # More than any office offers.


async def plan(
    tx: Transaction,
    *,
    kind: SurveyKind,
    subject: str,
    resolution: int,
    office_id: str,
    service_id: str | None,
    citizen_id: CitizenId,
    officer_id: CitizenId | None,
    due_at: datetime,
) -> None:
    """Plan a question for later; a second plan for the same resolution changes nothing.

    `officer_id` is whoever answered then: a later change of hands does not move the praise.
    """
    assert resolution > 0
    await SurveyRepository(tx).add_new(
        kind=kind,
        subject=subject,
        resolution=resolution,
        office_id=office_id,
        service_id=service_id,
        citizen_id=citizen_id,
        officer_id=officer_id,
        due_at=due_at,
    )


async def cancel(tx: Transaction, *, subject: str) -> None:
    """Give up what was planned about a matter that goes on after all; what was asked stays."""
    await SurveyRepository(tx).remove_unasked(subject)


async def forget(tx: Transaction, *, subjects: Collection[str]) -> None:
    """Delete all that was asked and answered about matters that are forgotten."""
    if subjects:
        await SurveyRepository(tx).forget(subjects)


async def surveys_of(tx: Transaction, *, citizen_id: CitizenId) -> list[Survey]:
    """List all that a person was asked and answered."""
    return await SurveyRepository(tx).of_citizen(citizen_id)


async def forget_person(tx: Transaction, *, citizen_id: CitizenId, number: int) -> None:
    """Let nothing but figures stay of what a person said of answers and workshops."""
    await SurveyRepository(tx).forget_citizen(citizen_id, number)


async def forget_old(tx: Transaction, *, about: str, now: datetime) -> int:
    """Delete what was asked and answered a year ago about one kind of matter, and count it.

    What is about a case goes with the case; a registration stays, and its rating does not.
    """
    return await SurveyRepository(tx).forget_due_before(about, now - KEPT_FOR[Kind.RATING])


async def due(tx: Transaction, *, now: datetime, limit: int) -> list[Survey]:
    """List the questions whose time has come, the longest waiting first."""
    assert limit > 0
    return await SurveyRepository(tx).due(now, limit=limit)


async def mark_asked(tx: Transaction, *, survey_id: SurveyId, now: datetime) -> bool:
    """Note that a question goes out; False when it went out before or is no longer planned."""
    return await SurveyRepository(tx).mark_asked(survey_id, now)


async def survey_for(
    tx: Transaction, *, survey_id: SurveyId, citizen_id: CitizenId, now: datetime
) -> Survey:
    """Find a question that this person may still answer.

    Raises NoSuchSurvey for somebody else's, in the same words as for none at all, and SurveyOver
    once fourteen days have passed since it was asked.
    """
    found = await SurveyRepository(tx).find(survey_id)
    if found is None or found.citizen_id != citizen_id:
        raise NoSuchSurvey
    rules.ensure_answerable(found, now)
    return found


async def rate(
    tx: Transaction, *, survey_id: SurveyId, citizen_id: CitizenId, score: int, now: datetime
) -> Survey:
    """Keep a score; tapping it twice is one rating. Raises SurveyOver for a second opinion."""
    assert score in SCORES
    survey = await _asked(tx, survey_id, citizen_id, SurveyKind.RATING, now)
    if survey.score == score:
        return survey
    if survey.score is not None:
        raise SurveyOver
    return await _kept(tx, replace(survey, score=score, answered_at=now))


async def give_reason(
    tx: Transaction, *, survey_id: SurveyId, citizen_id: CitizenId, reason: Reason, now: datetime
) -> Survey:
    """Keep which of the ready reasons was chosen for the score; the last choice holds."""
    survey = await _rated(tx, survey_id, citizen_id, now)
    assert survey.score is not None
    if reason not in rules.reasons_for(survey.score):
        raise NoSuchSurvey
    return await _kept(tx, replace(survey, reason=reason))


async def comment(
    tx: Transaction,
    *,
    survey_id: SurveyId,
    citizen_id: CitizenId,
    text: str,
    now: datetime,
    published_codes: AbstractSet[str] = frozenset(),
) -> Survey:
    """Keep a remark to a rating, once, without the numbers that name a person.

    Raises CommentTooLong for more than 500 UTF-16 units. `published_codes` are the numbers that
    the offices themselves publish.
    """
    survey = await _rated(tx, survey_id, citizen_id, now)
    rules.ensure_short(text)
    said = masked(text.strip(), known=published_codes)
    if not said or survey.comment == said:
        return survey
    if survey.comment is not None:
        raise SurveyOver
    return await _kept(tx, replace(survey, comment=said))


async def answer_follow_up(
    tx: Transaction, *, survey_id: SurveyId, citizen_id: CitizenId, solved: Solved, now: datetime
) -> Survey:
    """Keep whether the matter was really solved; tapping twice is one answer."""
    survey = await _asked(tx, survey_id, citizen_id, SurveyKind.FOLLOW_UP, now)
    if survey.solved is solved:
        return survey
    if survey.solved is not None:
        raise SurveyOver
    return await _kept(tx, replace(survey, solved=solved, answered_at=now))


async def satisfaction(
    tx: Transaction, *, office_id: str, since: datetime, until: datetime
) -> Satisfaction:
    """Say how the answers of an office were rated in a period."""
    return await SurveyRepository(tx).satisfaction(office_id, since, until)


async def opinions(
    tx: Transaction, *, office_id: str, since: datetime, until: datetime, limit: int
) -> Opinions:
    """Say what people said beside their scores in a period, with the latest remarks."""
    surveys = SurveyRepository(tx)
    return Opinions(
        await surveys.reasons(office_id, since, until),
        await surveys.solved(office_id, since, until),
        tuple(await surveys.remarks(office_id, since, until, limit=limit)),
    )


async def worst_service(
    tx: Transaction, *, office_id: str, since: datetime, until: datetime
) -> ServiceScore | None:
    """Name the service that was rated worst, if any was rated often and low enough to say so."""
    surveys = SurveyRepository(tx)
    scores = await surveys.scores(office_id, since, until, limit=_SERVICES_MAX)
    return next((score for score in scores if rules.is_worth_naming(score.satisfaction)), None)


async def _asked(
    tx: Transaction, survey_id: SurveyId, citizen_id: CitizenId, kind: SurveyKind, now: datetime
) -> Survey:
    survey = await survey_for(tx, survey_id=survey_id, citizen_id=citizen_id, now=now)
    if survey.kind is not kind:
        raise NoSuchSurvey
    return survey


async def _rated(
    tx: Transaction, survey_id: SurveyId, citizen_id: CitizenId, now: datetime
) -> Survey:
    survey = await _asked(tx, survey_id, citizen_id, SurveyKind.RATING, now)
    if survey.score is None:
        raise NoSuchSurvey
    return survey


async def _kept(tx: Transaction, answered: Survey) -> Survey:
    await SurveyRepository(tx).keep(answered)
    return answered
