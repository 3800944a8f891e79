"""Paying in: by a bill that a gateway reports as paid, and by a bank's reference."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit as audit_table
from bot.kit.database import Database, Transaction
from bot.kit.digits import persian_digits
from bot.kit.errors import DeskError
from bot.kit.tracking import new_code, read_code
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    BillNotAsWritten,
    InsufficientFunds,
    NoSuchTopUp,
    NotInRials,
    OwnTopUp,
    ReferenceClaimed,
    ReferenceIsAccount,
    ReferenceUnreadable,
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
    KEY_LENGTH_MAX,
    REASON_LENGTH_MAX,
    TOP_UPS_OPEN_MAX,
    Balance,
    Invariant,
    TopUp,
    TopUpLimits,
    TopUpState,
    TopUpWay,
)
from bot.wallet.tables import top_up as table
from tests.wallet.support import NOW, OFFICE, REZA, SARA, balance_of, hold
from tests.wallet.test_rush import rush

LIMITS = TopUpLimits(100_000, 200_000_000)
FINANCE = Staff(CitizenId(31), OFFICE, Role.FINANCE, "Finance")
COLLEAGUE = Staff(CitizenId(32), OFFICE, Role.FINANCE, "Colleague")
MANAGER = Staff(CitizenId(33), OFFICE, Role.MANAGER, "Manager")
OTHER_MANAGER = Staff(CitizenId(34), OFFICE, Role.MANAGER, "Other")
OFFICER = Staff(CitizenId(35), OFFICE, Role.OFFICER, "Officer")
STRANGER = Staff(CitizenId(36), "mazandaran", Role.MANAGER, "Stranger")
REFERENCE = "140509018765"
AMOUNT = 500_000


async def bill(tx: Transaction, amount_rial: int = AMOUNT, **wanted: Any) -> TopUp:
    values = {"office_id": OFFICE, "citizen_id": SARA, "limits": LIMITS, "now": NOW}
    return await wallet.begin_invoice(tx, amount_rial=amount_rial, **(values | wanted))


async def check(tx: Transaction, payload: str, **wanted: Any) -> TopUp:
    values = {"citizen_id": SARA, "amount_rial": AMOUNT, "currency": "IRR", "now": NOW}
    return await wallet.check_invoice(tx, payload=payload, **(values | wanted))


async def receive(tx: Transaction, payload: str, **wanted: Any) -> TopUp:
    values = {
        "provider": "bale",
        "charge_id": "charge-1",
        "citizen_id": SARA,
        "amount_rial": AMOUNT,
        "currency": "IRR",
        "office_id": OFFICE,
        "reference": "770011",
        "now": NOW,
    }
    return await wallet.receive_payment(tx, payload=payload, **(values | wanted))


async def claim(tx: Transaction, reference: str = REFERENCE, **wanted: Any) -> TopUp:
    values = {"office_id": OFFICE, "citizen_id": SARA, "limits": LIMITS, "now": NOW}
    values |= {"amount_rial": AMOUNT}
    return await wallet.claim_reference(tx, reference=reference, **(values | wanted))


async def verify(tx: Transaction, code: str, actor: Staff = FINANCE, **wanted: Any) -> TopUp:
    return await wallet.verify_reference(tx, code=code, actor=actor, **({"now": NOW} | wanted))


async def reject(tx: Transaction, code: str, actor: Staff = FINANCE, **wanted: Any) -> TopUp:
    values = {"reason": "چنین واریزی در حساب نیست", "now": NOW}
    return await wallet.reject_reference(tx, code=code, actor=actor, **(values | wanted))


async def undo(tx: Transaction, code: str, actor: Staff = MANAGER, **wanted: Any) -> TopUp:
    values = {"reason": "اشتباه تأیید شد", "now": NOW}
    return await wallet.reverse_top_up(tx, code=code, actor=actor, **(values | wanted))


async def unmatched(tx: Transaction, **wanted: Any) -> TopUp:
    return await receive(tx, "topup:nobody", **({"charge_id": "lost"} | wanted))


async def assert_right(database: Database, *, verified: int) -> None:
    """The books balance, and each verified top-up has one journal that is worth as much."""
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
        rows = (await tx.execute(select(table.c.code, table.c.amount_rial, table.c.state))).all()
        journals = {
            row.code: await wallet.journals_about(tx, reference=f"topup:{row.code}", limit=9)
            for row in rows
        }
    moved = {code: [one.amount_rial for one in found] for code, found in journals.items()}
    stands = [row for row in rows if row.state == TopUpState.VERIFIED.value]
    assert len(stands) == verified
    for row in stands:
        is_from_suspense = len(moved[row.code]) == 2
        assert moved[row.code] == [row.amount_rial] * (1 + is_from_suspense), row
    for row in rows:
        if row.state not in (TopUpState.VERIFIED, TopUpState.REVERSED, TopUpState.UNMATCHED):
            assert moved[row.code] == [], row


async def standing(database: Database, name: str) -> int:
    """What an account of the office stands at."""
    async with database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT code, credits_rial - debits_rial FROM account")
        return dict(tuple(row) for row in rows).get(f"{name}@{OFFICE}", 0)


async def kept(database: Database) -> list[tuple[Any, ...]]:
    async with database.reading() as tx:
        names = await tx.run_sync(lambda connection: inspect(connection).get_table_names())
        return [
            (name, *map(tuple, await tx.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1")))  # noqa: S608 - a table
            for name in names
        ]


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
    with pytest.raises(TopUpOutOfRange) as refused:
        async with database.transaction() as tx:
            await bill(tx, amount_rial)
    assert refused.value.amount_rial_min == LIMITS.rial_min
    with pytest.raises(TopUpOutOfRange):
        async with database.transaction() as tx:
            await claim(tx, amount_rial=amount_rial)


async def test_a_citizen_has_only_so_many_open_at_once(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(TOP_UPS_OPEN_MAX - 1):
            await bill(tx, AMOUNT + number)
        last = await claim(tx)
        with pytest.raises(TooManyTopUps):
            await bill(tx, 900_000)
        with pytest.raises(TooManyTopUps):
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
        with pytest.raises(TopUpMoved):
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
        actions = (await tx.scalars(select(audit_table.c.action))).all()
    assert line.reason == verified.shown_code
    assert actions == ["topup.verified"]


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
        with pytest.raises(ReferenceClaimed):
            await verify(tx, second.code)
        await undo(tx, (await verify(tx, third.code)).code)
        fourth = await claim(tx)
        await verify(tx, fourth.code)
        with pytest.raises(TopUpMoved):
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
        with pytest.raises(TopUpMoved):
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
        with pytest.raises(TopUpMoved):
            await undo(tx, verified.code, OTHER_MANAGER)
    assert await balance_of(database) == Balance(0, 0, 0)
    assert await standing(database, "bank") == 0
    await assert_right(database, verified=0)


async def test_what_is_spent_or_set_aside_is_not_taken_back(database: Database) -> None:
    async with database.transaction() as tx:
        verified = await verify(tx, (await claim(tx)).code)
        held = await hold(tx, 1)
    before = await kept(database)
    with pytest.raises(InsufficientFunds):
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
            with pytest.raises(TopUpReasonTooLong):
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


async def test_two_finance_people_verify_at_once_and_it_is_posted_once(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        code = (await claim(tx)).code
    units = [
        lambda tx: verify(tx, code),
        lambda tx: verify(tx, code, COLLEAGUE),
        lambda tx: reject(tx, code, MANAGER),
    ]
    results = await rush(database, *units * 2, other=other)
    await other.close()
    assert results.count(TopUpMoved) == 5
    async with database.reading() as tx:
        state = (await wallet.top_up(tx, code=code)).state
    won = state is TopUpState.VERIFIED
    assert await balance_of(database) == Balance(AMOUNT if won else 0, 0, 0)
    await assert_right(database, verified=int(won))


async def test_a_charge_that_is_reported_eight_times_at_once_is_posted_once(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    async with database.transaction() as tx:
        written = await bill(tx)
    units = [lambda tx: receive(tx, written.subject)] * 8
    units += [unmatched] * 4
    results = await rush(database, *units, other=other)
    await other.close()
    assert len({one.code for one in results[:8]}) == 1
    assert len({one.code for one in results[8:]}) == 1
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    assert await standing(database, "suspense") == AMOUNT
    await assert_right(database, verified=1)


async def test_a_claim_that_is_verified_while_it_runs_out_ends_in_the_wallet(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        code = (await claim(tx)).code
    late = NOW + CLAIM_LASTS
    await asyncio.gather(
        rush(database, *[lambda tx: wallet.expire_top_ups(tx, now=late)] * 3),
        rush(database, *[lambda tx: verify(tx, code, now=late)] * 3),
    )
    assert await balance_of(database) == Balance(AMOUNT, 0, 0)
    await assert_right(database, verified=1)


async def test_one_reference_that_many_claim_at_once_is_claimed_once(database: Database) -> None:
    people = [CitizenId(600 + number) for number in range(6)]
    units = [lambda tx, who=who: claim(tx, citizen_id=who) for who in people]
    results = await rush(database, *units)
    assert results.count(ReferenceClaimed) == 5


async def test_the_database_itself_refuses_a_second_claim_and_a_decision_about_oneself(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await claim(tx)
        row = (await tx.execute(select(table).where(table.c.code == first.code))).one()
    values = {**row._mapping, "id": None, "code": new_code()}
    values.pop("id")
    wrong: list[dict[str, Any]] = [
        {},
        {"reference": "other", "state": "verified"},
        {"reference": "other", "state": "rejected"},
        {"reference": "other", "decided_by": SARA, "decided_at": NOW},
        {"reference": "other", "amount_rial": 0},
        {"reference": None},
    ]
    for changes in wrong:
        with pytest.raises(IntegrityError):
            async with database.transaction() as tx:
                await tx.execute(insert(table).values(**(values | changes)))


references = st.text("0123456789ABCDEFGH", min_size=6, max_size=30).filter(
    lambda text: sum(sign.isdecimal() for sign in text) >= 4
)
gaps = st.sampled_from(["", " ", "-", "\u200c", "_", "/", ".", "\u00a0", "\u2068", "ـ"])


@given(reference=references, between=st.lists(gaps, min_size=30, max_size=30))
def test_a_reference_is_read_as_the_same_with_any_gaps_case_and_digits(
    reference: str, between: list[str]
) -> None:
    typed = "".join(sign + gap for sign, gap in zip(reference, between, strict=False))
    try:
        read = rules.read_reference(reference)
    except ReferenceIsAccount:
        return
    assert read == reference
    for spelt in (typed, typed.lower(), persian_digits(typed), f" {typed}\n"):
        assert rules.read_reference(spelt) == read


@given(st.text())
def test_whatever_is_typed_is_a_reference_or_refused(text: str) -> None:
    try:
        read = rules.read_reference(text)
    except (ReferenceUnreadable, ReferenceIsAccount):
        return
    assert rules.read_reference(read) == read
    assert read.isascii()
    assert read.isalnum()
    assert 6 <= len(read) <= 30


@pytest.mark.parametrize(
    "typed", ["", "12345", "سلام", "hello123", "1" * 31, "123456؛", "🙂123456"]
)
def test_what_is_no_reference_is_refused(typed: str) -> None:
    with pytest.raises(ReferenceUnreadable):
        rules.read_reference(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "6037991234567893",
        "۶۰۳۷ ۹۹۱۲ ۳۴۵۶ ۷۸۹۳",
        "IR062960000000100324200001",
        "062960000000100324200001",
    ],
)
def test_a_number_of_a_card_or_an_account_is_not_kept(typed: str) -> None:
    with pytest.raises(ReferenceIsAccount):
        rules.read_reference(typed)


@given(provider=st.text("abc", min_size=1, max_size=32), charge_id=st.text(max_size=300))
def test_a_key_of_any_charge_fits_and_is_its_own(provider: str, charge_id: str) -> None:
    key = rules.charge_key(provider, charge_id)
    assert len(key) <= KEY_LENGTH_MAX
    assert key != rules.charge_key(provider, charge_id + "x")


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
