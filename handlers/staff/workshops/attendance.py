"""Who was at a session: noted by taps in the admin chat while it goes on, and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.kit.jalali import tehran_day
from bot.workshops import use_cases as workshops
from bot.workshops.model import Presence, RegistrationState
from handlers.adding import Application, add_buttons
from handlers.callback_data import number_in
from handlers.callback_data.workshop_sessions import PresencePressed
from handlers.context import pressed
from handlers.staff.access import OFFICERS, staff_action
from handlers.staff.workshops.workshop_at_hand import take_up_session
from handlers.views.workshops import attendance as views
from handlers.views.workshops.workshop_sessions import SURELY

if TYPE_CHECKING:
    from telegram import Update

    from bot.citizens.model import Staff
    from bot.workshops.model import Registration, Session, Workshop
    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the lines of the list."""
    add_buttons(application, (PresencePressed, note))


@staff_action(*OFFICERS)
async def note(update: Update, context: DeskContext) -> None:
    """Write down of one learner what was tapped; a second press of the same changes nothing."""
    asked = PresencePressed.unpack(pressed(update))
    workshop, session, staff = await take_up_session(update, context, asked.session)
    unit = context.unit
    await workshops.note_attendance(
        unit.tx,
        session_id=session.id,
        presences={asked.registration: asked.presence},
        actor=staff,
        now=unit.now,
    )
    await _show(context, workshop, session, asked.page_number)


async def show(
    context: DeskContext, workshop: Workshop, session: Session, _staff: Staff, step: str
) -> None:
    """Show the list from a page on."""
    await _show(context, workshop, session, number_in(step))


async def note_all_others(
    context: DeskContext, workshop: Workshop, session: Session, staff: Staff, step: str
) -> None:
    """Write down that all of whom nothing was said were present."""
    sheet = await _sheet(context, workshop, session)
    others = [one.id for one in sheet.registrations if one.id not in sheet.presences]
    await workshops.note_attendance(
        context.unit.tx,
        session_id=session.id,
        presences=dict.fromkeys(others, Presence.PRESENT),
        actor=staff,
        now=context.unit.now,
    )
    await _show(context, workshop, session, number_in(step))


async def settle(
    context: DeskContext, workshop: Workshop, session: Session, staff: Staff, step: str
) -> None:
    """Close the list, once somebody is sure."""
    if step != SURELY:
        sheet = await _sheet(context, workshop, session)
        context.reply(views.settle_asked(context.words, sheet))
        return
    settled = await workshops.settle_session(
        context.unit.tx, session_id=session.id, actor=staff, now=context.unit.now
    )
    await _show(context, workshop, settled, 0)


async def _show(context: DeskContext, workshop: Workshop, session: Session, page: int) -> None:
    sheet = await _sheet(context, workshop, session)
    reply = views.page(context.words, sheet, page)
    context.reply(reply, about=f"workshop:{workshop.id}")


async def _sheet(context: DeskContext, workshop: Workshop, session: Session) -> views.Sheet:
    unit = context.unit
    people = await _people(context, session)
    learners = await citizens.find_learners(
        unit.tx, learner_ids={one.learner_id for one in people}, keyring=unit.desk.keyring
    )
    noted = await workshops.attendance(unit.tx, session_id=session.id)
    checks = await workshops.checks_before(unit.tx, session_id=session.id)
    return views.Sheet(
        workshop,
        session,
        people,
        learners,
        {one.registration_id: one.presence for one in noted},
        {one.registration_id for one in checks if not one.is_ready},
        tehran_day(session.slot.starts_at),
    )


async def _people(context: DeskContext, session: Session) -> list[Registration]:
    """List for whom a session is, or was, in a workshop that is completed."""
    tx = context.unit.tx
    completed = await workshops.registrations_in(
        tx, workshop_id=session.workshop_id, states=[RegistrationState.COMPLETED]
    )
    return completed or await workshops.participants(tx, of=session)
