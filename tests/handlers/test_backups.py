"""A backup counts when it was opened again; what it restores is what was committed."""

import asyncio
import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Catalogue
from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import draw_keyring
from bot.kit.keys import settle_keyring
from bot.kit.sqlite import database_path
from handlers.by_hand.records import audit_lines
from handlers.jobs.backups import Keeper, back_up, restore
from tests.wallet.support import SARA, top_up

pytestmark = pytest.mark.about_a_file("copies files")

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "data" / "catalogue")


@pytest.fixture
async def records(database_url: str, database: Database, keeper: Keeper) -> AsyncIterator[Path]:
    """The records of a desk that runs, with its keys and somebody's money."""
    async with database.transaction() as tx:
        database.keyring = await settle_keyring(tx, keeper.keyring_file)
        await top_up(tx, 500)
    path = database_path(database_url)
    assert path is not None
    yield path
    assert not list(path.parent.glob(".copy-*")), "nothing readable is left behind"


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    folder = tmp_path / "backups"
    folder.mkdir()
    return Keeper(folder, 2, tmp_path / "keyring.json")


def balance(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT credits_rial - debits_rial FROM account WHERE code LIKE ?"
        return int(connection.execute(query, (f"wallet:{SARA}:cash%",)).fetchone()[0])


async def refusal(work: object) -> str:
    with pytest.raises(StartRefused) as refused:
        await work  # type: ignore[misc] # a coroutine
    (line,) = refused.value.faults
    assert "\n" not in line
    return line


async def test_what_is_restored_on_a_fresh_machine_is_what_was_committed(
    records: Path, keeper: Keeper, catalogue: Catalogue, tmp_path: Path
) -> None:
    made = await back_up(records, keeper, catalogue, now=NOW)
    assert made.path.name == "mizban-20261122T000000Z.backup"
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.findings == ()
    content = made.path.read_bytes()
    assert b"SQLite" not in content
    assert str(SARA).encode() not in content
    fresh = tmp_path / "fresh" / "var" / "mizban.sqlite3"
    restored = await restore(made.path, fresh, keeper.keyring_file, catalogue, now=NOW)
    assert restored.findings == ()
    assert fresh.stat().st_mode & 0o777 == 0o600
    assert balance(fresh) == 500
    assert {path.name for path in fresh.parent.iterdir()} == {fresh.name, f"{fresh.name}.lock"}
    assert not await audit_lines(
        f"sqlite+aiosqlite:///{fresh}",
        load_catalogue(catalogue_dir()),
        keeper.keyring_file,
        now=NOW,
    )


def catalogue_dir() -> Path:
    return ROOT / "data" / "catalogue"


async def test_a_backup_under_load_is_one_moment_and_holds_all_that_was_said_before(
    records: Path, keeper: Keeper, catalogue: Catalogue, database: Database, tmp_path: Path
) -> None:
    committed, over = [500], asyncio.Event()

    async def pay_in() -> None:
        while not over.is_set() and len(committed) < 400:
            async with database.transaction() as tx:
                await top_up(tx, 1)
            committed.append(committed[-1] + 1)

    async with asyncio.TaskGroup() as group:
        writer = group.create_task(pay_in())
        await asyncio.sleep(0.05)
        before = committed[-1]
        made = await back_up(records, keeper, catalogue, now=NOW)
        after = committed[-1]
        over.set()
        await writer
    assert after > before, "nobody waited for the backup"
    fresh = tmp_path / "fresh" / "desk.sqlite3"
    restored = await restore(made.path, fresh, keeper.keyring_file, catalogue, now=NOW)
    assert restored.findings == ()
    assert before <= balance(fresh) <= after


async def test_the_newest_are_kept_and_nothing_else_is_touched(
    records: Path, keeper: Keeper, catalogue: Catalogue
) -> None:
    for name in ("letter.txt", "mizban-99999999T999999Z.backup"):
        (keeper.folder / name).write_text("mine")
    for name, age in ((".mizban-left.backup.new", 2), (".mizban-beside.backup.new", 0)):
        (keeper.folder / name).write_text("half")
        moment = time.time() - 86_400 * age
        os.utime(keeper.folder / name, (moment, moment))
    for hours in range(4):
        await back_up(records, keeper, catalogue, now=NOW + timedelta(hours=hours))
    assert {path.name for path in keeper.folder.iterdir()} == {
        "letter.txt",
        "mizban-99999999T999999Z.backup",
        ".mizban-beside.backup.new",
        "mizban-20261122T020000Z.backup",
        "mizban-20261122T030000Z.backup",
    }
    line = await refusal(back_up(records, keeper, catalogue, now=NOW + timedelta(hours=3)))
    assert "within this second" in line


async def test_what_the_audit_finds_is_told_and_the_copy_is_kept(
    records: Path, keeper: Keeper, catalogue: Catalogue
) -> None:
    with closing(sqlite3.connect(records)) as connection, connection:
        connection.execute("UPDATE account SET credits_rial = credits_rial + 1")
    made = await back_up(records, keeper, catalogue, now=NOW)
    assert made.path.exists()
    assert any(line.startswith("I1 ") for line in made.findings)


def spoil_page(path: Path, number: int) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * (number - 1) : 4096 * number] = b"\x7f" * 4096
    path.write_bytes(content)


