"""Workshops from a sheet: the template goes out, and what comes back is opened by a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler, filters

from bot.workshops import use_cases as workshops
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data.workshop_desk import SheetAsked
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import OFFICERS, acting, staff_action
from handlers.views.workshops import workshop_sheet as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

ASKED: Final = "do:workshop-sheet"


def add(application: Application) -> None:
    """Add the button, and the file that is replied to the template."""
    application.add_handler(
        MessageHandler(NEW_IN_GROUP & About(ASKED) & filters.Document.ALL, receive)
    )
    add_buttons(application, (SheetAsked, send_template))


@staff_action(*OFFICERS)
async def send_template(update: Update, context: DeskContext) -> None:
    """Send the empty sheet; it is written when it is sent."""
    asked = SheetAsked.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    published = context.unit.desk.catalogue.published_by(asked.office_id)
    about = f"{ASKED}:{asked.office_id}"
    context.reply(views.prompt(context.words, published), about=about)


@staff_action(*OFFICERS)
async def receive(update: Update, context: DeskContext) -> None:
    """Note that a sheet came."""
    message = update.effective_message
    assert message is not None
    assert message.document is not None
    office_id = (context.unit.subject or "").rpartition(":")[2]
    staff = await acting(update, context, office_id, OFFICERS)
    unit = context.unit
    await workshops.receive_sheet(
        unit.tx,
        office_id=office_id,
        file_id=message.document.file_id,
        sent_by=staff.id,
        chat_id=message.chat_id,
        message_id=message.message_id,
        now=unit.now,
    )
    context.reply(views.received(context.words))
