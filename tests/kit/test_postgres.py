"""Many writers at once on a server: who waits for whom, for how long, and what is tried again."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.kit.database import (
    Database,
    Moment,
    Transaction,
    insert_new,
    insert_or_replace,
    is_busy,
    is_storage_trouble,
)
from tests.postgres_support import Server, execute

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

notes = Table(
    "note",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("written_at", Moment),
    Column("text", String(20), unique=True),
    CheckConstraint("text <> 'impossible'", name="possible"),
)


@pytest.fixture
def url(server: Server) -> str:
    return server.database()


@pytest.fixture
async def noted(url: str) -> AsyncIterator[Database]:
    database = Database.open(url)
    async with database.transaction() as tx:
        await tx.run_sync(notes.create)
        await tx.execute(insert(notes), [{"id": 1, "text": "one"}, {"id": 2, "text": "two"}])
    yield database
    await database.close()


async def texts(database: Database) -> list[str]:
    async with database.reading() as tx:
        return list(await tx.scalars(select(notes.c.text).order_by(notes.c.id)))


async def write(tx: Transaction, number: int, text: str) -> None:
    await tx.execute(update(notes).where(notes.c.id == number).values(text=text))


async def test_a_failure_leaves_no_trace(noted: Database) -> None:
    async def write_and_fail() -> None:
        async with noted.transaction() as tx:
            await write(tx, 1, "changed")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert await texts(noted) == ["one", "two"]


async def test_writers_of_different_rows_do_not_wait_for_each_other(noted: Database) -> None:
    async with noted.transaction() as first, noted.transaction() as second, asyncio.timeout(2):
        await write(first, 1, "first")
        await write(second, 2, "second")
    assert await texts(noted) == ["first", "second"]


async def test_a_reader_sees_one_moment_and_waits_for_nobody(noted: Database) -> None:
    async with noted.reading() as reading, asyncio.timeout(2):
        before = await reading.scalar(select(notes.c.text).where(notes.c.id == 1))
        async with noted.transaction() as tx:
            await write(tx, 1, "later")
        assert await reading.scalar(select(notes.c.text).where(notes.c.id == 1)) == before
    assert await texts(noted) == ["later", "two"]


async def test_a_reader_cannot_write(noted: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with noted.reading() as tx:
            await write(tx, 1, "changed")


async def test_a_writer_sees_what_was_committed_while_it_waited(noted: Database) -> None:
    """What a guarded change relies on: the condition is looked at after the wait."""

    async def spend(tx: Transaction) -> bool:
        statement = update(notes).where(notes.c.id == 1, notes.c.text == "one")
        changed = await tx.execute(statement.values(text="spent"))
        return changed.rowcount == 1

    results = await asyncio.gather(*(noted.attempt(spend) for _ in range(8)))
    assert sorted(results) == [False] * 7 + [True]


async def test_two_that_wait_for_each_other_are_both_done_in_the_end(noted: Database) -> None:
    met = asyncio.Barrier(2)
    calls = 0

    async def unit(tx: Transaction, numbers: tuple[int, int]) -> None:
        nonlocal calls
        calls += 1
        await write(tx, numbers[0], f"{numbers}")
        if calls <= 2:
            await met.wait()
        await write(tx, numbers[1], f"{numbers[::-1]}")

    async with asyncio.timeout(20):
        await asyncio.gather(
            noted.attempt(lambda tx: unit(tx, (1, 2))), noted.attempt(lambda tx: unit(tx, (2, 1)))
        )
    assert 3 <= calls <= 10  # who had to give way tried again, perhaps more than once
    assert len(await texts(noted)) == 2


async def test_a_lock_is_waited_for_five_times_and_not_for_long(noted: Database, url: str) -> None:
    hasty = Database.open(url, busy_seconds=0.02)
    calls = 0

    async def unit(tx: Transaction) -> None:
        nonlocal calls
        calls += 1
        await write(tx, 1, "mine")

    async with noted.transaction() as tx:
        await write(tx, 1, "theirs")
        with pytest.raises(DBAPIError, match="lock timeout") as waited:
            await hasty.attempt(unit)
    assert is_busy(waited.value)
    assert is_storage_trouble(waited.value)
    assert calls == 5
    await hasty.attempt(unit)
    await hasty.close()
    assert (await texts(noted))[0] == "mine"


async def test_a_statement_at_fault_is_no_trouble_of_the_server(noted: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), {"id": 1})
    assert not is_busy(refused.value)
    assert not is_storage_trouble(refused.value)


async def test_a_server_that_is_not_there_is_trouble(url: str) -> None:
    database = Database.open(url.replace("host=", "host=/nowhere"))
    with pytest.raises(OperationalError) as refused:
        async with database.transaction() as tx:
            await tx.execute(select(1))
    assert is_storage_trouble(refused.value)
    await database.close()


async def test_a_connection_that_was_cut_is_trouble_and_replaced_by_the_next(
    noted: Database, url: str
) -> None:
    async def write_and_be_cut() -> None:
        async with noted.transaction() as tx:
            await write(tx, 1, "lost")
            pid = await tx.scalar(select(func.pg_backend_pid()))
            await execute(url, f"SELECT pg_terminate_backend({pid})")
            await write(tx, 2, "lost")

    with pytest.raises(DBAPIError) as cut:
        await write_and_be_cut()
    assert is_storage_trouble(cut.value)
    async with noted.transaction() as tx:
        await write(tx, 1, "kept")
    assert await texts(noted) == ["kept", "two"]


async def test_a_writer_cancelled_at_any_moment_leaves_the_row_free(noted: Database) -> None:
    async def change(text: str) -> None:
        async with noted.transaction() as tx:
            await write(tx, 1, text)

    for turns in range(20):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(change(f"half {turns}"))
            for _ in range(turns):
                await asyncio.sleep(0.0002)
            task.cancel()
        async with asyncio.timeout(2):
            await change(f"whole {turns}")
    assert (await texts(noted))[0] == "whole 19"


@pytest.mark.parametrize("row", [{"id": 1, "text": "secret"}, {"text": "impossible"}])
async def test_what_is_logged_of_a_failure_holds_nothing_of_the_row(
    noted: Database, row: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(IntegrityError) as refused:
        async with noted.transaction() as tx:
            await tx.execute(insert(notes), {"id": 3, "written_at": NOON, **row})
    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert "constraint" in told
    assert not [word for word in (row["text"], "DETAIL", f"{NOON:%Y-%m}") if word in told]


async def test_a_moment_comes_back_as_it_went(noted: Database) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    async with noted.transaction() as tx:
        await tx.execute(insert(notes), {"id": 3, "written_at": NOON.astimezone(tehran)})
        read = await tx.scalar(select(notes.c.written_at).where(notes.c.id == 3))
    assert read == NOON
    assert read.tzinfo is UTC


async def test_the_connection_is_durable_and_strict(noted: Database) -> None:
    async with noted.transaction() as tx:
        found = [
            (await tx.exec_driver_sql(f"SHOW {name}")).scalar()
            for name in ("synchronous_commit", "transaction_isolation", "lock_timeout")
        ]
    assert found == ["on", "read committed", "3s"]


async def test_whether_writing_works_is_learnt_without_a_table(noted: Database) -> None:
    await noted.probe()
    await noted.tidy()
    assert await texts(noted) == ["one", "two"]


@pytest.fixture(params=["sqlite", "postgresql"])
def each_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3"
    return str(request.getfixturevalue("url"))


@pytest.fixture
async def each(each_url: str) -> AsyncIterator[Database]:
    database = Database.open(each_url)
    async with database.transaction() as tx:
        await tx.run_sync(notes.create)
        await tx.execute(insert(notes), {"id": 1, "text": "one"})
    yield database
    await database.close()


async def test_a_number_that_is_too_great_for_any_row_is_not_found(each: Database) -> None:
    narrow = Table("narrow", MetaData(), Column("id", Integer, primary_key=True))
    async with each.transaction() as tx:
        await tx.exec_driver_sql("CREATE TABLE narrow (id INTEGER PRIMARY KEY)")
        await tx.execute(insert(narrow), {"id": 1})
        for number in (2**31, 2**63 - 1, -(2**63)):
            assert await tx.scalar(select(narrow).where(narrow.c.id == number)) is None


async def test_what_is_new_is_inserted_and_the_rest_left_alone(each: Database) -> None:
    async with each.transaction() as tx:
        for number, text in ((1, "another"), (7, "one"), (2, "two")):
            await tx.execute(insert_new(notes), {"id": number, "text": text})
        again = await tx.execute(insert_new(notes).returning(notes.c.id), {"id": 2})
        assert again.all() == []
    assert await texts(each) == ["one", "two"]


async def test_a_row_takes_the_place_of_the_one_with_its_key(each: Database) -> None:
    async with each.transaction() as tx:
        await tx.execute(insert_or_replace(notes), {"id": 1, "text": "uno", "written_at": NOON})
        await tx.execute(insert_or_replace(notes), {"id": 2, "text": "due", "written_at": NOON})
    assert await texts(each) == ["uno", "due"]
