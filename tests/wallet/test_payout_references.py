"""A bank's reference proves one payout, or the file in which several went; it can be corrected."""

import asyncio

import pytest
from sqlalchemy import select

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.errors import PayoutReasonUnreadable, ReferenceClaimed
from bot.wallet.model import Payout, PayoutState
from bot.wallet.tables import transfer
from tests.refusing import refused
from tests.wallet.payout_support import (
    MINA,
    NEDA,
    approve,
    correct,
    export,
    found,
    give_back_late,
    pay,
    payout_in,
    request,
    sound,
    take,
)
from tests.wallet.support import NOW, REZA, top_up


async def paid_as(tx: Transaction, payout: Payout, reference: str) -> Payout:
    return await wallet.mark_paid(
        tx, code=payout.code, bank_reference=reference, actor=NEDA, now=NOW
    )


async def test_a_reference_pays_no_second_payout_of_another_file(database: Database) -> None:
    async with database.transaction() as tx:
        first = await pay(tx, await payout_in(tx, PayoutState.SENT))
        second = await payout_in(tx, PayoutState.SENT, citizen_id=REZA)
        assert first.bank_reference is not None
        with pytest.raises(ReferenceClaimed) as told:
            await paid_as(tx, second, first.bank_reference)
        assert told.value.payout_code == first.code
        assert (await found(tx, second)).state is PayoutState.SENT
    assert await sound(database)


async def test_what_came_back_late_keeps_its_reference_from_others(database: Database) -> None:
    async with database.transaction() as tx:
        first = await give_back_late(tx, await payout_in(tx, PayoutState.PAID))
        second = await payout_in(tx, PayoutState.SENT, citizen_id=REZA)
        assert first.bank_reference is not None
        with refused(ReferenceClaimed(first.code)):
            await paid_as(tx, second, first.bank_reference)


async def test_payouts_of_one_file_may_share_a_reference(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        both = [await request(tx, 300), await request(tx, 200)]
        for payout in both:
            await approve(tx, await take(tx, payout))
        await export(tx, NEDA)
        done = [await paid_as(tx, payout, "1405090177") for payout in both]
    assert [one.bank_reference for one in done] == ["1405090177"] * 2
    assert await sound(database)


async def test_of_two_who_name_the_same_at_once_one_is_refused(database: Database) -> None:
    async with database.transaction() as tx:
        payouts = [
            await payout_in(tx, PayoutState.SENT),
            await payout_in(tx, PayoutState.SENT, citizen_id=REZA),
        ]

    async def name(payout: Payout) -> bool:
        try:
            async with database.transaction() as tx:
                await paid_as(tx, payout, "1405090177")
        except ReferenceClaimed:
            return False
        return True

    assert sorted(await asyncio.gather(*map(name, payouts))) == [False, True]
    assert await sound(database)


async def test_a_correction_is_added_to_the_history_and_moves_no_money(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.PAID)
        before = (await tx.execute(select(transfer))).all()
        corrected = await correct(tx, payout, MINA, "1405099901")
        assert (await tx.execute(select(transfer))).all() == before
        events = await wallet.payout_events(tx, payout_id=payout.id)
    assert corrected.bank_reference == "1405099901"
    assert (corrected.state, corrected.changed_at) == (PayoutState.PAID, payout.changed_at)
    last = events[-1]
    assert (last.from_state, last.to_state) == (PayoutState.PAID, PayoutState.PAID)
    assert last.actor == f"staff:{MINA.id}"
    assert last.reason == f"{payout.bank_reference} → 1405099901: یک رقم جا افتاده بود"
    assert await sound(database)


async def test_the_reference_that_was_wrong_is_free_for_the_payout_that_it_belongs_to(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await payout_in(tx, PayoutState.PAID)
        second = await payout_in(tx, PayoutState.SENT, citizen_id=REZA)
        await correct(tx, first)
        assert first.bank_reference is not None
        done = await paid_as(tx, second, first.bank_reference)
        assert done.state is PayoutState.PAID
        with refused(ReferenceClaimed(second.code)):
            await correct(tx, await found(tx, first), MINA, first.bank_reference)


async def test_the_same_correction_again_adds_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        payout = await correct(tx, await payout_in(tx, PayoutState.PAID))
        count = len(await wallet.payout_events(tx, payout_id=payout.id))
        await correct(tx, payout)
        assert len(await wallet.payout_events(tx, payout_id=payout.id)) == count


@pytest.mark.parametrize("reason", ["", "ن" * 121])
async def test_a_correction_says_why_in_one_line(database: Database, reason: str) -> None:
    async with database.transaction() as tx:
        payout = await payout_in(tx, PayoutState.PAID)
        with pytest.raises(PayoutReasonUnreadable):
            await wallet.correct_reference(
                tx,
                code=payout.code,
                bank_reference="1405099901",
                reason=reason,
                actor=MINA,
                now=NOW,
            )
        assert (await found(tx, payout)).bank_reference == payout.bank_reference
