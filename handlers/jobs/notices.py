"""How a round says something: a notice, behind whoever waits in front of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outbox.model import Priority

if TYPE_CHECKING:
    from bot.outbox.model import OutgoingMessage
    from handlers.reply import Reply


def notice(chat_id: int, reply: Reply, *, about: str | None = None) -> OutgoingMessage:
    """Write a reply as a notice to a chat; `about` is for whoever replies to it."""
    return reply.as_message(chat_id, Priority.NOTICE, about=about)
