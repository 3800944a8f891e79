"""Who may propose service credit, how much, and who decides (KN-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.wallet.errors import (
    CreditForOneself,
    CreditOutOfRange,
    CreditReasonTooLong,
    CreditSameJudge,
    CreditSelfApproval,
    NoSuchProposal,
)
from bot.wallet.model import CREDIT_RIAL_MAX, REASON_LENGTH_MAX

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.citizens.model import CitizenId, Staff
    from bot.wallet.model import CreditProposal


def ensure_proposable(
    amount_rial: int, reason: str, citizen_id: CitizenId, proposer: Staff
) -> None:
    """Refuse a proposal that no manager could approve."""
    assert reason
    if not 0 < amount_rial <= CREDIT_RIAL_MAX:
        raise CreditOutOfRange(amount_rial, CREDIT_RIAL_MAX)
    if len(reason) > REASON_LENGTH_MAX:
        raise CreditReasonTooLong(len(reason), REASON_LENGTH_MAX)
    if proposer.id == citizen_id:
        raise CreditForOneself


def ensure_decides(proposal: CreditProposal, actor: Staff) -> None:
    """Refuse a decision by anybody but a manager of the office; another's office has no such."""
    if actor.office_id != proposal.office_id:
        raise NoSuchProposal
    if actor.role is not Role.MANAGER:
        raise StaffOnly((Role.MANAGER,))


def ensure_second_person(proposal: CreditProposal, approver: Staff) -> None:
    """Refuse an approval by who proposed it, and by who would get it."""
    if approver.id == proposal.proposed_by:
        raise CreditSelfApproval
    if approver.id == proposal.citizen_id:
        raise CreditForOneself


def ensure_another_judge(rejecters: Collection[CitizenId], actor: Staff) -> None:
    """Refuse a second decision by who rejected the claim before: the objection is not theirs."""
    if actor.id in rejecters:
        raise CreditSameJudge
