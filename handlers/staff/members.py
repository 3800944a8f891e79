"""Who belongs to the staff: invitations, the list, and dismissals.

Written in the admin chat or to the desk in private. A link is given in private only: in a group
whoever is quickest would have the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters

from bot.citizens import use_cases as citizens
from bot.citizens.errors import InvitationGone, NotStaff, StaffOnly
from bot.citizens.model import CitizenId, Role
from bot.citizens.rules import INVITATION_LASTS
from bot.messenger.contract import DirectCall
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.members import (
    DismissConfirmed,
    DismissPressed,
    InviteOfficePressed,
    InviteRolePressed,
    StaffPressed,
    WithdrawPressed,
)
from handlers.commands import menu_of_staff
from handlers.context import pressed
from handlers.staff.access import (
    ANYBODY,
    MANAGERS,
    acting_for,
    as_staff,
    is_private,
    offices_of,
    staff_action,
)
from handlers.views.office import members as views

if TYPE_CHECKING:
    from collections.abc import Collection

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from handlers.context import DeskContext

INVITATION = "inv_"  # begins the payload of a deep link


def add(application: Application) -> None:
    """Add the conversations about the staff itself."""
    new = filters.UpdateType.MESSAGE & ~filters.FORWARDED
    where = new & (filters.ChatType.GROUPS | filters.ChatType.PRIVATE)
    for command, answer in (("invite", invite), ("staff", list_staff)):
        application.add_handler(CommandHandler(command, answer, filters=where))
    add_buttons(
        application,
        (InviteOfficePressed, choose_role),
        (InviteRolePressed, make_invitation),
        (WithdrawPressed, withdraw),
        (StaffPressed, turn_staff),
        (DismissPressed, ask_to_dismiss),
        (DismissConfirmed, dismiss),
    )


async def accept(update: Update, context: DeskContext, token: str) -> None:
    """Make whoever followed an invitation's link a member of staff, and tell the admin chat."""
    unit, person = context.unit, update.effective_user
    if update.message is None:
        raise InvitationGone  # a link is opened, and no older message is made into one
    assert person is not None
    before = {(held.office_id, held.role) for held in unit.staff}
    member = await citizens.accept_invitation(
        unit.tx, token=token, citizen_id=unit.citizen.id, name=person.full_name, now=unit.now
    )
    published = unit.desk.catalogue.find(member.office_id)
    if published is None:
        raise InvitationGone
    chat_id = await context.admin_chat(member.office_id)
    context.reply(views.welcome(context.words, published, member, has_desk=chat_id is not None))
    if (member.office_id, member.role) in before:
        return
    roles = {role for _office_id, role in before} | {member.role}
    unit.direct.append(_menu(unit.citizen.id, context.words, roles))
    if chat_id is not None:
        words = unit.desk.words_of(unit.desk.default_language)
        context.tell(chat_id, views.joined(words, published, member))


@staff_action(*MANAGERS)
async def invite(update: Update, context: DeskContext) -> None:
    """Answer /invite with the offices, or with the roles where there is one office."""
    offices = await offices_of(update, context, MANAGERS)
    if len(offices) == 1:
        await _show_roles(context, offices[0], is_page=False)
        return
    context.reply(views.offices_to_choose(context.words, offices, InviteOfficePressed))


@staff_action(*MANAGERS)
async def choose_role(update: Update, context: DeskContext) -> None:
    """Answer an office to invite to with its roles."""
    asked = InviteOfficePressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    await _show_roles(context, published, is_page=True)


@staff_action(*MANAGERS)
async def make_invitation(update: Update, context: DeskContext) -> None:
    """Answer a role with a link to join in it; it goes to the manager alone."""
    asked = InviteRolePressed.unpack(pressed(update))
    role = _role(asked.role)
    published, staff = await acting_for(update, context, asked.office_id, MANAGERS)
    unit = context.unit
    token = await citizens.invite(
        unit.tx, office_id=asked.office_id, role=role, made_by=staff.id, now=unit.now
    )
    until, link = unit.now + INVITATION_LASTS, unit.desk.link(INVITATION + token)
    reply = views.invitation(context.words, published, role, link, until)
    if is_private(context):
        context.reply(reply)
        return
    context.tell(staff.id, reply)
    context.reply(views.invitation_sent_privately(context.words, unit.desk.bot_username))


