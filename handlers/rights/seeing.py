"""Seeing all that is kept of oneself, and having it corrected; in a private chat and nowhere else.

The files are made as they are sent. A message with one is taken back after some hours, by a round
that finds it by what it is about.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.catalogue.model import CaseKind
from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.rights import Right, RightPressed
from handlers.context import pressed
from handlers.keepers import ensure_private
from handlers.rights import erasing
from handlers.views.cases import cases as case_views
from handlers.views.cases.case_draft import FLOW, Draft, Piece
from handlers.views.rights import seeing as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_A_DAY: Final = timedelta(days=1)
_FORMS: Final = {Right.AS_PAGE: views.OWN_PAGE, Right.AS_DATA: views.OWN_JSON}


def add(application: Application) -> None:
    """Add the commands and the buttons."""
    application.add_handler(CommandHandler("mydata", show_data, filters=NEW_IN_PRIVATE))
    application.add_handler(CommandHandler("correct", show_corrections, filters=NEW_IN_PRIVATE))
    add_buttons(application, (RightPressed, answer))


async def show_data(_update: Update, context: DeskContext) -> None:
    """Answer /mydata."""
    context.reply(views.data_page(context.words))


async def show_corrections(_update: Update, context: DeskContext) -> None:
    """Answer /correct."""
    context.reply(views.correcting_page(context.words))


async def answer(update: Update, context: DeskContext) -> None:
    """Answer a button; who presses is whom it is about."""
    asked = RightPressed.unpack(pressed(update)).right
    ensure_private(update)
    right = next((right for right in Right if right == asked), None)
    if right is None:
        raise StaleButton
    if right in _FORMS:
        await _send(context, _FORMS[right])
    elif right is Right.SEE:
        context.reply(views.data_page(context.words, is_page=True))
    elif right is Right.CORRECT:
        context.reply(views.correcting_page(context.words, is_page=True))
    elif right is Right.TELL_STAFF:
        await _begin_case(context)
    elif right is Right.ERASE:
        await erasing.show(context)
    else:
        await erasing.ask_once_more(context)


async def _send(context: DeskContext, form: str) -> None:
    """Send one of the forms, each once a day. Raises SlowDown."""
    unit = context.unit
    await citizens.spend(
        unit.tx, citizen_id=unit.citizen.id, kind=form, most=1, window=_A_DAY, now=unit.now
    )
    reply = views.data_file(context.words, form, unit.citizen.id)
    context.reply(reply, about=views.ABOUT)


async def _begin_case(context: DeskContext) -> None:
    """Begin a case with words that say what it is about; the person adds what is wrong."""
    unit = context.unit
    words = views.words_of_correction(context.words)
    draft = Draft(
        office_id=unit.citizen.office_id, kind=CaseKind.QUESTION, pieces=(Piece(0, words),)
    ).still_true(unit.desk.catalogue)
    dialogue = await context.begin(FLOW, draft.next_step.value, **draft.as_values())
    today = tehran_day(unit.now)
    page = case_views.step_page(context.words, unit.desk.catalogue, dialogue, draft, today)
    context.reply(page)
