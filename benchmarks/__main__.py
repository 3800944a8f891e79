"""Measures the desk beside its budgets: `make bench`, or one part of it by name.

Medians of interleaved runs are printed; nothing fails, for a figure is not a test.
"""

import argparse
import asyncio
import os
import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import machine, path, search, start

if TYPE_CHECKING:
    from collections.abc import Callable

_ENTRIES = {5_000: (2, 45), 50_000: (10, 60)}
_ASKED = 300


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help="any of: path latency search start")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print("\n".join(machine.description()), flush=True)
    parts: dict[str, Callable[[int], None]] = {
        "path": _path,
        "latency": _latency,
        "start": _start,
        "search": _search,
    }
    unknown = set(options.parts) - parts.keys()
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    began = time.monotonic()
    # The simulator has a core of its own; so has each bot.
    everywhere = os.sched_getaffinity(0)
    for name, measure in parts.items():
        if not options.parts or name in options.parts:
            os.sched_setaffinity(0, everywhere if name == "search" else {machine.OTHER_CORE})
            measure(options.rounds)
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")


def _verdict(value: float, budget: float, unit: str, *, at_least: bool = False) -> str:
    is_kept = value >= budget if at_least else value <= budget
    sign = "≥" if at_least else "≤"
    return f"{value:7.2f} {unit}  {sign} {budget:g} {unit}  {'kept' if is_kept else 'MISSED'}"


def _path(rounds: int) -> None:
    print(f"\nUpdates answered in a second, one core, {rounds} interleaved rounds")
    rates = asyncio.run(path.compare(rounds))
    print(rates["stock"].line("stock echo of python-telegram-bot"))
    print(rates["desk"].line("desk, no two questions alike"))
    print(rates["popular"].line("desk, questions as popular as words"))
    stock = median(rates["stock"].per_second)
    for name, title in (("desk", "all different"), ("popular", "popular")):
        ratio = median(rates[name].per_second) / stock
        print(f"  desk : stock, {title:<20} {_verdict(ratio, 1.0, 'times', at_least=True)}")


def _latency(_rounds: int) -> None:
    print(f"\nFrom update to answer at 20 a second, {_ASKED} different questions")
    for semantic, more in ((False, 0), (True, 45)):
        p50, p99 = asyncio.run(path.latencies(_ASKED, semantic=semantic))
        title = "with the semantic signal" if semantic else "lexical"
        print(f"  p50, {title:<28} {_verdict(p50, 25 + more, 'ms')}")
        print(f"  p99, {title:<28} {_verdict(p99, 75 + more, 'ms')}")


def _start(rounds: int) -> None:
    print(f"\nStart and memory, {rounds} interleaved rounds")
    starts = asyncio.run(start.measure(rounds))
    titles = {
        "first": "on an empty folder",
        "again": "on what it left",
        "semantic": "with the semantic signal",
    }
    for name, title in titles.items():
        print(starts[name].line(title))
    slowest = max(median(starts[name].seconds) for name in titles)
    print(f"  first getUpdates, the slowest     {_verdict(slowest, 1.5, 's')}")
    for name, budget in (("again", 130), ("semantic", 240)):
        used = median(starts[name].megabytes)
        print(f"  memory, {titles[name]:<25} {_verdict(used, budget, 'MB')}")


def _search(_rounds: int) -> None:
    print("\nAnswering a question not asked before, median")
    for count, (lexical_budget, semantic_budget) in _ENTRIES.items():
        speeds = search.measure(count)
        lexical, semantic = speeds.median("lexical"), speeds.median("semantic")
        fts5, encoding = speeds.median("fts5"), speeds.median("encoding")
        assert lexical is not None
        assert fts5 is not None
        print(
            f"{speeds.entries:,} entries, indexed in {speeds.build_seconds:.1f} s; "
            f"raw SQLite FTS5 {fts5:.2f} ms, {fts5 / lexical:.1f} times as long"
        )
        print(f"  lexical                           {_verdict(lexical, lexical_budget, 'ms')}")
        if semantic is None or encoding is None:
            print("  semantic: the extra is not installed")
            continue
        print(f"  with the semantic signal          {_verdict(semantic, semantic_budget, 'ms')}")
        print(f"    of which encoding the question  {encoding:7.2f} ms")


if __name__ == "__main__":
    main()
