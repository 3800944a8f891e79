"""What people are told unasked: the list, and ending each with one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.citizens import use_cases as citizens
from bot.citizens.model import Notice
from bot.workshops import use_cases as workshops
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.notices import NoticePressed
from handlers.context import pressed
from handlers.keepers import ensure_private
from handlers.views import notices as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_VERBS = (views.ON, views.OFF, views.OFF_BELOW)


def add(application: Application) -> None:
    """Add the command and the buttons."""
    application.add_handler(CommandHandler("notices", show, filters=NEW_IN_PRIVATE))
    add_buttons(application, (NoticePressed, answer))


async def show(_update: Update, context: DeskContext) -> None:
    """Answer /notices."""
    await _list(context, is_page=False)


async def answer(update: Update, context: DeskContext) -> None:
    """Answer a button: list, end, or begin again."""
    asked = NoticePressed.unpack(pressed(update))
    ensure_private(update)
    if asked.notice == "-":
        await _list(context, is_page=True)
        return
    notice = next((one for one in Notice if one == asked.notice), None)
    if notice is None or asked.verb not in _VERBS:
        raise StaleButton
    unit = context.unit
    is_wanted = asked.verb == views.ON
    unit.citizen = await citizens.mute(
        unit.tx, citizen=unit.citizen, notice=notice, is_wanted=is_wanted, now=unit.now
    )
    if asked.verb == views.OFF_BELOW:
        context.reply(views.muted_below(context.words, notice))
    else:
        await _list(context, is_page=True)


async def _list(context: DeskContext, *, is_page: bool) -> None:
    unit = context.unit
    subscriptions = await workshops.subscriptions_of(unit.tx, citizen_id=unit.citizen.id)
    page = views.page(context.words, unit.citizen.muted, len(subscriptions), is_page=is_page)
    context.reply(page)
