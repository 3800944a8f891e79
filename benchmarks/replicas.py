"""Questions answered by one process on a file, and by one and by three on a PostgreSQL server.

The questions wait at the messenger; one process fetches them into the inbox that all share, all
answer, one sends. Nothing is pinned: the processes, the server and the messenger have the cores of
the machine together, and share what they get. The server of the tests does not wait for its disk.
"""

import argparse
import asyncio
import itertools
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import bots
from benchmarks.machine import description
from benchmarks.path import answered, folder, texts_of
from benchmarks.state import Figure, report
from tests.postgres_support import connected, find_programs, running_server
from tests.storm.replicas import SESSIONS

_ANY_CORE = "0-1"
_CHATS_SHARE = 2  # no more than a chat may get at once
_START_SECONDS_MAX = 60.0
_SETTLE_SECONDS = 1.0


@dataclass
class Measured:
    """Questions answered in a second, and the milliseconds of all desks for each."""

    per_second: list[float] = field(default_factory=list)
    busy_milliseconds: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replicas", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=1_000)
    options = parser.parse_args(arguments)
    programs = find_programs()
    if programs is None:
        print("there is no PostgreSQL on this machine; nothing is measured")
        return 1
    print("\n".join(description()), flush=True)
    found = {name: Measured() for name in ("file", "one", "three")}
    texts = texts_of(popular=False)[: options.questions]
    with running_server(programs) as server:
        for number, name in itertools.product(range(options.rounds), found):
            url = None if name == "file" else server.migrated_database()
            asyncio.run(_measure(texts, url, 3 if name == "three" else 1, found[name]))
            if url is not None:
                server.take_back(url)
            rate = found[name].per_second[-1]
            print(f"  round {number + 1}, {name}: {rate:.0f} a second", flush=True)
    report("bench replicas", _figures(found, options.rounds))
    return 0


def _figures(found: dict[str, Measured], rounds: int) -> list[Figure]:
    titles = {
        "file": "one process on a file, questions",
        "one": "one process on a PostgreSQL server, questions",
        "three": "three processes on a PostgreSQL server, questions",
    }
    figures = [Figure("rounds, interleaved", rounds, "", digits=0)]
    for name, title in titles.items():
        figures.append(Figure(title, median(found[name].per_second), "a second", digits=0))
        work = median(found[name].busy_milliseconds)
        figures.append(Figure("… work of all its processes for each", work, "ms"))
    for name, other in (("one", "file"), ("three", "one")):
        ratio = median(found[name].per_second) / median(found[other].per_second)
        figures.append(Figure(f"{name} on a server beside {other}", ratio, "times"))
    return figures


async def _measure(texts: list[str], url: str | None, count: int, into: Measured) -> None:
    """Let everybody ask at once, and see how long it takes until all are answered."""
    simulator, people = bots.peopled(len(texts) // _CHATS_SHARE)
    with folder() as place:
        async with AsyncExitStack() as stack:
            address = await stack.enter_async_context(simulator.serve())
            variables = bots.environment(address, place, semantic=False)
            if url is not None:
                variables["MIZBAN_DATABASE_URL"] = url
            desks = [
                await stack.enter_async_context(
                    bots.running(simulator, bots.UNBRIDLED, variables, _ANY_CORE)
                )
                for _ in range(count)
            ]
            if url is not None:
                await _until_all_are_there(url, count)
            await asyncio.sleep(_SETTLE_SECONDS)
            busy = sum(desk.processor_seconds() for desk in desks)
            began = time.perf_counter()
            for person, text in zip(itertools.cycle(people), texts, strict=False):
                simulator.say(person, text)
            await answered(simulator, len(texts))
            seconds = time.perf_counter() - began
            busy = sum(desk.processor_seconds() for desk in desks) - busy
    into.per_second.append(len(texts) / seconds)
    into.busy_milliseconds.append(busy / len(texts) * 1000)


async def _until_all_are_there(url: str, count: int) -> None:
    async with asyncio.timeout(_START_SECONDS_MAX), connected(url) as connection:
        while await connection.fetchval(SESSIONS) < count:  # noqa: ASYNC110 - a lock rings no bell
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
