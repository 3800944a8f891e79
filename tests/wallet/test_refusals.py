"""A refusal carries what is told about it: who may, how much, how long, where it stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.errors import DeskError
from bot.wallet import rules
from bot.wallet.errors import (
    AlreadyReversed,
    BankFileUnreadable,
    CreditOutOfRange,
    CreditReasonTooLong,
    IsReversal,
    LineMoved,
    MoreThanHeld,
    OwnerUnreadable,
    PayoutMoved,
    PayoutReasonUnreadable,
    PayoutTooSmall,
    ReferenceUnreadable,
    TopUpMoved,
    TopUpOutOfRange,
    TopUpReasonTooLong,
)
from bot.wallet.model import (
    AMOUNT_RIAL_MAX,
    CREDIT_RIAL_MAX,
    OWNER_LENGTH_MAX,
    PAYOUT_REASON_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    REFERENCE_LENGTH_MIN,
    BankFileId,
    BankFileKind,
    BankLine,
    BankLineId,
    CellFault,
    CreditProposal,
    HoldId,
    LineState,
    Payout,
    PayoutAct,
    PayoutId,
    PayoutState,
    ProposalId,
    ProposalState,
    TopUp,
    TopUpId,
    TopUpLimits,
    TopUpState,
    TopUpWay,
)
from tests.refusing import refuses
from tests.wallet.bank_support import DAY, HEADINGS, lines_of
from tests.wallet.payout_support import MINA, NEDA, OFFICER, Policy
from tests.wallet.support import NOW, OFFICE, SARA
from tests.wallet.test_rules import HELD, PAID

MANAGER, EITHER = (Role.MANAGER,), (Role.FINANCE, Role.MANAGER)
CODE = "K7M29QXFAT"
BILL = TopUp(
    TopUpId(1),
    CODE,
    OFFICE,
    SARA,
    TopUpWay.INVOICE,
    500,
    TopUpState.PENDING,
    NOW,
    NOW + timedelta(hours=1),
)
LINE = BankLine(
    BankLineId(1),
    OFFICE,
    BankFileKind.BANK,
    "123456",
    500,
    DAY,
    LineState.SUSPENSE,
    BankFileId(1),
    NOW,
)
PROPOSAL = CreditProposal(
    ProposalId(1), OFFICE, "case:12", SARA, 500, "x", ProposalState.PROPOSED, OFFICER.id, NOW
)
PAYOUT = Payout(
    PayoutId(1),
    CODE,
    OFFICE,
    SARA,
    300,
    b"",
    b"",
    "9012",
    PayoutState.REVIEW,
    HoldId(1),
    needs_second=False,
    requested_at=NOW,
    changed_at=NOW,
)


def payable(bill: TopUp) -> None:
    rules.ensure_payable(bill, citizen_id=SARA, amount_rial=500, currency="IRR", now=NOW)


def credit(amount_rial: int = 1, reason: str = "x") -> None:
    rules.ensure_proposable(amount_rial, reason, SARA, OFFICER)


REFUSALS: dict[str, tuple[Callable[[], object], DeskError]] = {
    "only a manager decides about credit": (
        lambda: rules.ensure_decides(PROPOSAL, OFFICER),
        StaffOnly(MANAGER),
    ),
    "credit of nothing": (lambda: credit(0), CreditOutOfRange(0, CREDIT_RIAL_MAX)),
    "too much credit": (
        lambda: credit(CREDIT_RIAL_MAX + 1),
        CreditOutOfRange(CREDIT_RIAL_MAX + 1, CREDIT_RIAL_MAX),
    ),
    "a long reason for credit": (
        lambda: credit(reason="x" * (REASON_LENGTH_MAX + 1)),
        CreditReasonTooLong(REASON_LENGTH_MAX + 1, REASON_LENGTH_MAX),
    ),
    "only a manager sends back": (
        lambda: rules.ensure_sends_back(LINE, NEDA),
        StaffOnly(MANAGER),
    ),
    "what was sent back": (
        lambda: rules.ensure_sends_back(replace(LINE, state=LineState.SENT_BACK), MINA),
        LineMoved(LineState.SENT_BACK),
    ),
    "an officer reconciles nothing": (
        lambda: rules.ensure_reconciles(OFFICER, OFFICE),
        StaffOnly(EITHER),
    ),
    "a bill that was paid": (
        lambda: payable(replace(BILL, state=TopUpState.VERIFIED)),
        TopUpMoved(TopUpState.VERIFIED),
    ),
    "a bill whose time is over": (
        lambda: payable(replace(BILL, expires_at=NOW)),
        TopUpMoved(TopUpState.EXPIRED),
    ),
    "a claim that was rejected": (
        lambda: rules.ensure_state(
            replace(BILL, state=TopUpState.REJECTED), (TopUpState.PENDING,)
        ),
        TopUpMoved(TopUpState.REJECTED),
    ),
    "an officer verifies nothing": (
        lambda: rules.ensure_handles(BILL, OFFICER, EITHER),
        StaffOnly(EITHER),
    ),
    "less than the office takes": (
        lambda: rules.ensure_in_limits(9, TopUpLimits(10, 20)),
        TopUpOutOfRange(9, 10, 20),
    ),
    "no reference": (
        lambda: rules.read_reference("-"),
        ReferenceUnreadable(REFERENCE_LENGTH_MIN, REFERENCE_LENGTH_MAX),
    ),
    "a long reason for a top-up": (
        lambda: rules.ensure_sayable_reason("x" * (REASON_LENGTH_MAX + 1)),
        TopUpReasonTooLong(REASON_LENGTH_MAX + 1, REASON_LENGTH_MAX),
    ),
    "a payout that is not sent": (
        lambda: rules.step_from(PAYOUT, PayoutAct.PAY),
        PayoutMoved(PayoutState.REVIEW),
    ),
    "only a manager recalls": (
        lambda: rules.payout_step(PAYOUT, PayoutAct.RECALL, NEDA),
        StaffOnly(MANAGER),
    ),
    "less than the office pays out": (
        lambda: rules.ensure_payout_amount(99, Policy()),
        PayoutTooSmall(99, 100),
    ),
    "nothing, where the office pays out any sum": (
        lambda: rules.ensure_payout_amount(0, Policy(payout_rial_min=0)),
        PayoutTooSmall(0, 1),
    ),
    "no name": (lambda: rules.owner_of("7"), OwnerUnreadable(OWNER_LENGTH_MAX)),
    "no reason": (
        lambda: rules.payout_reason(" "),
        PayoutReasonUnreadable(0, PAYOUT_REASON_LENGTH_MAX),
    ),
    "more than was held": (lambda: rules.ensure_covered(HELD, 301), MoreThanHeld(301, 300)),
    "a journal that was reversed": (
        lambda: rules.reversal_of(PAID, {PAID.transfers[1].id}),
        AlreadyReversed(PAID.id),
    ),
    "a journal that is a reversal": (
        lambda: rules.reversal_of(
            replace(
                PAID, transfers=(replace(PAID.transfers[0], reverses_id=PAID.transfers[1].id),)
            ),
            set(),
        ),
        IsReversal(PAID.id),
    ),
    "a file with no headings": (
        lambda: rules.read_bank_file(lines_of([("a", "b"), (1, 2)]), BankFileKind.BANK),
        BankFileUnreadable((CellFault("no_heading"),), 1),
    ),
    "a file with headings alone": (
        lambda: rules.read_bank_file(lines_of([HEADINGS]), BankFileKind.BANK),
        BankFileUnreadable((CellFault("empty"),), 1),
    ),
    "a file that is none": (
        lambda: rules.read_bank_file(b"", BankFileKind.BANK),
        BankFileUnreadable((CellFault("empty"),), 1),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_carries_what_is_told_about_it(case: str) -> None:
    ask, expected = REFUSALS[case]
    with pytest.raises(type(expected)) as refused:
        ask()
    assert vars(refused.value) == vars(expected)


@pytest.mark.parametrize(
    ("ask", "allowed", "refused"),
    [
        (credit, (1, CREDIT_RIAL_MAX), (0, -1, CREDIT_RIAL_MAX + 1)),
        (lambda amount: rules.ensure_in_limits(amount, TopUpLimits(10, 20)), (10, 20), (9, 21)),
        (lambda amount: rules.ensure_payout_amount(amount, Policy()), (100, 101), (99, 0, -100)),
        (
            lambda amount: rules.ensure_payout_amount(amount, Policy(payout_rial_min=0)),
            (1,),
            (0, -1),
        ),
        (lambda length: credit(reason="x" * length), (1, REASON_LENGTH_MAX), (201,)),
        (lambda length: rules.ensure_sayable_reason("x" * length), (1, REASON_LENGTH_MAX), (201,)),
        (
            lambda length: rules.payout_reason("x" * length),
            (1, PAYOUT_REASON_LENGTH_MAX),
            (0, 181),
        ),
        (lambda length: rules.owner_of("x" * length), (2, OWNER_LENGTH_MAX), (0, 1, 65)),
        (lambda length: rules.read_reference("1" * length), (6, 30), (5, 31)),
    ],
)
def test_the_bounds_themselves_are_allowed_and_what_is_next_to_them_is_not(
    ask: Callable[[int], object], allowed: tuple[int, ...], refused: tuple[int, ...]
) -> None:
    assert [value for value in allowed if refuses(ask, value)] == []
    assert [value for value in refused if not refuses(ask, value)] == []


def test_a_ledger_bears_from_one_rial_to_its_bound_and_rials_alone() -> None:
    assert rules.is_bearable(1, "IRR")
    assert rules.is_bearable(AMOUNT_RIAL_MAX, "IRR")
    for amount_rial, currency in ((0, "IRR"), (AMOUNT_RIAL_MAX + 1, "IRR"), (1, "IRT")):
        assert not rules.is_bearable(amount_rial, currency)


def test_a_key_fits_to_its_last_sign() -> None:
    whole = rules.charge_key("bale", "c" * 89)
    assert whole == "topup:bale:" + "c" * 89
    assert len(whole) == 100
    longer = rules.charge_key("bale", "c" * 90)
    assert len(longer) <= 100
    assert "ccc" not in longer


def test_whoever_may_is_not_refused() -> None:
    other = Staff(CitizenId(99), OFFICE, Role.MANAGER, "Other")
    assert not refuses(rules.ensure_decides, PROPOSAL, MINA)
    assert not refuses(rules.ensure_second_person, PROPOSAL, MINA)
    assert not refuses(rules.ensure_sends_back, LINE, MINA)
    assert not refuses(rules.ensure_handles, BILL, NEDA, EITHER)
    assert not refuses(rules.ensure_verifier_is_another, replace(BILL, decided_by=NEDA.id), other)
    for actor in (NEDA, MINA):
        assert not refuses(rules.ensure_reconciles, actor, OFFICE)
    for state in (TopUpState.CREATED, TopUpState.PENDING):
        in_time = replace(BILL, state=state, expires_at=NOW + timedelta(seconds=1))
        assert not refuses(payable, in_time)


FINANCE_ALONE, NOBODY = {Role.FINANCE}, set[Role]()
# Who does what of a payout, once more and by hand.
DONE_BY = {
    PayoutAct.WITHDRAW: NOBODY,
    PayoutAct.TAKE: set(EITHER),
    PayoutAct.APPROVE: FINANCE_ALONE,
    PayoutAct.SECOND: set(MANAGER),
    PayoutAct.REJECT: set(EITHER),
    PayoutAct.RECALL: set(MANAGER),
    PayoutAct.EXPORT: FINANCE_ALONE,
    PayoutAct.PAY: set(EITHER),
    PayoutAct.RETURN: set(EITHER),
    PayoutAct.RETURN_LATE: set(EITHER),
    PayoutAct.CORRECT: set(MANAGER),
}


@pytest.mark.parametrize("act", PayoutAct)
def test_each_step_of_a_payout_is_for_its_people(act: PayoutAct) -> None:
    for role in Role:
        actor = Staff(CitizenId(99), OFFICE, role, "Somebody")
        is_refused = refuses(rules.ensure_payout_role, act, OFFICE, actor)
        assert is_refused == (role not in DONE_BY[act]), role
        assert refuses(rules.ensure_payout_role, act, "mazandaran", actor)
