"""What is wrong with the storage is said in words that help."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.kit.database import Database
from bot.kit.errors import StartRefused
from bot.kit.troubles import storage_told, told


async def trouble_in(path: Path, *statements: str) -> Exception:
    """Let a statement meet what is wrong with the file."""
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        async with database.transaction() as tx:
            for statement in statements:
                await tx.exec_driver_sql(statement)
    except Exception as error:  # noqa: BLE001 - it is what is looked at
        return error
    finally:
        await database.close()
    raise AssertionError


FULL = (
    "PRAGMA max_page_count = 2",
    "CREATE TABLE hunter2 (a)",
    "INSERT INTO hunter2 VALUES (zeroblob(9999))",
)


async def test_a_full_disk_is_said_with_what_to_do_and_not_with_what_was_written(
    tmp_path: Path,
) -> None:
    error = await trouble_in(tmp_path / "desk.sqlite3", *FULL)
    assert told(error) == "the disk is full; make room (SQLITE_FULL)"


async def test_a_database_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    error = await trouble_in(
        tmp_path / "desk.sqlite3", "PRAGMA query_only = 1", "CREATE TABLE a (b)"
    )
    assert "may not be written" in told(error)


async def test_a_command_that_the_storage_ends_says_so_in_one_line(tmp_path: Path) -> None:
    error = await trouble_in(tmp_path / "desk.sqlite3", *FULL)
    with pytest.raises(StartRefused) as refused, storage_told():
        raise error
    (line,) = refused.value.faults
    assert line.startswith("database: the disk is full; ")
    assert "MIZBAN_DATABASE_URL" in line
    assert "hunter2" not in line


def test_what_is_no_trouble_of_the_storage_stays_a_defect() -> None:
    with pytest.raises(sqlite3.Error), storage_told():
        raise sqlite3.Error


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "diary").write_text("dear diary " * 100)
    with (
        closing(sqlite3.connect(tmp_path / "diary")) as connection,
        pytest.raises(sqlite3.DatabaseError) as caught,
    ):
        connection.execute("SELECT 1 FROM sqlite_master")
    assert "restore a backup" in told(caught.value)


def test_a_storage_that_does_not_answer_is_said() -> None:
    assert "does not answer" in told(PoolTimeout())
