"""The words of payouts (KN-17): a citizen asks for money, finance looks at it, the bank sends it.

What opens an account, its number and whose it is, is kept sealed and is no part of any repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, Role
    from bot.wallet.model.ledger import HoldId

PayoutId = NewType("PayoutId", int)
BatchId = NewType("BatchId", int)

PAYOUTS_OPEN_MAX: Final = 3  # of one citizen at one office
BATCH_MAX: Final = 200  # payouts that one file for the bank holds
PAYOUT_REASON_LENGTH_MAX: Final = 180  # a line of a statement, with the code before it
CORRECTION_REASON_LENGTH_MAX: Final = 120  # a step names both references before it
OWNER_LENGTH_MIN: Final = 2
OWNER_LENGTH_MAX: Final = 64


class PayoutState(StrEnum):
    """How far a payout has come."""

    REQUESTED = "requested"
    REVIEW = "review"
    SECONDING = "seconding"  # approved once; the amount takes a manager as well
    APPROVED = "approved"
    SENT = "sent"  # to the bank, in a file
    PAID = "paid"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"  # the bank had said that it was paid
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """True while the money is held."""
        return self in OPEN_STATES

    @property
    def is_withdrawable(self) -> bool:
        """True while the citizen may still change their mind."""
        return self in WITHDRAWABLE_STATES


OPEN_STATES: Final = (
    PayoutState.REQUESTED,
    PayoutState.REVIEW,
    PayoutState.SECONDING,
    PayoutState.APPROVED,
    PayoutState.SENT,
)
WITHDRAWABLE_STATES: Final = OPEN_STATES[:3]


class PayoutAct(StrEnum):
    """What somebody does to a payout that was requested."""

    WITHDRAW = "withdraw"
    TAKE = "take"
    APPROVE = "approve"
    SECOND = "second"
    REJECT = "reject"
    RECALL = "recall"
    EXPORT = "export"
    PAY = "pay"
    RETURN = "return"
    RETURN_LATE = "return_late"
    CORRECT = "correct"  # the reference under which the bank paid; it stays paid


@dataclass(frozen=True, slots=True)
class PayoutStep:
    """A line of the table of what may happen: whose act leads from where to where.

    Without roles it is the citizen's own act.
    """

    begins: PayoutState
    act: PayoutAct
    ends: PayoutState
    roles: tuple[Role, ...]


class PayoutPolicy(Protocol):
    """What an office has decided about payouts."""

    @property
    def payout_rial_min(self) -> int:
        """The least that is paid out."""

    @property
    def second_approver_above_rial(self) -> int:
        """The most that finance approves alone."""


@dataclass(frozen=True, slots=True)
class Payout:
    """A request for money of one's own, and what has become of it."""

    id: PayoutId
    code: str
    office_id: str
    citizen_id: CitizenId
    amount_rial: int
    iban: bytes = field(repr=False)
    owner: bytes = field(repr=False)
    iban_tail: str
    state: PayoutState
    hold_id: HoldId
    needs_second: bool
    requested_at: datetime
    changed_at: datetime
    reviewer: CitizenId | None = None
    approved_by: CitizenId | None = None
    seconded_by: CitizenId | None = None
    batch_id: BatchId | None = None
    bank_reference: str | None = None
    return_reference: str | None = None
    reason: str | None = None

    @property
    def reference(self) -> str:
        """What the ledger calls it."""
        return f"payout:{self.id}"

    @property
    def masked_iban(self) -> str:
        """Show of the account what its owner knows it by and nobody else can use."""
        return f"IR\u2022\u2022 \u2026 {self.iban_tail}"


@dataclass(frozen=True, slots=True)
class PayoutEvent:
    """A step that a payout took; kept for ever. `actor` is such as "citizen:1001", "staff:41"."""

    from_state: PayoutState | None
    to_state: PayoutState
    actor: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutBatch:
    """Payouts that went to the bank in one file."""

    id: BatchId
    code: str
    office_id: str
    count: int
    total_rial: int
    created_by: CitizenId
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A line of the file for the bank: what it must know, open, and nobody else."""

    code: str
    amount_rial: int
    iban: str = field(repr=False)
    owner: str = field(repr=False)
