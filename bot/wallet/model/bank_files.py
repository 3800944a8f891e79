"""The words of bank files: what a bank or a gateway says that it holds, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.citizens.model import CitizenId
    from bot.wallet.model.ledger import JournalId

BankFileId = NewType("BankFileId", int)
BankLineId = NewType("BankLineId", int)

BANK_LINES_MAX: Final = 5_000
BANK_FILE_NAME_MAX: Final = 100
LINE_REFERENCE_MAX: Final = 128
FAULTS_MAX: Final = 20  # that are named; more are counted


class BankFileKind(StrEnum):
    """Whose file it is."""

    BANK = "bank"
    GATEWAY = "gateway"


class BankFileState(StrEnum):
    """What has become of a file."""

    RECEIVED = "received"  # somebody sent it, and nobody has opened it yet
    IMPORTED = "imported"
    REFUSED = "refused"  # a cell in it cannot be read: nothing of it was taken
    LOST = "lost"  # the messenger no longer gives it


class LineFault(StrEnum):
    """Why a cell of a bank file cannot be read."""

    NO_HEADING = "no_heading"
    REFERENCE_MISSING = "reference_missing"
    REFERENCE_UNREADABLE = "reference_unreadable"
    REFERENCE_IS_ACCOUNT = "reference_is_account"
    REFERENCE_ROUNDED = "reference_rounded"  # a number so long that Excel dropped its last digits
    AMOUNT_MISSING = "amount_missing"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    AMOUNT_BOTH_WAYS = "amount_both_ways"
    DATE_MISSING = "date_missing"
    DATE_UNREADABLE = "date_unreadable"
    SETTLEMENT_OUT = "settlement_out"


@dataclass(frozen=True, slots=True)
class CellFault:
    """What cannot be read: a LineFault or a SheetFault, and in which cell if it is one."""

    what: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as the file says it. `note` is looked through for a payout's code, never kept."""

    row: int
    reference: str
    amount_rial: int  # negative where it left the account
    on: date
    note: str = field(default="", repr=False)
    is_settlement: bool = False


class LineState(StrEnum):
    """Where the money of a line is."""

    MATCHED = "matched"  # it had been posted before the file said so
    SETTLED = "settled"  # the gateway's money, now at the bank
    SUSPENSE = "suspense"  # nobody knows whose it is
    CLAIMED = "claimed"  # it was in suspense, and somebody's top-up was found for it
    SENT_BACK = "sent_back"


class LineOutcome(StrEnum):
    """What a file led to, of one line, or of something that it lacks."""

    MATCHED = "matched"
    VERIFIED = "verified"  # somebody's claim waited for it
    PAID = "paid"  # a payout has left the account
    SETTLED = "settled"
    SUSPENSE = "suspense"
    REPEATED = "repeated"  # an earlier file had it
    AMOUNT_DIFFERS = "amount_differs"
    MISSING = "missing"  # it was verified, and the file does not have it
    RETURNED = "returned"  # it looks like a payout that came back; somebody must say so
    UNKNOWN_OUT = "unknown_out"  # it left the account, and the desk knows of nothing


ALARMING: Final = (
    LineOutcome.AMOUNT_DIFFERS,
    LineOutcome.MISSING,
    LineOutcome.RETURNED,
    LineOutcome.UNKNOWN_OUT,
)
"""What somebody must look into: the desk and the bank do not say the same."""


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file of an office's bank or gateway. `sent_by` is None where an operator imported it."""

    id: BankFileId
    office_id: str
    kind: BankFileKind
    state: BankFileState
    name: str
    received_at: datetime
    sent_by: CitizenId | None = None
    chat_id: int | None = None
    message_id: int | None = None
    file_id: str | None = None
    digest: str | None = None
    lines_count: int = 0
    imported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line that was taken up, once for ever: its reference, sign and office name it."""

    id: BankLineId
    office_id: str
    kind: BankFileKind
    reference: str
    amount_rial: int
    on: date
    state: LineState
    file_id: BankFileId
    taken_at: datetime
    subject: str | None = None  # such as "topup:…", "payout:…"
    journal_id: JournalId | None = None
    decided_by: CitizenId | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    @property
    def ledger_reference(self) -> str:
        """What the ledger calls it."""
        return f"bankline:{self.id}"


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What a file led to; `other_rial` is what the desk has instead, `code` of what."""

    seq: int
    outcome: LineOutcome
    reference: str
    amount_rial: int
    on: date | None = None
    other_rial: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """How many findings of an outcome there are, and what they come to, each as it is signed."""

    count: int = 0
    total_rial: int = 0


@dataclass(frozen=True, slots=True)
class Differences:
    """What a file led to, counted."""

    file: BankFile
    sums: Mapping[LineOutcome, OutcomeSum]

    def count(self, outcome: LineOutcome) -> int:
        """Count the findings of an outcome."""
        return self.sums.get(outcome, OutcomeSum()).count

    @property
    def is_clean(self) -> bool:
        """True where nobody needs to look into anything."""
        return not any(self.count(outcome) for outcome in ALARMING)
