"""Who changes, removes or slips in what staff did is found out."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit, audit_head, audit_link
from bot.kit.database import Database, Transaction

NOW = datetime(2026, 11, 22, 9, 30, 0, 1, tzinfo=UTC)
OFFICER = Staff(CitizenId(2001), "kanoon", Role.OFFICER, "امید \U0001f600")
GUARDED = ("audit", "audit_link")


async def do(database: Database, *notes: str) -> None:
    async with database.transaction() as tx:
        for note in notes:
            await record(tx, note)


async def record(tx: Transaction, note: str | None) -> None:
    await citizens.record(
        tx,
        actor=OFFICER,
        action="answered",
        subject="case:1",
        note=note,
        between=("open", "closed"),
        now=NOW,
    )


async def findings(database: Database) -> list[str]:
    async with database.reading() as tx:
        return [str(finding) for finding in await citizens.chain_findings(tx)]


async def unguard(database: Database) -> None:
    """Be somebody who may do anything to the file: the guards of the tables are taken away."""
    async with database.transaction() as tx:
        is_file = tx.dialect.name == "sqlite"
        for table in GUARDED:
            for verb in ("update", "delete", "replace" if is_file else "truncate"):
                end = "" if is_file else f" ON {table}"
                await tx.exec_driver_sql(f"DROP TRIGGER {table}_refuses_{verb}{end}")
        if is_file:
            return
        await tx.exec_driver_sql(
            "ALTER TABLE audit_link DROP CONSTRAINT fk_audit_link_audit_id_audit"
        )


async def tamper(database: Database, *statements: Any) -> None:
    await unguard(database)
    async with database.transaction() as tx:
        if tx.dialect.name == "sqlite":
            await tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for statement in statements:
            await tx.execute(statement)


async def test_what_is_recorded_hangs_on_a_chain_without_faults(database: Database) -> None:
    await do(database, "first", "second")
    await do(database, "third")
    assert await findings(database) == []
    async with database.reading() as tx:
        assert (await citizens.chain_head(tx)).number == 3
        digests = list(await tx.scalars(select(audit_link.c.digest)))
    assert len(set(digests)) == 3
    assert all(len(digest) == 32 for digest in digests)


@pytest.mark.parametrize(
    "column", ["at", "office_id", "actor_id", "actor_name", "role", "action", "note", "before"]
)
async def test_an_entry_that_was_changed_is_named(database: Database, column: str) -> None:
    await do(database, "first", "second", "third")
    changed = {"at": NOW.replace(microsecond=2), "actor_id": 2002, "note": b"x", "role": "manager"}
    value = changed.get(column, "another")
    await tamper(database, update(audit).where(audit.c.id == 2).values({column: value}))
    (finding,) = await findings(database)
    assert "I19 chained: entry 2 of the audit" in finding
    assert "something else" in finding


async def test_a_digest_made_anew_for_one_entry_breaks_the_next(database: Database) -> None:
    await do(database, "first", "second", "third")
    forged = update(audit_link).where(audit_link.c.number == 2).values(digest=b"x" * 32)
    await tamper(database, forged)
    assert [line.split(":")[1] for line in await findings(database)] == [
        " entry 2 of the audit",
        " entry 3 of the audit",
    ]


async def test_entries_that_were_cut_off_at_the_end_are_missed(database: Database) -> None:
    await do(database, "first", "second")
    await tamper(
        database,
        delete(audit_link).where(audit_link.c.audit_id == 2),
        delete(audit).where(audit.c.id == 2),
    )
    assert any("link 2 of the audit" in line for line in await findings(database))


async def test_an_entry_that_was_taken_out_of_the_middle_is_missed(database: Database) -> None:
    await do(database, "first", "second", "third")
    await tamper(database, delete(audit_link).where(audit_link.c.audit_id == 2))
    found = await findings(database)
    assert any("link 2 of the audit" in line for line in found)
    assert any("entry 2 of the audit: expected a link of its own" in line for line in found)


async def test_an_entry_that_was_slipped_in_hangs_on_nothing(database: Database) -> None:
    await do(database, "first")
    async with database.transaction() as tx:
        row = {
            "at": NOW,
            "office_id": "kanoon",
            "actor_id": 1,
            "actor_name": "x",
            "role": "officer",
        }
        await tx.execute(insert(audit), row | {"action": "a", "subject": "s", "note": None})
    (finding,) = await findings(database)
    assert "entry 2 of the audit: expected a link of its own, found none" in finding


async def test_the_end_of_the_chain_cannot_be_wound_back_alone(database: Database) -> None:
    await do(database, "first")
    await tamper(database, update(audit_head).values(number=0, digest=bytes(32)))
    assert any("the last one" in line for line in await findings(database))


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("verb", ["update", "delete"])
async def test_the_database_itself_lets_nobody_change_the_audit_or_its_chain(
    database: Database, table: str, verb: str
) -> None:
    await do(database, "first")
    rows = {"audit": audit, "audit_link": audit_link}[table]
    statement = delete(rows) if verb == "delete" else update(rows).values({list(rows.c)[-1]: None})
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(statement)


async def test_what_is_undone_leaves_no_link(database: Database) -> None:
    async with database.transaction() as tx:
        await record(tx, "kept")
        undone = await tx.begin_nested()
        await record(tx, "undone")
        await undone.rollback()
        await record(tx, "kept too")

    async def fail(tx: Transaction) -> None:
        await record(tx, "undone as a whole")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.attempt(fail)
    await do(database, "last")
    assert await findings(database) == []
    async with database.reading() as tx:
        assert (await citizens.chain_head(tx)).number == 3
        assert await tx.scalar(select(func.count()).select_from(audit)) == 3


async def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    async def unit(tx: Transaction) -> None:
        await record(tx, "one of many")
        await asyncio.sleep(0)
        await record(tx, "and another")

    await asyncio.gather(*(database.attempt(unit) for _ in range(20)))
    assert await findings(database) == []
    async with database.reading() as tx:
        assert (await citizens.chain_head(tx)).number == 40


async def test_a_number_that_names_a_person_is_not_written_into_the_audit(
    database: Database,
) -> None:
    await do(database, "او 0499370899 و ۰۹۱۲۳۴۵۶۷۸۹ است")
    async with database.reading() as tx:
        (entry,) = await citizens.audit_of(tx, office_id="kanoon", limit=5)
    assert entry.note == "او ••• و ••• است"
    assert (entry.before, entry.after) == ("open", "closed")
