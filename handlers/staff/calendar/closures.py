"""The calendar in the admin chat: /calendar shows it, /close closes or shortens days.

Nothing is changed before it was previewed and confirmed; see `calendar_changes`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, MessageHandler

from bot.calendar import rules
from bot.calendar import use_cases as calendars
from bot.calendar.model import ClosureDraft, ClosureScope
from bot.kit.jalali import tehran_day
from handlers.adding import NEW_IN_GROUP, WORDS, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.closures import (
    CalendarPressed,
    CloseDayPressed,
    CloseDaysPressed,
    ClosurePressed,
)
from handlers.context import pressed
from handlers.recognizing import About
from handlers.staff.access import OFFICERS, acting, acting_here, staff_action
from handlers.staff.calendar import calendar_changes, calendar_proposals, closing_words, holidays
from handlers.views.office import closures as views

if TYPE_CHECKING:
    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext

_CHOICE_DAYS = 6  # after today
_CLOSURES_AHEAD = timedelta(days=400)


def add(application: Application) -> None:
    """Add the calendar."""
    application.add_handler(CommandHandler("calendar", show_calendar, filters=NEW_IN_GROUP))
    application.add_handler(CommandHandler("close", close, filters=NEW_IN_GROUP))
    reasoning = NEW_IN_GROUP & About(closing_words.SUBJECT) & WORDS
    application.add_handler(MessageHandler(reasoning, close_for_a_reason))
    add_buttons(
        application,
        (CalendarPressed, turn_calendar),
        (CloseDaysPressed, offer_days),
        (CloseDayPressed, ask_for_reason),
        (ClosurePressed, preview_withdrawal),
    )
    holidays.add(application)
    calendar_changes.add(application)


@staff_action(*OFFICERS)
async def show_calendar(update: Update, context: DeskContext) -> None:
    """Answer /calendar with the coming days of the first office of this chat."""
    offices = await acting_here(update, context, OFFICERS)
    await _show(context, next(iter(offices)), list(offices), is_page=False)


@staff_action(*OFFICERS)
async def turn_calendar(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to the calendar of an office."""
    asked = CalendarPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    offices = await acting_here(update, context, OFFICERS)
    await _show(context, asked.office_id, list(offices), is_page=True)


async def _show(
    context: DeskContext, office_id: str, offices: list[str], *, is_page: bool
) -> None:
    unit = context.unit
    today = tehran_day(unit.now)
    until = today + timedelta(days=views.DAYS_AHEAD)
    ahead = views.Ahead(
        await context.calendar(office_id),
        await calendars.holidays_between(unit.tx, first=today, last=until),
        await calendars.closures_of(
            unit.tx, office_id=office_id, first=today, last=today + _CLOSURES_AHEAD
        ),
    )
    others = [_published(context, other) for other in offices if other != office_id]
    context.reply(
        views.coming_days(
            context.words,
            _published(context, office_id),
            ahead,
            unit.now,
            others=others,
            is_page=is_page,
        )
    )


@staff_action(*OFFICERS)
async def close(update: Update, context: DeskContext) -> None:
    """Answer /close: explain it, ask for the reason, or preview what was typed."""
    offices = await acting_here(update, context, OFFICERS)
    message = update.effective_message
    assert message is not None
    typed = (message.text or "").partition(" ")[2].strip()
    office_id, line = closing_words.office_named(typed, context.unit.desk.catalogue.offices)
    if office_id is not None:
        await acting(update, context, office_id, OFFICERS)
    elif len(offices) == 1:
        office_id = next(iter(offices))
    if office_id is None or not line:
        listed = list(offices) if office_id is None else [office_id]
        published = [_published(context, office) for office in listed]
        context.reply(views.close_help(context.words, published))
        return
    today = tehran_day(context.unit.now)
    draft = closing_words.draft_in(line, office_id, today, context.words)
    rules.ensure_changeable(draft.first_on, today)
    if draft.reason:
        await calendar_proposals.propose_closure(context, draft)
    else:
        _prompt(context, draft)


@staff_action(*OFFICERS)
async def offer_days(update: Update, context: DeskContext) -> None:
    """Answer the button that offers to close days of an office."""
    asked = CloseDaysPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    today = tehran_day(context.unit.now)
    calendar = await context.calendar(asked.office_id)
    days = rules.days(calendar, today, today + timedelta(days=_CHOICE_DAYS))
    published = _published(context, asked.office_id)
    context.reply(views.day_choice(context.words, published, days))


@staff_action(*OFFICERS)
async def ask_for_reason(update: Update, context: DeskContext) -> None:
    """Answer the button of a day: it is closed for a reason, which is asked for."""
    asked = CloseDayPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    today = tehran_day(context.unit.now)
    rules.ensure_changeable(asked.on, today)
    if asked.on > today + closing_words.AHEAD_MAX:
        raise StaleButton
    _prompt(context, _closed(asked.office_id, asked.on))


@staff_action(*OFFICERS)
async def close_for_a_reason(update: Update, context: DeskContext) -> None:
    """Preview the closure of a prompt, with the reason that was written in reply to it."""
    message = update.effective_message
    assert message is not None
    draft = closing_words.draft_of(context.unit.subject or "", message.text or "")
    await acting(update, context, draft.office_id, OFFICERS)
    rules.ensure_changeable(draft.first_on, tehran_day(context.unit.now))
    await calendar_proposals.propose_closure(context, draft)


@staff_action(*OFFICERS)
async def preview_withdrawal(update: Update, context: DeskContext) -> None:
    """Answer the button that withdraws a closure, with what that would move."""
    asked = ClosurePressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    await calendar_proposals.propose_withdrawal(context, asked.office_id, asked.closure)


def _prompt(context: DeskContext, draft: ClosureDraft) -> None:
    published = _published(context, draft.office_id)
    reply = views.reason_prompt(context.words, published, draft)
    context.reply(reply, about=closing_words.subject_of(draft))


def _closed(office_id: str, day: date) -> ClosureDraft:
    return ClosureDraft(office_id, ClosureScope.OFFICE, day, day, (), "")


def _published(context: DeskContext, office_id: str) -> OfficeCatalogue:
    return context.unit.desk.catalogue.published_by(office_id)
