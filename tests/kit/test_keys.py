"""A desk starts with the keys that sealed what its database holds, and with no others."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.kit.crypto import Keyring
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import add_key, draw_keyring, find_keyring
from bot.kit.keys import fitting_keyring, settle_keyring
from bot.kit.repository import KeyCheckRepository
from tests.postgres_support import Server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.json"


@pytest.fixture
def server_url(server: Server) -> str:
    return server.migrated_database()


@pytest.fixture(autouse=True)
def said(caplog: pytest.LogCaptureFixture, path: Path) -> Iterator[Callable[[], list[str]]]:
    """Gives the lines the desk wrote into its log; in no line of any library stands a key."""
    caplog.set_level(logging.DEBUG)
    yield lambda: [one.getMessage() for one in caplog.records if one.name.startswith("bot.")]
    if path.is_file():
        held = held_in(path)
        keys = [*held["keys"].values(), held["index"]]
        assert not [key for key in keys if key[:8] in caplog.text]


def take_away(path: Path) -> Path:
    return path.rename(path.with_name("copy"))


def held_in(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(path.read_bytes())
    return fields


def change(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**held_in(path), **changes}))


async def settled(database: Database, path: Path) -> Keyring:
    async with database.transaction() as tx:
        return await settle_keyring(tx, path)


async def checked_keys(database: Database) -> list[int]:
    async with database.reading() as tx:
        return [check.key_id for check in await KeyCheckRepository(tx).all()]


async def refusal(database: Database, path: Path) -> str:
    """Both the start and the look before it refuse, in the same one line, and change nothing."""
    files, keys = sorted(path.parent.parent.rglob("*.json*")), await checked_keys(database)
    with pytest.raises(StartRefused) as refused:
        await settled(database, path)
    async with database.reading() as tx:
        with pytest.raises(StartRefused) as refused_look:
            await fitting_keyring(tx, path)
    assert refused_look.value.faults == refused.value.faults
    assert sorted(path.parent.parent.rglob("*.json*")) == files
    assert await checked_keys(database) == keys
    (fault,) = refused.value.faults
    assert fault.startswith(f"keyring: {path} ")
    assert "\n" not in fault
    return fault


async def test_the_first_start_draws_keys_and_says_where_they_are(
    database: Database, path: Path, said: Callable[[], list[str]]
) -> None:
    drawn = await settled(database, path)
    assert drawn == find_keyring(path)
    (line,) = said()
    assert str(path) in line
    assert "keep a copy of it apart from the backups" in line
    assert await checked_keys(database) == [1]


async def test_the_next_start_has_the_same_keys_and_says_nothing(
    database: Database, path: Path, said: Callable[[], list[str]]
) -> None:
    first = await settled(database, path)
    assert await settled(database, path) == first
    assert len(said()) == 1
    assert await checked_keys(database) == [1]


async def test_to_look_draws_nothing(database: Database, path: Path) -> None:
    async with database.reading() as tx:
        assert await fitting_keyring(tx, path) is None
    assert not path.parent.exists()
    assert await checked_keys(database) == []


async def test_a_file_that_is_there_before_the_first_start_is_taken(
    database: Database, path: Path, said: Callable[[], list[str]]
) -> None:
    drawn = draw_keyring(path)
    assert await settled(database, path) == drawn
    assert said() == []
    assert await checked_keys(database) == [1]


async def test_keys_drawn_by_a_start_that_was_cut_short_are_taken_by_the_next(
    database: Database, path: Path
) -> None:
    with suppress(KeyboardInterrupt):
        async with database.transaction() as tx:
            drawn = await settle_keyring(tx, path)
            raise KeyboardInterrupt
    assert await checked_keys(database) == []
    assert await settled(database, path) == drawn


async def test_lost_keys_are_not_replaced_by_new_ones(database: Database, path: Path) -> None:
    first = await settled(database, path)
    kept = take_away(path)
    fault = await refusal(database, path)
    assert "is not there" in fault
    assert "MIZBAN_KEYRING_FILE" in fault
    assert await settled(database, kept) == first


async def test_other_keys_are_refused(database: Database, path: Path) -> None:
    await settled(database, path)
    take_away(path)
    draw_keyring(path)
    with pytest.raises(StartRefused) as refused:
        await settled(database, path)
    assert ["another key 1" in fault for fault in refused.value.faults] == [True, False]
    assert ["another index key" in fault for fault in refused.value.faults] == [False, True]


async def test_another_index_key_alone_is_refused(database: Database, path: Path) -> None:
    await settled(database, path)
    other = path.with_name("other.json")
    draw_keyring(other)
    change(path, index=held_in(other)["index"])
    assert "another index key" in await refusal(database, path)


async def test_a_new_key_is_marked_at_the_next_start_and_both_are_needed_from_then_on(
    database: Database, path: Path
) -> None:
    first = await settled(database, path)
    before = held_in(path)
    assert add_key(path) == 2
    second = await settled(database, path)
    assert (second.current, second.keys[1]) == (2, first.keys[1])
    assert await checked_keys(database) == [1, 2]
    change(path, keys={"2": held_in(path)["keys"]["2"]})
    assert "lacks key 1" in await refusal(database, path)
    change(path, **before)
    assert "lacks key 2" in await refusal(database, path)


async def test_a_key_that_never_wrote_here_is_not_asked_for(
    database: Database, path: Path
) -> None:
    draw_keyring(path)
    add_key(path)
    await settled(database, path)
    assert await checked_keys(database) == [2]
    change(path, keys={"2": held_in(path)["keys"]["2"]})
    await settled(database, path)


@pytest.mark.about_a_file("changes the file past the desk")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE key_check SET sealed = x'00'",
        "UPDATE key_check SET sealed = zeroblob(40)",
        "UPDATE key_check SET sealed = (SELECT max(sealed) FROM key_check)",
    ],
)
async def test_a_mark_that_somebody_tampered_with_is_told(
    database: Database, database_url: str, path: Path, statement: str
) -> None:
    await settled(database, path)
    add_key(path)
    await settled(database, path)
    with closing(sqlite3.connect(database_url.partition(":///")[2])) as connection, connection:
        connection.execute(statement)
    with pytest.raises(StartRefused) as refused:
        await settled(database, path)
    assert all("has another key" in fault for fault in refused.value.faults)


async def test_a_file_that_cannot_be_used_is_refused(database: Database, path: Path) -> None:
    await settled(database, path)
    change(path, current=0)
    assert "names no key of its own" in await refusal(database, path)


@pytest.fixture
async def two_desks(server_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two desks at the same records, each on a machine of its own."""
    desks = Database.open(server_url), Database.open(server_url)
    yield desks
    for desk in desks:
        await desk.close()


async def test_of_two_desks_that_draw_keys_at_once_on_a_server_one_is_refused(
    two_desks: tuple[Database, Database], path: Path
) -> None:
    first, second = two_desks
    other = path.with_name("other.json")

    async def come_second() -> None:
        with pytest.raises(StartRefused):
            await settled(second, other)

    async with asyncio.TaskGroup() as group, first.transaction() as tx:
        drawn = await settle_keyring(tx, path)
        group.create_task(come_second())
        for _ in range(500):
            if find_keyring(other) is not None:
                break
            await asyncio.sleep(0.01)
    assert await settled(second, path) == drawn


@pytest.mark.about_a_file("changes the file past the desk")
async def test_no_key_stands_in_the_database(
    database: Database, database_url: str, path: Path
) -> None:
    ring = await settled(database, path)
    held = held_in(path)
    needles = [key for one in (ring.keys[1], ring.index_key) for key in (one, one.hex().encode())]
    needles += [text.encode() for text in (held["keys"]["1"], held["index"])]
    file = Path(database_url.partition(":///")[2])
    written = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert b"key_check" in written
    assert not [needle for needle in needles if needle in written]
