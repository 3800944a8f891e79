"""The ways into the flow: a command, a button, an unanswered question, a plain text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.cases.model import CaseKind
from bot.catalogue import use_cases as catalogues
from bot.kit.jalali import tehran_day
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins, CaseFromQuestion
from handlers.context import pressed
from handlers.views.cases import case_asides as asides
from handlers.views.cases import cases as views
from handlers.views.cases.case_draft import FLOW, Draft, Piece, cleaned, kind_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.catalogue.model import AskedQuestion
    from bot.catalogue.search import Entry, Wish
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the command and the buttons that lead here."""
    application.add_handler(CommandHandler("case", begin, filters=NEW_IN_PRIVATE))
    add_buttons(
        application, (CaseBegins, begin_by_button), (CaseFromQuestion, begin_with_question)
    )


async def begin(_update: Update, context: DeskContext) -> None:
    """Answer /case."""
    await _begin(context, _kept(context, Draft(office_id=context.unit.citizen.office_id)))


async def begin_by_button(update: Update, context: DeskContext) -> None:
    """Answer a button that leads here; what it names is not asked again."""
    asked = CaseBegins.unpack(pressed(update))
    catalogue = context.unit.desk.catalogue
    office_id = _named(asked.office_id) or context.unit.citizen.office_id
    draft = Draft(office_id=office_id, service_id=_named(asked.service_id))
    if _named(asked.kind) is not None:
        kind = kind_named(asked.kind, catalogue.find(office_id or ""))
        if kind is None:
            raise StaleButton
        draft = replace(draft, kind=kind)
    if draft.still_true(catalogue) != draft:
        raise StaleButton
    await _begin(context, _kept(context, draft))


async def begin_with_question(update: Update, context: DeskContext) -> None:
    """Answer the button under a question that was not answered: a person shall answer it."""
    asked = CaseFromQuestion.unpack(pressed(update))
    unit = context.unit
    question = await catalogues.asked_question(unit.tx, question_id=number_in(asked.question_id))
    entry = _entry_of(context, question)
    shown_by = None if entry is None else entry.office_id
    draft = Draft(
        office_id=question.office_id or unit.citizen.office_id or shown_by,
        kind=CaseKind.QUESTION,
        pieces=(Piece(0, question.text),),
        question_id=question.id,
    )
    await _begin(context, draft)


async def begin_from_wish(update: Update, context: DeskContext, wish: Wish) -> None:
    """Begin with a text that plainly is a complaint, praise and so on: its words are kept."""
    message = update.effective_message
    assert message is not None
    desk = context.unit.desk
    kind = next(kind for kind in CaseKind if kind == wish.kind)
    draft = Draft(office_id=context.unit.citizen.office_id, kind=kind)
    piece = Piece(message.message_id, cleaned(message.text or ""))
    told = draft.with_text(piece, known=desk.catalogue.codes)
    if told.is_too_long:
        await _begin(context, draft, notes=[asides.too_long_text(context.words, told)])
    else:
        told = replace(told, offered=told.pieces[-1])
        await _begin(context, told, notes=[asides.understood(context.words, kind)])


def _entry_of(context: DeskContext, question: AskedQuestion) -> Entry | None:
    """Find what was shown for a question: it was about that office, though it did not answer."""
    entries = context.unit.desk.answerer.entries
    return next((entry for entry in entries if entry.id == question.entry_id), None)


def _named(value: str) -> str | None:
    return None if value == NOT_CHOSEN else value


def _kept(context: DeskContext, draft: Draft) -> Draft:
    """Take over what the person has written already and not sent."""
    dialogue = context.unit.dialogue
    if dialogue is None or dialogue.name != FLOW:
        return draft
    before = Draft.of(dialogue, context.unit.desk.catalogue)
    return replace(draft, pieces=before.pieces, is_masked=before.is_masked)


async def _begin(context: DeskContext, draft: Draft, notes: Sequence[str] = ()) -> None:
    catalogue = context.unit.desk.catalogue
    draft = draft.still_true(catalogue)
    dialogue = await context.begin(FLOW, draft.next_step.value, **draft.as_values())
    today = tehran_day(context.unit.now)
    page = views.step_page(context.words, catalogue, dialogue, draft, today, notes=notes)
    context.reply(page)
