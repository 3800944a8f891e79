"""Service credit for a make-up class that is overdue: nobody has to ask for it (KN-07, KN-18).

One person proposes it for every place to which the class is still owed, and a manager decides
about all of them at once. A place gets it once for one debt, and only while the debt is overdue.
The class stays owed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import use_cases as wallet
from bot.wallet.errors import ProposalDecided, ProposalWaits
from bot.wallet.model import ProposalState
from bot.workshops.errors import StepRefused
from bot.workshops.model import Actor, Entity, MakeUpState
from bot.workshops.repository import RegistrationRepository, SessionRepository
from bot.workshops.rules import money
from bot.workshops.use_cases import debts, steps

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import CreditProposal, ProposalId
    from bot.workshops.model import MakeUp, MakeUpId

_ACT = "credit_for_delay"


@steps.whole
async def propose_late_credit(
    tx: Transaction,
    *,
    make_up_id: MakeUpId,
    amount_rial: int,
    reason: str,
    actor: Staff,
    now: datetime,
) -> list[CreditProposal]:
    """Propose the same credit for each place that has had none; nothing moves yet.

    Raises NoSuchSession, StepRefused where nothing is overdue or nobody is owed it any more,
    ProposalDecided where all had it, and what proposing for one of them raises.
    """
    _workshop, owed = await debts.found(tx, make_up_id, Actor.staff(actor))
    ensure_overdue(owed)
    known = await wallet.proposals_under(tx, matter=money.late_matter(owed.id))
    if any(one.state is ProposalState.PROPOSED for one in known):
        raise ProposalWaits
    entitled = await SessionRepository(tx).entitled(owed.id)
    if not entitled:
        raise StepRefused(Entity.MAKE_UP, owed.state, _ACT)
    had_it = {one.subject for one in known if one.state is ProposalState.APPROVED}
    proposed: list[CreditProposal] = []
    for one in await RegistrationRepository(tx).find_all(entitled):
        subject = money.late_subject(owed.id, one.id)
        if subject not in had_it:
            proposal = await wallet.propose_credit(
                tx,
                subject=subject,
                citizen_id=one.payer_id,
                amount_rial=amount_rial,
                reason=reason,
                actor=actor,
                now=now,
            )
            proposed.append(proposal)
    if not proposed:
        raise ProposalDecided
    return proposed


@steps.whole
async def approve_late_credit(
    tx: Transaction,
    *,
    make_up_id: MakeUpId,
    first_id: ProposalId,
    actor: Staff,
    now: datetime,
) -> list[CreditProposal]:
    """Give the credit to everybody to whom the class is still owed; who has left gets none.

    Raises StepRefused where the class has a date by now or is owed no more, ProposalDecided for
    other proposals than those that wait, and what approving one of them raises.
    """
    _workshop, owed = await debts.found(tx, make_up_id, Actor.staff(actor))
    waiting = await _waiting_from(tx, owed, first_id)
    ensure_overdue(owed)
    entitled = await SessionRepository(tx).entitled(owed.id)
    subjects = {money.late_subject(owed.id, one) for one in entitled}
    decided: list[CreditProposal] = []
    for one in waiting:
        decide = wallet.approve_credit if one.subject in subjects else wallet.reject_credit
        decided.append(await decide(tx, proposal_id=one.id, actor=actor, now=now))
    return decided


@steps.whole
async def reject_late_credit(
    tx: Transaction,
    *,
    make_up_id: MakeUpId,
    first_id: ProposalId,
    actor: Staff,
    now: datetime,
) -> list[CreditProposal]:
    """Give it to nobody. Raises ProposalDecided, and what rejecting one of them raises."""
    _workshop, owed = await debts.found(tx, make_up_id, Actor.staff(actor))
    return [
        await wallet.reject_credit(tx, proposal_id=one.id, actor=actor, now=now)
        for one in await _waiting_from(tx, owed, first_id)
    ]


async def waiting_late_credit(tx: Transaction, *, make_up_id: MakeUpId) -> list[CreditProposal]:
    """List what is proposed for an overdue class and waits for a manager."""
    known = await wallet.proposals_under(tx, matter=money.late_matter(make_up_id))
    return [one for one in known if one.state is ProposalState.PROPOSED]


def ensure_overdue(owed: MakeUp) -> None:
    """Refuse credit for a delay where there is none, or none any more."""
    if owed.state is not MakeUpState.OVERDUE:
        raise StepRefused(Entity.MAKE_UP, owed.state, _ACT)


async def _waiting_from(
    tx: Transaction, owed: MakeUp, first_id: ProposalId
) -> list[CreditProposal]:
    """List what waits, if it is what was shown: proposals are made and decided together."""
    waiting = await waiting_late_credit(tx, make_up_id=owed.id)
    if not waiting or waiting[0].id != first_id:
        raise ProposalDecided
    return waiting
