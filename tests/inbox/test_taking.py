"""Several replicas take letters from one inbox: never two of them of one chat at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.inbox import use_cases
from bot.inbox.model import Letter, Received
from bot.kit.database import Database, Transaction
from tests.postgres_support import Server

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, REZA, MINA = 11, 22, -100_33


@pytest.fixture
def server_url(server: Server) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.take_back(url)


@pytest.fixture
async def shared(server_url: str) -> AsyncIterator[Database]:
    database = Database.open(server_url)
    yield database
    await database.close()


async def given_updates(database: Database, *updates: tuple[int, int]) -> None:
    async with database.transaction() as tx:
        received = [Received(1, number, chat, b"{}") for number, chat in updates]
        await use_cases.receive(tx, received, NOW)


@asynccontextmanager
async def taking(
    database: Database, limit: int = 32
) -> AsyncIterator[tuple[Transaction, list[Letter]]]:
    async with database.transaction() as tx:
        yield tx, await use_cases.take(tx, NOW, limit)


async def finish(tx: Transaction, letters: Sequence[Letter]) -> None:
    assert await use_cases.finish(tx, [letter.id for letter in letters], NOW)


def numbers(letters: Sequence[Letter]) -> list[int]:
    return [letter.update_id for letter in letters]


async def test_what_is_taken_is_the_first_of_each_chat(database: Database) -> None:
    await given_updates(database, (1, SARA), (2, SARA), (3, REZA))
    async with taking(database) as (tx, letters):
        assert numbers(letters) == [1, 3]
        await finish(tx, letters)
    async with taking(database) as (_, letters):
        assert numbers(letters) == [2]


async def test_two_replicas_share_the_chats_and_neither_waits(shared: Database) -> None:
    await given_updates(shared, (1, SARA), (2, SARA), (3, REZA), (4, MINA))
    async with taking(shared, limit=2) as (one, mine), taking(shared) as (other, others):
        assert (numbers(mine), numbers(others)) == ([1, 3], [4])
        async with taking(shared) as (_, nothing):
            assert nothing == []
        await finish(one, mine)
        await finish(other, others)
    async with taking(shared) as (_, letters):
        assert numbers(letters) == [2]


async def test_an_earlier_update_that_comes_late_waits_for_the_one_in_work(
    shared: Database,
) -> None:
    """A press overtook the message before it, which another replica was given."""
    await given_updates(shared, (8, SARA))
    async with taking(shared) as (tx, letters):
        await given_updates(shared, (7, SARA), (9, REZA))
        async with taking(shared) as (_, others):
            assert numbers(others) == [9]
        await finish(tx, letters)
    async with taking(shared) as (_, letters):
        assert numbers(letters) == [7, 9]


async def test_what_a_replica_took_and_did_not_finish_is_anybodys(shared: Database) -> None:
    await given_updates(shared, (1, SARA))
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - it is undone before it ends
        async with taking(shared) as (tx, letters):
            await finish(tx, letters)
            raise ZeroDivisionError
    async with taking(shared) as (_, letters):
        assert numbers(letters) == [1]


async def test_many_takers_finish_each_letter_once_and_each_chat_in_order(
    shared: Database,
) -> None:
    chats = [SARA, REZA, MINA, 44, 55]
    await given_updates(shared, *((number, chats[number % 5]) for number in range(60)))
    finished: list[tuple[int, int]] = []

    async def work() -> None:
        while len(finished) < 60:
            async with taking(shared, limit=2) as (tx, letters):
                if letters:
                    await finish(tx, letters)
                    finished.extend((letter.chat_key, letter.update_id) for letter in letters)
            await asyncio.sleep(0)

    async with asyncio.timeout(20):
        await asyncio.gather(*(work() for _ in range(4)))
    for chat in chats:
        mine = [number for of, number in finished if of == chat]
        assert mine == sorted(mine)
        assert len(mine) == 12
