"""The whole durable path: how many updates a second, and how long one of them takes."""

import asyncio
import itertools
import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from benchmarks import bots
from benchmarks.machine import ROOT, workplace
from bot.simulator import Simulator

_UPDATES = 1500
_UPDATES_A_CHAT = 2  # No more than a chat may get at once, so the pace of one chat plays no part.
_ANSWERED_SECONDS_MAX = 60.0
_UPDATES_A_SECOND = 20
_SETTLE_SECONDS = 3.0  # the first turn of the rounds sows holidays and audits, once
MEANINGS_SECONDS_MAX = 300.0
MEANINGS_LEARNT = "semantic signal is in use"
_BOT_METHODS = ("sendMessage", "editMessageText")


@dataclass
class Rates:
    """Updates answered in a second, and the milliseconds the core was busy with each."""

    per_second: list[float] = field(default_factory=list)
    busy_milliseconds: list[float] = field(default_factory=list)


def known_questions() -> list[str]:
    """Read what citizens ask, as the evaluation has it."""
    lines = (ROOT / "tests" / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@contextmanager
def folder() -> Iterator[Path]:
    """Lend a folder on a real disk."""
    path = Path(tempfile.mkdtemp(dir=workplace()))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def texts_of(*, popular: bool) -> list[str]:
    """List what is said: mostly the same few questions, or no two alike."""
    rng = random.Random(1)
    questions = known_questions()
    if popular:
        weights = [1 / (place + 1) for place in range(len(questions))]
        return rng.choices(questions, weights, k=_UPDATES)
    rounds = itertools.cycle(questions)
    return [f"{next(rounds)} {number}" for number in range(_UPDATES)]


async def rate(command: tuple[str, ...], texts: list[str], rates: Rates) -> None:
    """Let everybody ask at once and see how long it takes until all are answered."""
    simulator, people = bots.peopled(len(texts) // _UPDATES_A_CHAT)
    with folder() as place:
        async with simulator.serve() as address:
            variables = bots.environment(address, place, semantic=False)
            async with bots.running(simulator, command, variables) as bot:
                await asyncio.sleep(_SETTLE_SECONDS)
                busy = bot.processor_seconds()
                began = time.perf_counter()
                for person, text in zip(itertools.cycle(people), texts, strict=False):
                    simulator.say(person, text)
                await answered(simulator, len(texts))
                seconds = time.perf_counter() - began
                busy = bot.processor_seconds() - busy
    rates.per_second.append(len(texts) / seconds)
    rates.busy_milliseconds.append(busy / len(texts) * 1000)


async def answered(simulator: Simulator, count: int) -> None:
    counts = simulator.journal.counts
    ends_at = time.monotonic() + _ANSWERED_SECONDS_MAX
    while sum(counts.get(method, 0) for method in _BOT_METHODS) < count:
        assert time.monotonic() < ends_at, "not everything was answered"
        await asyncio.sleep(0.005)


async def compare(rounds: int, *, seconds_max: float) -> dict[str, Rates]:
    """Measure stock echo and desk in turn; the desk with questions all different, and popular."""
    ends_at = time.monotonic() + seconds_max
    runs = {
        "stock": (bots.STOCK, texts_of(popular=False)),
        "fast": (bots.FAST, texts_of(popular=False)),
        "desk": (bots.UNBRIDLED, texts_of(popular=False)),
        "popular": (bots.UNBRIDLED, texts_of(popular=True)),
    }
    rates = {name: Rates() for name in runs}
    for done in range(rounds):
        if done and time.monotonic() > ends_at:
            break
        for name, (command, texts) in runs.items():
            await rate(command, texts, rates[name])
    return rates


async def latencies(updates: int, *, semantic: bool) -> tuple[float, float]:
    """Ask twenty times a second, and say the median and the 99th percentile in milliseconds."""
    simulator, people = bots.peopled(updates)
    texts = random.Random(2).sample(known_questions(), updates)
    rng = random.Random(3)
    asked: dict[int, float] = {}
    with folder() as place:
        async with simulator.serve() as address:
            variables = bots.environment(address, place, semantic=semantic)
            async with bots.running(simulator, bots.SHIPPED, variables) as bot:
                if semantic:
                    await bot.says(MEANINGS_LEARNT, MEANINGS_SECONDS_MAX)
                await asyncio.sleep(_SETTLE_SECONDS)
                clock, began = simulator.world.clock, time.perf_counter()
                for number, (person, text) in enumerate(zip(people, texts, strict=True)):
                    moment = began + (number + rng.random()) / _UPDATES_A_SECOND
                    await asyncio.sleep(max(0.0, moment - time.perf_counter()))
                    asked[person] = clock()
                    simulator.say(person, text)
                await answered(simulator, updates)
    calls = simulator.journal.of("sendMessage")
    waited = [(call.at - asked[int(call.params["chat_id"])]) * 1000 for call in calls]
    return median(waited), quantiles(waited, n=100)[98]
