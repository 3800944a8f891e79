"""A ledger that forgets whose it was is the same ledger: every sum, state and answer stays."""

import asyncio
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction, metadata
from bot.wallet import use_cases as wallet
from bot.wallet.errors import InsufficientFunds
from bot.wallet.model import PayoutState
from bot.wallet.model.parting import Unfinished
from bot.wallet.use_cases.parting import forget_owner, money_left
from tests.wallet import top_up_support
from tests.wallet.payout_support import RING, payout_in, request, sound
from tests.wallet.support import NOW, OFFICE, grant, pay, reverse, top_up

GONE = CitizenId(771_234_561)
OTHER = CitizenId(771_234_562)
LEAST = {OFFICE: 1_000}
ENDED = [state for state in PayoutState if not state.is_open]
_numbers = count(1)


async def a_wallet(tx: Transaction, citizen_id: CitizenId = GONE) -> None:
    """Whatever can happen to somebody's money, all of it over."""
    for state in ENDED:
        await payout_in(tx, state, citizen_id=citizen_id)
    await top_up(tx, 400, citizen_id)
    await grant(tx, 50, citizen_id)
    paid = await pay(tx, 200, citizen_id)
    await reverse(tx, paid)
    await pay(tx, 300, citizen_id)
    claimed = await top_up_support.claim(tx, f"REF{next(_numbers):06}", citizen_id=citizen_id)
    await top_up_support.verify(tx, claimed.code)
    await top_up_support.bill(tx, citizen_id=citizen_id)


async def forget(tx: Transaction, citizen_id: CitizenId = GONE) -> int:
    async with citizens.parting_of(tx, citizen_id=citizen_id, now=NOW) as number:
        await forget_owner(tx, citizen_id=citizen_id, number=number)
    return number


async def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    async with database.reading() as tx:
        return {
            table.name: [dict(row._mapping) for row in await tx.execute(select(table))]
            for table in metadata.sorted_tables
        }


def amounts(held: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """What an auditor adds up, without whose it is."""
    named = {
        "account": ("id", "kind", "debits_rial", "credits_rial", "held_rial"),
        "transfer": ("id", "journal_id", "debit_id", "credit_id", "amount_rial", "reverses_id"),
        "hold": ("id", "account_id", "amount_rial", "posted_rial", "state"),
        "payout": ("id", "code", "amount_rial", "state", "hold_id"),
        "operation": ("key", "op", "journal_id", "is_refusal"),
    }
    return [
        tuple(row[name] for name in columns)
        for table, columns in named.items()
        for row in sorted(held[table], key=lambda row: str(row.get("id", row.get("key"))))
    ]


async def test_the_ledger_is_sound_and_names_nobody(database: Database) -> None:
    async with database.transaction() as tx:
        await a_wallet(tx)
        await a_wallet(tx, OTHER)
    before = amounts(await rows(database))
    async with database.transaction() as tx:
        number = await forget(tx)
    after = await rows(database)
    assert str(GONE) not in repr(after)
    assert str(number) in repr(after["account"])
    assert str(OTHER) in repr(after["account"])
    assert amounts(after) == before
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []


async def test_the_accounts_of_payouts_are_blank(database: Database) -> None:
    async with database.transaction() as tx:
        await a_wallet(tx)
        await forget(tx)
    for row in (await rows(database))["payout"]:
        assert (row["iban"], row["owner"], row["iban_index"], row["iban_tail"]) == (
            b"",
            b"",
            b"",
            "",
        )


async def test_a_batch_with_somebody_who_is_gone_can_still_be_looked_at(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await payout_in(tx, PayoutState.PAID, citizen_id=GONE)
        await forget(tx)
        (batch,) = await wallet.batches_of(tx, office_id=OFFICE, limit=9)
        lines = await wallet.batch_rows(tx, batch=batch, keyring=RING)
    assert [(one.iban, one.owner) for one in lines] == [("", "")]


async def test_a_fault_in_the_middle_leaves_no_trace(database: Database) -> None:
    async with database.transaction() as tx:
        await a_wallet(tx)
    before = await rows(database)

    async def fail() -> None:
        async with database.transaction() as tx:
            await forget(tx)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await rows(database) == before


async def test_money_that_comes_at_the_same_moment_is_lost_to_nobody(database: Database) -> None:
    """Rush: payments for others and for who leaves, while they leave; twice at once, too."""
    async with database.transaction() as tx:
        await a_wallet(tx)

    async def leave() -> None:
        await database.attempt(forget)

    async def pay_in(citizen_id: CitizenId) -> None:
        await database.attempt(lambda tx: top_up(tx, 70, citizen_id))

    rush = [leave(), *(pay_in(one) for one in (GONE, OTHER, GONE, OTHER)), leave()]
    done = await asyncio.gather(*rush, return_exceptions=True)
    assert not [one for one in done if isinstance(one, BaseException)], done
    assert await sound(database)
    held = await rows(database)
    assert held["parting"] == []
    assert sum(row["debits_rial"] for row in held["account"]) == sum(
        row["credits_rial"] for row in held["account"]
    )


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (PayoutState.REQUESTED, {Unfinished.PAYOUT, Unfinished.CASH}),
        (PayoutState.SENT, {Unfinished.PAYOUT, Unfinished.CASH}),
        (PayoutState.PAID, set()),
        (PayoutState.REJECTED, set()),
    ],
)
async def test_what_is_under_way_comes_first(
    database: Database, state: PayoutState, kinds: set[Unfinished]
) -> None:
    async with database.transaction() as tx:
        await payout_in(tx, state, citizen_id=GONE)
        left = await money_left(tx, citizen_id=GONE, least_rial=LEAST)
    assert {kind for one in left for kind in one.unfinished} == kinds


