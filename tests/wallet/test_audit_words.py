"""What the audit finds is said so that a person knows where to look, and what ought to be."""

import re

import pytest

from bot.kit.database import Database
from tests.wallet.by_hand import is_file, tamper
from tests.wallet.support import SARA, top_up
from tests.wallet.test_audit import TAMPERED, findings, given_ledger

CASH = f"wallet:{SARA}:cash@kanoon"
UNASKED = (
    "I5 one effect: journal CODE: expected one key that answers for it, found something else."
)
# What is found after some of the deeds that the audit's own tests do, in a ledger of known sums.
FOUND: dict[str, list[str]] = {
    "a sum is raised": [
        f"I2 sums kept: credits of account {CASH}: expected 5000, found 5001.",
        "I1 sums equal: all credits: expected 6175, found 6176.",
    ],
    "two sums are raised alike": [
        "I2 sums kept: debits of account gateway@kanoon: expected 5000, found 5001.",
        f"I2 sums kept: credits of account {CASH}: expected 5000, found 5001.",
    ],
    "an account may be overdrawn": [
        f"I0 listed: account {CASH}: expected an account of the list, found another one.",
    ],
    "an account is overdrawn": [
        f"I2 sums kept: debits of account {CASH}: expected 6245, found 245.",
        f"I3 no overdraft: available in account {CASH}: expected 0 or more, found -1265.",
        "I2 sums kept: credits of account bank@kanoon: expected 6060, found 60.",
        "I9 cash whole: cash in less cash out at kanoon: expected 0 or more, found -1020.",
        UNASKED,
    ],
    "service credit is turned into cash": [
        f"I2 sums kept: credits of account {CASH}: expected 5005, found 5000.",
        f"I2 sums kept: debits of account wallet:{SARA}:credit@kanoon: expected 355, found 350.",
        "I9 cash whole: cash owed to people at kanoon: expected 4960, found 4965.",
        "I10 credit whole: service credit owed to people at kanoon: expected 350, found 345.",
        UNASKED,
    ],
    "a part of a journal is reversed": [
        f"I2 sums kept: credits of account {CASH}: expected 5110, found 5000.",
        "I2 sums kept: debits of account escrow:12:cash@kanoon: expected 110, found 0.",
        (
            "I6 reversed once: journal CODE: expected reversed whole and once, or not at all, "
            "found something else."
        ),
        UNASKED,
    ],
    "a reversal gives back less": [
        f"I2 sums kept: credits of account {CASH}: expected 5029, found 5000.",
        "I2 sums kept: debits of account escrow:13:cash@kanoon: expected 29, found 0.",
        (
            "I6 reversed once: transfer 18: expected the exact opposite of one earlier transfer, "
            "found something else."
        ),
        UNASKED,
    ],
    "a hold is opened again": [
        f"I2 sums kept: held of account {CASH}: expected 120, found 20.",
        (
            "I7 hold resolved once: hold 1: expected one transfer of what was posted, or none, "
            "found something else."
        ),
    ],
    "a hold is raised": [
        f"I2 sums kept: held of account {CASH}: expected 21, found 20.",
        "I5 one effect: hold 3: expected as it was answered, found another.",
    ],
    "a reason is changed": [
        "I5 one effect: journal CODE: expected as it was answered, found another.",
    ],
}


async def said(database: Database) -> list[str]:
    """What is found, with a word for each code, of which none is known before."""
    return [
        re.sub(r"journal [0-9A-Z]{10}:", "journal CODE:", str(one))
        for one in await findings(database)
    ]


@pytest.mark.parametrize("name", FOUND)
async def test_what_is_found_says_where_and_what_ought_to_be(
    database: Database, database_url: str, name: str
) -> None:
    await given_ledger(database)
    await tamper(database_url, str(TAMPERED[name][0]))
    assert sorted(set(await said(database))) == sorted(FOUND[name])


async def test_what_was_removed_is_counted(database: Database, database_url: str) -> None:
    if not is_file(database_url):
        pytest.skip("there its key and the sums tell of a journal that is gone")
    await given_ledger(database)
    await tamper(database_url, "DELETE FROM transfer WHERE id = (SELECT max(id) FROM transfer)")
    assert "I4 append only: transfers removed: expected 0, found 1." in await said(database)


async def test_suspense_that_nothing_stands_for_is_named_by_its_office(
    database: Database, database_url: str
) -> None:
    await given_ledger(database)
    await tamper(database_url, "UPDATE bank_line SET office_id = 'mazandaran'")
    assert await said(database) == [
        "I17 suspense told: in suspense at kanoon: expected 0, found 40.",
        "I17 suspense told: in suspense at mazandaran: expected 40, found 0.",
    ]


async def test_each_key_is_looked_at_whatever_it_begins_with(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as tx:
        for key in ("!", "0", "A", "z", "~"):
            await top_up(tx, 10, key=key)
    await tamper(database_url, "UPDATE transfer SET reason = 'x'")
    assert len(await said(database)) == 5
