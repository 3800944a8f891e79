"""Before a start the file of the records, the room beside it and its backups are looked at."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.kit.file_state import backup_remark, file_remarks, room_remark
from bot.kit.remarks import Level

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE word (text TEXT)")
        connection.executemany("INSERT INTO word VALUES (?)", [("x" * 500,)] * 200)
        connection.commit()
    return path


def levels(path: Path) -> list[tuple[Level, str]]:
    return [(one.level, one.said) for one in file_remarks(path) if one.about != "disk"]


def test_a_whole_file_is_well(records: Path) -> None:
    ((level, said),) = levels(records)
    assert level is Level.FINE
    assert sqlite3.sqlite_version in said


def test_a_damaged_file_is_ill_and_leads_to_a_backup(records: Path) -> None:
    content = bytearray(records.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    records.write_bytes(content)
    ((level, said),) = levels(records)
    assert level is Level.ILL
    assert "restore a backup" in said


def test_a_file_without_its_write_ahead_log_is_ill(records: Path) -> None:
    with closing(sqlite3.connect(records)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    ((level, said),) = levels(records)
    assert level is Level.ILL
    assert "delete and not wal" in said


@pytest.mark.parametrize(
    ("free", "size", "level"),
    [
        (200_000_000, 1000, Level.FINE),
        (199_000_000, 1000, Level.ILL),
        (900_000_000, 450_000_000, Level.FINE),
        (899_000_000, 450_000_000, Level.ILL),
    ],
)
def test_there_has_to_be_room_for_two_copies(
    tmp_path: Path, free: int, size: int, level: Level
) -> None:
    assert room_remark(tmp_path, size, free).level is level


def backup_of(
    hours_old: float | None, hours: tuple[int, ...], folder: Path | None
) -> tuple[Level, str]:
    newest = None if hours_old is None else NOW - timedelta(hours=hours_old)
    remark = backup_remark(folder, hours, newest, records=Path("/proc/version"), now=NOW)
    return remark.level, remark.said


@pytest.mark.parametrize(
    ("hours_old", "hours", "level"),
    [
        (None, (3,), Level.NOTE),
        (24.5, (3,), Level.FINE),
        (25.5, (3,), Level.ILL),
        (12.5, (3, 15), Level.FINE),
        (13.5, (3, 15), Level.ILL),
        (17.5, (3, 20), Level.FINE),
        (18.5, (3, 20), Level.ILL),
    ],
)
def test_a_backup_is_late_an_hour_after_the_longest_gap_between_two(
    tmp_path: Path, hours_old: float | None, hours: tuple[int, ...], level: Level
) -> None:
    assert backup_of(hours_old, hours, tmp_path)[0] is level


def test_without_a_folder_the_way_to_one_is_told() -> None:
    level, said = backup_of(None, (3,), None)
    assert level is Level.NOTE
    assert "MIZBAN_BACKUP_DIR" in said


def test_backups_on_the_disk_of_the_records_are_told(tmp_path: Path) -> None:
    remark = backup_remark(tmp_path, (3,), NOW, records=tmp_path, now=NOW)
    assert remark.level is Level.NOTE
    assert "choose another disk" in remark.said
