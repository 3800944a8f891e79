"""The database itself lets nobody change what was booked, not even by hand."""

import io
import re
import sqlite3
from contextlib import closing
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from bot.kit.database import Database
from tests.wallet.support import hold, pay, post, reverse, top_up, void

VERSIONS = Path(__file__).parents[2] / "bot" / "migrations" / "versions"
FORBIDDEN = (
    "UPDATE transfer SET amount_rial = 1",
    "UPDATE transfer SET reason = 'x' WHERE id = 1",
    "DELETE FROM transfer WHERE id = 1",
    "INSERT OR REPLACE INTO transfer SELECT * FROM transfer WHERE id = 1",
    (
        "REPLACE INTO transfer SELECT 99, journal_id, seq, code, debit_id, credit_id, 1,"
        " reference, reason, actor, at, reverses_id, hold_id FROM transfer WHERE id = 1"
    ),
    (
        "REPLACE INTO transfer SELECT 99, 'ANOTHER', 1, code, debit_id, credit_id, 1,"
        " reference, reason, actor, at, reverses_id, NULL FROM transfer"
        " WHERE reverses_id IS NOT NULL"
    ),
    (
        "REPLACE INTO transfer SELECT 99, 'ANOTHER', 1, code, debit_id, credit_id, 1,"
        " reference, reason, actor, at, NULL, hold_id FROM transfer WHERE hold_id IS NOT NULL"
    ),
    "UPDATE OR REPLACE transfer SET id = 2 WHERE id = 1",
    "UPDATE operation SET answer = x'00'",
    "DELETE FROM operation",
    "REPLACE INTO operation SELECT * FROM operation",
    (
        "REPLACE INTO operation SELECT 'another', op, fingerprint, journal_id, answer, is_refusal,"
        " at FROM operation WHERE journal_id IS NOT NULL"
    ),
    "UPDATE hold SET state = 'open', resolved_at = NULL, posted_rial = 0 WHERE state <> 'open'",
    "UPDATE hold SET posted_rial = 1 WHERE state = 'posted'",
    "UPDATE hold SET amount_rial = 1 WHERE state = 'open'",
    "UPDATE hold SET reference = 'x' WHERE state = 'open'",
    "DELETE FROM hold WHERE state = 'open'",
    "REPLACE INTO hold SELECT * FROM hold WHERE state = 'open'",
    (
        "REPLACE INTO hold SELECT 99, account_id, amount_rial, posted_rial, state, reference,"
        " reason, actor, at, resolved_at FROM hold WHERE state = 'open'"
    ),
    "UPDATE account SET is_no_overdraft = 0",
    "UPDATE account SET code = 'wallet:9:cash@kanoon' WHERE code = 'gateway@kanoon'",
    "UPDATE account SET kind = 'income' WHERE code = 'gateway@kanoon'",
    "DELETE FROM account",
    "REPLACE INTO account SELECT * FROM account",
    "REPLACE INTO account SELECT 99, code, kind, is_no_overdraft, 0, 0, 0 FROM account",
)
IMPOSSIBLE = (
    "UPDATE account SET debits_rial = credits_rial + 1 WHERE is_no_overdraft",
    "UPDATE account SET held_rial = -1",
    "UPDATE account SET debits_rial = -1",
    "UPDATE account SET credits_rial = -1 WHERE NOT is_no_overdraft",
    "INSERT INTO account VALUES (99, 'x', 'soul', 1, 0, 0, 0)",
    (
        "INSERT INTO transfer SELECT 99, 'ANOTHER', 1, code, debit_id, credit_id, 0,"
        " reference, reason, actor, at, NULL, NULL FROM transfer WHERE id = 1"
    ),
    (
        "INSERT INTO transfer SELECT 99, 'ANOTHER', 1, code, debit_id, debit_id, 1,"
        " reference, reason, actor, at, NULL, NULL FROM transfer WHERE id = 1"
    ),
    (
        "INSERT INTO transfer SELECT 99, 'ANOTHER', 1, 'reversal', debit_id, credit_id, 1,"
        " reference, reason, actor, at, NULL, NULL FROM transfer WHERE id = 1"
    ),
    (
        "INSERT INTO transfer SELECT 99, 'ANOTHER', 1, code, debit_id, 404, 1,"
        " reference, reason, actor, at, NULL, NULL FROM transfer WHERE id = 1"
    ),
    (
        "UPDATE hold SET state = 'posted', posted_rial = amount_rial + 1, resolved_at = at"
        " WHERE state = 'open'"
    ),
    "UPDATE hold SET state = 'posted', resolved_at = at WHERE state = 'open'",
    "UPDATE hold SET state = 'voided' WHERE state = 'open'",
)


@pytest.fixture
async def path(database: Database, database_url: str) -> str:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await reverse(tx, await pay(tx, 100))
        await post(tx, await hold(tx, 50), 20)
        await void(tx, await hold(tx, 50))
        await hold(tx, 50)
    return database_url.partition(":///")[2]


def rows_of(connection: sqlite3.Connection) -> list[object]:
    return [
        connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - a table of ours
        for name in ("account", "hold", "transfer", "operation")
    ]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_is_booked_stays_as_it_is(path: str, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        before = rows_of(connection)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
        connection.rollback()
        assert rows_of(connection) == before


@pytest.mark.parametrize("statement", IMPOSSIBLE)
def test_what_cannot_be_is_not_booked(path: str, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        before = rows_of(connection)
        with pytest.raises(sqlite3.IntegrityError, match="constraint failed"):
            connection.execute(statement)
        connection.rollback()
        assert rows_of(connection) == before


def test_postgresql_is_told_the_same_guards() -> None:
    file = next(VERSIONS.glob("*_keep_a_ledger.py"))
    spec = spec_from_file_location("keep_a_ledger", file)
    assert spec is not None
    assert spec.loader is not None
    step = module_from_spec(spec)
    spec.loader.exec_module(step)
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written}
    )
    with Operations.context(context):
        step.upgrade()
    guards = set(re.findall(r"CREATE TRIGGER (\w+)", written.getvalue()))
    assert guards == {
        f"{table}_refuses_{verb}"
        for table in ("account", "hold", "transfer", "operation")
        for verb in ("update", "delete", "truncate")
    }
    assert "RAISE EXCEPTION 'the ledger is append-only'" in written.getvalue()
