"""The database itself lets nobody change what was booked, not even by hand."""

import pytest
from sqlalchemy.exc import DBAPIError

from bot.kit.database import Database
from tests.wallet.by_hand import by_hand, is_file, rows_of
from tests.wallet.support import hold, pay, post, reverse, top_up, void

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
    "UPDATE operation SET answer = NULL",
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
    "UPDATE account SET is_no_overdraft = FALSE",
    "UPDATE account SET code = 'wallet:9:cash@kanoon' WHERE code = 'gateway@kanoon'",
    "UPDATE account SET kind = 'income' WHERE code = 'gateway@kanoon'",
    "DELETE FROM account",
    "REPLACE INTO account SELECT * FROM account",
    "REPLACE INTO account SELECT 99, code, kind, is_no_overdraft, 0, 0, 0 FROM account",
)
FORBIDDEN_ON_A_SERVER = (
    "TRUNCATE transfer",
    "TRUNCATE operation",
    "TRUNCATE hold CASCADE",
    "TRUNCATE account CASCADE",
    (
        "INSERT INTO operation SELECT * FROM operation"
        " ON CONFLICT (key) DO UPDATE SET answer = excluded.answer"
    ),
    "INSERT INTO transfer SELECT * FROM transfer ON CONFLICT (id) DO UPDATE SET amount_rial = 1",
)
IMPOSSIBLE = (
    "UPDATE account SET debits_rial = credits_rial + 1 WHERE is_no_overdraft",
    "UPDATE account SET held_rial = -1",
    "UPDATE account SET debits_rial = -1",
    "UPDATE account SET credits_rial = -1 WHERE NOT is_no_overdraft",
    "INSERT INTO account VALUES (99, 'x', 'soul', TRUE, 0, 0, 0)",
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
async def url(database: Database, database_url: str) -> str:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await reverse(tx, await pay(tx, 100))
        await post(tx, await hold(tx, 50), 20)
        await void(tx, await hold(tx, 50))
        await hold(tx, 50)
    return database_url


async def why_refused(url: str, statement: str) -> str:
    """Try something by hand, and say why it cannot be done; nothing at all where it can."""
    try:
        async with by_hand(url) as tx:
            await tx.exec_driver_sql(statement)
    except DBAPIError as refusal:
        return str(refusal)
    return ""


async def test_what_is_booked_stays_as_it_is(url: str) -> None:
    statements = FORBIDDEN
    if not is_file(url):
        known = [statement for statement in FORBIDDEN if "REPLACE" not in statement]
        statements = (*known, *FORBIDDEN_ON_A_SERVER)
    before = await rows_of(url)
    for statement in statements:
        assert "append-only" in await why_refused(url, statement), statement
        assert await rows_of(url) == before, statement


async def test_what_cannot_be_is_not_booked(url: str) -> None:
    before = await rows_of(url)
    for statement in IMPOSSIBLE:
        assert "constraint" in await why_refused(url, statement), statement
        assert await rows_of(url) == before, statement
