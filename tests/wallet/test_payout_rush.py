"""People who decide about one payout at the same moment: one of them does, all the way."""

from typing import Any
from unittest.mock import ANY

import pytest

from bot.citizens.model import CitizenId
from bot.kit.database import Database
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    InsufficientFunds,
    NothingToSend,
    PayoutMoved,
    TooManyPayouts,
)
from bot.wallet.model import Balance, Payout, PayoutBatch, PayoutState
from tests.wallet.payout_support import (
    MINA,
    NEDA,
    NIMA,
    OMID,
    Act,
    approve,
    export,
    found,
    give_back,
    give_back_late,
    pay,
    payout_in,
    recall,
    reject,
    request,
    second,
    sound,
    withdraw,
)
from tests.wallet.support import balance_of, top_up
from tests.wallet.support import pay as pay_fee
from tests.wallet.test_rush import Unit, rush

_ROUNDS = 4


def by(act: Any, actor: Any) -> Act:
    return lambda tx, payout: act(tx, payout, actor)


RUSHES: dict[str, tuple[PayoutState, list[Act]]] = {
    "withdraw, approve and reject": (
        PayoutState.REVIEW,
        [withdraw, by(approve, NEDA), by(reject, OMID), by(approve, OMID)],
    ),
    "two second approvers and a change of mind": (
        PayoutState.SECONDING,
        [by(second, MINA), withdraw, by(second, NIMA), by(reject, OMID)],
    ),
    "paid and returned": (
        PayoutState.SENT,
        [by(pay, NEDA), by(give_back, OMID), by(pay, OMID), by(give_back, MINA)],
    ),
    "returned late by two": (
        PayoutState.PAID,
        [by(give_back_late, NEDA), by(give_back_late, OMID), by(give_back, MINA)],
    ),
}


@pytest.mark.parametrize("name", RUSHES)
async def test_of_those_who_decide_at_once_one_does(
    database: Database, database_url: str, name: str
) -> None:
    state, acts = RUSHES[name]
    other = Database.open(database_url)
    for turn in range(_ROUNDS):
        async with database.transaction() as tx:
            payout = await payout_in(tx, state, citizen_id=CitizenId(900 + turn))
            before = await wallet.payout_events(tx, payout_id=payout.id)
        turned = [*acts[turn % len(acts) :], *acts[: turn % len(acts)]]
        units: list[Unit] = [lambda tx, act=act: act(tx, payout) for act in turned]  # noqa: B023 - awaited in this turn
        results = await rush(database, *units, other=other)
        (won,) = [one for one in results if isinstance(one, Payout)]
        assert results.count(PayoutMoved) == len(acts) - 1
        async with database.transaction() as tx:
            assert await found(tx, payout) == won
            assert await wallet.payout_events(tx, payout_id=payout.id) == [*before, ANY]
        assert await sound(database)
    await other.close()


async def test_a_sum_in_parts_at_once_takes_two_people_too(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    for turn in range(_ROUNDS):
        citizen_id = CitizenId(900 + turn)
        async with database.transaction() as tx:
            await top_up(tx, 900, citizen_id)
        parts = [lambda tx: request(tx, 300, citizen_id)] * 2  # noqa: B023 - awaited in this turn
        made = await rush(database, *parts, other=other)
        assert sorted(part.needs_second for part in made) == [False, True]
    await other.close()


async def test_two_approvers_at_once_are_one_approval(
    database: Database, database_url: str
) -> None:
    """The one who is later does not become the second person by it."""
    other = Database.open(database_url)
    for _ in range(_ROUNDS):
        async with database.transaction() as tx:
            payout = await payout_in(tx, PayoutState.REVIEW, 600)
        results = await rush(
            database,
            lambda tx: approve(tx, payout, NEDA),  # noqa: B023 - awaited in this turn
            lambda tx: approve(tx, payout, OMID),  # noqa: B023 - as above
            other=other,
        )
        assert results.count(PayoutMoved) == 1
        async with database.transaction() as tx:
            now = await found(tx, payout)
            assert (now.state, now.seconded_by) == (PayoutState.SECONDING, None)
            await withdraw(tx, payout)
    await other.close()
    assert await sound(database)


async def test_what_is_sent_and_recalled_at_once_is_one_of_both(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    for _ in range(_ROUNDS):
        async with database.transaction() as tx:
            payout = await payout_in(tx, PayoutState.APPROVED)
        results = await rush(
            database,
            lambda tx: export(tx, NEDA),
            lambda tx: recall(tx, payout, MINA),  # noqa: B023 - awaited in this turn
            lambda tx: export(tx, OMID),
            other=other,
        )
        async with database.transaction() as tx:
            now = await found(tx, payout)
            batches = [one for one in results if isinstance(one, PayoutBatch)]
            if now.state is PayoutState.SENT:
                assert [batch.id for batch in batches] == [now.batch_id]
                assert results.count(PayoutMoved) == results.count(NothingToSend) == 1
                await give_back(tx, payout)
            else:
                assert now.state is PayoutState.REVIEW
                assert not batches
                assert results.count(NothingToSend) == 2
                await withdraw(tx, payout)
        assert await sound(database)
    await other.close()


async def test_one_key_makes_one_batch_however_many_press(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        payouts = [await payout_in(tx, PayoutState.APPROVED) for _ in range(3)]
    results = await rush(database, *[lambda tx: export(tx, NEDA, key="batch:k")] * 4, other=other)
    await other.close()
    assert isinstance(results[0], PayoutBatch)
    assert results == [results[0]] * 4
    assert results[0].count == len(payouts)
    assert await sound(database)


async def test_one_key_is_one_request_however_many_times_it_comes_at_once(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
    results = await rush(database, *[lambda tx: request(tx, 300, key="payout:k")] * 6, other=other)
    await other.close()
    assert isinstance(results[0], Payout)
    assert {one.id for one in results} == {results[0].id}
    assert await balance_of(database) == Balance(1_000, 0, 300)
    assert await sound(database)


async def test_of_many_requests_at_once_three_are_open(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        await top_up(tx, 5_000)
    results = await rush(database, *[lambda tx: request(tx, 300)] * 7, other=other)
    await other.close()
    assert results.count(TooManyPayouts) == 4
    assert await balance_of(database) == Balance(5_000, 0, 900)
    assert await sound(database)


async def test_the_last_rial_goes_to_the_bank_or_to_a_fee(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        await top_up(tx, 300)
    units: list[Unit] = [lambda tx: request(tx, 300), lambda tx: pay_fee(tx, 300)]
    results = await rush(database, *units * 3, other=other)
    await other.close()
    assert results.count(InsufficientFunds) == 5
    assert await balance_of(database) in (Balance(0, 0, 0), Balance(300, 0, 300))
    assert await sound(database)
