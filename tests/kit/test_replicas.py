"""Replicas that share a server: one leads, all hear each other, who stands still is cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.kit.database import Database, is_busy, is_storage_trouble
from bot.kit.replicas import Alone, Pace, Replica, replica_of
from bot.kit.repository import Turn, take_turn
from tests.messenger.support import eventually
from tests.postgres_support import Server, execute

QUICK = Pace(beat_seconds=0.02)  # a busy machine is silent for a while, too
HASTY = Pace(beat_seconds=0.02, trusted_seconds=0.3, silent_seconds=0.5)
OFFICE = 77


@pytest.fixture
def url(server: Server) -> str:
    return server.database()


@asynccontextmanager
async def replica(url: str, number: int = OFFICE, pace: Pace = QUICK) -> AsyncIterator[Replica]:
    database = Database.open(url)
    one = Replica(database, number, pace)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(one.run())
        yield one
        one.end()
        await running
    await database.close()


def in_turn(database: Database, turn: Turn = Turn.ROUNDS) -> Database:
    return database.beginning_with(partial(take_turn, turn=turn))


async def leads(one: Alone) -> None:
    async def is_so() -> bool:
        return one.leads

    await eventually(is_so)


async def test_one_leads_and_when_it_ends_another_does(url: str) -> None:
    async with replica(url) as second, replica(url) as third:
        await eventually(lambda: _async(second.leads or third.leads))
        first, other = (second, third) if second.leads else (third, second)
        await eventually(lambda: _async(other.leader_seen is not None))
        assert first.leads
        assert not other.leads
        first.end()
        await leads(other)
        assert not first.leads


async def _async(value: bool) -> bool:  # noqa: FBT001 - what is awaited
    return value


async def test_desks_that_share_a_server_have_a_leader_each(url: str) -> None:
    async with replica(url, 1) as one, replica(url, 2) as other:
        await leads(one)
        await leads(other)


async def test_what_one_tells_the_others_hear_and_it_does_not(url: str) -> None:
    heard: list[str] = []
    async with replica(url) as one, replica(url) as other:
        await eventually(lambda: _async(one.leads or other.leads))
        await asyncio.sleep(0.1)  # Both listen.
        one.hear("news", lambda: heard.append("one"))
        other.hear("news", lambda: heard.append("other"))
        one.tell("news")
        await eventually(lambda: _async(bool(heard)))
        await asyncio.sleep(0.1)
    assert heard == ["other"]


async def test_who_stands_still_is_cut_off_with_all_it_had_begun(url: str) -> None:
    """It holds the lead, and a lock inside a transaction: both are free once it is cut off."""
    stopped = Database.open(url)
    still = Replica(stopped, OFFICE, Pace(beat_seconds=600.0))
    async with asyncio.TaskGroup() as group:
        standing = group.create_task(still.run())
        await eventually(lambda: _async(still.leads))
        with pytest.raises(DBAPIError) as cut:  # noqa: PT012 - it is undone before it ends
            async with in_turn(stopped).transaction() as tx:
                async with replica(url, pace=HASTY) as other:
                    await leads(other)
                    async with in_turn(other._database).transaction():
                        pass
                await tx.execute(select(1))
        assert is_storage_trouble(cut.value)
        still.end()
        await standing
        assert not still.leads
    await stopped.close()


async def test_a_leader_that_hears_nothing_for_long_does_not_lead(url: str) -> None:
    database = Database.open(url)
    still = Replica(database, OFFICE, Pace(beat_seconds=600.0, trusted_seconds=0.2))
    async with asyncio.TaskGroup() as group:
        group.create_task(still.run())
        await leads(still)
        await eventually(lambda: _async(not still.leads))
        still.end()
    await database.close()


async def test_the_leaders_work_ends_when_it_leads_no_more_and_is_taken_up_by_another(
    url: str,
) -> None:
    at_work: list[str] = []
    stop, interrupted = asyncio.Event(), asyncio.Event()

    async with replica(url) as one, replica(url) as other, asyncio.TaskGroup() as group:

        async def work(name: str, over: asyncio.Event) -> None:
            at_work.append(name)
            await over.wait()
            at_work.remove(name)

        for name, each in (("one", one), ("other", other)):
            group.create_task(
                each.lead(lambda over, name=name: work(name, over), stop, interrupted.set)
            )
        await eventually(lambda: _async(len(at_work) == 1))
        (first,) = at_work
        (one if first == "one" else other).end()
        await eventually(lambda: _async(bool(at_work) and at_work != [first]))
        assert len(at_work) == 1
        assert interrupted.is_set()
        stop.set()
    assert at_work == []


async def test_a_server_that_is_gone_for_a_while_is_borne(url: str, server: Server) -> None:
    async with replica(url) as one:
        await leads(one)
        await execute(
            server.url("postgres"),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'mizban %'",
        )
        await eventually(lambda: _async(not one.leads))
        await leads(one)


async def test_transactions_of_one_turn_come_one_after_the_other(url: str) -> None:
    database = Database.open(url, busy_seconds=0.2)
    async with in_turn(database).transaction(), in_turn(database, Turn.KEYS).transaction():
        with pytest.raises(DBAPIError) as waited:
            async with in_turn(database).transaction():
                pass
        assert is_busy(waited.value)
    async with in_turn(database).transaction() as tx:
        assert await tx.scalar(select(func.count())) == 1
    await database.close()


@pytest.mark.about_a_file("of a file there is one desk")
async def test_on_a_file_there_is_one_and_it_leads(database: Database) -> None:
    alone = replica_of(database, OFFICE)
    worked: list[bool] = []
    stop = asyncio.Event()

    async def work(over: asyncio.Event) -> None:
        worked.append(over is stop)

    await alone.lead(work, stop)
    assert alone.leads
    assert worked == [True]
    async with in_turn(database).transaction():
        pass
