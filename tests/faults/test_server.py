"""F3, F11 on the way to the records: a server cut off, gone, silent or slow; a lock of others."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.limits import Limiter
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.simulator import Simulator
from tests.faults.network import Network, Weather
from tests.faults.oracle import leaks
from tests.faults.scale import PATIENCE
from tests.messenger.support import EchoDesk, eventually, running
from tests.storm.oracle import WAITING, Said
from tests.window import Window, window_into

pytestmark = pytest.mark.timeout(PATIENCE)

CHATS = (501, 502, 503)
SILENCE_SECONDS = 1.0
BACK_SECONDS = 40  # pauses between tries grow while the server is away
LOCKED_SECONDS = 1.2  # longer than the desk under test waits for one lock, five times
LOCKED = "BEGIN", "LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"


@dataclass
class Scene:
    """People, and what they said to a desk that echoes."""

    window: Window
    said: Said = field(default_factory=Said)
    simulator: Simulator = field(default_factory=Simulator)

    def __post_init__(self) -> None:
        for chat in CHATS:
            self.simulator.add_person(f"p{chat}", chat, "Citizen")
            self.simulator.world.chats[chat].is_started = True

    def speak(self, count: int) -> None:
        for number in range(count):
            chat, text = CHATS[number % len(CHATS)], f"n{len(self.said.updates)}"
            self.said.updates.append((self.simulator.last_update_id + 1, chat, text))
            self.simulator.say(chat, text)

    async def is_quiet(self) -> bool:
        done = self.window.ask("SELECT count(*) FROM inbox WHERE state = 'done'")
        return done == [(len(self.said.updates),)] and self.window.ask(WAITING) == [(0,)]

    def faults(self) -> list[object]:
        """Name what was answered twice or never, or heard in another order."""
        count = len(self.said.updates)
        query = "SELECT count(*), count(DISTINCT dedupe_key) FROM outbox"
        found: list[object] = [row for row in self.window.ask(query) if row != (count, count)]
        for chat, texts in self.said.texts_by_chat().items():
            messages = self.simulator.messages(chat)
            heard = dict.fromkeys(one["text"] for one in messages if one["from"]["is_bot"])
            if list(heard) != [f"echo {text}" for text in texts]:
                found.append((chat, list(heard)))
        return found


@asynccontextmanager
async def scene(
    window: Window, url: str, busy_seconds: float | None = None
) -> AsyncIterator[Scene]:
    """Let a desk work on records at a URL, which somebody looks at by another way."""
    scene, echo = Scene(window), EchoDesk()
    database = Database.open(url, busy_seconds=busy_seconds)
    async with scene.simulator.serve() as address, Wire() as wire:
        api = BotApi(TELEGRAM.at(address), scene.simulator.token, wire)
        limiter = Limiter(1000, is_paced=False)
        async with running(database, api, Desk(echo.answer, echo.refuse), limiter=limiter):
            scene.speak(3)
            await eventually(scene.is_quiet, 20)
            yield scene
    await database.close()


@asynccontextmanager
async def on_the_way_to(url: str) -> AsyncIterator[tuple[Network, str]]:
    """Stand before a server; gives the network and the URL to use instead."""
    parts = urlsplit(url)
    (folder,) = parse_qs(parts.query)["host"]
    async with Network.before(f"unix://{folder}/.s.PGSQL.5432") as (network, address):
        yield network, f"postgresql+asyncpg://mizban@{address.removeprefix('http://')}{parts.path}"


@pytest.mark.about_a_server("nothing is on the way to a file")
@pytest.mark.parametrize("weather", [one for one in Weather if one is not Weather.FAIR])
async def test_whatever_happens_on_the_way_to_the_server_nothing_is_lost_nor_done_twice(
    database_url: str, weather: Weather, caplog: pytest.LogCaptureFixture
) -> None:
    with window_into(database_url) as window:
        async with (
            on_the_way_to(database_url) as (network, url),
            scene(window, url) as desk,
        ):
            network.turn(weather)
            desk.speak(9)
            await asyncio.sleep(SILENCE_SECONDS)
            assert network.met > 0
            network.turn(Weather.FAIR)
            desk.speak(3)
            await eventually(desk.is_quiet, BACK_SECONDS)
        assert desk.faults() == []
    assert leaks(caplog.text) == []


async def test_a_lock_that_another_process_keeps_for_long_delays_and_loses_nothing(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with window_into(database_url) as window, window_into(database_url) as other:
        async with scene(window, database_url, busy_seconds=0.1) as desk:
            began = time.monotonic()
            if database_url.startswith("postgresql"):
                await asyncio.to_thread(other.do, *LOCKED)  # it waits until the desk lets go
            else:
                other.do("BEGIN IMMEDIATE")
            desk.speak(5)
            await asyncio.sleep(LOCKED_SECONDS)
            other.do("COMMIT")
            assert not await desk.is_quiet()
            await eventually(desk.is_quiet, 20)
            assert time.monotonic() - began > LOCKED_SECONDS
        assert desk.faults() == []
    assert "cannot be kept" in caplog.text
    assert leaks(caplog.text) == []
