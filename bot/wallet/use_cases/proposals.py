"""Service credit is proposed by one person and decided by another, a manager (KN-07).

Each act is in the audit of the office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.wallet import rules
from bot.wallet.errors import NoSuchProposal, ProposalDecided, ProposalWaits
from bot.wallet.model import ProposalState
from bot.wallet.repository import ProposalRepository
from bot.wallet.use_cases.ledger import grant_service_credit

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import CreditProposal, ProposalId


async def propose_credit(
    tx: Transaction,
    *,
    subject: str,
    citizen_id: CitizenId,
    amount_rial: int,
    reason: str,
    actor: Staff,
    now: datetime,
) -> CreditProposal:
    """Propose service credit for a matter such as "case:12"; nothing moves yet.

    Raises CreditOutOfRange, CreditReasonTooLong, CreditForOneself, and ProposalWaits.
    """
    rules.ensure_proposable(amount_rial, reason, citizen_id, actor)
    proposal_id = await ProposalRepository(tx).add(
        subject=subject,
        citizen_id=citizen_id,
        amount_rial=amount_rial,
        reason=reason,
        actor=actor,
        now=now,
    )
    if proposal_id is None:
        raise ProposalWaits
    proposal = await find_proposal(tx, proposal_id=proposal_id)
    await _record(tx, None, proposal, actor, now)
    return proposal


async def approve_credit(
    tx: Transaction, *, proposal_id: ProposalId, actor: Staff, now: datetime
) -> CreditProposal:
    """Approve a proposal, and post it to the citizen's wallet in the same transaction.

    Raises NoSuchProposal, StaffOnly, CreditSelfApproval, CreditForOneself, CreditSameJudge, and
    ProposalDecided.
    """
    proposal = await _to_decide(tx, proposal_id)
    rules.ensure_decides(proposal, actor)
    rules.ensure_second_person(proposal, actor)
    await _ensure_another_judge(tx, proposal, actor)
    approved = await _decide(tx, proposal, ProposalState.APPROVED, actor, now)
    await grant_service_credit(
        tx,
        key=approved.key,
        office_id=approved.office_id,
        citizen_id=approved.citizen_id,
        amount_rial=approved.amount_rial,
        reference=approved.subject,
        reason=approved.key,  # the ledger keeps no words; statements look them up
        actor=f"staff:{actor.id}",
        now=now,
    )
    return approved


async def reject_credit(
    tx: Transaction, *, proposal_id: ProposalId, actor: Staff, now: datetime
) -> CreditProposal:
    """Reject a proposal; why is said in the matter itself. Who proposed it may take it back so.

    Raises NoSuchProposal, StaffOnly, CreditSameJudge, and ProposalDecided.
    """
    proposal = await _to_decide(tx, proposal_id)
    rules.ensure_decides(proposal, actor)
    if actor.id != proposal.proposed_by:
        await _ensure_another_judge(tx, proposal, actor)
    return await _decide(tx, proposal, ProposalState.REJECTED, actor, now)


async def find_proposal(tx: Transaction, *, proposal_id: ProposalId) -> CreditProposal:
    """Find a proposal. Raises NoSuchProposal."""
    found = await ProposalRepository(tx).find(proposal_id)
    if found is None:
        raise NoSuchProposal
    return found


async def waiting_proposal(tx: Transaction, *, subject: str) -> CreditProposal | None:
    """Find what is proposed for a matter and waits for a manager."""
    return await ProposalRepository(tx).waiting_for(subject)


async def proposals_under(tx: Transaction, *, matter: str) -> list[CreditProposal]:
    """List what was ever proposed for the parts of a matter such as "makeup:12"."""
    return await ProposalRepository(tx).under(matter)


async def _to_decide(tx: Transaction, proposal_id: ProposalId) -> CreditProposal:
    found = await ProposalRepository(tx).find_to_change(proposal_id)
    if found is None:
        raise NoSuchProposal
    return found


async def _ensure_another_judge(tx: Transaction, proposal: CreditProposal, actor: Staff) -> None:
    if proposal.state is not ProposalState.PROPOSED:
        raise ProposalDecided
    rejecters = await ProposalRepository(tx).rejecters_before(proposal)
    rules.ensure_another_judge(rejecters, actor)


async def _decide(
    tx: Transaction, proposal: CreditProposal, state: ProposalState, actor: Staff, now: datetime
) -> CreditProposal:
    if not await ProposalRepository(tx).decide(proposal.id, state, actor, now):
        raise ProposalDecided
    decided = await find_proposal(tx, proposal_id=proposal.id)
    await _record(tx, ProposalState.PROPOSED, decided, actor, now)
    return decided


async def _record(
    tx: Transaction,
    before: ProposalState | None,
    proposal: CreditProposal,
    actor: Staff,
    now: datetime,
) -> None:
    await citizens.record(
        tx,
        actor=actor,
        action=f"credit.{proposal.state.value}",
        subject=proposal.subject,
        note=f"{proposal.amount_rial}: {proposal.reason}",
        between=(before, proposal.state),
        now=now,
    )
