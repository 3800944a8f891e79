"""Money moves whole or not at all, once for each key, and comes back the way it went."""

import re
from collections.abc import Awaitable, Callable

import pytest

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    AlreadyReversed,
    InsufficientFunds,
    IsReversal,
    KeyReused,
    NoSuchJournal,
)
from bot.wallet.model import Balance, Bucket, JournalId, Move, TransferCode
from tests.refusing import refused
from tests.wallet.support import (
    NOW,
    REZA,
    SARA,
    WORKSHOP,
    balance_of,
    cash,
    credit,
    escrow,
    grant,
    hold,
    pay,
    reverse,
    said,
    top_up,
    topped_up,
)


async def test_who_never_had_money_has_nothing_and_opens_nothing(database: Database) -> None:
    assert await balance_of(database) == Balance(0, 0, 0)
    async with database.reading() as tx:
        assert await wallet.statement(tx, office_id="kanoon", citizen_id=SARA, limit=5) == []
        assert (await tx.exec_driver_sql("SELECT count(*) FROM account")).scalar() == 0


async def test_a_wallet_is_opened_once(database: Database) -> None:
    async with database.transaction() as tx:
        await wallet.open_wallet(tx, office_id="kanoon", citizen_id=SARA)
        await wallet.open_wallet(tx, office_id="kanoon", citizen_id=SARA)
        codes = await tx.exec_driver_sql("SELECT code FROM account ORDER BY code")
        assert [row[0] for row in codes] == [cash(SARA), credit(SARA)]


async def test_what_is_topped_up_is_cash(database: Database) -> None:
    async with database.transaction() as tx:
        journal = await top_up(tx, 500_000)
    assert await balance_of(database) == Balance(500_000, 0, 0)
    assert await balance_of(database, REZA) == Balance(0, 0, 0)
    assert journal.amount_rial == 500_000
    async with database.reading() as tx:
        assert await wallet.find_journal(tx, journal_id=journal.id) == journal


