"""No fee is lost and no round gets stuck, whatever happens to a workshop one after the other."""

import asyncio
from typing import Any

import pytest

from bot.kit.database import Database, Transaction
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.errors import PartUnfit, StepRefused
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    Entity,
    Freed,
    MakeUp,
    MakeUpState,
    Registration,
    RegistrationAct,
    RegistrationState,
    Session,
    SessionState,
    Slot,
    WaitingState,
    Workshop,
    WorkshopState,
)
from tests.calendar.support import at
from tests.refusing import refused
from tests.wallet.by_hand import is_file
from tests.workshops.given import (
    balance,
    begun,
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
    MANAGER,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

ONE_DATE, OTHER_DATES = ("1405/08/23 17:00",), ("1405/08/24 17:00", "1405/09/01 17:00")


async def given_confirmed(tx: Transaction) -> tuple[Workshop, Registration]:
    """One Saturday, one learner, and enough of them."""
    opened = await given_open(tx, ONE_DATE, quorum=1, session_count=1)
    (place,) = await confirmed(tx, opened)
    await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
    await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
    return await found(tx, opened.id), place


async def cancel_session(tx: Transaction, session: Session, **wanted: Any) -> Any:
    values = {"why": CancelReason.TEACHER_ABSENT, "actor": OFFICER, "now": OPENS, **wanted}
    return await workshops.cancel_session(
        tx, session_id=session.id, reason="بیماری مربی", policy=DEFAULT_POLICY, **values
    )


async def cancel_all_sessions(tx: Transaction, workshop: Workshop, **wanted: Any) -> list[MakeUp]:
    debts: list[MakeUp] = []
    for session in await workshops.sessions(tx, workshop_id=workshop.id):
        debts += (await cancel_session(tx, session, **wanted))[1]
    return debts


async def cancel(tx: Transaction, workshop: Workshop, now: Any = OPENS) -> Any:
    return await workshops.cancel(
        tx,
        workshop_id=workshop.id,
        actor=MANAGER,
        reason="نبود مربی",
        policy=DEFAULT_POLICY,
        now=now,
    )


async def schedule(tx: Transaction, owed: MakeUp, day: str = "1405/09/21") -> Session:
    _, added = await workshops.schedule_make_up(
        tx,
        make_up_id=owed.id,
        slot=Slot(at(f"{day} 17:00"), 90),
        actor=OFFICER,
        calendar=CALENDAR,
        policy=DEFAULT_POLICY,
        now=CLOSES,
    )
    return added


async def waive(tx: Transaction, owed: MakeUp) -> MakeUp:
    return await workshops.waive_make_up(
        tx, make_up_id=owed.id, actor=MANAGER, reason="توافق", now=CLOSES
    )


async def debts_of(tx: Transaction, workshop: Workshop) -> list[MakeUpState]:
    return [one.state for one in await workshops.make_ups(tx, workshop_id=workshop.id)]


async def ensure_audited(tx: Transaction) -> None:
    assert await wallet.audit(tx) == []
    assert await workshops.audit(tx, calendars={OFFICE: CALENDAR}, now=CLOSES) == []


async def test_one_purse_in_two_lines_is_offered_the_second_place_that_it_cannot_pay_for(
    database: Database, database_url: str
) -> None:
    """Both are freed at one moment; on a server the wallet is spent while the other looks."""
    async with database.transaction() as tx:
        one = await given_open(tx, places=1, quorum=1)
        other = await given_open(tx, OTHER_DATES, places=1, quorum=1, session_count=2)
        (reza,) = await confirmed(tx, one, learner(7, REZA), payer_id=REZA)
        (sara,) = await confirmed(tx, other, learner(8, SARA))
        for opened in (one, other):
            await waits(tx, opened, learner(9, MINA), payer_id=MINA, is_auto_accept=True)
        await given_money(tx, FEE, MINA)

    def drop(tx: Transaction, place: Registration) -> Any:
        return workshops.drop(
            tx,
            registration_id=place.id,
            actor=Actor.citizen(place.payer_id),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )

    async with asyncio.TaskGroup() as group, database.transaction() as tx:
        first: Freed = await drop(tx, reza)
        second = group.create_task(database.attempt(lambda tx: drop(tx, sara)))
        if not is_file(database_url):  # Writers of a file stand in one line.
            await asyncio.sleep(0.3)  # The other one waits for the wallet by now.
    assert first.promotions[0].entry.state is WaitingState.ACCEPTED
    (offer,) = second.result().promotions
    assert offer.entry.state is WaitingState.OFFERED
    assert [one.state for one in offer.registrations] == [RegistrationState.HELD]
    async with database.transaction() as tx:
        await given_money(tx, FEE, MINA)
        ids = [one.id for one in offer.registrations]
        (paid,) = await workshops.confirm(tx, registration_ids=ids, payer_id=MINA, now=OPENS)
        assert paid.state is RegistrationState.CONFIRMED
        await ensure_audited(tx)


async def test_a_make_up_that_was_waived_takes_no_session_and_holds_up_no_round(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _place = await given_confirmed(tx)
        (owed,) = await cancel_all_sessions(tx, made, now=CLOSES)
        added = await schedule(tx, owed)
        assert (await waive(tx, owed)).state is MakeUpState.CREDITED
        sessions = await workshops.sessions(tx, workshop_id=made.id)
        assert [one.state for one in sessions] == [SessionState.CANCELLED_BY_OFFICE] * 2
        assert await workshops.start_due(tx, office_id=OFFICE, now=added.slot.starts_at) == []
        assert await workshops.end_due(tx, office_id=OFFICE, now=added.slot.ends_at) == []
        await ensure_audited(tx)


async def test_a_make_up_that_is_waived_while_it_is_held_is_over_with_its_session(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, _place = await given_confirmed(tx)
        (owed,) = await cancel_all_sessions(tx, made, now=CLOSES)
        added = await schedule(tx, owed)
        assert await workshops.start_due(tx, office_id=OFFICE, now=added.slot.starts_at)
        await waive(tx, owed)
        (ended,) = await workshops.end_due(tx, office_id=OFFICE, now=added.slot.ends_at)
        assert ended.state is SessionState.HELD
        assert await debts_of(tx, made) == [MakeUpState.CREDITED]


async def test_a_workshop_that_is_cancelled_with_make_ups_planned_owes_each_once(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, place = await given_confirmed(tx)
        (owed,) = await cancel_all_sessions(tx, made, now=CLOSES)
        await schedule(tx, owed)
        _gone, debts = await cancel(tx, made, CLOSES)
        assert [(one.id, one.state) for one in debts] == [(owed.id, MakeUpState.OWED)]
        assert await debts_of(tx, made) == [MakeUpState.OWED]
        await workshops.credit(
            tx, registration_id=place.id, actor=MANAGER, reason="خواست", now=CLOSES
        )
        assert (await found(tx, made.id)).settled_at == CLOSES
        assert (await balance(tx)).available_rial == FEE
        await ensure_audited(tx)


async def test_what_fell_short_owes_nothing_for_sessions_that_were_cancelled_before(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, OTHER_DATES, quorum=3, session_count=2)
        await confirmed(tx, opened)
        first, _second = await workshops.sessions(tx, workshop_id=opened.id)
        _, (owed,) = await cancel_session(tx, first)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        await workshops.fail_due(tx, office_id=OFFICE, now=CLOSES + DAY)
        assert await debts_of(tx, opened) == [MakeUpState.CREDITED]
        assert await workshops.fall_due(tx, office_id=OFFICE, now=owed.due_at) == []
        assert (await balance(tx)).available_rial == FEE
        await ensure_audited(tx)


async def test_nobody_takes_a_place_where_no_session_is_left_and_the_round_goes_on(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, ONE_DATE, quorum=1, session_count=1)
        (kept,) = await held(tx, opened, learner(7, REZA), payer_id=REZA)
        await given_money(tx, FEE, REZA)
        ids = await begun(tx, opened)
        await cancel_all_sessions(tx, opened)
        with refused(StepRefused(Entity.WORKSHOP, WorkshopState.OPEN, "register")):
            await workshops.take_places(
                tx, registration_ids=ids, payer_id=SARA, policy=DEFAULT_POLICY, now=OPENS
            )
        with refused(StepRefused(Entity.WORKSHOP, WorkshopState.OPEN, "register")):
            await workshops.confirm(tx, registration_ids=[kept.id], payer_id=REZA, now=OPENS)
        assert (await balance(tx, REZA)).available_rial == FEE
        await workshops.expire_holds(
            tx, office_id=OFFICE, calendar=CALENDAR, policy=DEFAULT_POLICY, now=CLOSES
        )
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        (decided,) = await workshops.check_quorums(
            tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES
        )
        assert decided.state is WorkshopState.QUORUM_FAILED_PENDING


async def test_a_fee_for_which_nothing_was_held_and_nothing_is_owed_goes_back(
    database: Database,
) -> None:
    """The only debt was to somebody who has left; who came later had none."""
    async with database.transaction() as tx:
        opened = await given_open(tx, ONE_DATE, quorum=1, session_count=1, places=2)
        (place,) = await confirmed(tx, opened)
        (owed,) = await cancel_all_sessions(tx, opened)
        await workshops.drop(
            tx,
            registration_id=place.id,
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        (late,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
        await waive(tx, owed)
        await cancel(tx, opened, CLOSES)
        assert await state_of(tx, late) is RegistrationState.CREDITED
        assert (await balance(tx, REZA)).available_rial == FEE
        assert await escrow_rial(tx, opened) == await standing(tx, "revenue") == 0
        assert (await found(tx, opened.id)).settled_at == CLOSES
        await ensure_audited(tx)


async def test_a_cancelled_workshop_that_everybody_has_left_is_settled(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, OTHER_DATES, session_count=2)
        (place,) = await confirmed(tx, opened)
        (other,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
        await cancel(tx, opened)
        words = {"calendar": CALENDAR, "now": OPENS}
        await workshops.drop(
            tx,
            registration_id=place.id,
            actor=Actor.citizen(SARA),
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        assert await debts_of(tx, opened) == [MakeUpState.OWED] * 2
        await workshops.remove(
            tx,
            registration_id=other.id,
            actor=Actor.staff(MANAGER),
            reason="خواست خانواده",
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        assert await debts_of(tx, opened) == [MakeUpState.CREDITED] * 2
        settled = await found(tx, opened.id)
        assert (settled.settled_at, settled.taken_count) == (OPENS, 0)
        await ensure_audited(tx)


async def test_nobody_gives_a_fee_up_while_it_may_still_go_back_to_everybody(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        (place,) = await confirmed(tx, opened)
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        with refused(
            StepRefused(Entity.REGISTRATION, RegistrationState.CONFIRMED, RegistrationAct.WITHDRAW)
        ):
            await workshops.withdraw(
                tx,
                registration_id=place.id,
                actor=Actor.citizen(SARA),
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
        await workshops.fail_due(tx, office_id=OFFICE, now=CLOSES + DAY)
        assert (await balance(tx)).available_rial == FEE


@pytest.mark.parametrize("reason", [" ", "x" * 201])
async def test_who_takes_a_place_away_says_why_in_so_many_words(
    database: Database, reason: str
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        words = {"registration_id": place.id, "calendar": CALENDAR, "now": OPENS}
        with pytest.raises(PartUnfit):
            await workshops.remove(
                tx,
                policy=DEFAULT_POLICY,
                **words,  # type: ignore[arg-type]
                actor=Actor.staff(MANAGER),
                reason=reason,
            )
        with pytest.raises(PartUnfit):
            await workshops.drop(
                tx,
                policy=DEFAULT_POLICY,
                **words,  # type: ignore[arg-type]
                actor=Actor.staff(OFFICER),
                reason=reason,
            )
        assert await state_of(tx, place) is RegistrationState.CONFIRMED
