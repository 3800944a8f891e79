"""The commands of the chat, in the order of the messenger's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.kit.words import Words

COMMANDS = ("start", "services", "case", "cases", "track", "sla", "language", "help", "privacy")


def described(words: Words) -> list[dict[str, str]]:
    """Name every command with its description, as setMyCommands takes them."""
    _ = words.gettext
    descriptions = {
        "start": _("Start from the first page"),
        "services": _("See the services"),
        "case": _("Tell the office something"),
        "cases": _("See your cases"),
        "track": _("Look a case up by its code"),
        "sla": _("Read the service-level agreement"),
        "language": _("Choose the language"),
        "help": _("How to ask"),
        "privacy": _("What is kept of you"),
    }
    return [{"command": name, "description": descriptions[name]} for name in COMMANDS]
