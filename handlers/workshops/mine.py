"""What one has registered: the list, the page of each, its sessions and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler

from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import Entity
from bot.workshops.rules import money
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data.my_workshops import (
    CalendarFilePressed,
    MyHistoryPressed,
    MyRegistrationPressed,
    MySessionsPressed,
    MyWorkshopsPressed,
)
from handlers.context import pressed
from handlers.views.workshops import my_workshops as views
from handlers.views.workshops.calendar_file import calendar_to_make
from handlers.views.workshops.my_sessions import sessions_page
from handlers.workshops import at_hand
from handlers.workshops.showing import sessions_of, show

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_JOURNALS_MAX: Final = 20


def add(application: Application) -> None:
    """Add the command and the buttons."""
    application.add_handler(CommandHandler("myworkshops", show_mine, filters=NEW_IN_PRIVATE))
    add_buttons(
        application,
        (MyWorkshopsPressed, turn_to),
        (MyRegistrationPressed, show_one),
        (MySessionsPressed, show_sessions),
        (MyHistoryPressed, show_history),
        (CalendarFilePressed, send_calendar),
    )


async def show_mine(_update: Update, context: DeskContext) -> None:
    """Answer /myworkshops."""
    await _list(context, None, is_page=False)


async def turn_to(update: Update, context: DeskContext) -> None:
    """Answer the button of the list."""
    asked = MyWorkshopsPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    await _list(context, asked.before_id, is_page=not asked.below)


async def _list(context: DeskContext, before: int | None, *, is_page: bool) -> None:
    unit = context.unit
    found = await workshops.registrations_of(
        unit.tx, payer_id=unit.citizen.id, before=before, limit=views.ON_A_PAGE + 1
    )
    named = await workshops.workshops_named(unit.tx, ids={one.workshop_id for one in found})
    learners = await at_hand.own_learners(context)
    page = views.list_page(
        context.words, found, named, learners, is_first=before is None, is_page=is_page
    )
    context.reply(page)


async def show_one(update: Update, context: DeskContext) -> None:
    """Show a registration of one's own; somebody else's is as good as none."""
    asked = MyRegistrationPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet(context, asked.registration)
    await show(context, sheet, is_page=not asked.below)


async def show_sessions(update: Update, context: DeskContext) -> None:
    """Show the sessions of a registration, who was there, and what is owed for them."""
    asked = MySessionsPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet(context, asked.registration)
    context.reply(sessions_page(await sessions_of(context, sheet), asked.page_number))


async def show_history(update: Update, context: DeskContext) -> None:
    """Tell all that happened to a registration."""
    asked = MyHistoryPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    tx = context.unit.tx
    sheet = await at_hand.own_sheet(context, asked.registration)
    first = sheet.first
    events = await workshops.history(tx, entity=Entity.REGISTRATION, entity_id=first.id)
    if first.waiting_entry_id is not None:
        events += await workshops.history(
            tx, entity=Entity.WAITING_ENTRY, entity_id=first.waiting_entry_id
        )
    journals = await wallet.journals_about(
        tx, reference=money.reference_of(first.id), limit=_JOURNALS_MAX
    )
    context.reply(views.history_page(sheet, events, journals))


async def send_calendar(update: Update, context: DeskContext) -> None:
    """Send the sessions of a registration as a file that a phone puts in its own calendar."""
    asked = CalendarFilePressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet(context, asked.registration)
    file = calendar_to_make(context.words, sheet.workshop, sheet.first.id)
    context.reply(views.calendar_sent(sheet, file))
