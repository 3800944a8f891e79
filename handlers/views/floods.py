"""What is said to somebody who sends more at once than the desk reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.reply import Reply

if TYPE_CHECKING:
    from bot.kit.words import Words


def slow_down(words: Words) -> Reply:
    """Say that the last ones were not read, once a minute and without blame."""
    _ = words.gettext
    return Reply(
        _(
            "🐢 A little slower, please. So many messages came at once that I did not read the "
            "last of them. Please wait a minute, then send again what is missing."
        )
    )