async def test_damaged_records_make_no_backup_and_remove_none(
    records: Path, keeper: Keeper, catalogue: Catalogue, database: Database
) -> None:
    for hours in range(2):
        await back_up(records, keeper, catalogue, now=NOW + timedelta(hours=hours))
    kept = sorted(path.name for path in keeper.folder.iterdir())
    await database.close()
    with closing(sqlite3.connect(records)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'transfer'"
        ).fetchone()
    spoil_page(records, root)
    with pytest.raises(StartRefused) as refused:
        await back_up(records, keeper, catalogue, now=NOW + timedelta(hours=5))
    assert all(line.startswith("backup: ") for line in refused.value.faults)
    assert sorted(path.name for path in keeper.folder.iterdir()) == kept


@pytest.mark.parametrize("beside", ["", "-wal", "-shm", "-journal"])
async def test_nothing_is_written_over(
    records: Path, keeper: Keeper, catalogue: Catalogue, tmp_path: Path, beside: str
) -> None:
    made = await back_up(records, keeper, catalogue, now=NOW)
    there = tmp_path / f"there.sqlite3{beside}"
    there.write_bytes(b"mine")
    work = restore(made.path, tmp_path / "there.sqlite3", keeper.keyring_file, catalogue, now=NOW)
    assert there.name in await refusal(work)
    assert there.read_bytes() == b"mine"


async def test_a_restore_that_is_refused_says_why_and_leaves_nothing(
    records: Path, keeper: Keeper, catalogue: Catalogue, tmp_path: Path
) -> None:
    made = await back_up(records, keeper, catalogue, now=NOW)
    other, cut = tmp_path / "other.json", tmp_path / "cut.backup"
    draw_keyring(other)
    cut.write_bytes(made.path.read_bytes()[:-100])
    fresh = tmp_path / "fresh" / "desk.sqlite3"
    for file, keys, complaint in (
        (made.path, other, "another key of that number, or is damaged"),
        (made.path, tmp_path / "none.json", "is not there; without the keys"),
        (cut, keeper.keyring_file, "damaged"),
        (tmp_path / "none.backup", keeper.keyring_file, "No such file"),
        (records, keeper.keyring_file, "is no backup"),
    ):
        assert complaint in await refusal(restore(file, fresh, keys, catalogue, now=NOW))
        left = {path.name for path in fresh.parent.glob("*")}
        assert left <= {f"{fresh.name}.lock"}


async def test_a_backup_of_a_newer_program_is_refused_in_one_line(
    records: Path, keeper: Keeper, catalogue: Catalogue
) -> None:
    with closing(sqlite3.connect(records)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    line = await refusal(back_up(records, keeper, catalogue, now=NOW))
    assert "newer program" in line
    assert not list(keeper.folder.iterdir())


async def test_a_backup_cannot_be_made_of_nothing_or_into_nowhere(
    records: Path, keeper: Keeper, catalogue: Catalogue, tmp_path: Path
) -> None:
    nowhere = Keeper(tmp_path / "unmounted", 2, keeper.keyring_file)
    assert "mount it" in await refusal(back_up(records, nowhere, catalogue, now=NOW))
    assert not nowhere.folder.exists()
    none = tmp_path / "none.sqlite3"
    assert "is not there" in await refusal(back_up(none, keeper, catalogue, now=NOW))
    assert not none.exists()


async def test_a_full_disk_is_one_line_and_leaves_nothing_half(
    records: Path, keeper: Keeper, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(keeper.folder))

    monkeypatch.setattr("handlers.jobs.backups.seal_file", full)
    line = await refusal(back_up(records, keeper, catalogue, now=NOW))
    assert line == f"backup: {keeper.folder} cannot be used: No space left on device."
    assert not list(keeper.folder.iterdir())


async def test_keys_that_opened_nothing_here_make_no_backup(
    records: Path, keeper: Keeper, catalogue: Catalogue
) -> None:
    shutil.move(keeper.keyring_file, keeper.keyring_file.with_name("lost.json"))
    draw_keyring(keeper.keyring_file)
    with pytest.raises(StartRefused) as refused:
        await back_up(records, keeper, catalogue, now=NOW)
    assert all(line.startswith("keyring: ") for line in refused.value.faults)
    assert not list(keeper.folder.iterdir())
