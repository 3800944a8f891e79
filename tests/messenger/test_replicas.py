"""Several messengers on one database: one asks and speaks, all answer, and none does it twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.kit.database import Database
from bot.kit.replicas import Pace, Replica
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.outbox import use_cases as outbox
from bot.simulator import Simulator
from tests.messenger.conftest import Place
from tests.messenger.support import EchoDesk, ManualClock, eventually, running, say
from tests.postgres_support import Server

CHATS = range(500, 510)
QUICK = Pace(beat_seconds=0.05)


@pytest.fixture
def server_url(server: Server) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.take_back(url)


class Office:
    """Replicas of a desk, as many as are opened."""

    def __init__(self, place: Place, url: str) -> None:
        self.place, self.url = place, url
        self.desk = EchoDesk()
        for chat in CHATS:
            place.simulator.add_person(f"p{chat}", chat, "Citizen")
            place.simulator.world.chats[chat].is_started = True

    @asynccontextmanager
    async def replica(self) -> AsyncIterator[tuple[Messenger, Replica]]:
        database = Database.open(self.url)
        one = Replica(database, 1, QUICK)
        async with Wire() as wire:
            api = BotApi(TELEGRAM.at(self.place.address), self.place.simulator.token, wire)
            limiter = Limiter(10_000, is_paced=False)
            async with running(
                database, api, self.desk.desk(), limiter=limiter, replica=one
            ) as messenger:
                yield messenger, one
        await database.close()


@pytest.fixture
def office(place: Place, server_url: str) -> Office:
    return Office(place, server_url)


def heard(simulator: Simulator, chat: int) -> list[str]:
    return [message["text"] for message in simulator.messages(chat) if message["from"]["is_bot"]]


async def one_leads(*replicas: Replica) -> Replica:
    async def is_so() -> bool:
        return sum(one.leads for one in replicas) == 1

    await eventually(is_so)
    return next(one for one in replicas if one.leads)


async def test_each_update_is_answered_once_and_in_order_by_any_of_them(
    office: Office, simulator: Simulator
) -> None:
    async with AsyncExitStack() as stack:
        replicas = [(await stack.enter_async_context(office.replica()))[1] for _ in range(3)]
        await one_leads(*replicas)
        for number in range(8):
            for chat in CHATS:
                simulator.say(chat, f"{chat}:{number}")
            await asyncio.sleep(0.01)
        await simulator.until(
            lambda: len(simulator.journal.of("sendMessage")) == 8 * len(CHATS), 20
        )
    for chat in CHATS:
        assert heard(simulator, chat) == [f"echo {chat}:{number}" for number in range(8)]
    assert set(Counter(office.desk.heard).values()) == {1}


async def test_what_one_queues_another_says_at_once(office: Office, simulator: Simulator) -> None:
    async with office.replica() as first, office.replica() as second:
        leader = await one_leads(first[1], second[1])
        messenger, follower = next(pair for pair in (first, second) if pair[1] is not leader)
        await asyncio.sleep(0.2)  # Nothing is left to do, and the leader rests.
        async with follower._database.transaction() as tx:
            await outbox.queue(tx, "late", [say(CHATS[0], "news")], ManualClock().now)
        began = asyncio.get_running_loop().time()
        messenger.wake()
        await simulator.until(lambda: heard(simulator, CHATS[0]) == ["news"])
        assert asyncio.get_running_loop().time() - began < 0.6, "before it looks by itself"


async def test_when_the_leader_ends_another_goes_on(office: Office, simulator: Simulator) -> None:
    async with office.replica() as (_, second):
        async with office.replica() as (_, first):
            await one_leads(first, second)
            simulator.say(CHATS[0], "one")
            await simulator.until(lambda: heard(simulator, CHATS[0]) == ["echo one"])
        await one_leads(second)
        simulator.say(CHATS[0], "two")
        await simulator.until(lambda: heard(simulator, CHATS[0]) == ["echo one", "echo two"])


async def test_who_does_not_ask_for_updates_is_well_while_another_one_does(office: Office) -> None:
    async with office.replica() as (one, first), office.replica() as (other, second):
        await one_leads(first, second)
        await eventually(lambda: _is_well(one))
        await eventually(lambda: _is_well(other))


async def _is_well(messenger: Messenger) -> bool:
    return (await messenger.health()).is_healthy
