"""The great rush: a thousand people, thirty places, a hundred drops and moves; on both databases.

On a file the desk is one process; on a PostgreSQL server it is one, and then three, which know
nothing of each other. Prints its seed first; the exit code says how it ended.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.machine import description
from benchmarks.state import Figure, report
from bot.kit.crypto import KEY_BYTES, Keyring
from bot.kit.database import Database
from bot.kit.migrating import migrate
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import CLOCK, WorkshopId
from tests.postgres_support import find_programs, running_server
from tests.storm.crowd import Rush, crowd, open_doors
from tests.storm.places_oracle import faults, rows_after
from tests.workshops.support import CALENDAR, OFFICE, OPENS

_PATIENCE_SECONDS = 600
_GREAT = 1_000  # people, from which on what was measured is written down
_REPLICAS = 3
_KEYS = Keyring({1: b"1" * KEY_BYTES}, 1, b"2" * KEY_BYTES)  # the same in every process


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.places", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--places", type=int, default=30)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--on", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--part", help=argparse.SUPPRESS)  # of one process: "1 of 3 at URL"
    options = parser.parse_args(arguments)
    if options.part:
        return asyncio.run(_part(options))
    print("\n".join(description()))
    print(f"seed {options.seed}", flush=True)
    found: list[str] = []
    rates: dict[str, float] = {}
    for name in options.on or ["sqlite", "postgresql"]:
        for processes in (1,) if name == "sqlite" else (1, _REPLICAS):
            on = _on_a_file if name == "sqlite" else partial(_on_a_server, processes=processes)
            faults, rates[f"{name} {processes}"] = on(options)
            found += faults
    if options.people >= _GREAT and not found:
        report("rush", [*_figures(rates)])
    return 1 if found else 0


def _figures(rates: dict[str, float]) -> Iterator[Figure]:
    """Who came through is who got a place or a turn in the line, or was told why not."""
    name = "people who came through"
    on_a_file, alone = rates.get("sqlite 1"), rates.get("postgresql 1")
    together = rates.get(f"postgresql {_REPLICAS}")
    if on_a_file:
        yield Figure(f"{name}, SQLite", on_a_file, "a second", 150, is_least=True, digits=0)
    if alone and together:
        yield Figure(f"{name}, PostgreSQL, one process", alone, "a second", digits=0)
        yield Figure(f"{name}, PostgreSQL, three processes", together, "a second", digits=0)
        yield Figure("… beside one of them", together / alone, "times")
    if on_a_file and together:
        yield Figure("… beside SQLite", together / on_a_file, "times", 1.5, is_least=True)


def _on_a_file(options: argparse.Namespace) -> tuple[list[str], float]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/places.sqlite3"
        migrate(url)
        return _rush(options, "SQLite, one process", url, processes=1)


def _on_a_server(options: argparse.Namespace, *, processes: int) -> tuple[list[str], float]:
    programs = find_programs()
    if programs is None:
        print("PostgreSQL: not on this machine")
        return ["PostgreSQL is missing"], 0.0
    with running_server(programs) as server:
        url = server.migrated_database()
        title = f"PostgreSQL, processes: {processes}"
        return _rush(options, title, url, processes=processes)


def _rush(
    options: argparse.Namespace, title: str, url: str, *, processes: int
) -> tuple[list[str], float]:
    """Let the crowd in; say what is wrong afterwards, and how many came through in a second."""
    means = asyncio.run(_prepared(options, url))
    parts = [_started(options, f"{number} of {processes} at {url}") for number in range(processes)]
    for part in parts:
        assert part.stdout is not None
        part.stdout.readline()  # It has opened its doors; all let people in at once.
    began = time.monotonic()
    for part in parts:
        assert part.stdin is not None
        part.stdin.write("\n")
        part.stdin.flush()
    served: list[float] = []
    answers = Counter[str]()
    for part in parts:
        assert part.stdout is not None
        part.stdout.readline()  # Everybody who came to it has a place or a turn.
        served.append(time.monotonic() - began)
    for part in parts:
        assert part.stdout is not None
        with part:  # Not by communicate(): it forgets what came together with the line before.
            written = part.stdout.read()
            code = part.wait(_PATIENCE_SECONDS)
        if code:
            return [f"a process ended with {code}"], 0.0
        answers.update(json.loads(written))
    found = asyncio.run(_look(url, means))
    print(f"\n{title}: {options.people} people, {options.places} places, {max(served):.1f} s")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(answers.items())))
    print("  " + ("\n  ".join(found) or "never oversold, in order, every rial where it belongs"))
    return found, options.people / max(served)


def _started(options: argparse.Namespace, part: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.places", "--part", part]
    for name in ("people", "places", "changes", "seed"):
        command += [f"--{name}", str(getattr(options, name))]
    root = Path(__file__).parents[1]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=root)


async def _prepared(options: argparse.Namespace, url: str) -> dict[int, int]:
    people = crowd(options.seed, options.people)
    database = Database.open(url, keyring=_KEYS)
    try:
        await open_doors(
            database, people, places=options.places, elsewhere=max(1, options.places // 3)
        )
    finally:
        await database.close()
    return {person.id: person.means_rial for person in people}


async def _part(options: argparse.Namespace) -> int:
    """Be one process of the desk, to which every so many-th person comes."""
    share, url = options.part.split(" at ")
    number, processes = map(int, share.split(" of "))
    database = Database.open(url, keyring=_KEYS)
    try:
        async with database.reading() as tx:
            opened = [
                await workshops.workshop(tx, workshop_id=WorkshopId(one), actor=CLOCK)
                for one in (1, 2)
            ]
        people = crowd(options.seed, options.people)[number::processes]
        chance = random.Random(f"{options.seed}:{number}")
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        changes = len(range(number, options.changes, processes))
        rush = Rush(database, people, opened, changes, chance)
        await rush.let_in()
        print("served", flush=True)
        print(json.dumps(await rush.answer()))
    finally:
        await database.close()
    return 0


async def _look(url: str, means: dict[int, int]) -> Sequence[str]:
    database = Database.open(url, keyring=_KEYS)
    try:
        found = faults(await rows_after(database), means)
        async with database.reading() as tx:
            found += map(str, await wallet.audit(tx))
            found += map(str, await workshops.audit(tx, calendars={OFFICE: CALENDAR}, now=OPENS))
    finally:
        await database.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
