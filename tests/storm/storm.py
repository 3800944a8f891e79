"""Kills a bot again and again while people speak to it, and asks afterwards what was lost.

The simulator lives in this process, the bot is a real process that gets a real SIGKILL.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator import DEMO_TOKEN, FaultKind, Simulator
from tests.storm.oracle import Said, received_count, waiting_count

ROOT = Path(__file__).parents[2]
_FIRST_CHAT = 50_000
_DRAIN_SECONDS_MAX = 240.0
_START_SECONDS_MAX = 90.0


@dataclass
class Storm:
    """One storm: who speaks, how often the bot is killed, and the seed that repeats it."""

    database: Path
    seed: int
    kills: int
    chats: int = 40
    per_life: int = 30
    poison_share: float = 0.0
    ending: signal.Signals = signal.SIGKILL  # of every life but the last
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    said: Said = field(default_factory=Said)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.simulator = Simulator()
        self.exit_code: int | None = None
        self.ends: list[tuple[int, float]] = []  # exit code and seconds of each life's end
        for chat in range(_FIRST_CHAT, _FIRST_CHAT + self.chats):
            self.simulator.add_person(f"p{chat}", chat, "Citizen")
            self.simulator.world.chats[chat].is_started = True

    async def rage(self) -> float:
        """Kill and restart, then let the last life finish; return the seconds of the end."""
        async with self.simulator.serve() as address:
            for _ in range(self.kills):
                await self._one_life(address)
            polls = self._polls()
            bot = await self._start(address)
            try:
                # Where nothing is left to do, it would be told to end before it hears of ends.
                await self.simulator.until(lambda: self._polls() > polls, _START_SECONDS_MAX)
                began = time.monotonic()
                await self._drained(bot)
                return time.monotonic() - began
            finally:
                if bot.returncode is None:
                    bot.send_signal(signal.SIGTERM)
                self.exit_code = await bot.wait()

    def repeated_count(self) -> int:
        """Count the messages that were said more than once."""
        heard = [
            (chat, message["text"])
            for chat in range(_FIRST_CHAT, _FIRST_CHAT + self.chats)
            for message in self.simulator.messages(chat)
            if message["from"]["is_bot"]
        ]
        return len(heard) - len(set(heard))

    async def _one_life(self, address: str) -> None:
        bot = await self._start(address)
        polls = self._polls()
        await self.simulator.until(lambda: self._polls() > polls, _START_SECONDS_MAX)
        for _ in range(self.per_life):
            self._speak()
            await asyncio.sleep(self.random.uniform(0, 0.02))
        await asyncio.sleep(self.random.uniform(0, 0.1))
        began = time.monotonic()
        bot.send_signal(self.ending)
        self.ends.append((await bot.wait(), time.monotonic() - began))

    def _polls(self) -> int:
        return self.simulator.journal.counts.get("getUpdates", 0)

    def _speak(self) -> None:
        chat = _FIRST_CHAT + self.random.randrange(self.chats)
        kind = "poison" if self.random.random() < self.poison_share else "n"
        text = f"{kind}{len(self.said.updates)}"
        update_id = self.simulator.world.updates._next_id
        self.simulator.say(chat, text)
        self.said.updates.append((update_id, chat, text))
        if self.random.random() < 0.1 and not self.simulator.faults.waiting:
            self._go_wrong()

    def _go_wrong(self) -> None:
        kind = self.random.choice(
            [
                FaultKind.SERVER_ERROR,
                FaultKind.BAD_JSON,
                FaultKind.CUT_BEFORE,
                FaultKind.CUT_AFTER,
                FaultKind.TOO_MANY_REQUESTS,
            ]
        )
        method = self.random.choice(["sendMessage", "getUpdates"])
        self.simulator.faults.order(kind, method)

    async def _start(self, address: str, url: str | None = None) -> asyncio.subprocess.Process:
        command = self.command or (
            sys.executable,
            str(Path(__file__).with_name("storm_bot.py")),
            address,
            DEMO_TOKEN,
            url or str(self.database),
        )
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "MIZBAN_BOT_TOKEN": DEMO_TOKEN,
                "MIZBAN_API_BASE_URL": f"{address}/bot",
                **self.environment,
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def _drained(self, bot: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(_DRAIN_SECONDS_MAX):
            while not self._is_drained():
                assert bot.returncode is None, "the bot ended by itself"
                await asyncio.sleep(0.1)

    def _is_drained(self) -> bool:
        if not self.database.exists() or received_count(self.database) < len(self.said.updates):
            return False
        return waiting_count(self.database) == 0
