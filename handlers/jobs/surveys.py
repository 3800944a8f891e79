"""A round that asks people what they think of an answer: by day, and never in between a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId, Ending
from bot.citizens import use_cases as citizens
from bot.citizens.model import Notice
from bot.kit.clock import TEHRAN
from bot.outbox import use_cases as outbox
from bot.surveys import use_cases as surveys
from bot.surveys.model import SurveyKind
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchRegistration
from bot.workshops.model import CLOCK, RegistrationId, RegistrationState, Workshop
from handlers.jobs.apart import kept_apart
from handlers.jobs.notices import notice
from handlers.views.cases import surveys as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case
    from bot.citizens.model import Citizen
    from bot.kit.database import Database, Transaction
    from bot.surveys.model import Survey
    from handlers.context import Shared
    from handlers.reply import Reply

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
    matter = await (_case(tx, survey) if _kind(survey) == "case" else _workshop(tx, survey))
    if matter is None:
        await surveys.cancel(tx, subject=survey.subject)
        return False
    citizen = await citizens.recall(tx, citizen_id=survey.citizen_id)
    if Notice.SURVEYS in citizen.muted:
        await surveys.cancel(tx, subject=survey.subject)
        return False
    if await citizens.is_talking(tx, citizen_id=survey.citizen_id, now=now):
        return False
    if not await surveys.mark_asked(tx, survey_id=survey.id, now=now):
        return False
    reply = _question(desk, citizen, survey, matter)
    await outbox.queue(tx, f"survey:{survey.id}", [notice(int(survey.citizen_id), reply)], now)
    return True


def _question(desk: Shared, citizen: Citizen, survey: Survey, matter: Case | Workshop) -> Reply:
    if isinstance(matter, Workshop):
        words = desk.words_of(citizen.language or desk.default_language)
        return views.workshop_rating_asked(words, survey, matter)
    words = desk.words_of(citizen.language or matter.language)
    ask = views.rating_asked if survey.kind is SurveyKind.RATING else views.follow_up_asked
    return ask(words, survey, matter)


def _kind(survey: Survey) -> str:
    return survey.subject.partition(":")[0]


async def _case(tx: Transaction, survey: Survey) -> Case | None:
    """Find the case that is asked about, if its ending is one that can be rated."""
    try:
        case = (await cases.dossier(tx, case_id=CaseId(_id(survey)))).case
    except NoSuchCase:
        return None
    return case if case.is_over and case.ending not in _NOT_ASKED_ABOUT else None


async def _workshop(tx: Transaction, survey: Survey) -> Workshop | None:
    """Find the workshop of a registration that was completed (KN-08)."""
    assert _kind(survey) == "registration", survey.subject
    try:
        workshop, registration = await workshops.registration(
            tx, registration_id=RegistrationId(_id(survey)), actor=CLOCK
        )
    except NoSuchRegistration:
        return None
    return workshop if registration.state is RegistrationState.COMPLETED else None


def _id(survey: Survey) -> int:
    return int(survey.subject.partition(":")[2])
