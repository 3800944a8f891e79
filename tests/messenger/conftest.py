"""A messenger over the simulator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM, Platform
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.simulator import Simulator
from tests.messenger.support import STAFF, Start


@dataclass(frozen=True)
class Place:
    simulator: Simulator
    address: str


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    simulator = Simulator()
    simulator.add_person("staff", STAFF, "Staff")
    simulator.say(STAFF, "/start")
    async with simulator.serve() as address:
        yield Place(simulator, address)


@pytest.fixture
def simulator(place: Place) -> Simulator:
    return place.simulator


@pytest.fixture
async def api(place: Place) -> AsyncIterator[BotApi]:
    async with Wire() as wire:
        yield BotApi(TELEGRAM.at(place.address), place.simulator.token, wire)


@pytest.fixture
def start(place: Place, database: Database) -> Start:
    """Run a messenger for as long as a block lasts, and end it as SIGTERM would."""

    @asynccontextmanager
    async def run(
        desk: Desk, *, platform: Platform = TELEGRAM, limiter: Limiter | None = None, **more: Any
    ) -> AsyncIterator[Messenger]:
        api = BotApi(platform.at(place.address), place.simulator.token, Wire())
        messenger = Messenger(database, api, desk, limiter=limiter or Limiter(10_000), **more)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(messenger.run(stop))
            try:
                yield messenger
            finally:
                stop.set()

    return run
