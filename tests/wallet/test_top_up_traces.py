"""Paying in, with a failure between any two statements: no trace, and done once at last."""

import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.kit.database import Database, Transaction, metadata
from bot.wallet import use_cases as wallet
from bot.wallet.model import CLAIM_LASTS, TopUp
from tests.wallet.by_hand import rows_of
from tests.wallet.support import NOW
from tests.wallet.test_traces import ensure_right, fails, live
from tests.wallet.top_up_support import (
    bill,
    check,
    claim,
    receive,
    reject,
    undo,
    unmatched,
    verify,
)

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


async def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table, without the codes that are drawn at random and digests of them."""
    written = await rows_of(url, *(table.name for table in metadata.sorted_tables))
    return {name: sorted(_CODE.sub("CODE", row) for row in rows) for name, rows in written.items()}


async def prepared(database: Database) -> Paid:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        verified = await verify(tx, (await claim(tx, "998877665544")).code)
        return Paid(await bill(tx), claimed, verified, await unmatched(tx))


@pytest.mark.about_a_file("begins each time anew from a copy of the file")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace(
    database: Database, database_url: str, tmp_path: Path, act: Act
) -> None:
    given = await prepared(database)
    await database.tidy()
    original, tried = Path(database_url.partition(":///")[2]), tmp_path / "tried.sqlite3"
    url = f"sqlite+aiosqlite:///{tried}"
    shutil.copy(original, tried)
    await live(url, act, given)
    await ensure_right(url)
    before, after = await contents(database_url), await contents(url)
    assert before != after
    for length in range(1, _STATEMENTS_MAX):
        shutil.copy(original, tried)
        has_failed = await fails(url, act, given, length)
        if has_failed:
            assert await contents(url) == before, length
            await live(url, act, given)
        assert await contents(url) == after, length
        if not has_failed:
            assert length > 2
            return
    raise AssertionError("the sweep did not reach its end")


@pytest.mark.about_a_server("the other one of these is about a file")
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace_on_a_server(
    database: Database, database_url: str, act: Act
) -> None:
    given = await prepared(database)
    before = await contents(database_url)
    for length in range(1, _STATEMENTS_MAX):
        if not await fails(database_url, act, given, length):
            assert length > 2
            break
        assert await contents(database_url) == before, length
    assert await contents(database_url) != before
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
