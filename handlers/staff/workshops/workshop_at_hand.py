"""The workshop, the session or the debt that an officer has at hand: looked up anew each time.

What is of another office is as good as none.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchRegistration, NoSuchSession, NoSuchWorkshop
from bot.workshops.model import Actor
from handlers.staff.access import MANAGERS, OFFICERS, acting_here

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from telegram import Update

    from bot.citizens.model import Role, Staff
    from bot.kit.errors import DeskError
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

_Found = TypeVar("_Found")


async def take_up(
    update: Update,
    context: DeskContext,
    workshop_id: WorkshopId,
    roles: tuple[Role, ...] = OFFICERS,
) -> tuple[Workshop, Staff]:
    """Find a workshop of this admin chat, and who acts on it. Raises NoSuchWorkshop."""
    find = partial(workshops.workshop, context.unit.tx, workshop_id=workshop_id)
    return await _of_one_office(await acting_here(update, context, roles), find, NoSuchWorkshop)


async def take_up_session(
    update: Update, context: DeskContext, session_id: SessionId
) -> tuple[Workshop, Session, Staff]:
    """Find a session of this admin chat, and who acts on it. Raises NoSuchSession."""
    find = partial(workshops.session, context.unit.tx, session_id=session_id)
    offices = await acting_here(update, context, OFFICERS)
    (workshop, session), staff = await _of_one_office(offices, find, NoSuchSession)
    return workshop, session, staff


async def take_up_debt(
    update: Update,
    context: DeskContext,
    make_up_id: MakeUpId,
    roles: tuple[Role, ...] = OFFICERS,
) -> tuple[Workshop, MakeUp, Staff]:
    """Find what an office of this admin chat owes, and who acts on it. Raises NoSuchSession."""
    find = partial(workshops.make_up, context.unit.tx, make_up_id=make_up_id)
    offices = await acting_here(update, context, roles)
    (workshop, debt), staff = await _of_one_office(offices, find, NoSuchSession)
    return workshop, debt, staff


async def take_up_registration(
    update: Update,
    context: DeskContext,
    registration_id: RegistrationId,
    roles: tuple[Role, ...] = MANAGERS,
) -> tuple[Workshop, Registration, Staff]:
    """Find a registration of this admin chat, and who acts on it. Raises NoSuchRegistration."""
    find = partial(workshops.registration, context.unit.tx, registration_id=registration_id)
    offices = await acting_here(update, context, roles)
    (workshop, place), staff = await _of_one_office(offices, find, NoSuchRegistration)
    return workshop, place, staff


async def _of_one_office(
    offices: Mapping[str, Staff], find: Callable[..., Awaitable[_Found]], missing: type[DeskError]
) -> tuple[_Found, Staff]:
    """Look as each of the offices in turn; raises `missing` where none of them has it."""
    for staff in offices.values():
        try:
            return await find(actor=Actor.staff(staff)), staff
        except missing:
            continue
    raise missing
