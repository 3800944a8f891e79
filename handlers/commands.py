"""The commands of the chats, in the order of the messenger's menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.model import Role
from bot.outbox.model import OutgoingMessage, Priority

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.kit.words import Words

COMMANDS = (
    "start",
    "my",
    "services",
    "workshops",
    "myworkshops",
    "case",
    "cases",
    "track",
    "wallet",
    "topup",
    "payout",
    "sla",
    "language",
    "options",
    "notices",
    "help",
    "privacy",
    "mydata",
    "correct",
    "erase",
)
DESK_COMMANDS = (
    "cases",
    "case",
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
    "workshops",
    "vouch",
    "staff",
    "invite",
    "desk",
    "setup",
    "audit",
    "ban",
    "unban",
    "help",
)
"""What staff write in the admin chat of an office."""


def described(words: Words) -> list[dict[str, str]]:
    """Name every command with its description, as setMyCommands takes them."""
    _ = words.gettext
    descriptions = {
        "start": _("Start from the first page"),
        "my": _("All that you have under way"),
        "services": _("See the services"),
        "workshops": _("See the workshops"),
        "myworkshops": _("What you have registered for"),
        "case": _("Tell the office something"),
        "cases": _("See your cases"),
        "track": _("Look a case up by its code"),
        "wallet": _("See your wallet at this desk"),
        "topup": _("Top up your wallet"),
        "payout": _("Ask for a payout to your bank account"),
        "sla": _("Read the service-level agreement"),
        "language": _("Choose the language"),
        "options": _("What can be chosen now, by number"),
        "notices": _("What I write to you, and how to end it"),
        "help": _("Where you are, and how to go on"),
        "privacy": _("What is kept of whom, and how long"),
        "mydata": _("All that is kept of you"),
        "correct": _("Correct what is kept of you"),
        "erase": _("Erase what is kept of you"),
    }
    return [{"command": name, "description": descriptions[name]} for name in COMMANDS]


def described_at_desk(words: Words) -> list[dict[str, str]]:
    """Name the commands of the admin chat with their descriptions."""
    _ = words.gettext
    descriptions = {
        "cases": _("The lists of cases"),
        "case": _("Open a case by its code"),
        "note": _("As a reply to a case: a note among colleagues"),
        "unanswered": _("Questions without an answer"),
        "calendar": _("Holidays, closures and today's hours"),
        "close": _("Close or shorten a day"),
        "digest": _("How the desk stands"),
        "report": _("A report as a file"),
        "poster": _("A poster with a code, as a PDF"),
        "payouts": _("Payouts: lists, approvals, files for the bank"),
        "circular": _("Enter a circular"),
        "versions": _("The versions of a service"),
        "catalogue": _("The catalogue as a workbook"),
        "endagreement": _("End the agreement"),
        "topups": _("Top-ups that wait for finance"),
        "reconcile": _("Compare a bank file with our records"),
        "suspense": _("Unclaimed money"),
        "workshops": _("Workshops: make one, steer one"),
        "vouch": _("A learner without a national ID: note that you saw who it is"),
        "staff": _("Who is staff here"),
        "invite": _("Invite a colleague"),
        "desk": _("Make this group the admin chat"),
        "setup": _("Set the office up, step by step"),
        "audit": _("Who did what"),
        "ban": _("Take nothing new from a person for a while"),
        "unban": _("Lift a ban"),
        "help": _("How this chat works"),
    }
    return [{"command": name, "description": descriptions[name]} for name in DESK_COMMANDS]


PRIVATE_OF_STAFF = {"staff": tuple(Role), "invite": (Role.MANAGER,), "audit": (Role.MANAGER,)}
"""What staff may write in their private chat besides, by role."""


def menu_of_staff(chat_id: int, words: Words, roles: Collection[Role]) -> dict[str, object]:
    """Say what fills the menu of somebody's private chat, with what their roles add.

    Of whoever has no role any more it becomes the citizens' menu again.
    """
    added = {name for name, allowed in PRIVATE_OF_STAFF.items() if {*roles} & {*allowed}}
    more = [one for one in described_at_desk(words) if one["command"] in added]
    return {
        "commands": [*more, *described(words)],
        "scope": {"type": "chat", "chat_id": chat_id},
    }


def menu_of_desk(chat_id: int, words: Words) -> OutgoingMessage:
    """Write the call that fills the command menu of an admin chat."""
    params: dict[str, object] = {
        "commands": described_at_desk(words),
        "scope": {"type": "chat", "chat_id": chat_id},
    }
    return OutgoingMessage(chat_id, "setMyCommands", params, priority=Priority.NOTICE)
