"""The rules of money, by themselves."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.wallet import rules
from bot.wallet.errors import (
    AlreadyReversed,
    HoldResolved,
    InsufficientFunds,
    IsReversal,
    MoreThanHeld,
)
from bot.wallet.model import (
    Account,
    AccountId,
    AccountKind,
    Bucket,
    Delta,
    Entry,
    Hold,
    HoldId,
    HoldState,
    Journal,
    JournalId,
    Move,
    Note,
    Operation,
    Transfer,
    TransferCode,
    TransferId,
)
from tests.wallet.support import NOW, SARA, WORKSHOP, cash, credit, escrow

NOTE = Note("registration:9", "شهریه", "clock", NOW)
HELD = Hold(HoldId(1), cash(SARA), 300, 0, HoldState.OPEN, NOTE, None)
amounts = st.integers(0, 10**13)


def moved(number: int, debit: str, credit_code: str, amount: int) -> Transfer:
    return Transfer(
        TransferId(number), number, TransferCode.FEE, debit, credit_code, amount, None, None
    )


PAID = Journal(
    JournalId("K7M29QXFAT"),
    NOTE,
    (
        moved(1, credit(SARA), escrow(WORKSHOP, Bucket.CREDIT), 300),
        moved(2, cash(SARA), escrow(WORKSHOP), 150),
    ),
)


@given(fee=amounts.filter(bool), of_credit=amounts, of_cash=amounts)
@example(fee=1, of_credit=0, of_cash=1)
@example(fee=1, of_credit=1, of_cash=0)
@example(fee=1, of_credit=0, of_cash=0)
@example(fee=2, of_credit=1, of_cash=1)
@example(fee=3, of_credit=1, of_cash=1)
def test_a_fee_is_paid_whole_or_refused_and_cash_only_when_credit_is_spent(
    fee: int, of_credit: int, of_cash: int
) -> None:
    if of_credit + of_cash < fee:
        with pytest.raises(InsufficientFunds) as refused:
            rules.parts_of_fee(fee, credit_rial=of_credit, cash_rial=of_cash)
        assert (refused.value.needed_rial, refused.value.available_rial) == (
            fee,
            of_credit + of_cash,
        )
        return
    parts = rules.parts_of_fee(fee, credit_rial=of_credit, cash_rial=of_cash)
    assert sum(parts.values()) == fee
    assert all(parts.values())
    assert parts.get(Bucket.CREDIT, 0) == min(fee, of_credit)
    assert parts.get(Bucket.CASH, 0) <= of_cash


def test_a_reversal_is_the_opposite_the_last_first() -> None:
    assert rules.reversal_of(PAID, frozenset()) == [
        Entry(
            Move(escrow(WORKSHOP), cash(SARA), 150, TransferCode.REVERSAL),
            reverses_id=TransferId(2),
        ),
        Entry(
            Move(escrow(WORKSHOP, Bucket.CREDIT), credit(SARA), 300, TransferCode.REVERSAL),
            reverses_id=TransferId(1),
        ),
    ]


@pytest.mark.parametrize("gone", [{1}, {2}, {1, 2}])
def test_a_journal_of_which_any_part_was_reversed_is_not_reversed_again(gone: set[Any]) -> None:
    with pytest.raises(AlreadyReversed):
        rules.reversal_of(PAID, gone)
    assert rules.reversal_of(PAID, {TransferId(3)})


def test_a_journal_of_which_any_part_is_a_reversal_is_one() -> None:
    first, second = PAID.transfers
    mixed = replace(PAID, transfers=(first, replace(second, reverses_id=TransferId(77))))
    with pytest.raises(IsReversal):
        rules.reversal_of(mixed, frozenset())


@pytest.mark.parametrize("state", HoldState)
def test_only_an_open_hold_is_open(state: HoldState) -> None:
    held = replace(HELD, state=state)
    if state is HoldState.OPEN:
        rules.ensure_open(held)
        return
    with pytest.raises(HoldResolved) as refused:
        rules.ensure_open(held)
    assert refused.value.reference == "registration:9"


def test_a_hold_covers_itself_and_no_more() -> None:
    rules.ensure_covered(HELD, 1)
    rules.ensure_covered(HELD, 300)
    with pytest.raises(MoreThanHeld):
        rules.ensure_covered(HELD, 301)
    with pytest.raises(AssertionError):
        rules.ensure_covered(HELD, 0)


def test_what_a_journal_changes_is_added_up_for_each_account() -> None:
    entries = [
        Entry(Move("gateway@kanoon", cash(SARA), 500, TransferCode.TOP_UP)),
        Entry(Move(cash(SARA), escrow(WORKSHOP), 120, TransferCode.FEE)),
        Entry(Move(cash(SARA), "bank@kanoon", 200, TransferCode.PAYOUT), hold=HELD),
    ]
    changes = rules.deltas(entries)
    assert changes == {
        "gateway@kanoon": Delta(500, 0, 0),
        cash(SARA): Delta(320, 500, 300),
        escrow(WORKSHOP): Delta(0, 120, 0),
        "bank@kanoon": Delta(0, 200, 0),
    }
    assert changes[cash(SARA)].needed_rial == 320 - 500 - 300
    assert changes["gateway@kanoon"].needed_rial == 500


def test_what_a_hold_set_free_is_still_counted_when_money_comes_in() -> None:
    entries = [
        Entry(Move(cash(SARA), "bank@kanoon", 200, TransferCode.PAYOUT), hold=HELD),
        Entry(Move("gateway@kanoon", cash(SARA), 500, TransferCode.TOP_UP)),
    ]
    assert rules.deltas(entries)[cash(SARA)] == Delta(200, 500, 300)


@pytest.mark.parametrize("count", [0, 21])
def test_a_journal_has_a_few_moves(count: int) -> None:
    entry = Entry(Move("gateway@kanoon", cash(SARA), 1, TransferCode.TOP_UP))
    with pytest.raises(AssertionError):
        rules.deltas([entry] * count)
    assert rules.deltas([entry] * 20)[cash(SARA)] == Delta(0, 20, 0)


def test_accounts_are_changed_in_the_order_of_their_numbers() -> None:
    accounts = {
        code: Account(
            AccountId(number),
            code,
            AccountKind.LIABILITY,
            is_no_overdraft=True,
            debits_rial=0,
            credits_rial=0,
            held_rial=0,
        )
        for code, number in (("a", 3), ("b", 1), ("c", 2))
    }
    assert rules.in_order(accounts, {code: Delta() for code in "abc"}) == ["b", "c", "a"]


def test_a_fingerprint_tells_apart_whatever_differs() -> None:
    asked = [
        (Operation.MOVE, 1, "a"),
        (Operation.PAY, 1, "a"),
        (Operation.MOVE, 2, "a"),
        (Operation.MOVE, 1, "b"),
        (Operation.MOVE, "1", "a"),
        (Operation.MOVE, 1),
    ]
    assert len({rules.fingerprint(*one) for one in asked}) == len(asked)
    assert rules.fingerprint(Operation.MOVE, 1, "a") == rules.fingerprint(Operation.MOVE, 1, "a")


@pytest.mark.parametrize(
    ("code", "kind", "is_no_overdraft"),
    [
        ("gateway@kanoon", AccountKind.ASSET, False),
        ("bank@kanoon", AccountKind.ASSET, False),
        ("debt:1001@kanoon", AccountKind.ASSET, False),
        ("suspense@kanoon", AccountKind.LIABILITY, True),
        ("wallet:1001:cash@kanoon", AccountKind.LIABILITY, True),
        ("wallet:1001:credit@kanoon", AccountKind.LIABILITY, True),
        ("escrow:12:cash@kanoon", AccountKind.LIABILITY, True),
        ("escrow:12:credit@kanoon", AccountKind.LIABILITY, True),
        ("revenue@kanoon", AccountKind.INCOME, True),
        ("expense:sla@kanoon", AccountKind.EXPENSE, False),
    ],
)
def test_the_code_of_an_account_says_what_it_is(
    code: str, kind: AccountKind, *, is_no_overdraft: bool
) -> None:
    shape = rules.shape_of(code)
    assert (shape.kind, shape.is_no_overdraft) == (kind, is_no_overdraft)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "cash",
        "wallet",
        "wallet:1001",
        "wallet:cash",
        "wallet:-1:cash",
        "wallet:0:cash",
        "wallet:01:cash",
        "wallet:۱:cash",
        "wallet:1:gold",
        "wallet:1:cash:more",
        "wallet:1:cash\n",
        "debt:1:cash",
        "debt",
        "escrow:cash",
        "escrow:12",
        "gateway:1",
        "bank:1:cash",
        f"wallet:{10**19}:cash",
        "@kanoon",
    ],
)
def test_no_other_code_names_an_account(code: str) -> None:
    for whole in (code, f"{code}@kanoon"):
        assert rules.find_class(whole) is None
        with pytest.raises(AssertionError):
            rules.shape_of(whole)


@pytest.mark.parametrize(
    "code", ["bank", "bank@", "bank@Kanoon", "bank@1", "bank@kanoon@kanoon", "bank@kanoon\n"]
)
def test_an_account_belongs_to_one_office(code: str) -> None:
    assert rules.find_class(code) is None


def test_no_code_is_written_of_two_offices_or_none() -> None:
    for office_id, name in (
        ("kanoon", "bank@kanoon"),
        ("kanoon", "@"),
        ("", "bank"),
        ("K", "bank"),
    ):
        with pytest.raises(AssertionError):
            rules.account_code(office_id, name)


def test_the_codes_that_rules_write_are_listed() -> None:
    for bucket in Bucket:
        assert rules.find_class(rules.wallet_code("kanoon", SARA, bucket)) == f"wallet:{bucket}"
        code = rules.escrow_code("kanoon", 12, bucket)
        assert rules.find_class(code) == f"escrow:{bucket}"
        assert rules.office_of(code) == "kanoon"


def is_sayable(key: str, note: Note) -> bool:
    try:
        rules.ensure_sayable(key, note)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("", NOTE),
        ("k" * 101, NOTE),
        ("k", replace(NOTE, reference="")),
        ("k", replace(NOTE, reference="r" * 65)),
        ("k", replace(NOTE, actor="")),
        ("k", replace(NOTE, actor="a" * 65)),
        ("k", replace(NOTE, reason="")),
        ("k", replace(NOTE, reason="r" * 201)),
        ("k", replace(NOTE, at=NOW.replace(tzinfo=None))),
    ],
)
def test_what_is_kept_for_ever_is_said_and_fits(key: str, note: Note) -> None:
    assert not is_sayable(key, note)


def test_what_is_kept_for_ever_may_be_one_sign_or_as_long_as_it_fits() -> None:
    assert is_sayable("k", Note("r", "w", "a", NOW))
    assert is_sayable("k" * 100, Note("r" * 64, "w" * 200, "a" * 64, NOW))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" حساب\n بسته\tاست ", "حساب بسته است"),
        ("آینده‌نگر", "آینده‌نگر"),
        ("half a sign: \ud83d.", "half a sign: ."),
        ("\u202eturned\u202c", "turned"),
        ("bell\a rings", "bell rings"),
        ("x", "x"),
    ],
)
def test_a_reason_is_kept_in_one_line_of_whole_signs(typed: str, kept: str) -> None:
    assert rules.payout_reason(typed) == kept
