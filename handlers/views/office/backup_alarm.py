"""What an admin chat reads when no backup could be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from handlers.reply import Reply
from handlers.views.common import code

if TYPE_CHECKING:
    from bot.kit.words import Words

_COMMAND: Final = "python -m bot backup"


def alarm(words: Words) -> Reply:
    """Say that the newest backup is missing, and who can look into it."""
    _ = words.gettext
    return Reply(
        _(
            "💾 <b>The backup of the desk's records could not be made</b>\n\n"
            "Please tell the operator of the desk today. The reason is in the log, and is said "
            "by: {command}\n"
            "Nothing is lost, and the desk goes on working; it tries again by itself."
        ).format(command=code(_COMMAND))
    )
