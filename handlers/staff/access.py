"""Who may do what at the staff desk, and where: in the admin chat of the office, by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from bot.citizens import use_cases as citizens
from bot.citizens.errors import AnonymousAdmin, NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from handlers.callback_data import StaleButton

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId, Staff
    from handlers.context import DeskContext

OFFICERS: Final = (Role.OFFICER,)  # a manager may do all that an officer may
FINANCE: Final = (Role.FINANCE, Role.MANAGER)
MANAGERS: Final = (Role.MANAGER,)
ANYBODY: Final = tuple(Role)

_Handler = TypeVar("_Handler", bound="Callable[[Update, DeskContext], Awaitable[None]]")


def staff_action(*roles: Role) -> Callable[[_Handler], _Handler]:
    """Say which roles a handler is for; a test demands it of every handler of the staff desk."""
    assert roles

    def declare(handler: _Handler) -> _Handler:
        handler.required_roles = roles  # type: ignore[attr-defined]
        return handler

    return declare


def required_roles(handler: Callable[..., object]) -> tuple[Role, ...]:
    """Read what `staff_action` declared."""
    roles: tuple[Role, ...] = handler.required_roles  # type: ignore[attr-defined]
    return roles


async def acting(
    update: Update, context: DeskContext, office_id: str, roles: tuple[Role, ...]
) -> Staff:
    """Find in which role the person acts for the office, here.

    Raises AnonymousAdmin, StaffOnly, or NotInDeskChat where this is not the office's admin chat.
    """
    staff = as_staff(update, context, office_id, roles)
    if office_id not in await offices_here(context):
        raise NotInDeskChat
    return staff


async def acting_here(
    update: Update, context: DeskContext, roles: tuple[Role, ...]
) -> dict[str, Staff]:
    """Find for which offices of this chat the person may act, and in which role.

    Raises AnonymousAdmin, NotInDeskChat where the chat is nobody's, StaffOnly where they may act
    for none of its offices.
    """
    offices = await offices_here(context)
    if not offices:
        raise NotInDeskChat
    found = {}
    for office_id in offices:
        try:
            found[office_id] = as_staff(update, context, office_id, roles)
        except StaffOnly:
            continue
    if not found:
        raise StaffOnly(roles)
    return found


async def offices_here(context: DeskContext) -> tuple[str, ...]:
    """Name the offices whose admin chat this is, of those that are still in the catalogue."""
    unit = context.unit
    bound = await citizens.offices_of_chat(unit.tx, chat_id=context.place_id)
    return tuple(office_id for office_id in bound if unit.desk.catalogue.find(office_id))


def as_staff(
    update: Update, context: DeskContext, office_id: str, roles: tuple[Role, ...]
) -> Staff:
    """Find in which role the person acts for the office, wherever they are.

    Raises AnonymousAdmin, and StaffOnly.
    """
    message = update.effective_message
    is_press = update.callback_query is not None
    if not is_press and message is not None and message.sender_chat is not None:
        raise AnonymousAdmin
    return citizens.ensure_role(context.unit.staff, office_id, roles)


async def offices_of(
    update: Update, context: DeskContext, roles: tuple[Role, ...]
) -> list[OfficeCatalogue]:
    """List the offices that the person may act for here: of this admin chat, or all in private."""
    if is_private(context):
        return offices_served(update, context, roles)
    here = await acting_here(update, context, roles)
    return [context.unit.desk.catalogue.published_by(office_id) for office_id in here]


def offices_served(
    update: Update, context: DeskContext, roles: tuple[Role, ...]
) -> list[OfficeCatalogue]:
    """List the offices that the person may act for, wherever they are; raises StaffOnly."""
    found = []
    for published in context.unit.desk.catalogue.offices:
        try:
            as_staff(update, context, published.office.id, roles)
        except StaffOnly:
            continue
        found.append(published)
    if not found:
        raise StaffOnly(roles)
    return found


async def acting_for(
    update: Update, context: DeskContext, office_id: str, roles: tuple[Role, ...]
) -> tuple[OfficeCatalogue, Staff]:
    """Find for which office the person acts, in its admin chat or in private."""
    published = context.unit.desk.catalogue.find(office_id)
    if published is None:
        raise StaleButton
    if is_private(context):
        return published, as_staff(update, context, office_id, roles)
    return published, await acting(update, context, office_id, roles)


def is_private(context: DeskContext) -> bool:
    """True where nobody else reads along."""
    return context.place_id > 0


async def names_of(context: DeskContext, office_id: str) -> dict[CitizenId, str]:
    """Name the colleagues of an office; staff of one office see no other's."""
    listed = await citizens.staff_of_office(context.unit.tx, office_id=office_id)
    return {staff.id: staff.name for staff in listed}
