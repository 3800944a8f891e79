"""A message that is on its way is not sent again, even where somebody else ended its lease."""

import asyncio
from typing import Any

from bot.kit.clock import now
from bot.kit.database import Database
from bot.messenger.limits import Limiter
from bot.messenger.platforms import TELEGRAM
from bot.messenger.sender import Sender
from bot.outbox import use_cases as outbox
from tests.messenger.support import eventually, say

CHAT, OTHER = 500, 501


class Slow:
    """A platform that takes a message, and says so when it is told to."""

    bot_id, platform = 5, TELEGRAM

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.may_answer = asyncio.Event()

    async def call(self, _: str, params: dict[str, Any], **__: object) -> dict[str, int]:
        self.taken.append(params["chat_id"])
        if params["chat_id"] == CHAT:
            await self.may_answer.wait()
        return {"message_id": len(self.taken)}


async def test_what_came_back_while_others_were_claimed_is_not_sent_again(
    database: Database,
) -> None:
    platform, stop = Slow(), asyncio.Event()
    silent: Any = platform
    sender = Sender(database, silent, Limiter(10_000, is_paced=False), clock=now)

    async def queue(chat_id: int) -> None:
        async with database.transaction() as tx:
            await outbox.queue(tx, f"u{chat_id}", [say(chat_id, "once")], now())
        sender.wake()

    async def is_taken() -> bool:
        return len(platform.taken) > 0

    async def is_other_taken() -> bool:
        return OTHER in platform.taken

    await queue(CHAT)
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        await eventually(is_taken)
        (message,) = sender._in_flight.values()
        platform.may_answer.set()
        while sender._in_flight:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)
        sender._accept([message], now())  # as a claim brings it that was under way meanwhile
        await queue(OTHER)
        await eventually(is_other_taken)
        stop.set()
        sender.wake()
    assert platform.taken == [CHAT, OTHER]
