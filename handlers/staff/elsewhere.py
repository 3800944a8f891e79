"""What staff write in their private chat though it belongs into the admin chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, filters
from telegram.ext.filters import UpdateFilter

from bot.citizens.model import Role
from handlers.adding import NEW_IN_PRIVATE
from handlers.context import current_unit
from handlers.staff.access import staff_action
from handlers.views.office import groups as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.adding import Application
    from handlers.context import DeskContext

_COMMANDS = (
    "note",
    "unanswered",
    "calendar",
    "close",
    "digest",
    "report",
    "poster",
    "payouts",
    "circular",
    "versions",
    "catalogue",
    "endagreement",
    "topups",
    "reconcile",
    "suspense",
    "vouch",
    "ban",
    "unban",
    "training",
)  # the others mean something in a private chat too


class FromStaff(UpdateFilter):
    """Lets an update of somebody pass who is staff of any office; to citizens it is no command."""

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows the roles of the person."""
        del update
        return bool(current_unit.get().staff)


def add(application: Application) -> None:
    """Add the commands of the admin chat where they do nothing."""
    new = NEW_IN_PRIVATE & ~filters.FORWARDED
    where = new & FromStaff()
    application.add_handler(CommandHandler(_COMMANDS, point_to_desk, filters=where))


@staff_action(*Role)
async def point_to_desk(update: Update, context: DeskContext) -> None:
    """Say where the command is written."""
    del update
    context.reply(views.desk_commands_elsewhere(context.words))
