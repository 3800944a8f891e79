"""Two replicas that both speak, for a moment, never claim one message, nor two of one chat."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.kit.database import Database
from bot.outbox import use_cases
from bot.outbox.model import Claimed, OutgoingMessage
from tests.postgres_support import Server

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SARA, REZA, MINA = 11, 22, 33


@pytest.fixture
def server_url(server: Server) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.take_back(url)


@pytest.fixture
async def shared(server_url: str) -> AsyncIterator[Database]:
    database = Database.open(server_url, busy_seconds=0.5)
    yield database
    await database.close()


async def given_messages(database: Database, *chats: int) -> None:
    async with database.transaction() as tx:
        messages = [OutgoingMessage(chat, "sendMessage", {"text": "t"}) for chat in chats]
        await use_cases.queue(tx, "u1", messages, NOW)


@asynccontextmanager
async def claiming(
    database: Database, *, after: timedelta = timedelta(0), limit: int = 32
) -> AsyncIterator[list[Claimed]]:
    async with database.transaction() as tx:
        yield await use_cases.claim(tx, NOW + after, limit)


def numbers(claimed: Sequence[Claimed]) -> list[int]:
    return [message.id for message in claimed]


async def test_what_one_claims_the_other_leaves_and_nobody_waits(shared: Database) -> None:
    await given_messages(shared, SARA, SARA, REZA, MINA)
    async with claiming(shared, limit=2) as mine, claiming(shared) as others:
        assert (numbers(mine), numbers(others)) == ([1, 3], [4])
    async with claiming(shared) as more:
        assert more == [], "the second of a chat waits for the end of the first"


async def test_a_claim_that_is_undone_leaves_no_trace(shared: Database) -> None:
    await given_messages(shared, SARA)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - it is undone before it ends
        async with claiming(shared) as claimed:
            assert numbers(claimed) == [1]
            raise ZeroDivisionError
    async with claiming(shared) as claimed:
        assert [(message.id, message.attempts) for message in claimed] == [(1, 1)]


async def test_what_a_killed_one_held_is_anybodys_after_the_lease(shared: Database) -> None:
    await given_messages(shared, SARA)
    async with claiming(shared):
        pass
    async with claiming(shared, after=timedelta(seconds=29)) as claimed:
        assert claimed == []
    async with claiming(shared, after=timedelta(seconds=31)) as claimed:
        assert [(message.id, message.attempts) for message in claimed] == [(1, 2)]
