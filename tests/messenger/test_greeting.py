"""How long a platform is waited for that does not answer."""

import asyncio
import gc
import logging

import pytest
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


class Busy(Nowhere):
    """A platform that asks for patience once, and then says who the bot is."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_at: list[float] = []

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        self.asked_at.append(asyncio.get_running_loop().time())
        if len(self.asked_at) == 1:
            return 429, (
                b'{"ok": false, "error_code": 429, "description": "Too Many Requests", '
                b'"parameters": {"retry_after": 1}}'
            )
        return 200, (
            b'{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "A", '
            b'"username": "a_bot"}}'
        )


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


async def test_a_platform_that_asks_for_patience_is_left_alone_for_as_long_as_it_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.messenger.greeting.GREET_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    wire = Busy()
    bot = Bot("1:A", request=wire, get_updates_request=wire)
    async with asyncio.timeout(5):
        assert await introduce(bot, asyncio.Event())
    first, second = wire.asked_at
    assert second - first >= 1
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.endswith("asks for patience (429); it is tried again in 1 seconds")
