"""Credit for a class that is overdue: one proposes it for every place, another one decides."""

from dataclasses import replace
from datetime import datetime

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.wallet.errors import CreditSelfApproval, ProposalDecided, ProposalWaits
from bot.wallet.model import CreditProposal, ProposalId, ProposalState
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchSession, StepRefused
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    Entity,
    MakeUp,
    MakeUpId,
    MakeUpState,
    Registration,
    Slot,
)
from tests.calendar.support import at
from tests.refusing import refused
from tests.workshops.given import balance, confirmed, given_open
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    HOUR,
    MANAGER,
    OFFICE,
    OFFICER,
    REZA,
    SARA,
    learner,
)

OTHER_MANAGER = replace(MANAGER, id=9_004)
STRANGER = replace(MANAGER, office_id="mazandaran")
AMOUNT, REASON, ACT = 200_000, "تأخیر در کلاس جبرانی", "credit_for_delay"
LATE = CLOSES + 60 * DAY


async def given_owed(tx: Transaction) -> tuple[MakeUp, Registration, Registration]:
    """A class that is owed to Sara's and to Reza's child."""
    opened = await given_open(tx)
    (one,) = await confirmed(tx, opened)
    (other,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
    await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
    await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
    first, *_ = await workshops.sessions(tx, workshop_id=opened.id)
    _, (owed,) = await workshops.cancel_session(
        tx,
        session_id=first.id,
        why=CancelReason.TEACHER_ABSENT,
        actor=OFFICER,
        reason="بیماری",
        policy=DEFAULT_POLICY,
        now=CLOSES,
    )
    return owed, one, other


async def given_overdue(tx: Transaction) -> tuple[MakeUp, Registration, Registration]:
    owed, one, other = await given_owed(tx)
    (late,) = await workshops.fall_due(tx, office_id=OFFICE, now=LATE)
    assert late.id == owed.id
    return late, one, other


async def propose(tx: Transaction, owed: MakeUp, **wanted: object) -> list[CreditProposal]:
    values = {"amount_rial": AMOUNT, "reason": REASON, "actor": OFFICER, "now": LATE, **wanted}
    return await workshops.propose_late_credit(tx, make_up_id=owed.id, **values)  # type: ignore[arg-type]


async def approve(
    tx: Transaction, owed: MakeUp, first: CreditProposal, **wanted: object
) -> list[CreditProposal]:
    values = {"actor": MANAGER, "now": LATE + HOUR, **wanted}
    return await workshops.approve_late_credit(
        tx,
        make_up_id=owed.id,
        first_id=first.id,
        **values,  # type: ignore[arg-type]
    )


async def leave(tx: Transaction, place: Registration, now: datetime = LATE) -> None:
    await workshops.withdraw(
        tx,
        registration_id=place.id,
        actor=Actor.citizen(place.payer_id),
        calendar=CALENDAR,
        policy=DEFAULT_POLICY,
        now=now,
    )


async def test_each_place_is_proposed_for_and_a_second_person_gives_it_to_all(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        owed, one, other = await given_overdue(tx)
        proposed = await propose(tx, owed)
        assert [(p.subject, p.citizen_id, p.amount_rial, p.reason) for p in proposed] == [
            (f"makeup:{owed.id}:{one.id}", SARA, AMOUNT, REASON),
            (f"makeup:{owed.id}:{other.id}", REZA, AMOUNT, REASON),
        ]
        assert {(p.state, p.proposed_by, p.proposed_at) for p in proposed} == {
            (ProposalState.PROPOSED, OFFICER.id, LATE)
        }
        assert await workshops.waiting_late_credit(tx, make_up_id=owed.id) == proposed
        assert (await balance(tx)).credit_rial == 0
        decided = await approve(tx, owed, proposed[0])
        assert [(p.id, p.state, p.decided_by, p.decided_at) for p in decided] == [
            (p.id, ProposalState.APPROVED, MANAGER.id, LATE + HOUR) for p in proposed
        ]
        for payer_id in (SARA, REZA):
            assert (await balance(tx, payer_id)).credit_rial == AMOUNT
        assert await workshops.waiting_late_credit(tx, make_up_id=owed.id) == []
        (kept,) = await workshops.make_ups(tx, workshop_id=owed.workshop_id)
        assert kept == owed, "the class stays owed"


async def test_it_is_proposed_once_and_had_once(database: Database) -> None:
    async with database.transaction() as tx:
        owed, _one, other = await given_overdue(tx)
        proposed = await propose(tx, owed)
        with refused(ProposalWaits()):
            await propose(tx, owed)
        with refused(CreditSelfApproval()):
            await approve(tx, owed, proposed[0], actor=replace(MANAGER, id=OFFICER.id))
        await approve(tx, owed, proposed[0])
        with refused(ProposalDecided()):
            await propose(tx, owed)
        assert (await balance(tx, other.payer_id)).credit_rial == AMOUNT


async def test_what_is_rejected_can_be_proposed_anew(database: Database) -> None:
    async with database.transaction() as tx:
        owed, *_ = await given_overdue(tx)
        proposed = await propose(tx, owed)
        words = {"make_up_id": owed.id, "now": LATE + HOUR}
        with refused(NoSuchSession()):
            await workshops.reject_late_credit(
                tx,
                first_id=proposed[0].id,
                actor=STRANGER,
                **words,  # type: ignore[arg-type]
            )
        rejected = await workshops.reject_late_credit(
            tx,
            first_id=proposed[0].id,
            actor=MANAGER,
            **words,  # type: ignore[arg-type]
        )
        assert [(p.id, p.state, p.decided_by, p.decided_at) for p in rejected] == [
            (p.id, ProposalState.REJECTED, MANAGER.id, LATE + HOUR) for p in proposed
        ]
        with refused(ProposalDecided()):
            await workshops.reject_late_credit(
                tx,
                first_id=proposed[0].id,
                actor=MANAGER,
                **words,  # type: ignore[arg-type]
            )
        again = await propose(tx, owed, amount_rial=AMOUNT + 1)
        assert [p.amount_rial for p in again] == [AMOUNT + 1] * 2
        await approve(tx, owed, again[0], actor=OTHER_MANAGER)
        assert (await balance(tx)).credit_rial == AMOUNT + 1


async def test_only_what_was_shown_is_decided(database: Database) -> None:
    async with database.transaction() as tx:
        owed, *_ = await given_overdue(tx)
        with refused(ProposalDecided()):
            await workshops.approve_late_credit(
                tx, make_up_id=owed.id, first_id=ProposalId(1), actor=MANAGER, now=LATE
            )
        _first, second = await propose(tx, owed)
        with refused(ProposalDecided()):
            await approve(tx, owed, second)
        assert (await balance(tx)).credit_rial == 0


async def test_who_has_left_meanwhile_gets_none(database: Database) -> None:
    async with database.transaction() as tx:
        owed, one, other = await given_overdue(tx)
        proposed = await propose(tx, owed)
        await leave(tx, other)
        decided = await approve(tx, owed, proposed[0])
        assert [p.state for p in decided] == [ProposalState.APPROVED, ProposalState.REJECTED]
        assert (await balance(tx, REZA)).credit_rial == 0
        assert (await balance(tx)).credit_rial == AMOUNT
        await leave(tx, one)
        with refused(StepRefused(Entity.MAKE_UP, MakeUpState.OVERDUE, ACT)):
            await propose(tx, owed)


async def test_who_was_passed_over_before_is_proposed_for_alone(database: Database) -> None:
    async with database.transaction() as tx:
        owed, _one, other = await given_overdue(tx)
        proposed = await propose(tx, owed)
        await wallet.reject_credit(tx, proposal_id=proposed[1].id, actor=OTHER_MANAGER, now=LATE)
        await approve(tx, owed, proposed[0])
        (again,) = await propose(tx, owed)
        assert again.subject == f"makeup:{owed.id}:{other.id}"


async def test_nothing_is_proposed_or_given_where_there_is_no_delay(database: Database) -> None:
    async with database.transaction() as tx:
        owed, *_ = await given_owed(tx)
        with refused(StepRefused(Entity.MAKE_UP, MakeUpState.OWED, ACT)):
            await propose(tx, owed)
        (late,) = await workshops.fall_due(tx, office_id=OFFICE, now=LATE)
        with refused(NoSuchSession()):
            await propose(tx, late, actor=STRANGER)
        with refused(NoSuchSession()):
            await propose(tx, replace(late, id=MakeUpId(late.id + 1)))
        proposed = await propose(tx, late)
        with refused(NoSuchSession()):
            await approve(tx, late, proposed[0], actor=STRANGER)
        await workshops.schedule_make_up(
            tx,
            make_up_id=late.id,
            slot=Slot(at("1405/12/22 17:00"), 90),
            actor=OFFICER,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=LATE,
        )
        with refused(StepRefused(Entity.MAKE_UP, MakeUpState.SCHEDULED, ACT)):
            await approve(tx, late, proposed[0])
        assert (await balance(tx)).credit_rial == 0