@staff_action(*MANAGERS)
async def withdraw(update: Update, context: DeskContext) -> None:
    """Let all links of an office that are still out be good for nothing."""
    asked = WithdrawPressed.unpack(pressed(update))
    published, staff = await acting_for(update, context, asked.office_id, MANAGERS)
    count = await citizens.withdraw_invitations(
        context.unit.tx, office_id=asked.office_id, actor=staff, now=context.unit.now
    )
    context.toast(views.invitations_withdrawn(context.words, count))
    await _show_roles(context, published, is_page=True)


@staff_action(*ANYBODY)
async def list_staff(update: Update, context: DeskContext) -> None:
    """Answer /staff with who belongs to the staff of each office here."""
    for published in await offices_of(update, context, ANYBODY):
        await _show_staff(update, context, published, 0, is_page=False)


@staff_action(*ANYBODY)
async def turn_staff(update: Update, context: DeskContext) -> None:
    """Answer a button that turns the page of the list."""
    asked = StaffPressed.unpack(pressed(update))
    published, _staff = await acting_for(update, context, asked.office_id, ANYBODY)
    await _show_staff(update, context, published, number_in(asked.offset), is_page=True)


@staff_action(*MANAGERS)
async def ask_to_dismiss(update: Update, context: DeskContext) -> None:
    """Ask whether a role shall be taken from somebody."""
    asked = DismissPressed.unpack(pressed(update))
    citizen_id, role = CitizenId(number_in(asked.citizen_id)), _role(asked.role)
    published, _staff = await acting_for(update, context, asked.office_id, MANAGERS)
    members = await citizens.staff_of_office(context.unit.tx, office_id=asked.office_id)
    member = next((one for one in members if (one.id, one.role) == (citizen_id, role)), None)
    if member is None:
        raise NotStaff
    context.reply(views.dismissal_to_confirm(context.words, published, member))


@staff_action(*MANAGERS)
async def dismiss(update: Update, context: DeskContext) -> None:
    """Take a role from somebody, and tell them."""
    asked = DismissConfirmed.unpack(pressed(update))
    citizen_id, role = CitizenId(number_in(asked.citizen_id)), _role(asked.role)
    published, staff = await acting_for(update, context, asked.office_id, MANAGERS)
    unit = context.unit
    member = await citizens.dismiss(
        unit.tx,
        citizen_id=citizen_id,
        office_id=asked.office_id,
        role=role,
        actor=staff,
        now=unit.now,
    )
    context.toast(views.dismissed(context.words, member))
    await _show_staff(update, context, published, 0, is_page=True)
    their_words = unit.desk.words_of(unit.desk.default_language)
    context.tell(member.id, views.your_role_ended(their_words, published, member))
    left = {one.role for one in await citizens.roles_of(unit.tx, citizen_id=citizen_id)}
    unit.direct.append(_menu(citizen_id, their_words, left))


def _menu(citizen_id: CitizenId, words: Words, roles: Collection[Role]) -> DirectCall:
    """Fill the menu of somebody's private chat, at best; the next start does it too."""
    return DirectCall("setMyCommands", menu_of_staff(int(citizen_id), words, roles))


async def _show_roles(context: DeskContext, published: OfficeCatalogue, *, is_page: bool) -> None:
    waiting = await citizens.open_invitations(
        context.unit.tx, office_id=published.office.id, now=context.unit.now
    )
    context.reply(views.roles_to_choose(context.words, published, waiting, is_page=is_page))


async def _show_staff(
    update: Update,
    context: DeskContext,
    published: OfficeCatalogue,
    offset: int,
    *,
    is_page: bool,
) -> None:
    office_id = published.office.id
    members = await citizens.staff_of_office(context.unit.tx, office_id=office_id)
    try:
        may_dismiss = as_staff(update, context, office_id, MANAGERS) is not None
    except StaffOnly:
        may_dismiss = False
    start = offset if offset < len(members) else 0
    codes = {}
    if may_dismiss:
        for member in members[start : start + views.MEMBERS_ON_A_PAGE]:
            codes[member.id] = await citizens.person_code(context.unit.tx, citizen_id=member.id)
    reply = views.staff_list(
        context.words, published, members, start, codes=codes, is_page=is_page
    )
    context.reply(reply)


def _role(value: str) -> Role:
    role = next((role for role in Role if role.value == value), None)
    if role is None:
        raise StaleButton
    return role
