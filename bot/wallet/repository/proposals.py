"""Queries about service credit that was proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot.citizens.model import CitizenId
from bot.kit.database import insert_new, keyring_of
from bot.wallet.model import CreditProposal, ProposalId, ProposalState
from bot.wallet.tables import credit_proposal, proposal_reasons

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row, Select

    from bot.citizens.model import Staff
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction


class ProposalRepository:
    """Proposals, each of which is decided once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def find(self, proposal_id: ProposalId) -> CreditProposal | None:
        """Find a proposal by its number."""
        query = select(credit_proposal).where(credit_proposal.c.id == proposal_id)
        return await self._one(query)

    async def reasons(self, ids: Collection[ProposalId]) -> dict[ProposalId, str]:
        """Say why each of these was proposed."""
        query = select(credit_proposal).where(credit_proposal.c.id.in_(ids))
        found = [_proposal_of(row, self._keyring) for row in await self._tx.execute(query)]
        return {one.id: one.reason for one in found}

    async def find_to_change(self, proposal_id: ProposalId) -> CreditProposal | None:
        """Find a proposal, and let nobody else decide about it until this is committed."""
        query = select(credit_proposal).where(credit_proposal.c.id == proposal_id)
        return await self._one(query.with_for_update())

    async def waiting_for(self, subject: str) -> CreditProposal | None:
        """Find the proposal of a matter that waits for a manager."""
        query = select(credit_proposal).where(
            credit_proposal.c.subject == subject,
            credit_proposal.c.state == ProposalState.PROPOSED.value,
        )
        return await self._one(query)

    async def under(self, matter: str) -> list[CreditProposal]:
        """List what was ever proposed for the parts of a matter, the first one first."""
        query = (
            select(credit_proposal)
            .where(credit_proposal.c.subject.startswith(f"{matter}:", autoescape=True))
            .order_by(credit_proposal.c.id)
        )
        return [_proposal_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def of_citizen(self, citizen_id: CitizenId) -> list[CreditProposal]:
        """List what was ever proposed for a person, the first one first."""
        query = select(credit_proposal).where(credit_proposal.c.citizen_id == citizen_id)
        rows = await self._tx.execute(query.order_by(credit_proposal.c.id))
        return [_proposal_of(row, self._keyring) for row in rows]

    async def count_waiting(self, office_id: str) -> int:
        """Count the proposals of an office that wait for a manager."""
        query = select(func.count()).where(
            credit_proposal.c.office_id == office_id,
            credit_proposal.c.state == ProposalState.PROPOSED.value,
        )
        return int((await self._tx.execute(query)).scalar_one())

    async def rejecters_before(self, proposal: CreditProposal) -> set[CitizenId]:
        """Name who rejected credit for this matter before that somebody else had proposed."""
        query = select(credit_proposal.c.decided_by).where(
            credit_proposal.c.subject == proposal.subject,
            credit_proposal.c.id < proposal.id,
            credit_proposal.c.state == ProposalState.REJECTED.value,
            credit_proposal.c.decided_by != credit_proposal.c.proposed_by,
        )
        return {CitizenId(one) for one in await self._tx.scalars(query)}

    async def add(
        self,
        *,
        subject: str,
        citizen_id: CitizenId,
        amount_rial: int,
        reason: str,
        actor: Staff,
        now: datetime,
    ) -> ProposalId | None:
        """Keep a proposal that waits; None where one waits for the same matter."""
        statement = insert_new(credit_proposal).values(
            office_id=actor.office_id,
            subject=subject,
            citizen_id=citizen_id,
            amount_rial=amount_rial,
            reason=proposal_reasons.seal(self._keyring, reason, subject, now),
            state=ProposalState.PROPOSED.value,
            proposed_by=actor.id,
            proposed_at=now,
        )
        result = await self._tx.execute(statement.returning(credit_proposal.c.id))
        number = result.scalar_one_or_none()
        return None if number is None else ProposalId(number)

    async def decide(
        self, proposal_id: ProposalId, state: ProposalState, actor: Staff, now: datetime
    ) -> bool:
        """Decide about a proposal that waits, and say whether it still did."""
        statement = (
            update(credit_proposal)
            .where(
                credit_proposal.c.id == proposal_id,
                credit_proposal.c.state == ProposalState.PROPOSED.value,
            )
            .values(state=state.value, decided_by=actor.id, decided_at=now)
        )
        return (await self._tx.execute(statement)).rowcount == 1

    async def _one(self, query: Select[Any]) -> CreditProposal | None:
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _proposal_of(row, self._keyring)


def _proposal_of(row: Row[Any], keyring: Keyring) -> CreditProposal:
    place = row.subject, row.proposed_at
    return CreditProposal(
        id=ProposalId(row.id),
        office_id=row.office_id,
        subject=row.subject,
        citizen_id=CitizenId(row.citizen_id),
        amount_rial=row.amount_rial,
        reason=proposal_reasons.open(keyring, row.reason, *place),
        state=ProposalState(row.state),
        proposed_by=CitizenId(row.proposed_by),
        proposed_at=row.proposed_at,
        decided_by=None if row.decided_by is None else CitizenId(row.decided_by),
        decided_at=row.decided_at,
    )
