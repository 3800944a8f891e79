"""Paying in, with a failure between any two statements: no trace, and done once at last."""

import re
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.model import CLAIM_LASTS, TopUp
from tests.wallet.support import NOW
from tests.wallet.test_top_ups import (
    bill,
    check,
    claim,
    receive,
    reject,
    undo,
    unmatched,
    verify,
)
from tests.wallet.test_traces import fails, live

_CODE = re.compile(r"(?<![A-Z0-9])[2-9A-Z]{5}-?[2-9A-Z]{5}(?![A-Z0-9])|[0-9a-f]{64}")
_STATEMENTS_MAX = 60


@dataclass(frozen=True)
class Paid:
    """A top-up of each kind."""

    billed: TopUp
    claimed: TopUp
    verified: TopUp
    lost: TopUp


Act = Callable[[Transaction, Any], Awaitable[Any]]

ACTS: dict[str, Act] = {
    "begin": lambda tx, _: bill(tx, 900_000),
    "check": lambda tx, given: check(tx, given.billed.subject),
    "receive": lambda tx, given: receive(tx, given.billed.subject),
    "receive for nobody": lambda tx, _: receive(tx, "topup:nobody"),
    "claim": lambda tx, _: claim(tx, "554433221100"),
    "verify": lambda tx, given: verify(tx, given.claimed.code),
    "place": lambda tx, given: verify(tx, given.lost.code),
    "reject": lambda tx, given: reject(tx, given.claimed.code),
    "reverse": lambda tx, given: undo(tx, given.verified.code),
    "expire": lambda tx, _: wallet.expire_top_ups(tx, now=NOW + CLAIM_LASTS),
}


def contents(path: Path) -> dict[str, list[str]]:
    """Every row of every table, without the codes that are drawn at random and digests of them."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(
                _CODE.sub("CODE", repr(row))
                for row in connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - a table
            )
            for (name,) in tables.fetchall()
        }


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace(
    database: Database, database_url: str, tmp_path: Path, act: Act
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        verified = await verify(tx, (await claim(tx, "998877665544")).code)
        given = Paid(await bill(tx), claimed, verified, await unmatched(tx))
    await database.tidy()
    original, tried = Path(database_url.partition(":///")[2]), tmp_path / "tried.sqlite3"
    url = f"sqlite+aiosqlite:///{tried}"
    shutil.copy(original, tried)
    await live(url, act, given)
    before, after = contents(original), contents(tried)
    assert before != after
    for length in range(1, _STATEMENTS_MAX):
        shutil.copy(original, tried)
        has_failed = await fails(url, act, given, length)
        if has_failed:
            assert contents(tried) == before, length
            await live(url, act, given)
        assert contents(tried) == after, length
        if not has_failed:
            assert length > 2
            return
    raise AssertionError("the sweep did not reach its end")
