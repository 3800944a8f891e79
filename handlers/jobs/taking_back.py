"""The round that takes files with somebody's own records back out of their chats."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.outbox import use_cases as outbox
from bot.outbox.model import OutgoingMessage, Priority
from handlers.views.rights.seeing import ABOUT, TAKEN_BACK_AFTER_HOURS

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Database
    from handlers.context import Shared

_AT_ONCE: Final = 100
_AFTER: Final = timedelta(hours=TAKEN_BACK_AFTER_HOURS)


async def take_files_back(_desk: Shared, database: Database, now: datetime) -> bool:
    """Delete the messages with such files after some hours, where the platform allows it."""
    async with database.reading() as tx:
        old = await outbox.said_before(tx, about=ABOUT, before=now - _AFTER, limit=_AT_ONCE)
    if not old:
        return False
    gone = [_gone(chat_id, message_id) for chat_id, message_id in old]
    async with database.transaction() as tx:
        await outbox.queue(tx, f"back:{now.isoformat()}", gone, now)
        await outbox.forget_messages(tx, old)
    return True


def _gone(chat_id: int, message_id: int) -> OutgoingMessage:
    params: dict[str, object] = {"chat_id": chat_id, "message_id": message_id}
    return OutgoingMessage(chat_id, "deleteMessage", params, priority=Priority.NOTICE)
