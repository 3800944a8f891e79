"""F1, F18: of several replicas on a server the leader is killed, or stands still and goes on."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.scale import PATIENCE, chance
from tests.postgres_support import Server
from tests.storm.oracle import check_effects, check_invariants
from tests.storm.replicas import ReplicaStorm, copy, prepare

pytestmark = pytest.mark.timeout(PATIENCE)

SPOKEN = 12
NOTICED_SECONDS = 5  # how long one that stands still is borne
BUSY_MACHINE_SECONDS = 15


@pytest.fixture
def server_url(server: Server) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.take_back(url)


@dataclass
class Two:
    """A leader, one that follows, and the people who speak to them."""

    storm: ReplicaStorm
    leader: asyncio.subprocess.Process
    follower: asyncio.subprocess.Process

    def speak(self) -> None:
        for _ in range(SPOKEN):
            self.storm._speak()

    async def heard_all(self) -> float:
        """Wait until all was said, and return the seconds of it."""
        began = time.monotonic()
        await self.storm._all_is_drained()
        return time.monotonic() - began


@asynccontextmanager
async def two(url: str, path: Path) -> AsyncIterator[Two]:
    """Start one and, when it leads, another; look afterwards whether all is right."""
    storm = ReplicaStorm(path, chance().randrange(1_000_000), kills=0, url=url, replicas=2)
    await prepare(url)
    async with storm.simulator.serve() as address:
        storm._bots.append(await storm._start(address, url))
        await storm.simulator.until(lambda: storm._polls() > 0, 30)
        storm._bots.append(await storm._start(address, url))
        try:
            await storm._until_all_are_there()
            yield Two(storm, *storm._bots)
        finally:
            for bot in storm._bots:
                if bot.returncode is None:
                    bot.send_signal(signal.SIGCONT)
                    bot.send_signal(signal.SIGTERM)
            codes = [await bot.wait() for bot in storm._bots]
    assert set(codes) <= {0, -signal.SIGKILL}
    await copy(url, path)
    assert check_invariants(path, storm.simulator, storm.said) == []
    assert check_effects(path, storm.said) == []


async def test_beside_a_leader_that_stands_still_another_goes_on_and_both_do_nothing_twice(
    server_url: str, tmp_path: Path
) -> None:
    async with two(server_url, tmp_path / "storm.sqlite3") as both:
        both.speak()
        await asyncio.sleep(both.storm.random.uniform(0, 0.1))
        both.leader.send_signal(signal.SIGSTOP)  # in the middle of work, as often as not
        both.speak()
        assert await both.heard_all() < NOTICED_SECONDS + BUSY_MACHINE_SECONDS
        both.speak()
        both.leader.send_signal(signal.SIGCONT)
        await asyncio.sleep(both.storm.random.uniform(0, 1))
        both.speak()
        await both.heard_all()


async def test_when_the_leader_is_killed_another_goes_on_at_once(
    server_url: str, tmp_path: Path
) -> None:
    async with two(server_url, tmp_path / "storm.sqlite3") as both:
        both.speak()
        await asyncio.sleep(both.storm.random.uniform(0, 0.1))
        both.leader.kill()
        await both.leader.wait()
        both.storm._bots = [both.follower]
        both.speak()
        assert await both.heard_all() < BUSY_MACHINE_SECONDS
