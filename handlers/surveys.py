"""Answering a question about an answer: a tap, a reason, and words for whoever has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import MessageHandler

from bot.cases import use_cases as cases
from bot.cases.errors import NoSuchCase
from bot.cases.model import CaseId
from bot.surveys import use_cases as surveys
from bot.surveys.errors import NoSuchSurvey, SurveyOver
from bot.surveys.model import SurveyId
from handlers.adding import NEW_IN_PRIVATE, WORDS, Application, add_buttons
from handlers.callback_data.surveys import (
    RatedPressed,
    ReasonPressed,
    RemarkPressed,
    SkipPressed,
    SolvedPressed,
)
from handlers.context import pressed
from handlers.recognizing import InDialogue
from handlers.views.cases import surveys as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.cases.model import Case
    from bot.surveys.model import Survey
    from handlers.context import DeskContext

FLOW = "survey"


def add(application: Application) -> None:
    """Add the presses, and the words of whoever has pressed for a remark."""
    said = NEW_IN_PRIVATE & WORDS
    application.add_handler(MessageHandler(InDialogue(FLOW) & said, take_remark))
    add_buttons(
        application,
        (RatedPressed, rate),
        (ReasonPressed, give_reason),
        (RemarkPressed, ask_for_remark),
        (SkipPressed, skip),
        (SolvedPressed, answer_follow_up),
    )


async def rate(update: Update, context: DeskContext) -> None:
    """Answer a press on one of the five scores."""
    asked = RatedPressed.unpack(pressed(update))
    unit = context.unit
    survey = await surveys.rate(
        unit.tx,
        survey_id=asked.survey,
        citizen_id=unit.citizen.id,
        score=asked.score,
        now=unit.now,
    )
    context.reply(views.rated(context.words, survey))


async def give_reason(update: Update, context: DeskContext) -> None:
    """Answer a press on one of the two reasons."""
    asked = ReasonPressed.unpack(pressed(update))
    unit = context.unit
    survey = await surveys.give_reason(
        unit.tx,
        survey_id=asked.survey,
        citizen_id=unit.citizen.id,
        reason=asked.reason,
        now=unit.now,
    )
    context.reply(views.reasoned(context.words, survey, await _case(context, survey)))


async def ask_for_remark(update: Update, context: DeskContext) -> None:
    """Answer the press of somebody who wants to add something in words."""
    survey = await _asked(context, RemarkPressed.unpack(pressed(update)).survey)
    await context.begin(FLOW, "remark", survey_id=int(survey.id))
    context.reply(views.remark_asked(context.words, survey))


async def take_remark(update: Update, context: DeskContext) -> None:
    """Keep the words; one that is too long may be written again, one too late is let go."""
    message, unit = update.effective_message, context.unit
    assert message is not None
    assert unit.dialogue is not None
    try:
        survey = await surveys.comment(
            unit.tx,
            survey_id=SurveyId(int(str(unit.dialogue.draft["survey_id"]))),
            citizen_id=unit.citizen.id,
            text=message.text or "",
            now=unit.now,
            published_codes=unit.desk.catalogue.codes,
        )
    except (NoSuchSurvey, SurveyOver):
        await context.end_dialogue()
        context.reply(views.no_longer_open(context.words))
        return
    await context.end_dialogue()
    context.reply(views.finished(context.words, survey, await _case(context, survey)))


async def skip(update: Update, context: DeskContext) -> None:
    """Answer the press of somebody who has nothing to add."""
    survey = await _asked(context, SkipPressed.unpack(pressed(update)).survey)
    if context.unit.dialogue is not None and context.unit.dialogue.name == FLOW:
        await context.end_dialogue()
    case = await _case(context, survey)
    context.reply(views.finished(context.words, survey, case, is_page=True))


async def answer_follow_up(update: Update, context: DeskContext) -> None:
    """Answer whether the matter is really solved."""
    asked = SolvedPressed.unpack(pressed(update))
    unit = context.unit
    survey = await surveys.answer_follow_up(
        unit.tx,
        survey_id=asked.survey,
        citizen_id=unit.citizen.id,
        solved=asked.solved,
        now=unit.now,
    )
    case = await _case(context, survey)
    if case is None:
        raise NoSuchCase
    context.reply(views.followed_up(context.words, survey, case))


async def _asked(context: DeskContext, survey_id: SurveyId) -> Survey:
    unit = context.unit
    return await surveys.survey_for(
        unit.tx, survey_id=survey_id, citizen_id=unit.citizen.id, now=unit.now
    )


async def _case(context: DeskContext, survey: Survey) -> Case | None:
    """The case that the question is about, unless it is gone."""
    kind, _colon, id_ = survey.subject.partition(":")
    if kind != "case":
        return None  # A workshop that was attended is over: there is nothing to reopen.
    try:
        dossier = await cases.dossier(context.unit.tx, case_id=CaseId(int(id_)))
    except NoSuchCase:
        return None
    return dossier.case
