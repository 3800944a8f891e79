"""Posters from the admin chat: of the office, of a service, of a workshop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.kit.digits import latin_digits
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchWorkshop
from bot.workshops.model import CLOCK, WorkshopId
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.posters import PosterPressed
from handlers.context import pressed
from handlers.staff.access import OFFICERS, acting, acting_here, staff_action
from handlers.views.papers import posters as views
from handlers.views.workshops.registering_words import title_said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Staff
    from handlers.context import DeskContext

_OFFICE_ITSELF = "-"


def add(application: Application) -> None:
    """Add the command and its buttons."""
    application.add_handler(CommandHandler("poster", offer, filters=NEW_IN_GROUP))
    add_buttons(application, (PosterPressed, send))


@staff_action(*OFFICERS)
async def offer(update: Update, context: DeskContext) -> None:
    """Answer /poster: offer the posters of each office here, or send that of a workshop."""
    offices = await acting_here(update, context, OFFICERS)
    asked = latin_digits("".join((context.args or [])[:1])).lower()
    if asked.startswith("w") and asked[1:].isdecimal():
        await _send_of_workshop(context, offices, asked)
        return
    for office_id in offices:
        context.reply(views.choices(context.words, _published(context, office_id)))


@staff_action(*OFFICERS)
async def send(update: Update, context: DeskContext) -> None:
    """Answer a button: send the poster into this chat."""
    asked = PosterPressed.unpack(pressed(update))
    published = _published(context, asked.office_id)
    await acting(update, context, asked.office_id, OFFICERS)
    matter = "" if asked.matter == _OFFICE_ITSELF else asked.matter
    service = published.service(matter) if matter else None
    if matter and service is None:
        raise StaleButton
    title = views.title_of(context.words, published, service)
    context.reply(views.sent(context.words, published, matter, title))


async def _send_of_workshop(
    context: DeskContext, offices: Mapping[str, Staff], asked: str
) -> None:
    """Send the poster of a workshop that everybody may see. Raises NoSuchWorkshop."""
    number = WorkshopId(number_in(asked[1:]))
    workshop = await workshops.workshop(context.unit.tx, workshop_id=number, actor=CLOCK)
    if workshop.office_id not in offices or workshop.state not in workshops.SHOWN:
        raise NoSuchWorkshop
    published = _published(context, workshop.office_id)
    title = title_said(workshop, context.words)
    context.reply(views.sent(context.words, published, f"w{number}", title))


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    published = context.unit.desk.catalogue.find(office_id)
    if published is None:
        raise StaleButton
    return published
