"""The words of money: accounts, transfers, journals, holds, and what a citizen sees of them.

Every amount is a whole number of rials. An account stands at its credits less its debits, so what
the office owes to somebody is positive, and what a bank or a gateway holds for it is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

from bot.kit.errors import DeskError

if TYPE_CHECKING:
    from datetime import datetime

AccountId = NewType("AccountId", int)
TransferId = NewType("TransferId", int)
HoldId = NewType("HoldId", int)
JournalId = NewType("JournalId", str)  # ten signs, as a tracking code has

AMOUNT_RIAL_MAX: Final = 10**13  # of one transfer
MOVES_MAX: Final = 20  # of one journal
REASON_LENGTH_MAX: Final = 200
NAME_LENGTH_MAX: Final = 64  # of a code, a reference, an actor
KEY_LENGTH_MAX: Final = 100


class AccountKind(StrEnum):
    """What an account is to the office."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


class Bucket(StrEnum):
    """Which money it is: paid in and withdrawable, or service credit, good for fees alone."""

    CASH = "cash"
    CREDIT = "credit"


class TransferCode(StrEnum):
    """Why money moved."""

    TOP_UP = "top_up"
    UNMATCHED = "unmatched"  # the bank has it, and nobody knows whose it is
    MATCHED = "matched"
    SENT_BACK = "sent_back"  # nobody claimed it
    FEE = "fee"
    DELIVERED = "delivered"
    SERVICE_CREDIT = "service_credit"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"
    SETTLEMENT = "settlement"
    CHARGEBACK = "chargeback"  # the gateway took back what had been spent
    DEBT_PAID = "debt_paid"
    REVERSAL = "reversal"


class HoldState(StrEnum):
    """Whether held money still waits, was taken, or is free again."""

    OPEN = "open"
    POSTED = "posted"
    VOIDED = "voided"


class Operation(StrEnum):
    """What was asked for under a key."""

    MOVE = "move"
    PAY = "pay"
    GRANT = "grant"
    REVERSE = "reverse"
    HOLD = "hold"
    POST = "post"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class AccountShape:
    """What the code of an account says about it."""

    kind: AccountKind
    is_no_overdraft: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account, with the sums that are kept beside it."""

    id: AccountId
    code: str
    kind: AccountKind
    is_no_overdraft: bool
    debits_rial: int
    credits_rial: int
    held_rial: int

    @property
    def standing_rial(self) -> int:
        """What it stands at, held money included."""
        return self.credits_rial - self.debits_rial

    @property
    def available_rial(self) -> int:
        """What may leave it."""
        return self.standing_rial - self.held_rial


@dataclass(frozen=True, slots=True)
class Move:
    """Money from one account, which is debited, to another, which is credited."""

    debit: str
    credit: str
    amount_rial: int
    code: TransferCode


@dataclass(frozen=True, slots=True)
class Entry:
    """A move on its way into the ledger, with what it undoes or takes."""

    move: Move
    reverses_id: TransferId | None = None
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What a journal changes in one account."""

    debits_rial: int = 0
    credits_rial: int = 0
    released_rial: int = 0

    @property
    def needed_rial(self) -> int:
        """What the account must have available for it."""
        return self.debits_rial - self.credits_rial - self.released_rial


@dataclass(frozen=True, slots=True)
class Note:
    """Who let money move, about what, and why, in words for the citizen.

    `reference` names what it is about, such as "registration:12"; `actor` who did it, such as
    "citizen:1001", "staff:41" or "clock". All three are kept for ever: no words of a person.
    """

    reference: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """One debit and one credit of the same amount; never changed, never removed."""

    id: TransferId
    seq: int
    code: TransferCode
    debit: str
    credit: str
    amount_rial: int
    reverses_id: TransferId | None
    hold_id: HoldId | None


@dataclass(frozen=True, slots=True)
class Journal:
    """Transfers that happened together, for one reason."""

    id: JournalId
    note: Note
    transfers: tuple[Transfer, ...]

    @property
    def amount_rial(self) -> int:
        """What was moved in all."""
        return sum(transfer.amount_rial for transfer in self.transfers)


@dataclass(frozen=True, slots=True)
class Hold:
    """Cash of a citizen that waits to be taken or set free; it happens once, to all of it."""

    id: HoldId
    account: str
    amount_rial: int
    posted_rial: int
    state: HoldState
    note: Note
    resolved_at: datetime | None


Answer = Journal | Hold | DeskError


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked for under a key, and the answer that the key has for ever."""

    key: str
    op: Operation
    fingerprint: str
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """What a citizen has; held money is part of the cash, and not to be spent."""

    cash_rial: int
    credit_rial: int
    held_rial: int

    @property
    def withdrawable_rial(self) -> int:
        """What may be paid out."""
        return self.cash_rial - self.held_rial

    @property
    def available_rial(self) -> int:
        """What may be spent on fees."""
        return self.withdrawable_rial + self.credit_rial


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a citizen's statement; `id` is where the next page begins."""

    id: int
    at: datetime
    amount_rial: int  # negative where it left the wallet
    bucket: Bucket
    code: TransferCode
    reason: str
    reference: str
    journal_id: JournalId
    balance_rial: int  # of both buckets, after it


@dataclass(frozen=True, slots=True)
class AccountSums:
    """An account, and what its transfers and holds add up to."""

    account: Account
    debits_rial: int
    credits_rial: int
    held_rial: int

    @property
    def standing_rial(self) -> int:
        """What it stands at by its transfers."""
        return self.credits_rial - self.debits_rial


class Invariant(StrEnum):
    """What must always be true of the ledger (ADR 0004)."""

    LISTED = "I0"
    SUMS_EQUAL = "I1"
    SUMS_KEPT = "I2"
    NO_OVERDRAFT = "I3"
    APPEND_ONLY = "I4"
    ONE_EFFECT = "I5"
    REVERSED_ONCE = "I6"
    HOLD_RESOLVED_ONCE = "I7"
    CASH_WHOLE = "I9"
    CREDIT_WHOLE = "I10"
    PAYOUT_PROVEN = "I11"
    TOP_UP_POSTED = "I16"
    SUSPENSE_TOLD = "I17"
