"""Health is red when anything stands still, and says what."""

import sqlite3
from datetime import timedelta

from aiohttp import ClientSession

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import now
from bot.kit.database import Database
from bot.messenger.health import examine, health_page
from bot.outbox.use_cases import queue
from tests.messenger.support import say

NOW = now()


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
    last = [NOW]
    async with (
        health_page(database, lambda: last[0], lambda: NOW, 0) as port,
        ClientSession() as session,
    ):
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["is_healthy"]) == (200, True)
        last[0] = NOW - timedelta(hours=1)
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["intake_age"]) == (503, 3600)
