"""A failure between any two statements of an act leaves no trace, and the act works afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.kit.database import Database, Transaction
from bot.wallet.model import Payout, PayoutState
from tests.wallet.by_hand import rows_of
from tests.wallet.payout_support import (
    approve,
    found,
    give_back,
    give_back_late,
    pay,
    payout_in,
    recall,
    reject,
    request,
    second,
    send,
    sound,
    take,
    withdraw,
)
from tests.wallet.support import top_up
from tests.wallet.test_traces import fails

_STATEMENTS_MAX = 60
_STATEMENTS_MIN = 4
TABLES = (
    *("account", "hold", "transfer", "operation", "payout", "payout_event"),
    *("payout_batch", "audit"),
)
ACTS: dict[str, tuple[PayoutState, Callable[[Transaction, Payout], Awaitable[Any]], str]] = {
    "request": (PayoutState.WITHDRAWN, lambda tx, _: request(tx, key="payout:k"), "withdrawn"),
    "withdraw": (PayoutState.REVIEW, withdraw, "withdrawn"),
    "take": (PayoutState.REQUESTED, take, "review"),
    "approve": (PayoutState.REVIEW, approve, "approved"),
    "second": (PayoutState.SECONDING, second, "approved"),
    "reject": (PayoutState.SECONDING, reject, "rejected"),
    "recall": (PayoutState.APPROVED, recall, "review"),
    "send": (PayoutState.APPROVED, send, "sent"),
    "pay": (PayoutState.SENT, pay, "paid"),
    "give_back": (PayoutState.SENT, give_back, "returned"),
    "give_back_late": (PayoutState.PAID, give_back_late, "returned_late"),
}


@pytest.mark.parametrize("name", ACTS)
async def test_a_failure_between_any_two_statements_leaves_no_trace(
    database: Database, database_url: str, name: str
) -> None:
    begins, act, ends = ACTS[name]
    async with database.transaction() as tx:
        payout = await payout_in(tx, begins)
        await top_up(tx, 1_000)
    before = await rows_of(database_url, *TABLES)
    for length in range(1, _STATEMENTS_MAX):
        if not await fails(database_url, lambda tx, _: act(tx, payout), payout, length):  # type: ignore[arg-type, return-value] - what is given is a payout here
            assert length > _STATEMENTS_MIN
            break
        assert await rows_of(database_url, *TABLES) == before, length
    else:
        raise AssertionError("the sweep did not reach its end")
    async with database.reading() as tx:
        assert (await found(tx, payout)).state.value == ends
    assert await rows_of(database_url, *TABLES) != before
    assert await sound(database)
