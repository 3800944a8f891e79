"""F6, F7 and F8: updates come twice, late and in any order, and each thing is done once."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bot.kit.database import Database
from handlers.jobs.audits import audit
from tests.faults.conftest import Told, Update
from tests.faults.oracle import money, the_file
from tests.faults.play import MORNING
from tests.faults.scale import PATIENCE, chance, many
from tests.handlers.crash_support import contents

pytestmark = [
    pytest.mark.timeout(PATIENCE),
    pytest.mark.about_a_file("the faults are those of a file"),
]

_NUMBERS = re.compile(r"^\d+ \| (u\d+:)?")


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
