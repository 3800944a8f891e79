"""Copies are whole, private, and leave nothing behind."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.kit.database_copy import copy_database, copy_faults, put_in_place, workshop
from bot.kit.migrating import migrate

COMMITS_MAX = 2_000  # or a busy machine lets it fill the disk


def rows_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (a)")
    return path


def test_a_copy_made_while_somebody_writes_is_whole(source: Path, tmp_path: Path) -> None:
    written, over = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(source, timeout=30, isolation_level=None)) as connection:
            for _ in range(COMMITS_MAX):
                if over.wait(0.001):
                    return
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT INTO t VALUES (?)", [("x" * 200,)] * 10)
                connection.execute("COMMIT")
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(10)
        for number in range(10):
            before = rows_of(source)
            copy = tmp_path / f"copy{number}"
            copy_database(source, copy)
            assert copy_faults(copy) == []
            assert rows_of(copy) >= before
            assert rows_of(copy) % 10 == 0, "a transaction is in it whole or not at all"
    finally:
        over.set()
        writer.join()


def test_what_is_committed_and_not_yet_in_the_main_file_is_in_the_copy(
    source: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(source)) as desk:
        desk.execute("INSERT INTO t VALUES (1)")
        desk.commit()
        copy_database(source, tmp_path / "copy")
    assert rows_of(tmp_path / "copy") == 1
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_of_a_database_that_nobody_uses_a_copy_leaves_nothing_beside_it(
    source: Path, tmp_path: Path
) -> None:
    before = source.read_bytes()
    copy_database(source, tmp_path / "copy")
    assert source.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"copy", source.name}


def test_a_copy_never_takes_the_place_of_a_file(source: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(FileExistsError):
        copy_database(source, tmp_path / "there")
    with pytest.raises(FileExistsError):
        put_in_place(source, tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"


def test_damage_is_found_and_told_without_what_is_in_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    migrate(f"sqlite+aiosqlite:///{path}")
    assert copy_faults(path) == []
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE child (name, of INTEGER REFERENCES parent (id))")
        connection.execute("INSERT INTO child VALUES ('Sara', 7)")
    assert copy_faults(path) == ["row 1 of child belongs to no parent"]
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\x7f" * 4096
    path.write_bytes(content)
    assert copy_faults(path)


def test_the_folder_for_copies_is_private_and_goes_with_what_a_killed_one_left(
    source: Path,
) -> None:
    left = source.parent / ".copy-left"
    left.mkdir()
    (left / "plain.sqlite3").write_text("readable")
    with workshop(source) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not left.exists()
        with workshop(source) as another:
            assert folder.exists(), "somebody works in it"
            assert another != folder
    assert [path.name for path in source.parent.iterdir()] == [source.name]
