"""Service credit takes two people: one who proposes it, and a manager who is somebody else."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from bot.citizens.tables import audit as audit_table
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    CreditForOneself,
    CreditOutOfRange,
    CreditReasonTooLong,
    CreditSameJudge,
    CreditSelfApproval,
    NoSuchProposal,
    ProposalDecided,
    ProposalWaits,
)
from bot.wallet.model import (
    CREDIT_RIAL_MAX,
    REASON_LENGTH_MAX,
    CreditProposal,
    ProposalId,
    ProposalState,
)
from bot.wallet.tables import account, credit_proposal, hold, operation, transfer
from tests.wallet.support import NOW, SARA, balance_of

OFFICER = Staff(CitizenId(21), "kanoon", Role.OFFICER, "Officer")
MANAGER = Staff(CitizenId(22), "kanoon", Role.MANAGER, "Manager")
OTHER_MANAGER = Staff(CitizenId(23), "kanoon", Role.MANAGER, "Other")
STRANGER = Staff(CitizenId(24), "mazandaran", Role.MANAGER, "Stranger")
SELF = Staff(SARA, "kanoon", Role.MANAGER, "Sara")
TABLES = (account, transfer, hold, operation, credit_proposal, audit_table)


async def kept(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    async with database.reading() as tx:
        return {
            table.name: [tuple(row) for row in await tx.execute(select(table))] for table in TABLES
        }


async def propose(tx: Transaction, **wanted: Any) -> CreditProposal:
    values = {
        "subject": "case:12",
        "citizen_id": SARA,
        "amount_rial": 500_000,
        "reason": "کلاس برگزار نشد",
        "actor": OFFICER,
        "now": NOW,
    }
    return await wallet.propose_credit(tx, **(values | wanted))


@pytest.fixture
async def proposal(database: Database) -> CreditProposal:
    async with database.transaction() as tx:
        return await propose(tx)


async def approve(
    database: Database, proposal: CreditProposal, actor: Staff = MANAGER
) -> CreditProposal:
    async with database.transaction() as tx:
        return await wallet.approve_credit(tx, proposal_id=proposal.id, actor=actor, now=NOW)


async def reject(
    database: Database, proposal: CreditProposal, actor: Staff = MANAGER
) -> CreditProposal:
    async with database.transaction() as tx:
        return await wallet.reject_credit(tx, proposal_id=proposal.id, actor=actor, now=NOW)


async def assert_right(database: Database) -> None:
    async with database.reading() as tx:
        assert not await wallet.audit(tx)


async def test_a_proposal_moves_nothing(database: Database, proposal: CreditProposal) -> None:
    assert proposal.state is ProposalState.PROPOSED
    assert (await balance_of(database)).credit_rial == 0
    async with database.reading() as tx:
        assert await wallet.waiting_proposal(tx, subject="case:12") == proposal
        assert await wallet.waiting_proposal(tx, subject="case:1") is None


async def test_an_approval_posts_once_into_service_credit_alone(
    database: Database, proposal: CreditProposal
) -> None:
    approved = await approve(database, proposal)
    assert (approved.state, approved.decided_by) == (ProposalState.APPROVED, MANAGER.id)
    balance = await balance_of(database)
    assert (balance.credit_rial, balance.cash_rial) == (500_000, 0)
    async with database.reading() as tx:
        (journal,) = await wallet.journals_about(tx, reference="case:12", limit=9)
        assert (await tx.scalars(select(operation.c.key))).all() == [f"credit:12:{proposal.id}"]
        row = select(audit_table.c.action, audit_table.c.before, audit_table.c.after)
        entries = [tuple(one) for one in await tx.execute(row)]
    assert journal.note.actor == f"staff:{MANAGER.id}"
    assert entries == [
        ("credit.proposed", None, "proposed"),
        ("credit.approved", "proposed", "approved"),
    ]
    await assert_right(database)


async def test_a_rejection_gives_nothing_and_makes_room_for_another_proposal(
    database: Database, proposal: CreditProposal
) -> None:
    rejected = await reject(database, proposal)
    assert rejected.state is ProposalState.REJECTED
    assert (await balance_of(database)).credit_rial == 0
    async with database.transaction() as tx:
        again = await propose(tx)
    await approve(database, again, OTHER_MANAGER)
    assert (await balance_of(database)).credit_rial == 500_000
    await assert_right(database)


async def test_who_rejected_a_claim_does_not_judge_the_objection(
    database: Database, proposal: CreditProposal
) -> None:
    await reject(database, proposal)
    async with database.transaction() as tx:
        again = await propose(tx)
    before = await kept(database)
    for decide in (approve, reject):
        with pytest.raises(CreditSameJudge):
            await decide(database, again)
    assert await kept(database) == before
    assert (await approve(database, again, OTHER_MANAGER)).state is ProposalState.APPROVED


async def test_what_a_manager_took_back_is_no_rejection(database: Database) -> None:
    async with database.transaction() as tx:
        proposal = await propose(tx, actor=MANAGER)
    await reject(database, proposal)
    async with database.transaction() as tx:
        again = await propose(tx)
    assert (await approve(database, again)).state is ProposalState.APPROVED


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"amount_rial": 0}, CreditOutOfRange),
        ({"amount_rial": CREDIT_RIAL_MAX + 1}, CreditOutOfRange),
        ({"reason": "ن" * (REASON_LENGTH_MAX + 1)}, CreditReasonTooLong),
        ({"actor": SELF}, CreditForOneself),
    ],
)
async def test_a_refused_proposal_leaves_no_trace(
    database: Database, wanted: dict[str, Any], refusal: type[DeskError]
) -> None:
    before = await kept(database)
    with pytest.raises(refusal):
        async with database.transaction() as tx:
            await propose(tx, **wanted)
    assert await kept(database) == before


@pytest.mark.parametrize("amount_rial", [1, CREDIT_RIAL_MAX])
async def test_the_ends_of_the_range_are_in_it(database: Database, amount_rial: int) -> None:
    async with database.transaction() as tx:
        proposal = await propose(tx, amount_rial=amount_rial, reason="ن" * REASON_LENGTH_MAX)
    await approve(database, proposal)
    assert (await balance_of(database)).credit_rial == amount_rial


async def test_a_matter_has_one_waiting_proposal(
    database: Database, proposal: CreditProposal
) -> None:
    before = await kept(database)
    with pytest.raises(ProposalWaits):
        async with database.transaction() as tx:
            await propose(tx, amount_rial=1)
    assert await kept(database) == before
    async with database.transaction() as tx:
        assert (await propose(tx, subject="case:13")).id != proposal.id


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(OFFICER, StaffOnly), (STRANGER, NoSuchProposal), (SELF, CreditForOneself)],
)
async def test_a_refused_approval_leaves_no_trace(
    database: Database, proposal: CreditProposal, actor: Staff, refusal: type[DeskError]
) -> None:
    before = await kept(database)
    with pytest.raises(refusal):
        await approve(database, proposal, actor)
    assert await kept(database) == before


async def test_a_manager_does_not_approve_what_they_proposed(database: Database) -> None:
    async with database.transaction() as tx:
        proposal = await propose(tx, actor=MANAGER)
    before = await kept(database)
    with pytest.raises(CreditSelfApproval):
        await approve(database, proposal)
    assert await kept(database) == before
    await approve(database, proposal, OTHER_MANAGER)
    assert (await balance_of(database)).credit_rial == 500_000


@pytest.mark.parametrize(("actor", "refusal"), [(OFFICER, StaffOnly), (STRANGER, NoSuchProposal)])
async def test_a_refused_rejection_leaves_no_trace(
    database: Database, proposal: CreditProposal, actor: Staff, refusal: type[DeskError]
) -> None:
    before = await kept(database)
    with pytest.raises(refusal):
        await reject(database, proposal, actor)
    assert await kept(database) == before


@pytest.mark.parametrize("first", [approve, reject])
@pytest.mark.parametrize("second", [approve, reject])
async def test_what_is_decided_stays_decided(
    database: Database, proposal: CreditProposal, first: Any, second: Any
) -> None:
    await first(database, proposal)
    before = await kept(database)
    with pytest.raises(ProposalDecided):
        await second(database, proposal, OTHER_MANAGER)
    assert await kept(database) == before


async def test_of_managers_who_decide_at_once_one_does(database: Database) -> None:
    """Four of them race for each of several proposals; each ends one way, and all the way."""
    expected = 0
    for number in range(1, 9):
        async with database.transaction() as tx:
            proposal = await propose(tx, subject=f"case:{number}")
        results = await asyncio.gather(
            approve(database, proposal, MANAGER),
            reject(database, proposal, OTHER_MANAGER),
            approve(database, proposal, OTHER_MANAGER),
            reject(database, proposal, MANAGER),
            return_exceptions=True,
        )
        (won,) = [one for one in results if isinstance(one, CreditProposal)]
        lost = [one for one in results if one is not won]
        assert all(isinstance(one, ProposalDecided) for one in lost)
        expected += 500_000 if won.state is ProposalState.APPROVED else 0
        assert (await balance_of(database)).credit_rial == expected
    await assert_right(database)


async def test_no_proposal_is_found_under_a_number_of_none(database: Database) -> None:
    with pytest.raises(NoSuchProposal):
        async with database.reading() as tx:
            await wallet.find_proposal(tx, proposal_id=ProposalId(2**63 - 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "approved", "decided_by": OFFICER.id, "decided_at": NOW},
        {"state": "approved", "decided_by": SARA, "decided_at": NOW},
        {"state": "approved"},
        {"state": "paid", "decided_by": MANAGER.id, "decided_at": NOW},
        {"decided_by": MANAGER.id},
        {"amount_rial": 0},
        {"amount_rial": CREDIT_RIAL_MAX + 1},
        {"proposed_by": SARA},
    ],
)
async def test_the_database_itself_refuses_what_one_person_alone_would_do(
    database: Database, proposal: CreditProposal, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as tx:
            await tx.execute(
                update(credit_proposal).where(credit_proposal.c.id == proposal.id).values(**wrong)
            )


async def test_the_database_itself_keeps_one_waiting_proposal_of_a_matter(
    database: Database, proposal: CreditProposal
) -> None:
    async with database.reading() as tx:
        row = (await tx.execute(select(credit_proposal))).one()._asdict()
    del row["id"]
    with pytest.raises(IntegrityError):
        async with database.transaction() as tx:
            await tx.execute(insert(credit_proposal).values(**row))
    async with database.reading() as tx:
        count = await tx.scalar(select(func.count()).select_from(credit_proposal))
    assert count == 1
    assert proposal.state is ProposalState.PROPOSED
