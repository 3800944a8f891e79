"""Kills replicas of the whole desk, which share a server, while days pass and people work."""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import create_engine, insert, select

from bot.inbox.model import Owner
from bot.kit.clock import now
from bot.kit.database import Database, metadata
from bot.kit.keyring_file import draw_keyring
from bot.outbox.tables import is_queued, outbox
from tests.day_support import seat_staff
from tests.postgres_support import connected
from tests.storm.desk_storm import _AGE_MAX, _DRAIN_SECONDS_MAX, _START_SECONDS_MAX, DeskStorm
from tests.storm.oracle import WAITING


@dataclass
class DeskReplicaStorm(DeskStorm):
    """One storm over several desks; of a life each of them is killed, one after the other."""

    server_url: str = ""
    replicas: int = 3
    killed_count: int = 0
    stopped_count: int = 0
    exit_codes: list[int] = field(default_factory=list)
    _bots: list[asyncio.subprocess.Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.url = self.server_url

    async def rage(self) -> float:
        """Kill until it is enough, then let the last ones finish; return the seconds of it."""
        await self._seat()
        async with self.simulator.serve() as address:
            while self.killed_count < self.kills:
                await self._one_age(address)
                await self._let_time_pass()
            await self._begin(address)
            try:
                began = time.monotonic()
                await self._drained_by_all()
                return time.monotonic() - began
            finally:
                for bot in self._bots:
                    if bot.returncode is None:
                        bot.send_signal(signal.SIGTERM)
                self.exit_codes = [await bot.wait() for bot in self._bots]

    async def _seat(self) -> None:
        database = Database.open(self.url, keyring=draw_keyring(self._keyring_file))
        await seat_staff(database, self.simulator, Owner("telegram", 1), now())
        await database.close()

    async def _begin(self, address: str) -> None:
        polls = self._polls()
        self._bots = [await self._start(address) for _ in range(self.replicas)]
        await self.simulator.until(lambda: self._polls() > polls, _START_SECONDS_MAX)

    async def _one_age(self, address: str) -> None:
        await self._begin(address)
        if self.killed_count <= self.kills // 2 < self.killed_count + self.replicas:
            self.officers[-1].close_tomorrow()
        for bot in self.random.sample(self._bots, len(self._bots)):
            await self._stir_for_a_while()
            if self.random.random() < 0.2:
                bot.send_signal(signal.SIGSTOP)
                self.stopped_count += 1
                await self._stir_for_a_while()
                bot.send_signal(signal.SIGCONT)
                await self._stir_for_a_while()
            assert bot.returncode is None, "a desk ended by itself"
            bot.kill()
            await bot.wait()
            self.killed_count += 1

    async def _stir_for_a_while(self) -> None:
        until = time.monotonic() + self.random.uniform(*self.life_seconds)
        while time.monotonic() < until:
            self._stir()
            await asyncio.sleep(self.random.uniform(0, 0.03))

    async def _let_time_pass(self) -> None:
        leap = self.random.choice((0.0, 60.0, 1800.0, 7200.0, 18_000.0))
        database = Database.open(self.url)
        async with database.reading() as tx:
            query = select(outbox.c.created_at).where(is_queued(outbox))
            oldest = await tx.scalar(query.order_by(outbox.c.created_at).limit(1))
        await database.close()
        later = datetime.fromtimestamp(time.time() + self.leapt + leap, UTC)
        if oldest is None or later - oldest < _AGE_MAX:
            self.leapt += leap

    async def _drained_by_all(self) -> None:
        async with asyncio.timeout(_DRAIN_SECONDS_MAX), connected(self.url) as connection:
            while True:
                assert all(bot.returncode is None for bot in self._bots), "one ended by itself"
                idle = all(one.is_idle for one in self.people)
                if idle and all(one.is_gone for one in self.leavers):
                    last = {update_id for update_id, _, _ in self.updates}
                    received = await connection.fetchval("SELECT count(*) FROM inbox")
                    if received >= len(last) and not await connection.fetchval(WAITING):
                        return
                self._stir(begins=False)
                await asyncio.sleep(0.02)

    async def copy(self) -> None:
        """Copy all that the desks kept into a file, for those who look at it."""
        engine, database = create_engine(f"sqlite:///{self.database}"), Database.open(self.url)
        metadata.create_all(engine)
        async with database.reading() as tx:
            for table in metadata.sorted_tables:
                rows = [dict(row) for row in (await tx.execute(select(table))).mappings()]
                with engine.begin() as file:
                    if rows:
                        file.execute(insert(table), rows)
        engine.dispose()
        await database.close()
