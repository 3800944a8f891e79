"""Measures the desk beside its budgets: `make bench`, or one part of it by name.

Medians of interleaved runs are printed and kept in docs/state.md; nothing fails, for a figure is
not a test. On a busy machine fewer rounds are run than asked for, and the largest search is left
out, so that it ends in six minutes.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Callable, Iterator
from statistics import median

from benchmarks import flood, machine, path, search, start
from benchmarks.state import Figure, report

_ENTRIES = {100: (2, 45), 5_000: (2, 45), 50_000: (10, 60)}  # more where more are shipped
_ASKED = 300
_PATH_SECONDS = 130
_START_SECONDS = 70
_FLOOD_SECONDS = 60
_ALL_SECONDS = 350
_BEGAN = time.monotonic()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help="any of: path latency flood start search")
    parser.add_argument("--rounds", type=int, default=5, help="at most, as far as there is time")
    options = parser.parse_args()
    print("\n".join(machine.description()), flush=True)
    parts: dict[str, Callable[[int], Iterator[Figure]]] = {
        "path": _path,
        "latency": _latency,
        "flood": _flood,
        "start": _start,
        "search": _search,
    }
    unknown = set(options.parts) - parts.keys()
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    # The simulator has a core of its own; so has each bot.
    everywhere = os.sched_getaffinity(0)
    for name, measure in parts.items():
        if not options.parts or name in options.parts:
            os.sched_setaffinity(0, everywhere if name == "search" else {machine.OTHER_CORE})
            print(f"\n{name}", flush=True)
            report(f"bench {name}", list(measure(options.rounds)))
    print(f"\nmeasured in {time.monotonic() - _BEGAN:.0f} s")


def _path(rounds: int) -> Iterator[Figure]:
    """Compare the whole durable path with an echo; each has a core to itself."""
    rates = asyncio.run(path.compare(rounds, seconds_max=_PATH_SECONDS))
    titles = {
        "stock": "stock echo of python-telegram-bot",
        "fast": "the same on the desk's wire and uvloop, 32 chats at once",
        "desk": "desk, no two questions alike",
        "popular": "desk, questions as popular as words",
    }
    stock = rates["stock"]
    yield Figure("rounds, interleaved", len(stock.per_second), "", digits=0)
    for name, title in titles.items():
        yield Figure(f"{title}, updates", median(rates[name].per_second), "a second", digits=0)
        yield Figure("… work of its core for each", median(rates[name].busy_milliseconds), "ms")
    for name in ("fast", "desk", "popular"):
        ratio = median(rates[name].per_second) / median(stock.per_second)
        work = median(stock.busy_milliseconds) / median(rates[name].busy_milliseconds)
        budget = None if name == "fast" else 1.0
        yield Figure(f"{titles[name]}: rate beside stock", ratio, "times", budget, is_least=True)
        yield Figure("… by the work of the core (others do not disturb it)", work, "times")


def _latency(_rounds: int) -> Iterator[Figure]:
    """Ask different questions, twenty a second, at random moments."""
    for semantic, more in ((False, 0), (True, 45)):
        p50, p99 = asyncio.run(path.latencies(_ASKED, semantic=semantic))
        title = "with the semantic signal" if semantic else "lexical"
        yield Figure(f"update to answer at 20 a second, p50, {title}", p50, "ms", 25 + more)
        yield Figure(f"update to answer at 20 a second, p99, {title}", p99, "ms", 75 + more)


def _flood(rounds: int) -> Iterator[Figure]:
    """Let one person write a thousand messages in twelve seconds while others ask."""
    found = asyncio.run(flood.compare(min(rounds, 3), seconds_max=_FLOOD_SECONDS))
    calm, flooded = min(found["calm"]), min(found["flood"])  # the rounds that others left alone
    yield Figure("answers of others, p95, in calm", calm, "ms")
    yield Figure("answers of others, p95, while one person floods", flooded, "ms")
    yield Figure("… beside calm", flooded / calm, "times", 1.2)


def _start(rounds: int) -> Iterator[Figure]:
    """Start the shipped program over and over, and look at it when it is idle."""
    starts = asyncio.run(start.measure(rounds, seconds_max=_START_SECONDS))
    titles = {
        "first": "on an empty folder",
        "again": "on what it left",
        "semantic": "with the semantic signal",
    }
    budgets = {"again": 130, "semantic": 240}
    for name, title in titles.items():
        seconds, used = median(starts[name].seconds), median(starts[name].megabytes)
        yield Figure(f"first getUpdates, {title}", seconds, "s", 1.5)
        yield Figure(f"idle memory, {title}", used, "MB", budgets.get(name), digits=1)


def _search(_rounds: int) -> Iterator[Figure]:
    """Answer questions that nobody asked before."""
    took, before = 0.0, 1
    for count, (lexical_budget, semantic_budget) in _ENTRIES.items():
        began = time.monotonic()
        if began - _BEGAN + took * count / before > _ALL_SECONDS:
            print(f"  {count:,} entries are left out: the machine is busy, it would take too long")
            return
        speeds = search.measure(count)
        took, before = time.monotonic() - began, count
        title = f"answering, {speeds.entries:,} entries"
        lexical, fts5 = speeds.median("lexical"), speeds.median("fts5")
        assert lexical is not None
        assert fts5 is not None
        yield Figure(f"{title}, lexical", lexical, "ms", lexical_budget)
        semantic = speeds.median("semantic")
        if semantic is not None:
            yield Figure(f"{title}, with the semantic signal", semantic, "ms", semantic_budget)
        yield Figure(f"{title}, raw SQLite FTS5 beside it", fts5, "ms")


if __name__ == "__main__":
    main()
