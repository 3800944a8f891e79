"""Who takes part in a workshop, and what has happened to it, in the admin chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState
from handlers.adding import Application, add_buttons
from handlers.callback_data.workshop_sessions import LearnersTurned
from handlers.context import pressed
from handlers.staff.access import OFFICERS, names_of, staff_action
from handlers.staff.workshops.workshop_at_hand import take_up
from handlers.views.workshops import workshop_history, workshop_learners

if TYPE_CHECKING:
    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import Workshop
    from handlers.context import DeskContext

_LISTED: Final = (
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
    RegistrationState.COMPLETED,
)


def add(application: Application) -> None:
    """Add the pages of the list."""
    add_buttons(application, (LearnersTurned, turn_list))


@staff_action(*OFFICERS)
async def turn_list(update: Update, context: DeskContext) -> None:
    """Answer a button that turns the list of learners."""
    asked = LearnersTurned.unpack(pressed(update))
    workshop, _staff = await take_up(update, context, asked.workshop)
    await show_list(context, workshop, asked.page_number)


async def show_learners(context: DeskContext, workshop: Workshop, _staff: Staff) -> None:
    """Show who takes part, in the place of the card."""
    await show_list(context, workshop, 0)


async def show_list(
    context: DeskContext, workshop: Workshop, page: int, *, is_removing: bool = False
) -> None:
    """Show a page of the list of who takes part, to be read or to choose from."""
    unit = context.unit
    found = await workshops.registrations_in(unit.tx, workshop_id=workshop.id, states=_LISTED)
    learners = await citizens.find_learners(
        unit.tx, learner_ids={one.learner_id for one in found}, keyring=unit.desk.keyring
    )
    sessions = await workshops.sessions(unit.tx, workshop_id=workshop.id)
    first = min((one.slot.starts_at for one in sessions), default=unit.now)
    reply = workshop_learners.listed(
        context.words,
        workshop,
        found,
        learners,
        national_ids=workshops.masked_national_ids(found, unit.desk.keyring),
        on=tehran_day(first),
        waiting_count=await workshops.waiting_count(unit.tx, workshop_id=workshop.id),
        page=page,
        is_removing=is_removing,
    )
    context.reply(reply, about=f"workshop:{workshop.id}")


async def show_history(context: DeskContext, workshop: Workshop, _staff: Staff) -> None:
    """Show what has happened, in the place of the card."""
    tx = context.unit.tx
    events = await workshops.history_of_workshop(
        tx, workshop_id=workshop.id, limit=workshop_history.EVENTS_SHOWN
    )
    page = workshop_history.history(
        context.words,
        workshop,
        events,
        names=await names_of(context, workshop.office_id),
        sessions=await workshops.sessions(tx, workshop_id=workshop.id),
    )
    context.reply(page, about=f"workshop:{workshop.id}")
