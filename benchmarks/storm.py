"""The great storm: forty kills under load. Prints its seed first; the exit code says how it ended.

`--full` kills the whole bot instead of the storm's own small one, while days pass: citizens
register cases and add words, officers answer and end them, an office is closed; others take what
is kept of them along, have themselves erased, and come back.

`--database postgresql` has several replicas share a server: each of them is killed, or stopped
for a while, at any moment, while deliveries are doubled and come in another order.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.state import Figure, report
from tests.postgres_support import find_programs, running_server
from tests.storm.desk_oracle import look_at
from tests.storm.desk_replicas import DeskReplicaStorm
from tests.storm.desk_storm import DeskStorm
from tests.storm.oracle import check_effects, check_invariants
from tests.storm.replicas import ReplicaStorm, copy, prepare
from tests.storm.storm import Storm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--full", action="store_true", help="kill the whole bot")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--replicas", type=int, default=3, help="on a server; 3 if not named")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.kills} kills", flush=True)
    title = "storm, whole bot" if options.full else "storm"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "storm.sqlite3"
        if options.database == "postgresql":
            title += f", {options.replicas} replicas on PostgreSQL"
            faults, figures = _on_a_server(path, options)
        else:
            rage = _at_the_desk if options.full else _under_load
            faults, figures = rage(path, options.seed, options.kills)
    kills = Figure(f"kills, seed {options.seed}", options.kills, "", digits=0)
    found = Figure("lost, done twice or out of order", len(faults), "", 0, digits=0)
    report(title, [kills, *figures, found])
    return 1 if faults else 0


def _on_a_server(path: Path, options: argparse.Namespace) -> tuple[list[str], list[Figure]]:
    programs = find_programs()
    if programs is None:
        return ["PostgreSQL is not on this machine"], []
    with running_server(programs) as server:
        url = server.migrated_database()
        rage = _of_desks if options.full else _of_replicas
        return rage(path, url, options)


def _of_replicas(
    path: Path, url: str, options: argparse.Namespace
) -> tuple[list[str], list[Figure]]:
    storm = ReplicaStorm(
        path, options.seed, options.kills, poison_share=0.01, url=url, replicas=options.replicas
    )
    began = time.monotonic()

    async def rage() -> float:
        await prepare(url)
        seconds = await storm.rage()
        await copy(url, path)
        return seconds

    drained = asyncio.run(rage())
    faults = check_invariants(path, storm.simulator, storm.said)
    faults += check_effects(path, storm.said)
    faults += [f"a replica ended with {code}" for code in storm.exit_codes if code]
    print(f"{time.monotonic() - began:.0f} s")
    print("\n".join(faults) or "nothing lost, nothing done twice, order kept")
    return faults, [
        Figure("of which stopped for up to nine seconds", storm.stopped_count, "", digits=0),
        Figure("updates", len(storm.said.updates), "", digits=0),
        Figure("messages said again, which is allowed", storm.repeated_count(), "", digits=0),
        Figure("all worked off what was left in", drained, "s", digits=1),
    ]


def _of_desks(path: Path, url: str, options: argparse.Namespace) -> tuple[list[str], list[Figure]]:
    storm = DeskReplicaStorm(
        path, options.seed, options.kills, server_url=url, replicas=options.replicas
    )
    began = time.monotonic()

    async def rage() -> None:
        await storm.rage()
        await storm.copy()

    asyncio.run(rage())
    print(f"{time.monotonic() - began:.0f} s")
    findings = look_at(storm)
    findings.faults += [f"a desk ended with {code}" for code in storm.exit_codes if code]
    print("\n".join(findings.faults) or "no case lost or doubled, no answer lost, order kept")
    stopped = Figure("stopped for a while before", storm.stopped_count, "", digits=0)
    counted = [Figure(name, figure, "", digits=0) for name, figure in findings.figures.items()]
    return findings.faults, [stopped, *counted]


def _under_load(path: Path, seed: int, kills: int) -> tuple[list[str], list[Figure]]:
    storm = Storm(path, seed, kills, poison_share=0.01)
    began = time.monotonic()
    drained = asyncio.run(storm.rage())
    seconds = time.monotonic() - began
    faults = check_invariants(path, storm.simulator, storm.said)
    faults += check_effects(path, storm.said)
    print(
        f"{len(storm.said.updates)} updates, {seconds:.0f} s, the last life took {drained:.1f} s"
    )
    print(f"messages said again: {storm.repeated_count()} (allowed, at-least-once)")
    print("\n".join(faults) or "nothing lost, nothing done twice, order kept")
    return faults, [
        Figure("updates", len(storm.said.updates), "", digits=0),
        Figure("messages said again, which is allowed", storm.repeated_count(), "", digits=0),
        Figure("the last life worked off what was left in", drained, "s", digits=1),
    ]


def _at_the_desk(path: Path, seed: int, kills: int) -> tuple[list[str], list[Figure]]:
    storm = DeskStorm(path, seed, kills)
    began = time.monotonic()
    drained = asyncio.run(storm.rage())
    print(f"{time.monotonic() - began:.0f} s, the last life took {drained:.1f} s")
    findings = look_at(storm)
    for name, figure in sorted(findings.figures.items()):
        print(f"{name:24} {figure:6}")
    print("\n".join(findings.faults) or "no case lost or doubled, no answer lost, order kept")
    counted = [Figure(name, figure, "", digits=0) for name, figure in findings.figures.items()]
    return findings.faults, counted


if __name__ == "__main__":
    sys.exit(main())
