"""The workshop, the session or the debt that an officer has at hand: looked up anew each time.

What is of another office is as good as none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchRegistration, NoSuchSession, NoSuchWorkshop
from bot.workshops.model import Actor
from handlers.staff.access import acting_here
from handlers.staff.cases.at_hand import OFFICERS

if TYPE_CHECKING:
    from telegram import Update

    from bot.citizens.model import Role, Staff
    from bot.workshops.model import (
        MakeUp,
        MakeUpId,
        Registration,
        RegistrationId,
        Session,
        SessionId,
        Workshop,
        WorkshopId,
    )
    from handlers.context import DeskContext


async def take_up(
    update: Update,
    context: DeskContext,
    workshop_id: WorkshopId,
    roles: tuple[Role, ...] = OFFICERS,
) -> tuple[Workshop, Staff]:
    """Find a workshop of this admin chat, and who acts on it. Raises NoSuchWorkshop."""
    for staff in (await acting_here(update, context, roles)).values():
        try:
            found = await workshops.workshop(
                context.unit.tx, workshop_id=workshop_id, actor=Actor.staff(staff)
            )
        except NoSuchWorkshop:
            continue
        return found, staff
    raise NoSuchWorkshop


async def take_up_session(
    update: Update, context: DeskContext, session_id: SessionId
) -> tuple[Workshop, Session, Staff]:
    """Find a session of this admin chat, and who acts on it. Raises NoSuchSession."""
    for staff in (await acting_here(update, context, OFFICERS)).values():
        try:
            workshop, found = await workshops.session(
                context.unit.tx, session_id=session_id, actor=Actor.staff(staff)
            )
        except NoSuchSession:
            continue
        return workshop, found, staff
    raise NoSuchSession


async def take_up_debt(
    update: Update,
    context: DeskContext,
    make_up_id: MakeUpId,
    roles: tuple[Role, ...] = OFFICERS,
) -> tuple[Workshop, MakeUp, Staff]:
    """Find what an office of this admin chat owes, and who acts on it. Raises NoSuchSession."""
    for staff in (await acting_here(update, context, roles)).values():
        try:
            workshop, found = await workshops.make_up(
                context.unit.tx, make_up_id=make_up_id, actor=Actor.staff(staff)
            )
        except NoSuchSession:
            continue
        return workshop, found, staff
    raise NoSuchSession


async def take_up_registration(
    update: Update,
    context: DeskContext,
    registration_id: RegistrationId,
    roles: tuple[Role, ...],
) -> tuple[Workshop, Registration, Staff]:
    """Find a registration of this admin chat, and who acts on it. Raises NoSuchRegistration."""
    for staff in (await acting_here(update, context, roles)).values():
        try:
            workshop, found = await workshops.registration(
                context.unit.tx, registration_id=registration_id, actor=Actor.staff(staff)
            )
        except NoSuchRegistration:
            continue
        return workshop, found, staff
    raise NoSuchRegistration
