"""How a round says something: a notice, behind whoever waits in front of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.outbox.model import OutgoingMessage, Priority

if TYPE_CHECKING:
    from handlers.reply import Reply


def notice(chat_id: int, reply: Reply, *, about: str | None = None) -> OutgoingMessage:
    """Write a reply as a notice to a chat; `about` is for whoever replies to it."""
    params = {"chat_id": chat_id, **reply.as_params()}
    return OutgoingMessage(chat_id, reply.method, params, priority=Priority.NOTICE, about=about)
