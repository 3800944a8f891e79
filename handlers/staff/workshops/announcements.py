"""Announcing something to all who take part in a workshop: written, looked at, then sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import MessageHandler

from bot.citizens import use_cases as citizens
from bot.workshops.model import WorkshopId
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.workshop_sessions import AnnouncementPressed
from handlers.context import pressed
from handlers.recognizing import About
from handlers.reply import utf16_units
from handlers.staff.access import OFFICERS, staff_action
from handlers.staff.workshops.workshop_at_hand import take_up
from handlers.staff.workshops.workshop_telling import registered_in, tell
from handlers.views.common import said
from handlers.views.workshops import announcements as views
from handlers.views.workshops.workshop_notices import announced

if TYPE_CHECKING:
    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import Workshop
    from handlers.context import DeskContext
    from handlers.reply import Reply
    from handlers.views.workshops.workshop_notices import Told

SUBJECT: Final = "do:announce"
FLOW: Final = "announce"


def add(application: Application) -> None:
    """Add the words, and the buttons under the preview."""
    written = NEW_IN_GROUP & WORDS
    application.add_handler(MessageHandler(written & About(SUBJECT), preview))
    add_buttons(application, (AnnouncementPressed, decide))


async def ask_announcement(context: DeskContext, workshop: Workshop, _staff: Staff) -> None:
    """Ask for the words."""
    context.reply(views.prompt(context.words, workshop), about=f"{SUBJECT}:{workshop.id}")


@staff_action(*OFFICERS)
async def preview(update: Update, context: DeskContext) -> None:
    """Show the words as they will be read; nothing is sent yet."""
    number = (context.unit.subject or "").rpartition(":")[2]
    workshop, _staff = await take_up(update, context, WorkshopId(number_in(number)))
    message = update.effective_message
    assert message is not None
    text = (message.text or "").strip()
    if utf16_units(text) > views.ANNOUNCEMENT_UNITS_MAX:
        note = views.too_long(context.words)
        prompt = views.prompt(context.words, workshop, note=note)
        context.reply(prompt, about=f"{SUBJECT}:{workshop.id}")
        return
    families = {one.payer_id for one in await registered_in(context, workshop)}
    talk = await context.begin(FLOW, "confirm", workshop_id=int(workshop.id), text=text)
    page = views.preview(context.words, workshop, text, len(families), talk.token)
    context.reply(page, about=f"workshop:{workshop.id}")


@staff_action(*OFFICERS)
async def decide(update: Update, context: DeskContext) -> None:
    """Send what was shown, or leave it; only whoever wrote it can, and once."""
    asked = AnnouncementPressed.unpack(pressed(update))
    talk = context.unit.dialogue
    if talk is None or talk.name != FLOW or talk.token != asked.token:
        raise StaleButton
    workshop_id = WorkshopId(int(str(talk.draft["workshop_id"])))
    workshop, staff = await take_up(update, context, workshop_id)
    await context.end_dialogue()
    if not asked.is_sent:
        context.reply(views.left(context.words))
        return
    text = str(talk.draft["text"])
    count = await _send(context, workshop, text, once=f"announced:{talk.token}")
    await citizens.record(
        context.unit.tx,
        actor=staff,
        action="workshop.announced",
        subject=f"workshop:{workshop.id}",
        note=str(count),
        now=context.unit.now,
    )
    context.reply(
        views.sent(context.words, workshop, text, count), about=f"workshop:{workshop.id}"
    )


async def _send(context: DeskContext, workshop: Workshop, text: str, *, once: str) -> int:
    office = context.unit.desk.catalogue.published_by(workshop.office_id).office

    def write(told: Told) -> Reply:
        return announced(told, said(office.short_name, told.words), text)

    people = await registered_in(context, workshop)
    return await tell(context, workshop, people, write, once=once)
