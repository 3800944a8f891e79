"""The words of proposed service credit (KN-07): one person proposes it, another decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId

ProposalId = NewType("ProposalId", int)

CREDIT_RIAL_MAX: Final = 100_000_000  # of one proposal
_KEY: Final = re.compile(r"credit:[0-9:]+:[0-9]{1,15}")


class ProposalState(StrEnum):
    """Whether a proposal waits for a manager, or what they decided."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class CreditProposal:
    """Service credit that staff propose for a citizen; `subject` is such as "case:12"."""

    id: ProposalId
    office_id: str
    subject: str
    citizen_id: CitizenId
    amount_rial: int
    reason: str
    state: ProposalState
    proposed_by: CitizenId
    proposed_at: datetime
    decided_by: CitizenId | None = None
    decided_at: datetime | None = None

    @property
    def key(self) -> str:
        """The key of its one posting, such as "credit:12:5"."""
        _kind, _colon, number = self.subject.partition(":")
        return f"credit:{number}:{self.id}"


def proposal_of_key(key: str) -> ProposalId | None:
    """Say of which proposal this is the key, if it is the key of one."""
    return ProposalId(int(key.rpartition(":")[2])) if _KEY.fullmatch(key) else None
