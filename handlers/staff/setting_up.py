"""The way of a manager from a bot that knows nobody to an office that serves people.

Nothing is kept of how far somebody is: each look at the list asks the records what is there, so
that it can be left and taken up again at any time, and by another manager.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.calendar import use_cases as calendars
from bot.cases import use_cases as cases
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.jalali import tehran_day
from handlers.adding import Application, add_buttons
from handlers.callback_data.setting_up import (
    SetupGroupPressed,
    SetupHoursConfirmed,
    SetupHoursPressed,
    SetupPressed,
)
from handlers.context import pressed
from handlers.staff.access import MANAGERS, acting_for, offices_of, staff_action
from handlers.views.office import setting_up as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext

_HOLIDAYS_AHEAD = timedelta(days=120)
_EVER = timedelta(days=36_500)


def add(application: Application) -> None:
    """Add the list, and what its buttons lead to."""
    new = filters.UpdateType.MESSAGE & ~filters.FORWARDED
    where = new & (filters.ChatType.GROUPS | filters.ChatType.PRIVATE)
    application.add_handler(CommandHandler("setup", show_setup, filters=where))
    add_buttons(
        application,
        (SetupPressed, turn_setup),
        (SetupGroupPressed, explain_group),
        (SetupHoursPressed, show_hours),
        (SetupHoursConfirmed, confirm_hours),
    )


@staff_action(*MANAGERS)
async def show_setup(update: Update, context: DeskContext) -> None:
    """Answer /setup with the list of the office, or ask for which of several it is."""
    offices = await offices_of(update, context, MANAGERS)
    if len(offices) == 1:
        await _show(context, offices[0], is_page=False)
        return
    context.reply(views.offices_to_set_up(context.words, offices))


@staff_action(*MANAGERS)
async def turn_setup(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to the list of an office."""
    asked = SetupPressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    await _show(context, published, is_page=True)


@staff_action(*MANAGERS)
async def explain_group(update: Update, context: DeskContext) -> None:
    """Say step by step how a group becomes the admin chat."""
    asked = SetupGroupPressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    context.reply(views.how_to_bind(context.words, published, context.unit.desk.bot_username))


@staff_action(*MANAGERS)
async def show_hours(update: Update, context: DeskContext) -> None:
    """Show the hours and holidays that promises are reckoned by."""
    asked = SetupHoursPressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    today = tehran_day(context.unit.now)
    holidays = await calendars.holidays_between(
        context.unit.tx, first=today, last=today + _HOLIDAYS_AHEAD
    )
    context.reply(views.hours_to_confirm(context.words, published, holidays, today))


@staff_action(*MANAGERS)
async def confirm_hours(update: Update, context: DeskContext) -> None:
    """Take the hours for looked over, and go on with the list."""
    asked = SetupHoursConfirmed.unpack(pressed(update))
    published, staff = await acting_for(update, context, asked.office_id, MANAGERS)
    hours = _hours_kept(context, published)
    await citizens.confirm_hours(context.unit.tx, actor=staff, hours=hours, now=context.unit.now)
    await _show(context, published, is_page=True)


async def _show(context: DeskContext, published: OfficeCatalogue, *, is_page: bool) -> None:
    progress = await _progress(context, published)
    is_private = context.place_id > 0
    context.reply(
        views.checklist(context.words, published, progress, is_private=is_private, is_page=is_page)
    )


async def _progress(context: DeskContext, published: OfficeCatalogue) -> views.Progress:
    unit, office_id = context.unit, published.office.id
    staff = await citizens.staff_of_office(unit.tx, office_id=office_id)
    registered = await cases.registered_by_kind(
        unit.tx, office_id=office_id, since=unit.now - _EVER, until=unit.now + timedelta(days=1)
    )
    return views.Progress(
        has_desk=await context.admin_chat(office_id) is not None,
        officer_count=sum(member.role is Role.OFFICER for member in staff),
        finance_count=sum(member.role is Role.FINANCE for member in staff),
        needs_finance=published.desk.wallet is not None,
        are_hours_right=await citizens.are_hours_confirmed(
            unit.tx, office_id=office_id, hours=_hours_kept(context, published)
        ),
        has_case=any(registered.values()),
    )


def _hours_kept(context: DeskContext, published: OfficeCatalogue) -> str:
    """Say the hours as they are written down, in one language whoever reads them."""
    desk = context.unit.desk
    today = tehran_day(context.unit.now)
    return "; ".join(views.hours_lines(desk.words_of(desk.default_language), published, today))
