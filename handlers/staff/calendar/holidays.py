"""Holidays in the admin chat: a manager moves one when the moon was seen on another evening."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.calendar import use_cases as calendars
from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.jalali import tehran_day
from handlers.adding import Application, add_buttons
from handlers.callback_data.closures import HolidayMovePressed, HolidayPressed, HolidaySurePressed
from handlers.context import pressed
from handlers.staff.access import OFFICERS, acting, staff_action
from handlers.staff.calendar import calendar_proposals
from handlers.views.office import closures as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_LATER = timedelta(days=1)


def add(application: Application) -> None:
    """Add what is pressed at a holiday."""
    add_buttons(
        application,
        (HolidayPressed, show_holiday),
        (HolidaySurePressed, confirm_day),
        (HolidayMovePressed, preview_move),
    )


@staff_action(*OFFICERS)
async def show_holiday(update: Update, context: DeskContext) -> None:
    """Answer the button of a holiday with what moves when it moves."""
    asked = HolidayPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    unit = context.unit
    holiday = await calendars.holiday(unit.tx, asked.holiday)
    moves = await calendars.moves_of(
        unit.tx,
        holiday_id=holiday.id,
        new_day=holiday.day + _LATER,
        today=tehran_day(unit.now),
    )
    dependants = [await calendars.holiday(unit.tx, id_) for id_ in moves if id_ != holiday.id]
    published = unit.desk.catalogue.published_by(asked.office_id)
    context.reply(views.holiday_page(context.words, published, holiday, dependants))


@staff_action(Role.MANAGER)
async def confirm_day(update: Update, context: DeskContext) -> None:
    """Answer "the day is certain": it is no longer marked as estimated."""
    asked = HolidaySurePressed.unpack(pressed(update))
    staff = await acting(update, context, asked.office_id, (Role.MANAGER,))
    unit = context.unit
    today = tehran_day(unit.now)
    before = await calendars.holiday(unit.tx, asked.holiday)
    holiday = await calendars.confirm_holiday(unit.tx, holiday_id=asked.holiday, today=today)
    await citizens.record(
        unit.tx,
        actor=staff,
        action="holiday.confirmed",
        subject=f"holiday:{holiday.id}",
        between=(before.state, holiday.state),
        now=unit.now,
    )
    published = unit.desk.catalogue.published_by(asked.office_id)
    context.reply(views.holiday_page(context.words, published, holiday, []))


@staff_action(Role.MANAGER)
async def preview_move(update: Update, context: DeskContext) -> None:
    """Answer "one day later" or "earlier" with what that would move."""
    asked = HolidayMovePressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, (Role.MANAGER,))
    await calendar_proposals.propose_move(context, asked.office_id, asked.holiday, asked.days)
