"""A pocket messenger on a free port, and the real python-telegram-bot to speak with it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession
from telegram import Bot

from bot.simulator import Simulator
from bot.simulator.wire import Json, loads


class ManualClock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json

    @property
    def description(self) -> str:
        return str(self.body["description"])


class Caller:
    """Calls the Bot API with plain JSON."""

    def __init__(self, session: ClientSession, address: str, token: str) -> None:
        self.session = session
        self.address = address
        self.base = f"{address}/bot{token}"

    async def __call__(self, method: str, **params: object) -> Answer:
        async with self.session.post(f"{self.base}/{method}", json=params) as response:
            return Answer(response.status, loads(await response.read()))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def simulator(clock: ManualClock) -> Simulator:
    return Simulator(clock=clock, webhook_retry_seconds=0.01)


@pytest.fixture
async def address(simulator: Simulator) -> AsyncIterator[str]:
    async with simulator.serve() as base_url:
        yield base_url


@pytest.fixture
async def call(simulator: Simulator, address: str) -> AsyncIterator[Caller]:
    async with ClientSession() as session:
        yield Caller(session, address, simulator.token)


@pytest.fixture
async def bot(simulator: Simulator, address: str) -> AsyncIterator[Bot]:
    async with Bot(
        simulator.token, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot"
    ) as telegram_bot:
        yield telegram_bot
