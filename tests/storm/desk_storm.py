"""Kills the whole desk again and again while days pass, citizens write and officers work."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.inbox.model import Owner
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.keyring_file import draw_keyring
from bot.kit.migrating import migrate
from bot.simulator import DEMO_TOKEN, FaultKind, Simulator
from tests.day_support import ROOT, buttons, seat_staff
from tests.storm.leavers import Leaver, is_of_a_leaver
from tests.storm.oracle import received_count, waiting_count
from tests.storm.people import Citizen, Officer

_FIRST_CHAT = 60_000
_BEGINS_AT = 1_795_836_600.0  # 07:00 of a Saturday in Tehran: 7 Azar 1405
_DRAIN_SECONDS_MAX = 180.0
_START_SECONDS_MAX = 240.0  # a busy machine takes its time
_AGE_MAX = timedelta(hours=20)  # the desk gives up at 24


def _moment(kept: str) -> datetime:
    return datetime.fromisoformat(kept).replace(tzinfo=UTC)


@dataclass
class DeskStorm:
    """One storm at the desk, and the seed that repeats it as far as the machine allows."""

    database: Path
    seed: int
    kills: int
    citizens_count: int = 12
    life_seconds: tuple[float, float] = (0.0, 2.5)
    leavers_count: int = 3
    citizens: list[Citizen] = field(default_factory=list)
    leavers: list[Leaver] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    exit_code: int | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.leapt = _BEGINS_AT - time.time()
        self.simulator = Simulator(clock=lambda: time.time() + self.leapt)
        self.url = f"sqlite+aiosqlite:///{self.database}"
        marks = count(1)
        for number in range(self.citizens_count + self.leavers_count):
            id_ = _FIRST_CHAT + number
            self.simulator.add_person(f"p{id_}", id_, "Citizen")
            self.simulator.world.chats[id_].is_started = True
            screen = (self.simulator, f"p{id_}", id_, self.random, marks)
            if number < self.citizens_count:
                self.citizens.append(Citizen(*screen))
            else:
                self.leavers.append(Leaver(*screen))
        for key in ("officer", "manager"):
            self.officers.append(
                Officer(self.simulator, key, self.simulator.group, self.random, marks)
            )

    @property
    def people(self) -> list[Citizen | Officer]:
        return [*self.citizens, *self.leavers, *self.officers]

    @property
    def updates(self) -> list[tuple[int, int, str]]:
        return [done for one in self.people for done in one.updates]

    @property
    def _keyring_file(self) -> Path:
        return self.database.parent / "keyring.json"

    async def rage(self) -> float:
        """Kill and restart, then let the last life finish; return the seconds of the end."""
        await asyncio.to_thread(migrate, self.url)
        keyring = draw_keyring(self._keyring_file)
        database = Database.open(self.url, keyring=keyring)
        await seat_staff(database, self.simulator, Owner("telegram", 1), now())
        await database.close()
        async with self.simulator.serve() as address:
            for life in range(self.kills):
                await self._one_life(address, closes=life == self.kills // 2)
                self._leap()
            polls = self._polls()
            bot = await self._start(address)
            try:
                # Where nothing is left to do, it would be told to end before it hears of ends.
                await self._begun(bot, polls)
                began = time.monotonic()
                await self._drained(bot)
                return time.monotonic() - began
            finally:
                if bot.returncode is None:
                    bot.send_signal(signal.SIGTERM)
                self.exit_code = await bot.wait()

    async def _one_life(self, address: str, *, closes: bool) -> None:
        bot = await self._start(address)
        try:
            await self._live(bot, closes=closes)
            assert bot.returncode is None, "the bot ended by itself"
        finally:
            if bot.returncode is None:
                bot.kill()
            await bot.wait()

    async def _live(self, bot: asyncio.subprocess.Process, *, closes: bool) -> None:
        polls = self._polls()
        until = time.monotonic() + self.random.uniform(*self.life_seconds)
        if self.random.random() < 0.85:  # the others die before they have begun
            await self._begun(bot, polls)
            until = time.monotonic() + self.random.uniform(*self.life_seconds)
        if closes:
            self.officers[-1].close_tomorrow()
        while time.monotonic() < until:
            self._stir()
            await asyncio.sleep(self.random.uniform(0, 0.03))

    def _leap(self) -> None:
        """Let time pass, but never so much that what waits to be said is given up for its age."""
        leap = self.random.choice((0.0, 60.0, 1800.0, 7200.0, 18_000.0))
        with closing(sqlite3.connect(self.database)) as connection:
            query = "SELECT min(created_at) FROM outbox WHERE state = 'queued'"
            (oldest,) = connection.execute(query).fetchone()
        later = datetime.fromtimestamp(time.time() + self.leapt + leap, UTC)
        if oldest is None or later - _moment(oldest) < _AGE_MAX:
            self.leapt += leap

    def _stir(self, *, begins: bool = True) -> None:
        self._meet_cases()
        somebody = self.random.choice(self.people)
        if isinstance(somebody, Citizen):
            somebody.act(begins=begins)
        else:
            somebody.act()
        if begins and self.random.random() < 0.02 and not self.simulator.faults.waiting:
            kind = self.random.choice([FaultKind.CUT_AFTER, FaultKind.CUT_BEFORE])
            self.simulator.faults.order(kind, self.random.choice(["sendMessage", "getUpdates"]))

    def _meet_cases(self) -> None:
        known = {case_id for officer in self.officers for case_id in officer.plans}
        for message in self.officers[0].messages():
            if is_of_a_leaver(message):
                continue
            for data in buttons(message):
                prefix, *rest = data.split(":")
                if prefix == "d" and rest[0] not in known and rest[1] == "take":
                    known.add(rest[0])
                    self.random.choice(self.officers).meet(rest[0])

    async def _begun(self, bot: asyncio.subprocess.Process, polls: int) -> None:
        """Wait until a life has begun, and say what it said where it has not."""
        began = time.monotonic()
        while self._polls() <= polls:
            if bot.returncode is not None or time.monotonic() - began > _START_SECONDS_MAX:
                said = (self.database.parent / "log").read_text(errors="replace")[-2000:]
                raise AssertionError(f"it has not begun (ended: {bot.returncode}): {said}")
            await asyncio.sleep(0.01)

    def _polls(self) -> int:
        return self.simulator.journal.counts.get("getUpdates", 0)

    async def _start(self, address: str) -> asyncio.subprocess.Process:
        with (self.database.parent / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, str(Path(__file__).with_name("desk_bot.py"))),
                str(time.time() + self.leapt),
                cwd=ROOT,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "MIZBAN_BOT_TOKEN": DEMO_TOKEN,
                    "MIZBAN_API_BASE_URL": f"{address}/bot",
                    "MIZBAN_DATABASE_URL": self.url,
                    "MIZBAN_KEYRING_FILE": str(self._keyring_file),
                    "MIZBAN_HEALTH_PORT": "0",
                    "MIZBAN_SEMANTIC": "false",
                },
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    async def _drained(self, bot: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(_DRAIN_SECONDS_MAX):
            while not self._is_drained():
                assert bot.returncode is None, "the bot ended by itself"
                self._stir(begins=False)
                await asyncio.sleep(0.02)

    def _is_drained(self) -> bool:
        if not all(one.is_idle for one in self.people):
            return False
        if not all(one.is_gone for one in self.leavers):
            return False
        last = {update_id for update_id, _, _ in self.updates}
        is_received = received_count(self.database) >= len(last)
        return is_received and waiting_count(self.database) == 0
