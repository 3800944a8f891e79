"""A messenger over the simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM, Platform
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.simulator import Simulator
from tests.messenger.support import STAFF, Start, running


@dataclass(frozen=True)
class Place:
    simulator: Simulator
    address: str


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    simulator = Simulator()
    simulator.add_person("staff", STAFF, "Staff")
    simulator.world.chats[STAFF].is_started = True
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
    return starting(place, database)


def starting(place: Place, database: Database) -> Start:
    @asynccontextmanager
    async def run(
        desk: Desk, *, platform: Platform = TELEGRAM, **more: Any
    ) -> AsyncIterator[Messenger]:
        simulator = place.simulator
        async with Wire() as wire:
            api = BotApi(
                platform.at(place.address),
                simulator.token,
                wire,
                payment_token=simulator.payment_token,
            )
            async with running(database, api, desk, **more) as messenger:
                yield messenger

    return run
