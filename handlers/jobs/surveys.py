"""A round that asks people what they think of an answer: by day, and never in between a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId, Ending
from bot.citizens import use_cases as citizens
from bot.kit.clock import TEHRAN
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.views import surveys as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case
    from bot.kit.database import Database, Transaction
    from bot.surveys.model import Survey
    from handlers.context import Shared

ASKED_HOURS = range(8, 21)  # in Tehran
_ASKED_AT_ONCE = 50
_NOT_ASKED_ABOUT = (Ending.WITHDRAWN, Ending.MERGED)  # there was no answer to rate


async def ask_surveys(desk: Shared, database: Database, now: datetime) -> bool:
    """Ask the questions whose time has come; whoever is in the middle of something is left."""
    if now.astimezone(TEHRAN).hour not in ASKED_HOURS:
        return False
    async with database.reading() as tx:
        due = [
            survey
            for survey in await surveys.due(tx, now=now, limit=_ASKED_AT_ONCE)
            if not await citizens.is_talking(tx, citizen_id=survey.citizen_id, now=now)
        ]
    told = False
    for survey in due:
        with kept_apart(f"survey {survey.id}"):
            async with database.transaction() as tx:
                told |= await _ask(desk, tx, survey, now)
    return told


async def _ask(desk: Shared, tx: Transaction, survey: Survey, now: datetime) -> bool:
    case = await _case(tx, survey)
    if case is None or not case.is_over or case.ending in _NOT_ASKED_ABOUT:
        await surveys.cancel(tx, subject=survey.subject)
        return False
    if await citizens.is_talking(tx, citizen_id=survey.citizen_id, now=now):
        return False
    if not await surveys.mark_asked(tx, survey_id=survey.id, now=now):
        return False
    citizen = await citizens.recall(tx, citizen_id=survey.citizen_id)
    words = desk.words_of(citizen.language or case.language)
    ask = views.rating_asked if survey.kind is SurveyKind.RATING else views.follow_up_asked
    reply = ask(words, survey, case)
    await outbox.queue(tx, f"survey:{survey.id}", [notice(int(survey.citizen_id), reply)], now)
    return True


async def _case(tx: Transaction, survey: Survey) -> Case | None:
    kind, _colon, id_ = survey.subject.partition(":")
    assert kind == "case", survey.subject
    try:
        return (await cases.dossier(tx, case_id=CaseId(int(id_)))).case
    except NoSuchCase:
        return None
