"""From the command to the first getUpdates, and what is held in memory after one answer."""

import asyncio
import time
from dataclasses import dataclass, field

from benchmarks import bots
from benchmarks.path import MEANINGS_LEARNT, MEANINGS_SECONDS_MAX, folder, known_questions

_IDLE_SECONDS = 1.5


@dataclass
class Starts:
    """Seconds to the first getUpdates and megabytes resident, one of each a start."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


async def measure(rounds: int, *, seconds_max: float) -> dict[str, Starts]:
    """Start the shipped program on an empty folder, again on what it left, and with meanings."""
    found = {name: Starts() for name in ("first", "again", "semantic")}
    ends_at = time.monotonic() + seconds_max
    for done in range(rounds):
        if done and time.monotonic() > ends_at:
            break
        with folder() as place:
            for name, starts in found.items():
                simulator, (person,) = bots.peopled(1)
                async with simulator.serve() as address:
                    variables = bots.environment(address, place, semantic=name == "semantic")
                    began = time.perf_counter()
                    async with bots.running(simulator, bots.SHIPPED, variables) as bot:
                        starts.seconds.append(time.perf_counter() - began)
                        if name == "semantic":
                            await bot.says(MEANINGS_LEARNT, MEANINGS_SECONDS_MAX)
                        simulator.say(person, known_questions()[0])
                        await simulator.next_message(person, timeout_seconds=10.0)
                        await asyncio.sleep(_IDLE_SECONDS)
                        starts.megabytes.append(bot.memory_megabytes())
    return found
