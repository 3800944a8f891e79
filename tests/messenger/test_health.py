"""Health is red when anything stands still, and says what."""

import asyncio
import socket
import sqlite3
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import now
from bot.kit.database import Database
from bot.messenger.health import Examiner, examine
from bot.messenger.health_page import health_page
from bot.messenger.limits import Limiter
from bot.outbox.use_cases import queue
from bot.simulator import Simulator
from tests.messenger.support import EchoDesk, ManualClock, Start, say

NOW = now()
SARA = 1001


async def test_a_quiet_bot_is_well(database: Database) -> None:
    health = await examine(database, NOW, NOW)
    assert health.is_healthy
    assert health.oldest_update_age is None


async def test_a_silent_platform_is_noticed(database: Database) -> None:
    assert not (await examine(database, NOW - timedelta(minutes=2), NOW)).is_healthy


async def test_an_update_that_waits_is_noticed(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.receive(tx, [Received(1, 1, 1, b"{}")], NOW - timedelta(minutes=3))
    health = await examine(database, NOW, NOW)
    assert health.oldest_update_age == 180
    assert not health.is_healthy


async def test_a_message_that_waits_is_noticed(database: Database) -> None:
    async with database.transaction() as tx:
        await queue(tx, "x", [say(1, "x")], NOW - timedelta(hours=1))
    assert not (await examine(database, NOW, NOW)).is_healthy


async def test_a_clock_that_was_set_back_is_no_health(database: Database) -> None:
    assert not (await examine(database, NOW + timedelta(hours=3), NOW)).is_healthy
    assert (await examine(database, NOW + timedelta(seconds=1), NOW)).is_healthy
    async with database.transaction() as tx:
        await inbox.receive(tx, [Received(1, 1, 1, b"{}")], NOW + timedelta(hours=3))
    assert not (await examine(database, NOW, NOW)).is_healthy


@pytest.mark.about_a_file("another program holds the file")
async def test_a_database_that_cannot_be_written_is_noticed(database_url: str) -> None:
    database = Database.open(database_url, busy_seconds=0.01)
    other = sqlite3.connect(database_url.partition(":///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    health = await examine(database, NOW, NOW)
    other.close()
    await database.close()
    assert not health.is_writable
    assert not health.is_healthy


async def test_the_page_says_200_or_503(database: Database) -> None:
    last, clock = [NOW], ManualClock()
    clock.now = NOW
    async with (
        health_page(Examiner(database, lambda: last[0], clock), 0) as port,
        ClientSession() as session,
    ):
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["is_healthy"]) == (200, True)
        clock.advance(seconds=1)
        last[0] = clock.now - timedelta(hours=1)
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["intake_age"]) == (503, 3600)


async def test_how_old_the_newest_backup_is_is_told_and_makes_nobody_ill(
    database: Database,
) -> None:
    clock = ManualClock()
    never = await Examiner(database, clock, clock).health()
    old = clock.now - timedelta(days=9)
    known = await Examiner(database, clock, clock, lambda: old).health()
    assert never.backup_age is None
    assert known.backup_age == 9 * 86_400
    assert known.is_healthy


async def test_however_many_ask_the_desk_is_examined_once_a_second(database: Database) -> None:
    clock = ManualClock()
    examiner = Examiner(database, lambda: NOW, clock)
    found = await asyncio.gather(*(examiner.health() for _ in range(30)))
    assert len({id(health) for health in found}) == 1
    clock.advance(seconds=1)
    assert await examiner.health() is not found[0]
    clock.advance(hours=-1)
    assert (await examiner.health()).intake_age < found[0].intake_age


async def test_thirty_who_ask_at_once_under_traffic_find_a_healthy_desk(
    start: Start, simulator: Simulator
) -> None:
    port = _free_port()
    unpaced = Limiter(10_000, is_paced=False)
    async with (
        start(EchoDesk().desk(), limiter=unpaced, health_port=port),
        ClientSession() as session,
    ):

        async def ask() -> int:
            async with session.get(f"http://127.0.0.1:{port}/health") as response:
                return response.status

        async with asyncio.timeout(10):
            await simulator.until(lambda: bool(simulator.journal.of("getUpdates")))
            for number in range(20):
                simulator.say(SARA, str(number))
            statuses = await asyncio.gather(*(ask() for _ in range(30)))
            await simulator.until(lambda: len(simulator.journal.of("sendMessage")) == 20)
    assert statuses == [200] * 30


async def test_thirty_examinations_at_once_stand_in_nobodys_way(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as tx:
            await queue(tx, "x", [say(1, "x")], NOW)

    async with asyncio.timeout(10):
        examinations = [examine(database, NOW, NOW) for _ in range(30)]
        *found, _ = await asyncio.gather(*examinations, write())
    assert all(health.is_healthy for health in found)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
