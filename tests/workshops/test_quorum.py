"""The count at the deadline, the grace, the fees that go back once, and a workshop cancelled."""

from datetime import timedelta

import pytest

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    AlreadyExtended,
    DeadlineUnfit,
    NotTheirStep,
    RegistrationNotOpen,
    StepRefused,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    By,
    Entity,
    MakeUpState,
    Registration,
    RegistrationAct,
    RegistrationState,
    SessionState,
    Workshop,
    WorkshopAct,
    WorkshopState,
)
from tests.calendar.support import at
from tests.refusing import refused
from tests.workshops.given import (
    balance,
    confirmed,
    escrow_rial,
    found,
    given_money,
    given_open,
    held,
    standing,
    state_of,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FEE,
    FIRST,
    MANAGER,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

BY_SARA, BY_REZA = Actor.citizen(SARA), Actor.citizen(REZA)
GRACE_ENDS = CLOSES + DAY
STATES, AT = RegistrationState, WorkshopState


async def close(tx: Transaction, now: object = CLOSES) -> list[Workshop]:
    await workshops.close_due(tx, office_id=OFFICE, now=now)  # type: ignore[arg-type]
    return await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=now)  # type: ignore[arg-type]


async def two_paid(tx: Transaction, workshop: Workshop) -> tuple[Registration, Registration]:
    (one,) = await confirmed(tx, workshop, credit_rial=FEE)
    (other,) = await confirmed(tx, workshop, learner(7, REZA), payer_id=REZA)
    return one, other


