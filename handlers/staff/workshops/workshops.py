"""Workshops in the admin chat: the list, the card, and what its buttons do.

A card stays in the chat for years: each press looks the workshop up anew, and the rules of the
room say what can still be done, and by whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.workshops import use_cases as workshops
from bot.workshops.model import Actor, RegistrationState, WorkshopState
from bot.workshops.rules import states
from handlers.adding import NEW_IN_GROUP, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.workshop_desk import (
    DeskAct,
    DeskWorkshopPressed,
    DeskWorkshopsPressed,
)
from handlers.context import pressed
from handlers.staff.access import OFFICERS, acting, acting_here, staff_action
from handlers.staff.workshops import workshop_telling as telling
from handlers.staff.workshops.announcements import ask_announcement
from handlers.staff.workshops.workshop_at_hand import take_up
from handlers.staff.workshops.workshop_people import show_history, show_learners
from handlers.staff.workshops.workshop_sessions import show_sessions
from handlers.views.workshops import workshop_desk as views
from handlers.views.workshops import workshop_form as forms
from handlers.views.workshops.workshop_acts import STEPS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import Workshop
    from handlers.context import DeskContext

    Act = Callable[[DeskContext, Workshop, Staff], Awaitable[None]]

PROMPT = "do:workshop"
_EVERY = tuple(state for state in WorkshopState if state is not WorkshopState.DELETED)


def add(application: Application) -> None:
    """Add the command and the buttons."""
    application.add_handler(CommandHandler("workshops", list_workshops, filters=NEW_IN_GROUP))
    add_buttons(application, (DeskWorkshopsPressed, turn_list), (DeskWorkshopPressed, act))


@staff_action(*OFFICERS)
async def list_workshops(update: Update, context: DeskContext) -> None:
    """Answer /workshops with the workshops of every office of this chat."""
    offices = await acting_here(update, context, OFFICERS)
    await _list(context, tuple(offices), before=0, is_page=False)


@staff_action(*OFFICERS)
async def turn_list(update: Update, context: DeskContext) -> None:
    """Answer a button that leads to the list."""
    asked = DeskWorkshopsPressed.unpack(pressed(update))
    await acting(update, context, asked.office_id, OFFICERS)
    await _list(context, (asked.office_id,), before=asked.before_id, is_page=True)


async def _list(
    context: DeskContext, offices: tuple[str, ...], *, before: int, is_page: bool
) -> None:
    unit = context.unit
    found = [
        (
            unit.desk.catalogue.published_by(office_id),
            await workshops.workshops(
                unit.tx,
                office_id=office_id,
                states=_EVERY,
                before=before,
                limit=views.WORKSHOPS_ON_A_PAGE + 1,
            ),
        )
        for office_id in offices
    ]
    context.reply(views.listed(context.words, found, is_page=is_page), about="workshops:0")


@staff_action(*OFFICERS)
async def act(update: Update, context: DeskContext) -> None:
    """Do what a button under a card says, or ask for what it needs."""
    asked = DeskWorkshopPressed.unpack(pressed(update))
    verb = next((one for one in DeskAct if one == asked.act), None)
    if verb is None:
        raise StaleButton
    workshop, staff = await take_up(update, context, asked.workshop)
    if verb in STEPS:
        states.WORKSHOP.after(workshop.state, STEPS[verb], Actor.staff(staff))
    if verb in _ASKED and asked.step != "y":
        counts = await workshops.counts(context.unit.tx, workshop_id=workshop.id)
        confirmed = counts.get(RegistrationState.CONFIRMED, 0)
        context.reply(views.asked(context.words, workshop, verb, counts=confirmed))
    elif verb in _PROMPTED:
        await ask(context, workshop, verb)
    elif verb in _ACTS:
        await _ACTS[verb](context, workshop, staff)
    else:
        raise StaleButton


async def show(context: DeskContext, workshop: Workshop, staff: Staff) -> None:
    """Show the card of a workshop as it stands."""
    await show_card(context, workshop, staff, is_page=True)


async def show_card(
    context: DeskContext, workshop: Workshop, staff: Staff, *, head: str = "", is_page: bool
) -> None:
    """Show the card, in the place of a page or below, under what is to be said first."""
    unit = context.unit
    found = await workshops.workshop(unit.tx, workshop_id=workshop.id, actor=Actor.staff(staff))
    lacks = await workshops.lacks_of(
        unit.tx, of=found, calendar=await context.calendar(found.office_id), now=unit.now
    )
    page = views.card(
        context.words,
        found,
        await workshops.sessions(unit.tx, workshop_id=found.id),
        await workshops.counts(unit.tx, workshop_id=found.id),
        lacks,
        head=head,
        is_page=is_page,
    )
    context.reply(page, about=f"workshop:{found.id}")


async def ask(context: DeskContext, workshop: Workshop, verb: DeskAct) -> None:
    """Ask for words, in a message that is replied to."""
    words = context.words
    if verb is DeskAct.EDIT:
        page = forms.edit_prompt(words, workshop)
    elif verb is DeskAct.PLAN:
        page = views.plan_prompt(words, workshop, forms.plan_lines(words))
    else:
        page = views.prompt(words, workshop, verb)
    context.reply(page, about=f"{PROMPT}:{verb.value}:{workshop.id}")


async def _publish(context: DeskContext, workshop: Workshop, staff: Staff) -> None:
    unit = context.unit
    calendar = await context.calendar(workshop.office_id)
    await workshops.publish(
        unit.tx, workshop_id=workshop.id, calendar=calendar, actor=staff, now=unit.now
    )
    await show(context, workshop, staff)


async def _delete(context: DeskContext, workshop: Workshop, staff: Staff) -> None:
    unit = context.unit
    await workshops.delete(unit.tx, workshop_id=workshop.id, actor=staff, now=unit.now)
    await _list(context, (workshop.office_id,), before=0, is_page=True)


async def _resume(context: DeskContext, workshop: Workshop, staff: Staff) -> None:
    unit = context.unit
    calendar = await context.calendar(workshop.office_id)
    resumed, promotions = await workshops.resume(
        unit.tx,
        workshop_id=workshop.id,
        actor=staff,
        calendar=calendar,
        policy=context.policy_of(workshop.office_id),
        now=unit.now,
    )
    await telling.tell_promoted(context, resumed, promotions)
    await show(context, workshop, staff)


async def _run_anyway(context: DeskContext, workshop: Workshop, staff: Staff) -> None:
    unit = context.unit
    certain = await workshops.run_anyway(
        unit.tx, workshop_id=workshop.id, actor=staff, now=unit.now
    )
    await telling.tell_confirmed(context, certain)
    await show(context, workshop, staff)


async def _fail(context: DeskContext, workshop: Workshop, staff: Staff) -> None:
    unit = context.unit
    failed, credited = await workshops.fail_quorum(
        unit.tx, workshop_id=workshop.id, actor=staff, now=unit.now
    )
    await telling.tell_failed(context, failed, credited)
    await show(context, workshop, staff)


_PROMPTED = (
    DeskAct.EDIT,
    DeskAct.TERMS,
    DeskAct.PLAN,
    DeskAct.PAUSE,
    DeskAct.EXTEND,
    DeskAct.CANCEL,
)
_ASKED = (DeskAct.PUBLISH, DeskAct.DELETE, DeskAct.RUN_ANYWAY, DeskAct.FAIL)
_ACTS: dict[DeskAct, Act] = {
    DeskAct.CARD: show,
    DeskAct.PUBLISH: _publish,
    DeskAct.DELETE: _delete,
    DeskAct.RESUME: _resume,
    DeskAct.RUN_ANYWAY: _run_anyway,
    DeskAct.FAIL: _fail,
    DeskAct.SESSIONS: show_sessions,
    DeskAct.LEARNERS: show_learners,
    DeskAct.ANNOUNCE: ask_announcement,
    DeskAct.HISTORY: show_history,
}
