"""F6, F7 and F8: updates come twice, late and in any order, and each thing is done once."""

import re
from collections.abc import Sequence
from random import Random

import pytest

from bot.kit.database import Database
from handlers.jobs.audits import audit
from tests.faults.conftest import Told, Update
from tests.faults.oracle import money, storage
from tests.faults.play import MORNING
from tests.faults.scale import PATIENCE, chance, many
from tests.handlers.crash_support import contents
from tests.window import Window

pytestmark = pytest.mark.timeout(PATIENCE)

_NUMBERS = re.compile(r"^\d+ \| (u\d+:)?")


async def test_what_comes_twice_is_done_once(told: Told, elsewhere: Window) -> None:
    """Five copies at once, or one of an hour ago: all is as if each had come once."""
    await told.again(elsewhere, told.updates)
    once = kept(elsewhere)
    assert [row.split(" | ")[4] for row in once["registration"]] == ["dropped"]
    assert len(once["desk_case"]) == 1
    draw = chance()
    for _ in range(many(2, 100)):
        arrivals = list[Update]()
        for update in told.updates:
            arrivals += [update] * draw.randint(1, 5)
            arrivals += draw.choices(arrivals, k=draw.randint(0, 2))
        await told.again(elsewhere, arrivals)
        assert kept(elsewhere) == once


def kept(window: Window) -> dict[str, list[str]]:
    """Every row, without the numbers of updates, of which those of copies are left out."""
    rows = contents(window)
    rows.pop("sqlite_sequence", None)
    for name in ("inbox", "outbox"):
        rows[name] = sorted(_NUMBERS.sub("", row) for row in rows[name])
    return rows


async def test_in_whatever_order_things_are_pressed_each_is_done_once_at_most(
    told: Told, elsewhere: Window
) -> None:
    """Buttons come before what drew them, twice, and long after; words come late as well."""
    draw, seen = chance(), set()
    for _ in range(many(6, 400)):
        arrivals = shuffled(told.updates, draw)
        await told.again(elsewhere, arrivals)
        assert await broken(elsewhere, told) == []
        seen.add(elsewhere.ask("SELECT count(*) FROM transfer")[0])
    assert len(seen) > 1, "all came out alike"


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


async def broken(window: Window, told: Told) -> list[str]:
    """Name what is done twice or by half; nothing was said, so the messages all wait."""
    database = Database.open(window.url)
    async with database.reading() as tx:
        found = [str(one) for one in await audit(tx, told.catalogue, now=MORNING)]
    await database.close()
    found += [*money(window), *storage(window)]
    query = "SELECT update_id, state, error FROM inbox WHERE state <> 'done'"
    found += [f"update {row}" for row in window.ask(query)]
    query = "SELECT reference, code, count(*) FROM transfer GROUP BY 1, 2 HAVING count(*) > 1"
    found += [f"twice: {row}" for row in window.ask(query)]
    ((cases,),) = window.ask("SELECT count(*) FROM desk_case")
    return found + [f"{cases} cases"] * (cases > 1)