@pytest.mark.parametrize(("cash", "is_first"), [(999, False), (1_000, True)])
async def test_what_can_be_paid_out_comes_first(
    database: Database, cash: int, *, is_first: bool
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, cash, GONE)
        (left,) = await money_left(tx, citizen_id=GONE, least_rial=LEAST)
    assert (Unfinished.CASH in left.unfinished) is is_first
    assert left.cash_rial == cash


async def test_money_of_an_office_that_is_gone_comes_first(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 1, GONE)
        (left,) = await money_left(tx, citizen_id=GONE, least_rial={})
    assert left.unfinished == {Unfinished.CASH}


async def test_a_claim_that_is_looked_for_comes_first_and_a_mere_bill_does_not(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await top_up_support.bill(tx, citizen_id=GONE)
        assert await money_left(tx, citizen_id=GONE, least_rial=LEAST) == []
        await top_up_support.claim(tx, "REF900001", citizen_id=GONE)
        (left,) = await money_left(tx, citizen_id=GONE, least_rial=LEAST)
    assert left.unfinished == {Unfinished.TOP_UP}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET code = 'wallet:9:cash@kanoon' WHERE code LIKE 'wallet:771%:cash@%'",
        "UPDATE transfer SET actor = 'citizen:9', amount_rial = 1",
        "UPDATE hold SET actor = 'citizen:9', state = 'posted'",
        "UPDATE payout SET citizen_id = 9, amount_rial = 1",
        "UPDATE payout_event SET actor = 'citizen:9', to_state = 'paid'",
        "UPDATE operation SET fingerprint = 'forgotten', journal_id = NULL",
    ],
)
async def test_while_somebody_parts_the_guards_hold_all_else(
    database: Database, statement: str
) -> None:
    async with database.transaction() as tx:
        await a_wallet(tx)

    async def tamper() -> None:
        async with database.transaction() as tx:
            await tx.exec_driver_sql("INSERT INTO parting VALUES (771234561, 5)")
            await tx.exec_driver_sql(statement)

    with pytest.raises(DBAPIError, match="append-only"):
        await tamper()


async def test_a_payout_asked_for_at_the_same_moment_is_there_whole_or_not_at_all(
    database: Database,
) -> None:
    """Rush: whoever leaves locks their wallet first; a request is before it, or finds nothing."""
    async with database.transaction() as tx:
        await top_up(tx, 700, GONE)

    async def leave() -> bool:
        return await database.attempt(leave_if_free)

    async def ask() -> bool:
        try:
            await database.attempt(lambda tx: request(tx, 300, GONE))
        except InsufficientFunds:
            return False
        return True

    left, *asked = await asyncio.gather(leave(), ask(), ask())
    held = await rows(database)
    owners = {row["citizen_id"] for row in held["payout"]}
    assert owners == ({GONE} if any(asked) else set())
    assert left is (not any(asked)), "either the wallet is nobody's, or something is under way"
    assert all(row["iban"] for row in held["payout"])
    assert await sound(database)


async def leave_if_free(tx: Transaction) -> bool:
    left = await money_left(tx, citizen_id=GONE, least_rial={OFFICE: 1_000_000})
    if any(one.unfinished for one in left):
        return False
    await forget(tx)
    return True
