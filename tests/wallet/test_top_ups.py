"""Paying in: by a bill that a gateway reports as paid, and by a bank's reference."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit as audit_table
from bot.kit.database import Database
from bot.kit.digits import persian_digits
from bot.kit.errors import DeskError
from bot.kit.tracking import new_code, read_code
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    BillNotAsWritten,
    InsufficientFunds,
    NoSuchTopUp,
    NotInRials,
    OwnTopUp,
    ReferenceClaimed,
    SameVerifier,
    TooManyTopUps,
    TopUpMoved,
    TopUpOutOfRange,
    TopUpReasonTooLong,
)
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    BILL_LASTS,
    CLAIM_LASTS,
    REASON_LENGTH_MAX,
    TOP_UPS_OPEN_MAX,
    Balance,
    Invariant,
    TopUp,
    TopUpState,
    TopUpWay,
)
from bot.wallet.tables import top_up as table
from tests.refusing import refused
from tests.wallet.support import NOW, OFFICE, REZA, SARA, balance_of, hold
from tests.wallet.top_up_support import (
    AMOUNT,
    COLLEAGUE,
    FINANCE,
    LIMITS,
    MANAGER,
    OFFICER,
    OTHER_MANAGER,
    STRANGER,
    assert_right,
    bill,
    check,
    claim,
    kept,
    receive,
    reject,
    standing,
    undo,
    verify,
)


async def test_a_paid_bill_is_in_the_wallet_with_what_was_paid(database: Database) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        assert written.state is TopUpState.CREATED
        assert written.expires_at == NOW + BILL_LASTS
        assert read_code(written.code) == written.code
        about_to_be_paid = await check(tx, written.subject)
        assert about_to_be_paid.state is TopUpState.PENDING
        paid = await receive(tx, written.subject)
    assert (paid.state, paid.code, paid.charge_id) == (
        TopUpState.VERIFIED,
        written.code,
        "charge-1",
    )
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await standing(database, "gateway") == -AMOUNT
    await assert_right(database, verified=1)


async def test_whoever_taps_twice_has_one_bill(database: Database) -> None:
    async with database.transaction() as tx:
        first, again, other = await bill(tx), await bill(tx), await bill(tx, 200_000)
        later = await bill(tx, now=NOW + BILL_LASTS)
    assert first == again
    assert len({first.code, other.code, later.code}) == 3


@pytest.mark.parametrize("amount_rial", [-1, 0, 99_999, 200_000_001])
async def test_no_bill_is_less_or_more_than_the_office_takes(
    database: Database, amount_rial: int
) -> None:
    with pytest.raises(TopUpOutOfRange) as told:
        async with database.transaction() as tx:
            await bill(tx, amount_rial)
    assert told.value.amount_rial_min == LIMITS.rial_min
    with pytest.raises(TopUpOutOfRange):
        async with database.transaction() as tx:
            await claim(tx, amount_rial=amount_rial)


async def test_a_citizen_has_only_so_many_open_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(TOP_UPS_OPEN_MAX - 1):
            await bill(tx, AMOUNT + number)
        last = await claim(tx)
        with refused(TooManyTopUps(TOP_UPS_OPEN_MAX)):
            await bill(tx, 900_000)
        with refused(TooManyTopUps(TOP_UPS_OPEN_MAX)):
            await claim(tx, "9988776655")
        assert await bill(tx, AMOUNT + 1), "one that is open is given again"
        assert await claim(tx, "9988776655", citizen_id=REZA), "others may"
        await reject(tx, last.code)
        assert await claim(tx, "9988776655000")


async def test_a_bill_is_paid_by_its_citizen_once_in_time_and_as_written(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        written, paid, claimed = await bill(tx), await bill(tx, 700_000), await claim(tx)
        await receive(tx, paid.subject, amount_rial=700_000)
    refusals: list[tuple[type[DeskError], str, dict[str, Any]]] = [
        (NoSuchTopUp, "topup:", {}),
        (NoSuchTopUp, f"topup:{new_code()}", {}),
        (NoSuchTopUp, written.code, {}),
        (NoSuchTopUp, f"{written.subject} ", {}),
        (NoSuchTopUp, claimed.subject, {}),
        (NoSuchTopUp, written.subject, {"citizen_id": REZA}),
        (TopUpMoved, written.subject, {"now": NOW + BILL_LASTS}),
        (TopUpMoved, paid.subject, {"amount_rial": 700_000}),
        (BillNotAsWritten, written.subject, {"amount_rial": AMOUNT - 1}),
        (BillNotAsWritten, written.subject, {"currency": "USD"}),
    ]
    for kind, payload, wanted in refusals:
        with pytest.raises(kind):
            async with database.transaction() as tx:
                await check(tx, payload, **wanted)
    async with database.transaction() as tx:
        await check(tx, written.subject)
        await check(tx, written.subject, now=NOW + BILL_LASTS - timedelta(seconds=1))


async def test_a_charge_that_is_reported_again_changes_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        paid = await receive(tx, written.subject)
    before = await kept(database)
    async with database.transaction() as tx:
        assert await receive(tx, written.subject) == paid
        assert await receive(tx, "topup:another", amount_rial=9) == paid
    assert await kept(database) == before


async def test_a_second_charge_for_one_bill_is_money_too(database: Database) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        first = await receive(tx, written.subject)
        second = await receive(tx, written.subject, charge_id="charge-2", amount_rial=300_000)
    assert first.code != second.code
    assert second.state is TopUpState.VERIFIED
    assert await balance_of(database) == Balance(AMOUNT + 300_000, 0, 0)
    await assert_right(database, verified=2)


async def test_a_bill_that_ran_out_counts_when_it_is_paid_all_the_same(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        (ended,) = await wallet.expire_top_ups(tx, now=NOW + BILL_LASTS)
        assert ended.state is TopUpState.EXPIRED
        assert (await receive(tx, written.subject)).state is TopUpState.VERIFIED
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    await assert_right(database, verified=1)


async def test_what_was_really_paid_counts_not_what_was_billed(database: Database) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        paid = await receive(tx, written.subject, amount_rial=AMOUNT + 5)
    assert paid.amount_rial == AMOUNT + 5
    assert await balance_of(database) == Balance(AMOUNT + 5, 0, 0)
    await assert_right(database, verified=1)


@pytest.mark.parametrize(
    ("payload", "wanted"),
    [
        ("", {}),
        ("topup:2222222222", {}),
        ("something else", {}),
        ("BILL", {"citizen_id": REZA}),
    ],
)
async def test_money_that_nobody_can_place_waits_in_suspense_and_is_placed_by_finance(
    database: Database, payload: str, wanted: dict[str, Any]
) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        payload = written.subject if payload == "BILL" else payload
        lost = await receive(tx, payload, **wanted)
        assert await receive(tx, payload, **wanted) == lost
    payer = wanted.get("citizen_id", SARA)
    assert (lost.state, lost.citizen_id) == (TopUpState.UNMATCHED, payer)
    assert await standing(database, "suspense") == AMOUNT
    assert await balance_of(database, payer) == Balance(0, 0, 0)
    await assert_right(database, verified=0)
    async with database.transaction() as tx:
        assert (await wallet.top_ups_waiting(tx, office_id=OFFICE, limit=9))[0] == [lost]
        placed = await verify(tx, lost.code)
        assert placed.state is TopUpState.VERIFIED
        with refused(TopUpMoved(TopUpState.VERIFIED)):
            await verify(tx, lost.code, COLLEAGUE)
    assert await standing(database, "suspense") == 0
    assert await balance_of(database, payer) == Balance(AMOUNT, 0, 0)
    await assert_right(database, verified=1)
    async with database.transaction() as tx:
        assert (await undo(tx, lost.code)).state is TopUpState.REVERSED
    assert await standing(database, "suspense") == AMOUNT
    await assert_right(database, verified=0)


@pytest.mark.parametrize(
    "wanted",
    [
        {"currency": "USD", "amount_rial": 500},
        {"amount_rial": AMOUNT_RIAL_MAX + 1},
        {"amount_rial": 0},
        {"amount_rial": -5},
    ],
)
async def test_money_that_no_ledger_of_rials_can_hold_is_written_down_all_the_same(
    database: Database, wanted: dict[str, Any]
) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        lost = await receive(tx, written.subject, **wanted)
        assert (lost.state, lost.amount_rial) == (TopUpState.UNMATCHED, 0)
        assert str(wanted["amount_rial"]) in (lost.reason or "")
        with pytest.raises(NotInRials):
            await verify(tx, lost.code)
    await assert_right(database, verified=0)
    assert await standing(database, "gateway") == 0


async def test_a_claim_is_verified_once_and_its_money_comes_from_the_bank(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        assert (claimed.state, claimed.way) == (TopUpState.PENDING, TopUpWay.BANK)
        assert claimed.expires_at == NOW + CLAIM_LASTS
        verified = await verify(tx, claimed.code)
    assert (verified.state, verified.decided_by) == (TopUpState.VERIFIED, FINANCE.id)
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await standing(database, "bank") == -AMOUNT
    await assert_right(database, verified=1)
    async with database.reading() as tx:
        (line,) = await wallet.statement(tx, office_id=OFFICE, citizen_id=SARA, limit=5)
        row = select(audit_table.c.action, audit_table.c.before, audit_table.c.after)
        entries = [tuple(one) for one in await tx.execute(row)]
    assert line.reason == verified.shown_code
    assert entries == [("topup.verified", "pending", "verified")]


async def test_a_reference_is_claimed_once_at_a_time_however_it_is_typed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await claim(tx)
        assert await claim(tx, f" {persian_digits('1405-0901')} - ۸۷۶۵") == first
        for wanted in ({"citizen_id": REZA}, {"amount_rial": AMOUNT + 1}):
            with pytest.raises(ReferenceClaimed):
                await claim(tx, **wanted)
        other_office = await claim(tx, office_id="mazandaran", citizen_id=REZA)
        await verify(tx, first.code)
        for citizen_id in (SARA, REZA):
            with pytest.raises(ReferenceClaimed):
                await claim(tx, citizen_id=citizen_id)
    assert other_office.reference == first.reference
    await assert_right(database, verified=1)


async def test_a_reference_is_free_again_after_a_rejection_an_end_or_a_reversal(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        rejected = await reject(tx, (await claim(tx)).code)
        assert rejected.reason == "چنین واریزی در حساب نیست"
        second = await claim(tx)
        await wallet.expire_top_ups(tx, now=NOW + CLAIM_LASTS)
        third = await claim(tx, citizen_id=REZA)
        with refused(ReferenceClaimed()):
            await verify(tx, second.code)
        await undo(tx, (await verify(tx, third.code)).code)
        fourth = await claim(tx)
        await verify(tx, fourth.code)
        with refused(TopUpMoved(TopUpState.REJECTED)):
            await reject(tx, rejected.code)
    assert await balance_of(database, REZA) == Balance(0, 0, 0)
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    await assert_right(database, verified=1)


async def test_a_claim_that_ran_out_counts_when_finance_finds_it_after_all(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        assert await wallet.expire_top_ups(tx, now=NOW + CLAIM_LASTS - BILL_LASTS) == []
        (ended,) = await wallet.expire_top_ups(tx, now=NOW + CLAIM_LASTS)
        assert await wallet.expire_top_ups(tx, now=NOW + CLAIM_LASTS) == []
        assert ended.code == claimed.code
        await verify(tx, claimed.code)
    await assert_right(database, verified=1)


Deed = Callable[..., Awaitable[TopUp]]


@pytest.mark.parametrize(
    ("deed", "actor", "kind"),
    [
        (verify, OFFICER, StaffOnly),
        (reject, OFFICER, StaffOnly),
        (undo, OFFICER, StaffOnly),
        (undo, COLLEAGUE, StaffOnly),
        (verify, STRANGER, NoSuchTopUp),
        (reject, STRANGER, NoSuchTopUp),
        (undo, STRANGER, NoSuchTopUp),
        (verify, Staff(SARA, OFFICE, Role.FINANCE, "Sara"), OwnTopUp),
        (reject, Staff(SARA, OFFICE, Role.MANAGER, "Sara"), OwnTopUp),
        (undo, Staff(SARA, OFFICE, Role.MANAGER, "Sara"), OwnTopUp),
        (undo, OTHER_MANAGER, SameVerifier),
    ],
)
async def test_nobody_decides_without_the_role_elsewhere_or_about_their_own_money(
    database: Database, deed: Deed, actor: Staff, kind: type[DeskError]
) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        if deed is undo:
            await verify(tx, claimed.code, OTHER_MANAGER)
    before = await kept(database)
    with pytest.raises(kind):
        async with database.transaction() as tx:
            await deed(tx, claimed.code, actor)
    assert await kept(database) == before


async def test_finance_does_not_decide_about_a_bill(database: Database) -> None:
    async with database.transaction() as tx:
        written = await bill(tx)
        await check(tx, written.subject)
        for deed in (verify, reject):
            with pytest.raises(NoSuchTopUp):
                await deed(tx, written.code)
        with pytest.raises(NoSuchTopUp):
            await verify(tx, new_code())
        with refused(TopUpMoved(TopUpState.PENDING)):
            await undo(tx, written.code)


async def test_a_wrong_verification_is_taken_back_exactly_once(database: Database) -> None:
    async with database.transaction() as tx:
        verified = await verify(tx, (await claim(tx)).code)
        undone = await undo(tx, verified.code)
        assert (undone.state, undone.reversed_by, undone.decided_by) == (
            TopUpState.REVERSED,
            MANAGER.id,
            FINANCE.id,
        )
        with refused(TopUpMoved(TopUpState.REVERSED)):
            await undo(tx, verified.code, OTHER_MANAGER)
    assert await balance_of(database) == Balance(0, 0, 0)
    assert await standing(database, "bank") == 0
    await assert_right(database, verified=0)


async def test_what_is_spent_or_set_aside_is_not_taken_back(database: Database) -> None:
    async with database.transaction() as tx:
        verified = await verify(tx, (await claim(tx)).code)
        held = await hold(tx, 1)
    before = await kept(database)
    with refused(InsufficientFunds(AMOUNT, AMOUNT - 1)):
        async with database.transaction() as tx:
            await undo(tx, verified.code)
    assert await kept(database) == before
    async with database.transaction() as tx:
        await wallet.void_hold(
            tx, key="free", hold_id=held.id, reason="لغو", actor="clock", now=NOW
        )
        await undo(tx, verified.code)
    await assert_right(database, verified=0)


async def test_a_reason_fits_a_line_of_a_statement(database: Database) -> None:
    async with database.transaction() as tx:
        claimed = await claim(tx)
        for deed in (reject, undo):
            with refused(TopUpReasonTooLong(REASON_LENGTH_MAX + 1, REASON_LENGTH_MAX)):
                await deed(tx, claimed.code, MANAGER, reason="د" * (REASON_LENGTH_MAX + 1))
        await reject(tx, claimed.code, reason="د" * REASON_LENGTH_MAX)


async def test_what_waits_is_listed_a_page_at_a_time(database: Database) -> None:
    async with database.transaction() as tx:
        codes = [
            (await claim(tx, f"10000{number}", citizen_id=CitizenId(500 + number))).code
            for number in range(5)
        ]
        await bill(tx)
        await verify(tx, codes[1])
        page, count = await wallet.top_ups_waiting(tx, office_id=OFFICE, limit=2, offset=1)
        assert ([one.code for one in page], count) == ([codes[2], codes[3]], 4)
        assert await wallet.top_ups_waiting(tx, office_id="mazandaran", limit=2) == ([], 0)
        (own,) = await wallet.top_ups_of(tx, citizen_id=CitizenId(501), limit=5)
        assert own == await wallet.top_up(tx, code=codes[1])


@pytest.mark.parametrize(
    "change",
    [
        {"amount_rial": AMOUNT + 1},
        {"citizen_id": 1},
        {"office_id": "mazandaran"},
        {"journal_id": "XXXXXXXXXX"},
        {"state": "reversed", "reversed_by": 9, "reversed_at": NOW},
    ],
)
async def test_the_audit_names_a_top_up_that_is_not_what_the_ledger_holds(
    database: Database, change: dict[str, Any]
) -> None:
    async with database.transaction() as tx:
        code = (await verify(tx, (await claim(tx)).code)).code
        undone = await undo(tx, (await verify(tx, (await claim(tx, "554433221100")).code)).code)
    await assert_right(database, verified=1)
    async with database.transaction() as tx:
        await tx.execute(update(table).where(table.c.code == code).values(**change))
        stands = {"state": "verified", "reversed_by": None, "reversed_at": None}
        await tx.execute(update(table).where(table.c.code == undone.code).values(**stands))
    async with database.reading() as tx:
        found = await wallet.audit(tx)
    assert {finding.subject for finding in found} == {f"top-up {code}", f"top-up {undone.code}"}
    assert {finding.invariant for finding in found} == {Invariant.TOP_UP_POSTED}
    assert {finding.expected for finding in found} == {
        "one transfer of its amount to its citizen, reversed if it was taken back"
    }
