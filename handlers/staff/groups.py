"""The groups that desks are in: which is whose, who let the desk in, and where they move to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import ChatMember
from telegram.ext import (
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.citizens import use_cases as citizens
from bot.citizens.errors import NoSuchOffice
from bot.citizens.model import Role
from bot.kit.text import normalise
from bot.outbox import use_cases as outbox
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.members import DeskPressed
from handlers.commands import menu_of_desk
from handlers.context import pressed
from handlers.staff.access import MANAGERS, as_staff, offices_here, offices_served, staff_action
from handlers.views.office import groups as views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext

_INSIDE = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED}


def add(application: Application) -> None:
    """Add what is said and done about a group as such."""
    new = filters.UpdateType.MESSAGE & ~filters.FORWARDED
    groups = new & filters.ChatType.GROUPS
    application.add_handler(CommandHandler("desk", bind, filters=groups))
    application.add_handler(
        CommandHandler("desk", explain_desk, filters=new & filters.ChatType.PRIVATE)
    )
    add_buttons(application, (DeskPressed, choose_desk))
    moves = filters.StatusUpdate.MIGRATE & filters.UpdateType.MESSAGE & filters.ChatType.GROUPS
    application.add_handler(MessageHandler(moves, follow_move))
    mine = ChatMemberHandler.MY_CHAT_MEMBER
    application.add_handler(ChatMemberHandler(note_membership, mine))


@staff_action(*MANAGERS)
async def explain_desk(update: Update, context: DeskContext) -> None:
    """Answer /desk in private: it is written in a group."""
    offices_served(update, context, MANAGERS)
    context.reply(views.desk_needs_group(context.words))


@staff_action(*MANAGERS)
async def bind(update: Update, context: DeskContext) -> None:
    """Make this group the desk of the office that is named, or of the only one there is."""
    offices = offices_served(update, context, MANAGERS)
    typed = " ".join(context.args or [])
    if typed:
        await _bind(update, context, _named(typed, context.unit.desk.catalogue.offices))
    elif len(offices) == 1:
        await _bind(update, context, offices[0])
    else:
        context.reply(views.desk_to_choose(context.words, offices))


@staff_action(*MANAGERS)
async def choose_desk(update: Update, context: DeskContext) -> None:
    """Make this group the desk of the office that was chosen."""
    asked = DeskPressed.unpack(pressed(update))
    published = context.unit.desk.catalogue.find(asked.office_id)
    if published is None:
        raise StaleButton
    if context.place_id > 0:
        context.reply(views.desk_needs_group(context.words))
        return
    await _bind(update, context, published)


async def _bind(update: Update, context: DeskContext, published: OfficeCatalogue) -> None:
    unit, office_id = context.unit, published.office.id
    staff = as_staff(update, context, office_id, MANAGERS)
    if office_id in await offices_here(context):
        context.reply(views.desk_was_bound(context.words, published))
        return
    before = await citizens.bind_admin_chat(
        unit.tx, office_id=office_id, chat_id=context.place_id, actor=staff, now=unit.now
    )
    context.reply(views.desk_bound(context.words, published))
    unit.messages.append(menu_of_desk(context.place_id, context.words))
    if before is not None:
        words = unit.desk.words_of(unit.desk.default_language)
        context.tell(before, views.desk_moved_away(words, published))


def _named(typed: str, offices: Sequence[OfficeCatalogue]) -> OfficeCatalogue:
    """Find the office that somebody names, by its id or its name in any language."""
    wanted = normalise(typed)
    for published in offices:
        if wanted in map(normalise, published.office.names):
            return published
    raise NoSuchOffice(typed)


async def follow_move(update: Update, context: DeskContext) -> None:
    """Follow a group that became a supergroup, whichever of its two numbers says so first."""
    message = update.effective_message
    assert message is not None
    old, new = message.chat_id, message.migrate_to_chat_id
    if new is None:
        old, new = message.migrate_from_chat_id or message.chat_id, message.chat_id
    unit = context.unit
    await outbox.follow_move(unit.tx, old_chat_id=old, new_chat_id=new, now=unit.now)
    await citizens.follow_moved_chat(unit.tx, old_chat_id=old, new_chat_id=new)


async def note_membership(update: Update, context: DeskContext) -> None:
    """Greet a group that a manager let the desk into; tell managers when it was put out."""
    changed = update.my_chat_member
    assert changed is not None
    if changed.chat.type not in {changed.chat.GROUP, changed.chat.SUPERGROUP}:
        return
    was, is_now = (
        member.status in _INSIDE for member in (changed.old_chat_member, changed.new_chat_member)
    )
    catalogue = context.unit.desk.catalogue
    managed = {held.office_id for held in context.unit.staff if held.role is Role.MANAGER}
    if is_now and not was and managed:
        offices = [one for one in catalogue.offices if one.office.id in managed]
        context.reply(views.added_to_group(context.words, offices))
    if was and not is_now:
        await _tell_managers(context)


async def _tell_managers(context: DeskContext) -> None:
    unit = context.unit
    offices = await offices_here(context)
    managers = {
        member.id
        for office_id in offices
        for member in await citizens.staff_of_office(unit.tx, office_id=office_id)
        if member.role is Role.MANAGER
    }
    published = [unit.desk.catalogue.published_by(office_id) for office_id in offices]
    words = unit.desk.words_of(unit.desk.default_language)
    for manager_id in sorted(managers):
        context.tell(manager_id, views.removed_from_desk(words, published))
