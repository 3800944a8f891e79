"""Cash that is held is still its owner's, cannot be spent, and is taken or set free once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    HoldResolved,
    InsufficientFunds,
    KeyReused,
    MoreThanHeld,
    NoSuchHold,
    ReferenceHeld,
)
from bot.wallet.model import Balance, Hold, HoldId, HoldState, Move, TransferCode
from bot.wallet.repository import HoldRepository
from tests.refusing import refused
from tests.wallet.support import (
    NOW,
    REZA,
    SARA,
    balance_of,
    cash,
    grant,
    hold,
    pay,
    post,
    reverse,
    said,
    top_up,
    void,
)

LATER = NOW + timedelta(hours=5)


async def given_held(database: Database, held: int = 300, of: int = 500) -> Hold:
    async with database.transaction() as tx:
        await top_up(tx, of)
        return await hold(tx, held, reference="payout:1", reason="واریز", actor="citizen:1")


async def test_held_money_is_there_and_cannot_be_spent(database: Database) -> None:
    held = await given_held(database)
    balance = await balance_of(database)
    assert balance == Balance(500, 0, 300)
    assert (balance.withdrawable_rial, balance.available_rial) == (200, 200)
    assert (held.account, held.amount_rial, held.posted_rial) == (cash(SARA), 300, 0)
    assert (held.state, held.resolved_at) == (HoldState.OPEN, None)
    async with database.transaction() as tx:
        assert await wallet.open_holds(tx, office_id="kanoon", citizen_id=SARA, limit=5) == [held]
        assert await wallet.open_holds(tx, office_id="kanoon", citizen_id=REZA, limit=5) == []
        with pytest.raises(InsufficientFunds) as told:
            await pay(tx, 201)
        assert (told.value.needed_rial, told.value.available_rial) == (201, 200)
        straight = Move(cash(SARA), "escrow:12:cash@kanoon", 250, TransferCode.FEE)
        with pytest.raises(InsufficientFunds) as told:
            await wallet.move(tx, moves=[straight], **said())
        assert (told.value.needed_rial, told.value.available_rial) == (250, 200)


async def test_service_credit_is_never_held_for_a_payout(database: Database) -> None:
    async with database.transaction() as tx:
        await grant(tx, 1_000)
        with pytest.raises(InsufficientFunds) as told:
            await hold(tx, 1)
    assert (told.value.needed_rial, told.value.available_rial) == (1, 0)
    assert (await balance_of(database)).withdrawable_rial == 0


async def test_the_last_rial_can_be_held_and_not_one_more(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        with refused(InsufficientFunds(501, 500)):
            await hold(tx, 501)
        await hold(tx, 500)
    assert await balance_of(database) == Balance(500, 0, 500)


async def test_what_is_posted_leaves_and_the_rest_is_free(database: Database) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        journal = await post(tx, held, 250, now=LATER)
        after = await wallet.find_hold(tx, hold_id=held.id)
    assert await balance_of(database) == Balance(250, 0, 0)
    (one,) = journal.transfers
    assert (one.debit, one.credit, one.amount_rial) == (cash(SARA), "bank@kanoon", 250)
    assert (one.hold_id, one.code) == (held.id, TransferCode.PAYOUT)
    assert journal.note.reference == "payout:1"
    assert (after.state, after.posted_rial, after.resolved_at) == (HoldState.POSTED, 250, LATER)


async def test_the_whole_of_a_hold_can_be_posted_even_if_it_is_all_there_is(
    database: Database,
) -> None:
    held = await given_held(database, held=500)
    async with database.transaction() as tx:
        await post(tx, held, 500)
    assert await balance_of(database) == Balance(0, 0, 0)


async def test_a_voided_hold_is_free_again(database: Database) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        after = await void(tx, held, now=LATER)
        assert await wallet.open_holds(tx, office_id="kanoon", citizen_id=SARA, limit=5) == []
    assert await balance_of(database) == Balance(500, 0, 0)
    assert (after.state, after.posted_rial, after.resolved_at) == (HoldState.VOIDED, 0, LATER)


async def post_some(tx: Transaction, held: Hold) -> object:
    return await post(tx, held, 100)


async def void_it(tx: Transaction, held: Hold) -> object:
    return await void(tx, held)


@pytest.mark.parametrize("first", [post_some, void_it])
@pytest.mark.parametrize("second", [post_some, void_it])
async def test_a_hold_is_resolved_once(
    database: Database,
    first: Callable[[Transaction, Hold], Awaitable[Any]],
    second: Callable[[Transaction, Hold], Awaitable[Any]],
) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        await first(tx, held)
    before = await balance_of(database)
    async with database.transaction() as tx:
        with pytest.raises(HoldResolved) as told:
            await second(tx, held)
    assert told.value.reference == "payout:1"
    assert await balance_of(database) == before


@pytest.mark.parametrize("posted", [0, 100])
async def test_who_still_believes_a_hold_to_be_open_does_not_end_it_again(
    database: Database, posted: int
) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        holds = HoldRepository(tx)
        assert await holds.resolve(held.id, 50, NOW)
        assert not await holds.resolve(held.id, posted, LATER)
        after = await wallet.find_hold(tx, hold_id=held.id)
    assert (after.posted_rial, after.resolved_at) == (50, NOW)


async def test_no_more_is_posted_than_was_held(database: Database) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        with pytest.raises(MoreThanHeld) as told:
            await post(tx, held, 301)
    assert (told.value.amount_rial, told.value.held_rial) == (301, 300)
    assert await balance_of(database) == Balance(500, 0, 300)


async def test_that_a_hold_is_over_is_said_before_that_it_was_too_small(
    database: Database,
) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        await void(tx, held)
        with refused(HoldResolved("payout:1")):
            await post(tx, held, 301)


async def test_one_matter_is_held_once_even_after_it_was_resolved(database: Database) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        with refused(ReferenceHeld("payout:1")):
            await hold(tx, 100, reference="payout:1")
        await void(tx, held)
        with refused(ReferenceHeld("payout:1")):
            await hold(tx, 100, reference="payout:1")


async def test_there_is_no_hold_under_another_number(database: Database) -> None:
    async with database.transaction() as tx:
        for attempt in (
            wallet.find_hold(tx, hold_id=HoldId(404)),
            wallet.void_hold(
                tx, key="k", hold_id=HoldId(404), reason="واریز", actor="staff:1", now=NOW
            ),
        ):
            with refused(NoSuchHold(404)):
                await attempt


async def test_a_payout_that_the_bank_sent_back_late_is_cash_again(database: Database) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        journal = await post(tx, held, 300)
        await reverse(tx, journal)
    assert await balance_of(database) == Balance(500, 0, 0)


async def test_each_step_of_a_hold_answers_the_same_to_the_same_key(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
    words = said(key="hold")
    for _ in range(2):
        async with database.transaction() as tx:
            held = await hold(tx, 300, **words)
            assert held.state is HoldState.OPEN
            posted = await post(tx, held, 200, key="post")
            assert await post(tx, held, 200, key="post") == posted
            with refused(KeyReused("post")):
                await post(tx, held, 199, key="post")
            with refused(KeyReused("post")):
                await void(tx, held, key="post")
            with refused(KeyReused("hold")):
                await hold(tx, 301, **words)
    assert await balance_of(database) == Balance(300, 0, 0)


@pytest.mark.parametrize("amount", [0, -5, 10**13 + 1])
async def test_no_amount_is_a_defect(database: Database, amount: int) -> None:
    held = await given_held(database)
    async with database.transaction() as tx:
        for attempt in (hold(tx, amount), post(tx, held, amount), pay(tx, amount)):
            with pytest.raises(AssertionError):
                await attempt
