"""A desk that has its updates posted, and a hand that posts what it likes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.limits import Limiter
from bot.messenger.listener import SECRET_HEADER, Listener
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM, Platform
from bot.messenger.reading import dumps
from bot.messenger.transport import BotApi
from bot.messenger.webhook import Posts
from bot.messenger.webhook_address import Address, address_of
from bot.messenger.wire import Wire
from bot.simulator import Simulator

SECRET = "q7Xb2LkP0vRt9ZsW4mNc8YdE1uHg5JfA"
SARA, REZA = 1001, 1002


@dataclass
class Posted:
    """A desk, the address of its door, and a session to post with."""

    messenger: Messenger
    listener: Listener
    address: Address
    session: ClientSession
    stop: asyncio.Event

    async def post(
        self,
        body: Any,
        *,
        headers: Sequence[tuple[str, str]] | None = None,
        door: str | None = None,
        verb: str = "POST",
    ) -> int:
        """Post a body, JSON unless it is bytes, and give the status that came back."""
        known = [(SECRET_HEADER, SECRET)] if headers is None else headers
        url = self.at(self.address.door if door is None else door)
        said = body if not isinstance(body, dict | list) else dumps(body)
        async with self.session.request(verb, url, data=said, headers=known) as response:
            await response.read()
            return response.status

    def at(self, door: str) -> str:
        return f"http://127.0.0.1:{self.listener.port}/mizban/{door}"


@asynccontextmanager
async def posted_to(
    database: Database,
    simulator: Simulator,
    address: str,
    desk: Desk,
    *,
    platform: Platform = TELEGRAM,
    body_seconds: float = 10.0,
    **more: Any,
) -> AsyncIterator[Posted]:
    """Run a desk to which the simulator posts, until the block ends."""
    listener, stop = Listener(body_seconds=body_seconds), asyncio.Event()
    async with Wire() as wire, ClientSession() as session, asyncio.TaskGroup() as group:
        api = BotApi(platform.at(address), simulator.token, wire)
        group.create_task(listener.run("127.0.0.1", 0, stop))
        await listener.opened.wait()
        url = f"http://127.0.0.1:{listener.port}/mizban"
        ours = address_of(url, SECRET, platform, api.bot_id)
        messenger = Messenger(
            database,
            api,
            desk,
            limiter=Limiter(10_000, is_paced=False),
            posts=Posts(listener, listener.add(ours)),
            **more,
        )
        group.create_task(messenger.run(stop))
        try:
            async with asyncio.timeout(10):
                await simulator.until(lambda: bool(simulator.world.webhook.url))
            yield Posted(messenger, listener, ours, session, stop)
        finally:
            stop.set()


def wrote(update_id: int, text: str, chat: int = SARA) -> dict[str, Any]:
    """What a platform posts of somebody who wrote something."""
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_800_000_000,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "S"},
            "text": text,
        },
    }
