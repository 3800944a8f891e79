"""F3, F5 and F13: whatever the network or the platform does, the desk works on and catches up."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.waiting import Backoff
from bot.messenger.wire import Wire
from bot.simulator import FaultKind, Simulator
from tests.faults.network import Network, Weather
from tests.faults.oracle import leaks
from tests.messenger.support import EchoDesk, ManualClock, eventually, running
from tests.storm.oracle import Said, check_invariants, received_count, waiting_count

pytestmark = pytest.mark.about_a_file("what breaks is on the way to the platform")

CHATS = (501, 502, 503)
PATIENCE_SECONDS = 0.4  # of a call, where a desk waits fifteen


class Impatient(BotApi):
    """Waits for no answer as long as a desk does."""

    patience_seconds = PATIENCE_SECONDS

    async def call(
        self, method: str, params: dict[str, Any], *, timeout_seconds: float = 0
    ) -> object:
        del timeout_seconds
        if method == "getUpdates":
            params = {**params, "timeout": 0}
            await asyncio.sleep(0.02)
        return await super().call(method, params, timeout_seconds=self.patience_seconds)


@dataclass
class Scene:
    """People, their messenger, the network before it, and a desk that echoes."""

    path: Path
    simulator: Simulator
    network: Network
    messenger: Messenger
    clock: ManualClock
    said: Said

    def speak(self, count: int) -> None:
        for number in range(count):
            chat = CHATS[number % len(CHATS)]
            text = f"n{len(self.said.updates)}"
            self.said.updates.append((self.simulator.last_update_id + 1, chat, text))
            self.simulator.say(chat, text)

    async def received(self) -> None:
        async def is_so() -> bool:
            return received_count(self.path) == len(self.said.updates)

        await eventually(is_so, 20)

    async def caught_up(self) -> None:
        await self.received()

        async def is_so() -> bool:
            self.clock.advance(seconds=5)  # so that nothing is waited for in earnest
            self.messenger.wake()
            return waiting_count(self.path) == 0

        await eventually(is_so, 20)

    async def has_answered(self) -> bool:
        """True when no update that has arrived waits for its answer."""
        with closing(sqlite3.connect(self.path)) as window:
            return not window.execute("SELECT 1 FROM inbox WHERE state = 'new'").fetchone()

    async def is_hit(self) -> bool:
        return self.network.met >= 2

    def faults(self) -> list[str]:
        return check_invariants(self.path, self.simulator, self.said)


@asynccontextmanager
async def scene(template: Path, path: Path) -> AsyncIterator[Scene]:
    shutil.copy(template, path)
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    simulator, clock = Simulator(), ManualClock()
    for chat in CHATS:
        simulator.add_person(f"p{chat}", chat, "Citizen")
        simulator.world.chats[chat].is_started = True
    async with (
        simulator.serve() as upstream,
        Network.before(upstream) as (network, address),
        Wire() as wire,
    ):
        api = Impatient(TELEGRAM.at(address), simulator.token, wire)
        echo = EchoDesk()
        desk = Desk(echo.answer, echo.refuse)
        limiter = Limiter(1000, is_paced=False)
        async with running(database, api, desk, clock=clock, limiter=limiter) as messenger:
            yield Scene(path, simulator, network, messenger, clock, Said())
    await database.close()


async def bad_weather(template: Path, path: Path, weather: Weather) -> list[str]:
    async with scene(template, path) as desk:
        desk.speak(6)
        await desk.received()
        desk.network.turn(weather)  # with answers on their way
        desk.speak(12)

        await eventually(desk.has_answered, 10)  # nobody waits for the network to answer
        await eventually(desk.is_hit, 10)
        await asyncio.sleep(PATIENCE_SECONDS)
        desk.network.turn(Weather.FAIR)
        desk.speak(6)
        await desk.caught_up()
        return desk.faults()


async def test_whatever_the_network_does_nothing_is_lost_and_order_is_kept(
    migrated_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kinds = [weather for weather in Weather if weather is not Weather.FAIR]
    found = await asyncio.gather(
        *(bad_weather(migrated_file, tmp_path / f"{w.name}.sqlite3", w) for w in kinds)
    )
    assert dict(zip(kinds, found, strict=True)) == {weather: [] for weather in kinds}
    assert leaks(caplog.text) == []


async def ill(template: Path, path: Path, kind: FaultKind, code: int) -> dict[str, Any]:
    """Let the platform refuse to hand out updates, until somebody notices."""
    async with scene(template, path) as desk:
        desk.speak(3)
        await desk.caught_up()
        was_well = (await desk.messenger.health()).is_healthy
        asked = desk.simulator.journal.counts["getUpdates"]
        desk.simulator.faults.order(kind, "getUpdates", times=10_000, code=code)
        desk.speak(3)
        await asyncio.sleep(1.0)
        desk.clock.advance(seconds=100)
        is_noticed = not (await desk.messenger.health()).is_healthy
        asked = desk.simulator.journal.counts["getUpdates"] - asked
        desk.simulator.faults.clear()
        await desk.caught_up()
        desk.clock.advance(seconds=1)
        return {
            "was well": was_well,
            "is noticed": is_noticed,
            "is asked too often": asked > 6,
            "is well again": (await desk.messenger.health()).is_healthy,
            "broken": desk.faults(),
        }


ILLNESSES = {
    "5xx": (FaultKind.SERVER_ERROR, 502),
    "no JSON": (FaultKind.BAD_JSON, 0),
    "another one polls": (FaultKind.CONFLICT, 0),
    "401": (FaultKind.UNAUTHORIZED, 0),
    "404": (FaultKind.SERVER_ERROR, 404),
    "cut": (FaultKind.CUT_BEFORE, 0),
}


async def test_an_ill_platform_is_asked_with_pauses_noticed_and_got_over(
    migrated_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = await asyncio.gather(
        *(
            ill(migrated_file, tmp_path / f"ill{number}.sqlite3", *illness)
            for number, illness in enumerate(ILLNESSES.values())
        )
    )
    healthy = {
        "was well": True,
        "is noticed": True,
        "is asked too often": False,
        "is well again": True,
        "broken": [],
    }
    assert dict(zip(ILLNESSES, found, strict=True)) == dict.fromkeys(ILLNESSES, healthy)
    assert leaks(caplog.text) == []


def test_pauses_grow_to_half_a_minute_and_begin_anew_after_a_success() -> None:
    backoff = Backoff()
    pauses = [backoff.failed() for _ in range(12)]
    assert pauses[:3] == [0.5, 1.0, 2.0]
    assert set(pauses[6:]) == {30.0}
    backoff.succeeded()
    assert backoff.failed() == 0.5


def huge(_asked: int) -> web.Response:
    return web.Response(body=b" " * (50 * 1024 * 1024))


def endless(_asked: int) -> web.Response:
    return web.Response(body=b'{"ok":true,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def not_text(_asked: int) -> web.Response:
    return web.Response(body=bytes(range(256)) * 40)


def ordinary(asked: int) -> web.Response:
    person = {"id": CHATS[0], "is_bot": False, "first_name": "P"}
    chat = {"id": CHATS[0], "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": "after"}
    result = [] if asked > 5 else [{"update_id": 5, "message": message}]
    return web.json_response({"ok": True, "result": result})


async def test_answers_that_no_platform_should_give_are_borne(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """F13: fifty megabytes, a hundred thousand brackets, and no text at all; then all is well."""
    odd, heard = [huge, endless, not_text], list[str]()

    async def answer(request: web.Request) -> web.Response:
        said = await request.json()
        if request.match_info["method"] == "getUpdates":
            return (odd.pop() if odd else ordinary)(said["offset"])
        heard.append(said.get("text"))
        return web.json_response({"ok": True, "result": {"message_id": 2}})

    application = web.Application()
    application.router.add_post("/bot1:x/{method}", answer)
    echo = EchoDesk()

    async def is_answered() -> bool:
        return "echo after" in heard

    async with TestServer(application) as server, Wire() as wire:
        api = Impatient(TELEGRAM.at(str(server.make_url("/bot"))), "1:x", wire)
        api.patience_seconds = 15  # a busy machine needs more for fifty megabytes
        async with running(database, api, Desk(echo.answer, echo.refuse)) as messenger:
            await eventually(is_answered, 20)
            assert (await messenger.health()).is_healthy
    assert "the answer is too long" in caplog.text
    assert heard.count("echo after") == 1
