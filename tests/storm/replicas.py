"""Kills and stops replicas of a bot that share a server, while deliveries are doubled and turned.

What is looked at afterwards is a copy in a file, by the same rules as for a bot on a file.
"""

import asyncio
import signal
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table, create_engine, insert, select

from bot.inbox.tables import inbox
from bot.kit.database import Database
from bot.kit.migrating import migrate
from bot.outbox.tables import outbox
from tests.postgres_support import connected
from tests.storm.oracle import WAITING
from tests.storm.spreading import Spreader, free_port
from tests.storm.storm import Storm
from tests.storm.storm_bot import tables

_DRAIN_SECONDS_MAX = 120.0
_START_SECONDS_MAX = 60.0
_WHOLE_SHARE = 0.7  # of the strikes meet all replicas at work; the others some that start
SESSIONS = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND mode = 'ShareLock' AND datname = current_database()"
)
_STOPPED_SECONDS = (0.1, 9.0)  # of which those beyond five are cut off by the others


@dataclass
class ReplicaStorm(Storm):
    """One storm over several processes; `kills` counts those that are stopped for a while too."""

    url: str = ""
    replicas: int = 3
    stopped_share: float = 0.25
    reversed_share: float = 0.05
    stopped_seconds: tuple[float, float] = _STOPPED_SECONDS
    stopped_count: int = 0
    _bots: list[asyncio.subprocess.Process] = field(default_factory=list)
    _stopped: tuple[asyncio.subprocess.Process, float] | None = None
    exit_codes: list[int] = field(default_factory=list)

    async def rage(self) -> float:
        """Kill and stop, then let all finish; return the seconds of the end."""
        async with self.simulator.serve() as address:
            self._bots = [await self._launch(address, number) for number in range(self.replicas)]
            try:
                await self.simulator.until(lambda: self._polls() > 0, 30)
                for _ in range(self.kills):
                    if self.random.random() < _WHOLE_SHARE:
                        await self._until_all_are_there()
                    await self._speak_for_a_while()
                    await self._strike(address)
                self._let_go_on()
                await self._until_all_are_there()
                began = time.monotonic()
                await self._all_is_drained()
                return time.monotonic() - began
            finally:
                self._let_go_on()
                for bot in self._bots:
                    if bot.returncode is None:
                        bot.send_signal(signal.SIGTERM)
                self.exit_codes = [await bot.wait() for bot in self._bots]

    async def _launch(self, address: str, number: int) -> asyncio.subprocess.Process:
        del number
        return await self._start(address, self.url)

    async def _until_all_are_there(self) -> None:
        """Wait for those that start, while people go on speaking; one stopped is there too."""
        until = time.monotonic() + _START_SECONDS_MAX
        async with connected(self.url) as connection:
            while await connection.fetchval(SESSIONS) < self.replicas:
                assert time.monotonic() < until, "a replica does not start"
                self._speak()
                self._let_go_on_in_time()
                await asyncio.sleep(0.1)

    async def _speak_for_a_while(self) -> None:
        for _ in range(self.per_life):
            kind = self.random.random()
            if kind < 0.05:
                self.simulator.world.updates.duplicate_next(3)
            elif (
                kind < 0.05 + self.reversed_share and not self.simulator.world.updates._hold_count
            ):
                self.simulator.world.updates.reverse_next(self.random.randint(2, 4))
            self._speak()
            await asyncio.sleep(self.random.uniform(0, 0.02))
        while self.simulator.world.updates._hold_count:
            self._speak()
        self._let_go_on_in_time()
        await asyncio.sleep(self.random.uniform(0, 0.2))

    async def _strike(self, address: str) -> None:
        number = self.random.randrange(self.replicas)
        victim = self._bots[number]
        assert victim.returncode is None, "a bot ended by itself"
        is_stopped = self._stopped is not None and self._stopped[0] is victim
        if self._stopped is None and self.random.random() < self.stopped_share:
            victim.send_signal(signal.SIGSTOP)
            seconds = self.random.uniform(*self.stopped_seconds)
            self._stopped = victim, time.monotonic() + seconds
            self.stopped_count += 1
            return
        victim.kill()
        if is_stopped:
            self._stopped = None
        await victim.wait()
        self._bots[number] = await self._launch(address, number)

    def _let_go_on_in_time(self) -> None:
        if self._stopped is not None and time.monotonic() > self._stopped[1]:
            self._let_go_on()

    def _let_go_on(self) -> None:
        if self._stopped is not None and self._stopped[0].returncode is None:
            self._stopped[0].send_signal(signal.SIGCONT)
        self._stopped = None

    async def _all_is_drained(self) -> None:
        async with asyncio.timeout(_DRAIN_SECONDS_MAX), connected(self.url) as connection:
            while True:
                assert all(bot.returncode is None for bot in self._bots), "one ended by itself"
                received = await connection.fetchval("SELECT count(*) FROM inbox")
                is_all = received >= len(self.said.updates)
                if is_all and await connection.fetchval(WAITING) == 0:
                    return
                await asyncio.sleep(0.1)


@dataclass
class PostedReplicaStorm(ReplicaStorm):
    """The same where updates are posted, to any replica, and some of them to two at once.

    A platform posts the messages of a chat one after the other: they are not turned here.
    """

    address: str = ""
    ports: list[int] = field(default_factory=list)
    reversed_share: float = 0.0

    async def rage(self) -> float:
        """Kill and stop, then let all finish; return the seconds of the end."""
        self.simulator.world.webhook.retry_seconds = 0.05
        self.ports = [free_port() for _ in range(self.replicas)]
        async with Spreader(self.random, self.ports).serve() as self.address:
            return await super().rage()

    async def _launch(self, address: str, number: int) -> asyncio.subprocess.Process:
        self.environment = {
            "STORM_WEBHOOK_PORT": str(self.ports[number]),
            "STORM_WEBHOOK_URL": self.address,
        }
        return await self._start(address, self.url)

    def _polls(self) -> int:
        return self.simulator.journal.counts.get("setWebhook", 0)


async def prepare(url: str) -> None:
    """Add what the bot of a storm keeps."""
    database = Database.open(url)
    async with database.transaction() as tx:
        await tx.run_sync(tables.create_all)
    await database.close()


async def copy(url: str, path: Path, copied: Collection[Table] = (inbox, outbox)) -> None:
    """Copy what is looked at from a server into a new file."""
    await asyncio.to_thread(migrate, f"sqlite+aiosqlite:///{path}")
    engine, database = create_engine(f"sqlite:///{path}"), Database.open(url)
    tables.create_all(engine)
    every: Sequence[Table] = [*copied, *tables.sorted_tables]
    async with database.reading() as tx:
        for table in every:
            rows = [dict(row) for row in (await tx.execute(select(table))).mappings()]
            with engine.begin() as file:
                if rows:
                    file.execute(insert(table), rows)
    engine.dispose()
    await database.close()
