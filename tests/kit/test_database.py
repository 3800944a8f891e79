import asyncio
import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.kit.database import Database, Moment, Transaction, is_storage_trouble

pytestmark = pytest.mark.about_a_file(
    "these are the manners of a file; those of a server are in test_postgres.py"
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

notes = Table(
    "note",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("written_at", Moment),
)


@pytest.fixture
async def noted(database: Database) -> Database:
    async with database.transaction() as tx:
        await tx.run_sync(notes.create)
    return database


async def _count(database: Database) -> int:
    async with database.reading() as tx:
        return len((await tx.execute(select(notes.c.id))).all())


async def test_what_was_committed_is_there(noted: Database) -> None:
    async with noted.transaction() as tx:
        await tx.execute(insert(notes), {"written_at": NOON})
    assert await _count(noted) == 1


async def test_a_failure_leaves_no_trace(noted: Database) -> None:

    async def write_and_fail() -> None:
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), {"written_at": NOON})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert await _count(noted) == 0
    async with noted.transaction() as tx:
        await tx.execute(insert(notes), {"written_at": NOON})
    assert await _count(noted) == 1


async def test_a_commit_that_fails_leaves_no_trace_and_nothing_open(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        reference = "INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED"
        await tx.exec_driver_sql(f"CREATE TABLE other (one_id {reference})")

    async def refer_to_nothing() -> None:
        async with database.transaction() as tx:
            await tx.exec_driver_sql("INSERT INTO other VALUES (5)")

    with pytest.raises(IntegrityError):
        await refer_to_nothing()
    async with database.transaction() as tx:
        assert (await tx.exec_driver_sql("SELECT * FROM other")).all() == []


async def test_writers_see_each_other_whole(noted: Database) -> None:
    """Twelve writers that each look before they write: a deferred BEGIN lets several in."""

    async def write_if_under_three() -> None:
        async with noted.transaction() as tx:
            seen = len((await tx.execute(select(notes.c.id))).all())
            await asyncio.sleep(0)
            if seen < 3:
                await tx.execute(insert(notes), {"written_at": NOON})

    await asyncio.gather(*(write_if_under_three() for _ in range(12)))
    assert await _count(noted) == 3


async def test_a_reader_does_not_wait_for_a_writer(noted: Database) -> None:
    async with noted.transaction() as tx:
        await tx.execute(insert(notes), {"written_at": NOON})
        async with asyncio.timeout(2):
            assert await _count(noted) == 0


async def test_a_moment_comes_back_as_it_went(noted: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    async with noted.transaction() as tx:
        await tx.execute(insert(notes), {"written_at": NOON.astimezone(tehran)})
        read = await tx.scalar(select(notes.c.written_at))
    assert read == NOON
    assert read.tzinfo is UTC


async def test_a_naive_moment_is_refused(noted: Database) -> None:
    with pytest.raises(StatementError, match="aware"):
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), {"written_at": NOON.replace(tzinfo=None)})


async def test_the_connection_is_durable_and_strict(database: Database) -> None:
    async with database.reading() as tx:
        found = [
            (await tx.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


async def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "private.sqlite3"
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    async with database.transaction() as tx:
        await tx.run_sync(notes.create)
        for file in (path, path.with_name(path.name + "-wal")):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await database.close()


async def test_a_lock_held_by_another_process_is_waited_for(
    noted: Database, database_url: str
) -> None:
    other = sqlite3.connect(database_url.partition(":///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), {"written_at": NOON})

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(write())
        await asyncio.sleep(0.1)
        assert not writing.done()
        other.execute("COMMIT")
    other.close()
    assert await _count(noted) == 1


async def test_a_unit_of_work_that_met_a_lock_runs_again(noted: Database) -> None:
    calls = 0

    async def unit(tx: Transaction) -> str:
        nonlocal calls
        assert tx.in_transaction()
        calls += 1
        if calls < 3:
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))
        return "written"

    assert await noted.attempt(unit) == "written"
    assert calls == 3


async def test_a_full_disk_fails_whole_and_is_survived(noted: Database) -> None:
    async with noted.transaction() as tx:
        pages = (await tx.exec_driver_sql("PRAGMA page_count")).scalar()
        await tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    async def fill() -> None:
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), [{"written_at": NOON}] * 10_000)

    with pytest.raises(OperationalError, match="full"):
        await fill()
    assert await _count(noted) == 0
    async with noted.transaction() as tx:
        await tx.exec_driver_sql("PRAGMA max_page_count=100000")
        await tx.execute(insert(notes), [{"written_at": NOON}] * 1000)
        assert (await tx.exec_driver_sql("PRAGMA integrity_check")).scalar() == "ok"
    assert await _count(noted) == 1000


async def test_a_writer_cancelled_at_any_moment_leaves_the_lock_free(noted: Database) -> None:
    async def write() -> None:
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), {"written_at": NOON})

    for turns in range(30):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(write())
            for _ in range(turns):
                await asyncio.sleep(0.0002)
            task.cancel()
        async with asyncio.timeout(2):
            await write()
    assert await _count(noted) >= 30


async def test_a_connection_that_is_thrown_away_frees_the_lock_though_a_cursor_is_left(
    noted: Database, database_url: str
) -> None:
    async with noted._engine.connect() as tx:
        await tx.execute(insert(notes), {"written_at": NOON})
        raw = await tx.get_raw_connection()
        assert raw.driver_connection is not None
        left_behind = await raw.driver_connection.execute("SELECT * FROM note")
        await tx.invalidate()
    hasty = Database.open(database_url, busy_seconds=0.01)
    async with hasty.transaction() as tx:
        await tx.execute(insert(notes), {"written_at": NOON})
    await hasty.close()
    assert left_behind is not None
    assert await _count(noted) == 1


async def test_tidying_empties_the_log_and_gives_way_to_a_reader(
    noted: Database, database_url: str
) -> None:
    def log_bytes() -> int:
        return Path(f"{database_url.partition(':///')[2]}-wal").stat().st_size

    async with noted.reading() as tx:
        await tx.execute(select(notes.c.id))
        async with noted.transaction() as writing:
            await writing.execute(insert(notes), {"written_at": NOON})
        async with asyncio.timeout(2):
            await noted.tidy()
        assert log_bytes() > 0
    await noted.tidy()
    assert log_bytes() == 0


def test_waiting_in_vain_for_a_connection_counts_as_trouble_of_the_disk() -> None:
    assert is_storage_trouble(PoolTimeout("QueuePool limit of size 5 overflow 0 reached"))


@pytest.mark.about_a_file("keeps the connection that writes it")
async def test_the_connection_that_writes_is_kept_and_given_up_after_a_failure(
    database: Database,
) -> None:
    async def written_by() -> object:
        async with database.transaction() as tx:
            return (await tx.get_raw_connection()).driver_connection

    async def half_done() -> None:
        async with database.transaction() as tx:
            await tx.exec_driver_sql("CREATE TABLE half_done (id)")
            raise ZeroDivisionError

    first = await written_by()
    assert await written_by() is first
    with pytest.raises(ZeroDivisionError):
        await half_done()
    with pytest.raises(ZeroDivisionError):
        await half_done()  # the table is not there
