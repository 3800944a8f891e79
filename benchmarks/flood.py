"""What others notice of one person who floods the desk: how long their answers take."""

import asyncio
import random
import time
from collections.abc import Sequence
from statistics import quantiles

from benchmarks import bots, path
from bot.simulator import Simulator

_ASKED = 240
_A_SECOND = 20
_FLOOD = 1_000
_SETTLE_SECONDS = 0.4
_ANSWERED_SECONDS_MAX = 60.0


async def compare(rounds: int, *, seconds_max: float) -> dict[str, list[float]]:
    """Measure in turn the 95th percentile of others' answers, in calm and in a flood."""
    ends_at = time.monotonic() + seconds_max
    found: dict[str, list[float]] = {"calm": [], "flood": []}
    for done in range(rounds):
        if done and time.monotonic() > ends_at:
            break
        for name, waits in found.items():
            waits.append(await _percentile(is_flooded=name == "flood", seed=done))
    return found


async def _percentile(*, is_flooded: bool, seed: int) -> float:
    simulator, people = bots.peopled(_ASKED + 1)
    flooder, others = people[0], people[1:]
    texts = random.Random(seed).choices(path.known_questions(), k=_ASKED)
    with path.folder() as place:
        async with simulator.serve() as address:
            variables = bots.environment(address, place, semantic=False)
            async with bots.running(simulator, bots.SHIPPED, variables):
                await asyncio.sleep(_SETTLE_SECONDS)
                async with asyncio.TaskGroup() as group:
                    if is_flooded:
                        group.create_task(_flood(simulator, flooder))
                    asked = await _ask(simulator, others, texts)
                waits = await _waits(simulator, asked)
    return quantiles(waits, n=100)[94]


async def _ask(
    simulator: Simulator, people: Sequence[int], texts: Sequence[str]
) -> dict[int, float]:
    """Ask at random moments, and say when each did."""
    rng, began, asked = random.Random(3), time.perf_counter(), dict[int, float]()
    for number, (person, text) in enumerate(zip(people, texts, strict=True)):
        moment = began + (number + rng.random()) / _A_SECOND
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        asked[person] = simulator.world.clock()
        simulator.say(person, text)
    return asked


async def _flood(simulator: Simulator, person: int) -> None:
    """Write without end while the others ask."""
    for number in range(_FLOOD):
        simulator.say(person, f"{number}?")
        await asyncio.sleep(_ASKED / _A_SECOND / _FLOOD)


async def _waits(simulator: Simulator, asked: dict[int, float]) -> list[float]:
    """Wait until everybody is answered; gives how long each waited, in milliseconds."""
    ends_at = time.monotonic() + _ANSWERED_SECONDS_MAX
    while True:
        calls = simulator.journal.of("sendMessage")
        answered = {int(call.params["chat_id"]): call.at for call in reversed(calls)}
        if asked.keys() <= answered.keys():
            return [(answered[person] - at) * 1000 for person, at in asked.items()]
        assert time.monotonic() < ends_at, "not everybody was answered"
        await asyncio.sleep(0.05)