async def test_a_fee_is_paid_with_service_credit_first_and_waits_by_bucket(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await grant(tx, 300)
        journal = await pay(tx, 450)
    assert await balance_of(database) == Balance(350, 0, 0)
    ways = [(one.debit, one.credit, one.amount_rial) for one in journal.transfers]
    assert ways == [
        (credit(SARA), escrow(WORKSHOP, Bucket.CREDIT), 300),
        (cash(SARA), escrow(WORKSHOP), 150),
    ]
    assert [one.seq for one in journal.transfers] == [1, 2]


@pytest.mark.parametrize(("fee", "left"), [(300, Balance(500, 0, 0)), (100, Balance(500, 200, 0))])
async def test_cash_is_spared_while_service_credit_is_enough(
    database: Database, fee: int, left: Balance
) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await grant(tx, 300)
        journal = await pay(tx, fee)
    assert len(journal.transfers) == 1
    assert await balance_of(database) == left


async def test_a_reversal_gives_each_bucket_back_what_it_paid(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await grant(tx, 300)
        paid = await pay(tx, 450)
        undone = await reverse(tx, paid)
    assert await balance_of(database) == Balance(500, 300, 0)
    assert [one.reverses_id for one in undone.transfers] == [2 + 2, 2 + 1]
    assert {one.code for one in undone.transfers} == {TransferCode.REVERSAL}


async def test_a_journal_is_reversed_once_and_a_reversal_never(database: Database) -> None:
    async with database.transaction() as tx:
        journal = await top_up(tx, 500)
        undone = await reverse(tx, journal)
        with pytest.raises(AlreadyReversed) as already:
            await reverse(tx, journal)
        with refused(IsReversal(undone.id)):
            await reverse(tx, undone)
        with refused(NoSuchJournal("NOSUCHCODE")):
            await wallet.reverse(tx, journal_id=JournalId("NOSUCHCODE"), **said())
    assert already.value.journal_id == journal.id
    assert await balance_of(database) == Balance(0, 0, 0)


async def test_what_was_spent_cannot_be_taken_back_from_the_wallet(database: Database) -> None:
    async with database.transaction() as tx:
        journal = await top_up(tx, 500)
        await pay(tx, 200)
        with pytest.raises(InsufficientFunds) as told:
            await reverse(tx, journal)
    assert (told.value.needed_rial, told.value.available_rial) == (500, 300)
    assert await balance_of(database) == Balance(300, 0, 0)


async def test_a_fee_the_wallet_cannot_bear_says_what_is_missing(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await grant(tx, 300)
        await hold(tx, 100)
        with pytest.raises(InsufficientFunds) as told:
            await pay(tx, 701)
        await pay(tx, 700)
    assert (told.value.needed_rial, told.value.available_rial) == (701, 700)
    assert await balance_of(database) == Balance(100, 0, 100)


async def test_money_that_comes_and_goes_in_one_journal_is_weighed_as_a_whole(
    database: Database,
) -> None:
    through = [
        topped_up(500),
        Move(cash(SARA), escrow(WORKSHOP), 400, TransferCode.FEE),
    ]
    async with database.transaction() as tx:
        await wallet.move(tx, moves=through, **said())
    assert await balance_of(database) == Balance(100, 0, 0)


async def test_the_same_key_gives_the_same_answer(database: Database) -> None:
    words = said()
    async with database.transaction() as tx:
        first = await wallet.move(tx, moves=[topped_up(500)], **words)
    async with database.transaction() as tx:
        later = {**words, "actor": "staff:41", "reason": "دوباره"}
        again = await wallet.move(tx, moves=[topped_up(500)], **later)
    assert again == first
    assert again.note.actor == "clock"
    assert await balance_of(database) == Balance(500, 0, 0)


async def test_a_refusal_is_the_answer_of_its_key_even_when_money_has_come(
    database: Database,
) -> None:
    words = said()
    async with database.transaction() as tx:
        with pytest.raises(InsufficientFunds) as told:
            await pay(tx, 500, **words)
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        with pytest.raises(InsufficientFunds) as again:
            await pay(tx, 500, **words)
    assert vars(again.value) == vars(told.value) == {"needed_rial": 500, "available_rial": 0}
    assert await balance_of(database) == Balance(1_000, 0, 0)


async def test_a_refusal_that_undid_its_transaction_is_not_remembered(database: Database) -> None:
    words = said()
    with refused(InsufficientFunds(500, 0)):
        async with database.transaction() as tx:
            await pay(tx, 500, **words)
    async with database.transaction() as tx:
        await top_up(tx, 1_000)
        await pay(tx, 500, **words)
    assert await balance_of(database) == Balance(500, 0, 0)


async def test_a_key_serves_one_thing(database: Database) -> None:
    words = said()
    async with database.transaction() as tx:
        await top_up(tx, 500, **words)
        for amount, citizen, other in (
            (501, SARA, {}),
            (500, REZA, {}),
            (500, SARA, {"reference": "matter:other"}),
        ):
            with pytest.raises(KeyReused) as told:
                await top_up(tx, amount, citizen, **{**words, **other})
            assert told.value.key == words["key"]
        with refused(KeyReused(words["key"])):
            await pay(tx, 500, **words)
    assert await balance_of(database) == Balance(500, 0, 0)


async def test_a_key_of_a_fee_serves_one_workshop_one_person_and_one_amount(
    database: Database,
) -> None:
    words = said()
    async with database.transaction() as tx:
        await top_up(tx, 500)
        await top_up(tx, 500, REZA)
        await pay(tx, 100, **words)
        for amount, citizen, workshop in (
            (101, SARA, WORKSHOP),
            (100, REZA, WORKSHOP),
            (100, SARA, 13),
        ):
            with refused(KeyReused(words["key"])):
                await pay(tx, amount, citizen, workshop, **words)
    assert await balance_of(database) == Balance(400, 0, 0)


async def test_a_key_of_a_reversal_serves_one_journal(database: Database) -> None:
    words = said()
    async with database.transaction() as tx:
        first, second = await top_up(tx, 500), await top_up(tx, 500)
        await reverse(tx, first, **words)
        with refused(KeyReused(words["key"])):
            await reverse(tx, second, **words)
    assert await balance_of(database) == Balance(500, 0, 0)


@pytest.mark.parametrize(
    "move",
    [
        Move(cash(SARA), cash(REZA), 1, TransferCode.FEE),
        Move(credit(SARA), escrow(WORKSHOP), 1, TransferCode.FEE),
        Move(cash(SARA), escrow(WORKSHOP, Bucket.CREDIT), 1, TransferCode.FEE),
        Move(credit(SARA), "bank@kanoon", 1, TransferCode.PAYOUT),
        Move("expense:sla@kanoon", cash(SARA), 1, TransferCode.SERVICE_CREDIT),
        Move("gateway@kanoon", credit(SARA), 1, TransferCode.TOP_UP),
        Move("gateway@kanoon", cash(SARA), 1, TransferCode.REVERSAL),
        Move("gateway@kanoon", "wallet:1@kanoon", 1, TransferCode.TOP_UP),
        Move("gateway@kanoon", "wallet:01:cash@kanoon", 1, TransferCode.TOP_UP),
        Move("gateway@kanoon", "wallet:cash@kanoon", 1, TransferCode.TOP_UP),
        Move("gateway@mazandaran", cash(SARA), 1, TransferCode.TOP_UP),
        Move("gateway", cash(SARA), 1, TransferCode.TOP_UP),
        Move("gateway@kanoon", cash(SARA), 0, TransferCode.TOP_UP),
        Move("gateway@kanoon", cash(SARA), -1, TransferCode.TOP_UP),
        Move("gateway@kanoon", cash(SARA), 10**13 + 1, TransferCode.TOP_UP),
        Move("gateway@kanoon", cash(SARA), 1.0, TransferCode.TOP_UP),  # type: ignore[arg-type] - what must not pass
        Move("gateway@kanoon", cash(SARA), True, TransferCode.TOP_UP),  # noqa: FBT003 - what must not pass
    ],
    ids=str,
)
async def test_a_way_that_is_not_listed_is_a_defect(database: Database, move: Move) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 10)
        await grant(tx, 10)
        with pytest.raises(AssertionError):
            await wallet.move(tx, moves=[move], **said())


async def test_a_statement_says_what_came_and_went_the_latest_first(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500, reference="topup:1", reason="شارژ")
        await grant(tx, 300)
        await top_up(tx, 70, REZA)
        paid = await pay(tx, 450, reference="registration:9", reason="شهریه")
        await reverse(tx, paid)
    async with database.reading() as tx:
        lines = await wallet.statement(tx, office_id="kanoon", citizen_id=SARA, limit=50)
        assert [(one.amount_rial, one.bucket, one.balance_rial) for one in lines] == [
            (300, Bucket.CREDIT, 800),
            (150, Bucket.CASH, 500),
            (-150, Bucket.CASH, 350),
            (-300, Bucket.CREDIT, 500),
            (300, Bucket.CREDIT, 800),
            (500, Bucket.CASH, 500),
        ]
        assert (lines[2].reference, lines[2].reason) == ("registration:9", "شهریه")
        assert (lines[2].journal_id, lines[2].at, lines[2].code) == (
            paid.id,
            NOW,
            TransferCode.FEE,
        )
        pages = []
        before = None
        while page := await wallet.statement(
            tx, office_id="kanoon", citizen_id=SARA, before=before, limit=4
        ):
            pages.append(page)
            before = page[-1].id
    assert [len(page) for page in pages] == [4, 2]
    assert [line for page in pages for line in page] == lines


async def test_what_moved_for_a_matter_is_found_by_its_reference(database: Database) -> None:
    async with database.transaction() as tx:
        await top_up(tx, 500)
        paid = await pay(tx, 200, reference="registration:9")
        undone = await reverse(tx, paid, reference="registration:9")
        await pay(tx, 100, reference="registration:10")
        found = await wallet.journals_about(tx, reference="registration:9", limit=5)
        assert found == [paid, undone]
        assert await wallet.journals_about(tx, reference="registration:9", limit=1) == [paid]


@pytest.mark.about_a_file("asks SQLite how it goes about it")
async def test_a_statement_reads_the_transfers_of_one_wallet_alone(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    async def unit(tx: Transaction) -> None:
        await wallet.statement(tx, office_id="kanoon", citizen_id=SARA, limit=10)
        await wallet.journals_about(tx, reference="registration:9", limit=10)
        await wallet.open_holds(tx, office_id="kanoon", citizen_id=SARA, limit=10)

    plan = await plan_of(unit)
    assert "SEARCH transfer USING INDEX" in plan
    assert not re.search(r"SCAN (transfer|hold|account)\b", plan)
