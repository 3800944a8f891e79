"""F2: the power may be cut at any moment; what was acknowledged is there, and nothing by half."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import event

from tests.day_support import World, world_at
from tests.faults.oracle import money, storage
from tests.faults.play import MORNING, begin
from tests.faults.power import Recorded, Statement, cuts, record
from tests.faults.scale import PATIENCE, chance, many
from tests.window import window_into

pytestmark = [
    pytest.mark.timeout(PATIENCE),
    pytest.mark.about_a_file("the disk of a server is the server's"),
]

_WRITES = ("insert", "update", "delete", "replace")


class Scribe:
    """Writes down what the desk's transactions say to its file, each as a whole."""

    def __init__(self, world: World) -> None:
        self.units: list[list[Statement]] = []
        self._open: dict[int, list[Statement]] = {}
        engine = world.database._engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._note)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._forget)

    def _note(self, connection: Any, _cursor: Any, *said: Any) -> None:
        statement, parameters, _context, is_many = said
        if statement == "BEGIN IMMEDIATE":
            self._open[_key(connection)] = []
        if _key(connection) in self._open:
            self._open[_key(connection)].append((statement, parameters, is_many))

    def _forget(self, connection: Any) -> list[Statement]:
        return self._open.pop(_key(connection), [])

    def _end(self, connection: Any) -> None:
        unit = self._forget(connection)
        if any(said.lstrip().lower().startswith(_WRITES) for said, _, _ in unit):
            self.units.append([*unit, ("COMMIT", (), False)])


def _key(connection: Any) -> int:
    return id(connection.connection.driver_connection)


@dataclass(frozen=True)
class Written:
    """What a morning at the desk says to its file, and the file as it was before."""

    before: Path
    units: list[list[Statement]]

    def recorded(self, *pragmas: str) -> Recorded:
        disk = self.before.with_name("disk")
        disk.write_bytes(self.before.read_bytes())
        return record(disk, self.units, digest_of, *pragmas)


@pytest.fixture
async def written(database_url: str, tmp_path: Path) -> Written:
    before = tmp_path / "before.sqlite3"
    async with world_at(MORNING, database_url) as world:
        before.write_bytes(world.window.image())
        scribe = Scribe(world)
        morning = await begin(world)
        await morning.whole()
        return Written(before, list(scribe.units))


def digest_of(ask: Callable[[str], Iterable[Any]]) -> int:
    """All that is kept, in a number."""
    found = 0
    for (name,) in list(ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")):
        for row in ask(f"SELECT * FROM {name} ORDER BY rowid"):  # noqa: S608 - a table
            found = crc32(repr((name, row)).encode(), found)
    return found


def lost_and_torn(
    recorded: Recorded, cut: Path, count: int, *, whole: bool = True
) -> tuple[int, int]:
    """Cut the power so often; count what was acknowledged and is gone, and what is half there."""
    lost = torn = 0
    for moment, acknowledged in cuts(recorded, cut, chance(), count):
        with closing(sqlite3.connect(cut)) as connection:
            found = digest_of(connection.execute)
        if whole:
            with window_into(f"sqlite+aiosqlite:///{cut}") as window:
                assert not [*storage(window), *money(window)], moment
        # Of the same digest there may be several; what was under way may be there or not.
        last = [n for n, digest in enumerate(recorded.digests) if digest == found]
        torn += not last
        lost += bool(last) and last[-1] < acknowledged
    return lost, torn


def test_whatever_was_acknowledged_survives_a_power_cut_whole(written: Written) -> None:
    recorded = written.recorded("PRAGMA wal_autocheckpoint=40")  # tidies up many times
    assert len(recorded.digests) > 20
    assert {"disk", "disk-wal"} <= {request.name for request in recorded.requests}
    assert lost_and_torn(recorded, written.before.with_name("cut"), many(100, 3_000)) == (0, 0)


def test_a_disk_that_is_not_waited_for_loses_what_was_acknowledged(written: Written) -> None:
    """The same cuts, where SQLite is told to flush less: the test above would see it."""
    recorded = written.recorded("PRAGMA synchronous=NORMAL", "PRAGMA wal_autocheckpoint=40")
    lost, torn = lost_and_torn(recorded, written.before.with_name("cut"), 30, whole=False)
    assert lost > 0
    assert torn == 0
