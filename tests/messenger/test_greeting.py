"""How long a platform is waited for that does not answer."""

import asyncio
import gc

from telegram import Bot
from telegram.error import NetworkError
from telegram.request import BaseRequest

from bot.messenger.greeting import introduce


class Nowhere(BaseRequest):
    """A wire that leads to nobody."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Leave nothing."""

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        self.asked.set()
        raise NetworkError("no route")


async def test_garbage_is_looked_for_while_a_platform_is_waited_for() -> None:
    stop = asyncio.Event()
    wire = Nowhere()
    bot = Bot("1:A", request=wire, get_updates_request=wire)
    gc.disable()  # as the start does
    try:
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            waiting = group.create_task(introduce(bot, stop))
            await wire.asked.wait()
            stop.set()
        assert not waiting.result()
        assert gc.isenabled()
    finally:
        gc.enable()