async def test_enough_people_make_a_workshop_at_its_deadline(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await two_paid(tx, opened)
        before = CLOSES - CLOSES.resolution
        assert await close(tx, before) == []
        (decided,) = await close(tx)
        assert decided.state is AT.CONFIRMED
        assert await close(tx) == []
        assert await escrow_rial(tx, opened) == 2 * FEE


async def test_too_few_people_leave_a_manager_a_day_and_then_each_fee_goes_back_once(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        one, other = await two_paid(tx, opened)
        (pending,) = await close(tx)
        assert (pending.state, pending.grace_until) == (AT.QUORUM_FAILED_PENDING, GRACE_ENDS)
        early = GRACE_ENDS - CLOSES.resolution
        assert await workshops.fail_due(tx, office_id=OFFICE, now=early) == []
        assert await workshops.fail_due(tx, office_id="mazandaran", now=GRACE_ENDS) == []
        ((failed, credited),) = await workshops.fail_due(tx, office_id=OFFICE, now=GRACE_ENDS)
        assert failed.state is AT.QUORUM_FAILED
        assert {reg.id for reg in credited} == {one.id, other.id}
        assert {reg.state for reg in credited} == {STATES.CREDITED}
        assert await workshops.fail_due(tx, office_id=OFFICE, now=GRACE_ENDS) == []
        sara, reza = await balance(tx), await balance(tx, REZA)
        # Each into the bucket that it came from: what was service credit is no cash now.
        assert (sara.cash_rial, sara.credit_rial) == (0, FEE)
        assert (reza.cash_rial, reza.credit_rial) == (FEE, 0)
        assert await escrow_rial(tx, opened) == 0
        assert (await found(tx, opened.id)).taken_count == 0
        for reg in (one, other):
            about = await wallet.journals_about(tx, reference=f"registration:{reg.id}", limit=10)
            assert len(about) == 2
            keys = await tx.exec_driver_sql(
                f"SELECT journal_id FROM operation WHERE key = 'quorum:{opened.id}:{reg.id}'"  # noqa: S608 - numbers of ours
            )
            assert keys.scalar_one() == about[1].id
        assert await wallet.audit(tx) == []


async def test_money_that_could_still_make_the_quorum_is_waited_for(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        late = CLOSES - timedelta(minutes=10)
        await confirmed(tx, opened)
        (place,) = await held(tx, opened, learner(7, REZA), payer_id=REZA, now=late)
        assert await close(tx) == []
        assert (await found(tx, opened.id)).state is AT.CLOSED
        await given_money(tx, FEE, REZA)
        soon = CLOSES + timedelta(minutes=5)
        await workshops.confirm(tx, registration_ids=[place.id], payer_id=REZA, now=soon)
        (decided,) = await close(tx, soon)
        assert decided.state is AT.CONFIRMED


async def test_money_that_never_comes_lets_the_workshop_fall_short(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        late = CLOSES - timedelta(minutes=10)
        await confirmed(tx, opened)
        await held(tx, opened, learner(7, REZA), payer_id=REZA, now=late)
        await close(tx)
        over = CLOSES + timedelta(minutes=20)
        await workshops.expire_holds(
            tx, office_id=OFFICE, calendar=CALENDAR, policy=DEFAULT_POLICY, now=over
        )
        (decided,) = await close(tx, over)
        assert decided.state is AT.QUORUM_FAILED_PENDING


async def test_a_place_without_money_cannot_be_paid_for_while_the_workshop_may_fail(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        late = CLOSES - timedelta(minutes=10)
        (place,) = await held(tx, opened, now=late)
        (pending,) = await close(tx)
        assert pending.state is AT.QUORUM_FAILED_PENDING
        await given_money(tx, FEE)
        words = {"registration_ids": [place.id], "payer_id": SARA}
        with refused(RegistrationNotOpen(AT.QUORUM_FAILED_PENDING, OPENS, CLOSES)):
            await workshops.confirm(tx, **words, now=CLOSES)  # type: ignore[arg-type]
        await workshops.run_anyway(tx, workshop_id=opened.id, actor=MANAGER, now=CLOSES)
        (paid,) = await workshops.confirm(tx, **words, now=CLOSES)  # type: ignore[arg-type]
        assert paid.state is STATES.CONFIRMED


async def test_a_manager_lets_it_take_place_anyway(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        await confirmed(tx, opened)
        await close(tx)
        with refused(NotTheirStep(WorkshopAct.RUN_ANYWAY, (By.MANAGER,))):
            await workshops.run_anyway(tx, workshop_id=opened.id, actor=OFFICER, now=CLOSES)
        run = await workshops.run_anyway(tx, workshop_id=opened.id, actor=MANAGER, now=CLOSES)
        assert run.state is AT.CONFIRMED
        assert await workshops.fail_due(tx, office_id=OFFICE, now=GRACE_ENDS) == []
        assert await escrow_rial(tx, opened) == FEE


async def test_a_manager_gives_more_time_once_and_the_cutoff_moves_with_it(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        (place,) = await confirmed(tx, opened)
        await close(tx)
        words = {"workshop_id": opened.id, "actor": MANAGER}
        longer = at("1405/08/22 18:00")
        with refused(DeadlineUnfit(FIRST)):
            await workshops.extend(tx, **words, closes_at=FIRST + DAY, now=CLOSES)  # type: ignore[arg-type]
        extended = await workshops.extend(tx, **words, closes_at=longer, now=CLOSES)  # type: ignore[arg-type]
        assert (extended.state, extended.closes_at) == (AT.OPEN, longer)
        assert extended.drop_until == at("1405/08/22 00:00")
        await workshops.drop(
            tx,
            registration_id=place.id,
            actor=BY_SARA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=at("1405/08/21 12:00"),
        )
        (pending,) = await close(tx, longer)
        assert pending.state is AT.QUORUM_FAILED_PENDING
        # The first session is near: the grace ends with its beginning.
        assert pending.grace_until == FIRST
        with pytest.raises(AlreadyExtended):
            await workshops.extend(tx, **words, closes_at=FIRST, now=longer)  # type: ignore[arg-type]


async def test_a_manager_does_not_wait_for_the_grace_to_end(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        (place,) = await confirmed(tx, opened)
        await close(tx)
        with refused(NotTheirStep(WorkshopAct.FAIL, (By.CLOCK, By.MANAGER))):
            await workshops.fail_quorum(tx, workshop_id=opened.id, actor=OFFICER, now=CLOSES)
        await workshops.fail_quorum(tx, workshop_id=opened.id, actor=MANAGER, now=CLOSES)
        assert await state_of(tx, place) is STATES.CREDITED
        assert await escrow_rial(tx, opened) == 0
        assert await wallet.audit(tx) == []


async def test_who_gave_up_late_gets_nothing_when_the_workshop_fails(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        one, other = await two_paid(tx, opened)
        await workshops.withdraw(
            tx,
            registration_id=other.id,
            actor=BY_REZA,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=at("1405/08/20 09:00"),
        )
        await close(tx)
        await workshops.fail_due(tx, office_id=OFFICE, now=GRACE_ENDS)
        assert await state_of(tx, one) is STATES.CREDITED
        assert (await balance(tx, REZA)).available_rial == 0
        assert (await balance(tx)).available_rial == FEE
        assert await standing(tx, "revenue") == FEE
        assert await escrow_rial(tx, opened) == 0


async def test_a_cancelled_workshop_owes_each_session_to_those_who_have_a_place(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        one, other = await two_paid(tx, opened)
        (place,) = await held(tx, opened, learner(8))
        (waiting,) = await waits(tx, opened, learner(9, MINA), payer_id=MINA)
        cancelled, owed = await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert (cancelled.state, cancelled.settled_at) == (AT.CANCELLED_BY_OFFICE, None)
        sessions = await workshops.sessions(tx, workshop_id=opened.id)
        assert {one.state for one in sessions} == {SessionState.CANCELLED_BY_OFFICE}
        assert [debt.session_id for debt in owed] == [session.id for session in sessions]
        assert {debt.due_at for debt in owed} == {OPENS + timedelta(days=30)}
        for debt in owed:
            assert await workshops.entitled(tx, of=debt) == [one.id, other.id]
        assert await state_of(tx, place) is STATES.EXPIRED
        assert await state_of(tx, waiting) is STATES.ABANDONED
        assert (await found(tx, opened.id)).taken_count == 2
        assert await escrow_rial(tx, opened) == 2 * FEE
        history = await workshops.history(tx, entity=Entity.MAKE_UP, entity_id=owed[0].id)
        assert [(event.act, event.state_to) for event in history] == [("owe", "owed")]


async def test_who_asks_gets_the_fee_instead_and_when_all_do_nothing_is_owed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        one, other = await two_paid(tx, opened)
        words = {"actor": MANAGER, "reason": "خواست متقاضی", "now": OPENS}
        with refused(StepRefused(Entity.REGISTRATION, STATES.CONFIRMED, RegistrationAct.CREDIT)):
            await workshops.credit(tx, registration_id=one.id, **words)  # type: ignore[arg-type]
        await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        with refused(NotTheirStep(RegistrationAct.CREDIT, (By.CLOCK, By.MANAGER))):
            await workshops.credit(
                tx, registration_id=one.id, actor=OFFICER, reason="خواست", now=OPENS
            )
        await workshops.credit(tx, registration_id=one.id, **words)  # type: ignore[arg-type]
        assert (await balance(tx)).credit_rial == FEE
        owed = await workshops.make_ups(tx, workshop_id=opened.id)
        assert {debt.state for debt in owed} == {MakeUpState.OWED}
        assert await workshops.entitled(tx, of=owed[0]) == [other.id]
        await workshops.credit(tx, registration_id=other.id, **words)  # type: ignore[arg-type]
        owed = await workshops.make_ups(tx, workshop_id=opened.id)
        assert {debt.state for debt in owed} == {MakeUpState.CREDITED}
        settled = await found(tx, opened.id)
        assert (settled.settled_at, settled.taken_count) == (OPENS, 0)
        assert await escrow_rial(tx, opened) == 0
        assert await wallet.audit(tx) == []


async def test_nobody_gives_up_for_nothing_what_a_cancelled_workshop_owes_them(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        one, _other = await two_paid(tx, opened)
        await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        with refused(StepRefused(Entity.REGISTRATION, STATES.CONFIRMED, RegistrationAct.WITHDRAW)):
            await workshops.withdraw(
                tx,
                registration_id=one.id,
                actor=BY_SARA,
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
        assert await state_of(tx, one) is STATES.CONFIRMED
