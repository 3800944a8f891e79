"""How fast thousands of notices go out to a platform that is strict about its limits.

The simulator refuses what comes too fast, as the platform does; a refusal is a fault of ours.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import bots, path
from benchmarks.machine import description
from benchmarks.state import Figure, report
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.database_file import prepare_database
from bot.kit.keys import settle_keyring
from bot.outbox import use_cases as outbox
from bot.outbox.model import OutgoingMessage, Priority
from bot.simulator.journal import Call
from bot.simulator.limits import OVERALL_PER_SECOND

_GREAT = 6_000  # notices, from which on what was measured is written down
_AT_ONCE = 1_000
_TOO_FAST = 429
_PATIENCE = 2.0  # times what it should take


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broadcast", description=__doc__)
    parser.add_argument("--notices", type=int, default=_GREAT)
    options = parser.parse_args()
    print("\n".join(description()), flush=True)
    calls = asyncio.run(_said(options.notices))
    sent = sorted(call.at for call in calls if call.status != _TOO_FAST)
    rate = (len(sent) - 1) / (sent[-1] - sent[0])
    figures = [
        Figure("notices, each to another person", len(sent), "", digits=0),
        Figure("sent", rate, "a second"),
        Figure(
            "… beside what is allowed", rate / OVERALL_PER_SECOND, "times", 0.97, is_least=True
        ),
        Figure("refused as too fast", len(calls) - len(sent), "", 0, digits=0),
    ]
    if options.notices >= _GREAT:
        report("broadcast", figures)
    else:
        print("\n".join(figure.line() for figure in figures))
    return 0


async def _said(count: int) -> list[Call]:
    """Let the desk start with so many notices waiting, and remember every call."""
    simulator, people = bots.peopled(count)
    simulator.world.limits.is_strict = True
    calls: dict[int, Call] = {}
    with path.folder() as place:
        await _queue(place, people)
        async with simulator.serve() as address:
            variables = bots.environment(address, place, semantic=False)
            async with bots.running(simulator, bots.SHIPPED, variables):
                ends_at = time.monotonic() + _PATIENCE * count / OVERALL_PER_SECOND + 30
                while len({call.params["chat_id"] for call in calls.values()}) < count:
                    assert time.monotonic() < ends_at, "not everybody was told"
                    await asyncio.sleep(1)
                    calls |= {id(call): call for call in simulator.journal.of("sendMessage")}
    return [*calls.values()]


async def _queue(place: Path, people: list[int]) -> None:
    url = f"sqlite+aiosqlite:///{place}/bench.sqlite3"
    prepare_database(url)
    database = Database.open(url)
    async with database.transaction() as tx:
        database.keyring = await settle_keyring(tx, place / "keyring.json")
    for start in range(0, len(people), _AT_ONCE):
        notices = [
            OutgoingMessage(person, "sendMessage", {"text": "…"}, Priority.NOTICE)
            for person in people[start : start + _AT_ONCE]
        ]
        async with database.transaction() as tx:
            await outbox.queue(tx, f"bench:{start}", notices, now())
    await database.close()


if __name__ == "__main__":
    sys.exit(main())
