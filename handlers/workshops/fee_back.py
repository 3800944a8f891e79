"""Asking for the fee of a workshop that the office cancelled, instead of the make-up classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.jalali import tehran_day
from bot.workshops.model import RegistrationState
from handlers.adding import Application, add_buttons
from handlers.callback_data.my_workshops import CreditAsked
from handlers.callback_data.registering import SURELY
from handlers.context import pressed
from handlers.views.workshops import workshop_credit as views
from handlers.views.workshops.leaving import not_there_any_more
from handlers.views.workshops.my_registration import is_owed
from handlers.workshops import at_hand
from handlers.workshops.showing import show

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet


def add(application: Application) -> None:
    """Add the button."""
    add_buttons(application, (CreditAsked, ask))


async def ask(update: Update, context: DeskContext) -> None:
    """Ask whether a manager shall be asked, and then ask them, once a day at most."""
    asked = CreditAsked.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet(context, asked.registration)
    first = sheet.first
    is_theirs = first.state is RegistrationState.CONFIRMED and first.fee_rial > 0
    if not (is_theirs and is_owed(sheet.workshop)):
        await show(context, sheet, note=not_there_any_more(context.words))
    elif asked.step != SURELY:
        context.reply(views.asked(sheet))
    elif await context.admin_chat(sheet.published.office.id) is None:
        context.reply(views.nobody_asked(sheet))
    else:
        await _ask_office(context, sheet)
        context.reply(views.sent(sheet))


async def _ask_office(context: DeskContext, sheet: Sheet) -> None:
    desk, first = context.unit.desk, sheet.first
    card = views.card(
        desk.words_of(desk.default_language),
        sheet.published,
        sheet.workshop,
        first,
        sheet.learners.get(first.learner_id),
    )
    day = tehran_day(context.unit.now)
    await context.tell_office(
        sheet.published.office.id,
        card,
        about=f"workshop:{sheet.workshop.id}",
        once=f"fee-back:{first.id}:{day}",
    )
