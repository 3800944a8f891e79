"""Dates that move, are made up for, and end the delays of a workshop."""

from datetime import datetime
from typing import Any

import pytest

from bot.calendar.rules import with_closure
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    DeadlineUnfit,
    SessionOnClosedDay,
    SessionsClash,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    CancelReason,
    MakeUpState,
    Session,
    Slot,
    Workshop,
    WorkshopState,
)
from tests.calendar.support import at, closed
from tests.refusing import refused
from tests.workshops.given import (
    confirmed,
    given_draft,
    given_open,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FIRST,
    HOUR,
    MANAGER,
    OFFICE,
    OFFICER,
    OPENS,
)

ROUND = {"office_id": OFFICE, "policy": DEFAULT_POLICY}
AT = WorkshopState
ONE_DATE = ("1405/08/23 17:00",)


async def close(tx: Transaction, now: datetime = CLOSES) -> list[Workshop]:
    await workshops.close_due(tx, office_id=OFFICE, now=now)
    return await workshops.check_quorums(tx, now=now, **ROUND)  # type: ignore[arg-type]


async def cancel(tx: Transaction, session: Session, now: datetime = OPENS) -> Any:
    return await workshops.cancel_session(
        tx,
        session_id=session.id,
        why=CancelReason.TEACHER_ABSENT,
        actor=OFFICER,
        reason="بیماری",
        policy=DEFAULT_POLICY,
        now=now,
    )


async def sessions_of(tx: Transaction, workshop: Workshop) -> list[Session]:
    return await workshops.sessions(tx, workshop_id=workshop.id)


async def test_the_first_session_that_still_takes_place_ends_every_delay(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        (_place,) = await confirmed(tx, opened)
        first, second, *_ = await sessions_of(tx, opened)
        await cancel(tx, first)
        (short,) = await close(tx)
        assert short.grace_until == CLOSES + DAY
        words = {"workshop_id": opened.id, "actor": MANAGER, "now": CLOSES}
        late = second.slot.starts_at
        with refused(DeadlineUnfit(late)):
            await workshops.extend(tx, closes_at=late + HOUR, **words)  # type: ignore[arg-type]
        extended = await workshops.extend(tx, closes_at=late - HOUR, **words)  # type: ignore[arg-type]
        assert extended.closes_at == late - HOUR
        (again,) = await close(tx, late - HOUR)
        assert again.grace_until == late
        assert (again.is_extended, again.state) == (True, AT.QUORUM_FAILED_PENDING)


async def test_where_every_session_is_off_the_dates_they_had_end_the_delays(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, quorum=3)
        await confirmed(tx, opened)
        for session in await sessions_of(tx, opened):
            await cancel(tx, session)
        await close(tx)
        with refused(DeadlineUnfit(FIRST)):
            await workshops.extend(
                tx, workshop_id=opened.id, closes_at=FIRST + HOUR, actor=MANAGER, now=CLOSES
            )


async def test_a_make_up_has_hours_of_its_own_and_none_before_the_deadline(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await confirmed(tx, opened)
        first, second, *_ = await sessions_of(tx, opened)
        _, (owed,) = await cancel(tx, first)
        words = {
            "make_up_id": owed.id,
            "actor": OFFICER,
            "calendar": CALENDAR,
            "policy": DEFAULT_POLICY,
            "now": OPENS,
        }
        early = at("1405/08/19 17:00")
        with refused(DeadlineUnfit(early)):
            await workshops.schedule_make_up(tx, slot=Slot(early, 90), **words)  # type: ignore[arg-type]
        with refused(SessionsClash(second.slot.starts_at + HOUR)):
            await workshops.schedule_make_up(
                tx,
                slot=Slot(second.slot.starts_at + HOUR, 90),
                **words,  # type: ignore[arg-type]
            )
        # The hours of the session that is off are free.
        scheduled, added = await workshops.schedule_make_up(tx, slot=first.slot, **words)  # type: ignore[arg-type]
        assert (scheduled.state, scheduled.new_session_id) == (MakeUpState.SCHEDULED, added.id)
        assert [one.number for one in await sessions_of(tx, opened)] == [1, 2, 3, 4, 5]
        assert (added.number, added.slot) == (2, first.slot)


async def test_a_make_up_that_loses_its_day_is_given_one_of_its_workshop(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, ONE_DATE, session_count=1)
        await confirmed(tx, opened)
        (first,) = await sessions_of(tx, opened)
        _, (owed,) = await cancel(tx, first)
        _, added = await workshops.schedule_make_up(
            tx,
            make_up_id=owed.id,
            slot=Slot(at("1405/08/25 17:00"), 90),
            actor=OFFICER,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        shut = with_closure(CALENDAR, closed("1405/08/25"))
        ((_, lost, _),) = await workshops.displace_closed(
            tx, office_id=OFFICE, calendar=shut, now=OPENS
        )
        assert lost.id == added.id
        proposed = await workshops.propose_dates(
            tx, workshop_id=opened.id, actor=OFFICER, calendar=shut, now=OPENS
        )
        assert [one.slot.starts_at for one in proposed.dates] == [at("1405/08/30 17:00")]


async def test_who_may_meet_on_days_off_is_moved_to_one_and_nobody_else(
    database: Database,
) -> None:
    friday = Slot(at("1405/08/29 17:00"), 90)
    words = {"slot": friday, "actor": OFFICER, "calendar": CALENDAR, "now": OPENS}
    async with database.transaction() as tx:
        draft = await given_draft(tx)
        slots = [one.slot for one in await sessions_of(tx, draft)]
        await workshops.set_sessions(
            tx,
            workshop_id=draft.id,
            slots=slots,
            calendar=CALENDAR,
            actor=OFFICER,
            now=OPENS,
            is_on_days_off=True,
        )
        made = await workshops.publish(
            tx, workshop_id=draft.id, calendar=CALENDAR, actor=OFFICER, now=OPENS
        )
        usual = await given_open(tx)
        ahead = [(await sessions_of(tx, one))[0] for one in (made, usual)]
        moved = await workshops.reschedule(
            tx,
            session_id=ahead[0].id,
            reason="سفر مربی",
            policy=DEFAULT_POLICY,
            **words,  # type: ignore[arg-type]
        )
        assert moved.slot == friday
        with pytest.raises(SessionOnClosedDay):
            await workshops.reschedule(
                tx,
                session_id=ahead[1].id,
                reason="سفر مربی",
                policy=DEFAULT_POLICY,
                **words,  # type: ignore[arg-type]
            )
