"""The words of top-ups: money that a citizen pays in, by a bill or by a bank's reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

from bot.kit.tracking import shown

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.wallet.model.ledger import JournalId

TopUpId = NewType("TopUpId", int)

BILL_LASTS: Final = timedelta(hours=24)
CLAIM_LASTS: Final = timedelta(days=30)
TOP_UPS_OPEN_MAX: Final = 5  # of one citizen
WITHDRAWN_PER_DAY: Final = 5  # claims: finance is told of each that is registered
REFERENCE_LENGTH_MIN: Final = 6
REFERENCE_LENGTH_MAX: Final = 30
CURRENCY: Final = "IRR"


class TopUpWay(StrEnum):
    """How money is paid in."""

    INVOICE = "invoice"  # a bill in the chat, which the gateway reports as paid
    BANK = "bank"  # into the bank account; its reference is typed in, and finance looks for it


class TopUpState(StrEnum):
    """Where a top-up stands."""

    CREATED = "created"  # a bill that nobody has tried to pay
    PENDING = "pending"  # about to be paid, or waiting for finance
    VERIFIED = "verified"  # in the wallet
    REJECTED = "rejected"
    EXPIRED = "expired"  # what is paid for it all the same still counts
    REVERSED = "reversed"  # verified by mistake, and taken back
    WITHDRAWN = "withdrawn"  # a claim that its citizen took back
    UNMATCHED = "unmatched"  # the gateway has it, and no bill says whose it is


@dataclass(frozen=True, slots=True)
class TopUpLimits:
    """How little and how much an office lets people pay in at once."""

    rial_min: int
    rial_max: int


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money on its way into a wallet. `decided_by` is who verified or rejected a claim.

    `reference` is the bank's or the gateway's own number of the payment, `charge_id` the
    provider's, which no two payments share.
    """

    id: TopUpId
    code: str
    office_id: str
    citizen_id: CitizenId
    way: TopUpWay
    amount_rial: int
    state: TopUpState
    created_at: datetime
    expires_at: datetime
    reference: str | None = None
    provider: str | None = None
    charge_id: str | None = None
    decided_by: CitizenId | None = None
    decided_at: datetime | None = None
    reversed_by: CitizenId | None = None
    reversed_at: datetime | None = None
    reason: str | None = None
    journal_id: JournalId | None = None

    @property
    def subject(self) -> str:
        """What its journals and messages are about; of a bill it is the payload too."""
        return f"topup:{self.code}"

    @property
    def shown_code(self) -> str:
        """The code as people read it."""
        return shown(self.code)
