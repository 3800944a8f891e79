"""F6, F7 and F8: updates come twice, late and in any order, and each thing is done once."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from bot.catalogue.model import Catalogue
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.intake import chat_key_of
from bot.messenger.reading import dumps, loads
from bot.messenger.worker import Worker
from handlers.jobs.audits import audit
from tests.day_support import World, world_at
from tests.faults.oracle import money, the_file
from tests.faults.play import MORNING, begin
from tests.faults.scale import chance, many
from tests.handlers.crash_support import contents

_BOT = 1
_SEED = 7
_NUMBERS = re.compile(r"^\d+ \| (u\d+:)?")
Update = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """The updates of a morning, and the file as it was before the first of them."""

    image: bytes
    updates: list[Update]
    desk: Desk
    catalogue: Catalogue
    draws: Random

    async def again(self, path: Path, arrivals: Sequence[Update]) -> Path:
        """Let the desk answer these, in the order in which they arrive."""
        self.draws.seed(_SEED)
        path.write_bytes(self.image)  # noqa: ASYNC240 - nothing else runs meanwhile
        database = Database.open(f"sqlite+aiosqlite:///{path}")
        worker = Worker(
            database,
            self.desk,
            clock=lambda: MORNING,
            arrived=asyncio.Event(),
            queued=lambda: None,
            call_directly=lambda _: None,
        )
        try:
            for update in arrivals:
                one = Received(_BOT, update["update_id"], chat_key_of(update), dumps(update))
                async with database.transaction() as tx:
                    await inbox.receive(tx, [one], MORNING)
                while await worker.work_once():
                    pass
        finally:
            await database.close()
        return path


def overheard(world: World) -> list[Update]:
    """Write down every update from now on."""
    found: list[Update] = []
    queue = world.simulator.world.updates
    put = queue._put

    def note(queued: Any) -> None:
        found.append(loads(queued.body))
        put(queued)

    queue._put = note
    return found


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> Random:
    """What the desk draws at random, alike in every run: what buttons carry, and codes."""
    draw = Random(1)
    drawn = SimpleNamespace(
        token_urlsafe=lambda count: f"{draw.randrange(16**count):0{count}x}", choice=draw.choice
    )
    for room in (
        "bot.citizens.use_cases.dialogues",
        "bot.kit.tracking",
        "handlers.views.workshops.paying_fees",
    ):
        monkeypatch.setattr(f"{room}.secrets", drawn)
    return draw


@pytest.fixture
async def told(database_url: str, draws: Random) -> AsyncIterator[Told]:
    async with world_at(MORNING, database_url) as world:
        morning = await begin(world)
        image = world.window.serialize()
        updates = overheard(world)
        draws.seed(_SEED)
        await morning.whole()
        desk, catalogue = world.messenger._worker._desk, world.shared.catalogue
        yield Told(image[:18] + b"\1\1" + image[20:], updates, desk, catalogue, draws)


async def test_what_comes_twice_is_done_once(told: Told, tmp_path: Path) -> None:
    """Five copies at once, or one of an hour ago: the file is as if each had come once."""
    once = kept(await told.again(tmp_path / "once.sqlite3", told.updates))
    assert [row.split(" | ")[4] for row in once["registration"]] == ["dropped"]
    assert len(once["desk_case"]) == 1
    draw = chance()
    for _ in range(many(2, 100)):
        arrivals = list[Update]()
        for update in told.updates:
            arrivals += [update] * draw.randint(1, 5)
            arrivals += draw.choices(arrivals, k=draw.randint(0, 2))
        assert kept(await told.again(tmp_path / "again.sqlite3", arrivals)) == once


def kept(path: Path) -> dict[str, list[str]]:
    """Every row, without the numbers of updates, of which those of copies are left out."""
    rows = contents(path)
    del rows["sqlite_sequence"]
    for name in ("inbox", "outbox"):
        rows[name] = sorted(_NUMBERS.sub("", row) for row in rows[name])
    return rows


async def test_in_whatever_order_things_are_pressed_each_is_done_once_at_most(
    told: Told, tmp_path: Path
) -> None:
    """Buttons come before what drew them, twice, and long after; words come late as well."""
    draw, path, seen = chance(), tmp_path / "any.sqlite3", set()
    for _ in range(many(6, 400)):
        arrivals = shuffled(told.updates, draw)
        await told.again(path, arrivals)
        assert await broken(path, told) == []
        seen |= {(name, len(rows)) for name, rows in contents(path).items()}
    assert len({rows for name, rows in seen if name == "transfer"}) > 1, "all came out alike"


def shuffled(updates: Sequence[Update], draw: Random) -> list[Update]:
    """Let updates overtake each other, and buttons be pressed again under new numbers."""
    again = [
        {**update, "update_id": update["update_id"] + 1_000 * times}
        for update in updates
        for times in range(1, draw.choice((1, 1, 2, 3)))
        if "callback_query" in update
    ]
    distance = draw.choice((2, 4, 30))
    places = {id(one): n + draw.uniform(0, distance) for n, one in enumerate(updates)}
    late = {id(one): draw.uniform(0, len(updates) + 1) for one in again}
    return sorted([*updates, *again], key=lambda one: (places | late)[id(one)])


async def broken(path: Path, told: Told) -> list[str]:
    """Name what is done twice or by half; nothing was said, so the messages all wait."""
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    async with database.reading() as tx:
        found = [str(one) for one in await audit(tx, told.catalogue, now=MORNING)]
    await database.close()
    with closing(sqlite3.connect(path)) as connection:
        found += [*money(connection), *the_file(connection)]
        query = "SELECT update_id, state, error FROM inbox WHERE state <> 'done'"
        found += [f"update {row}" for row in connection.execute(query)]
        query = "SELECT reference, code, count(*) FROM transfer GROUP BY 1, 2 HAVING count(*) > 1"
        found += [f"twice: {row}" for row in connection.execute(query)]
        (cases,) = connection.execute("SELECT count(*) FROM desk_case").fetchone()
    return found + [f"{cases} cases"] * (cases > 1)
