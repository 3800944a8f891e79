"""Of what people are reminded, whom, and once; and what they say of their getting ready."""

from datetime import datetime, timedelta

import pytest

from bot.citizens.model import CitizenId
from bot.kit.crypto import Keyring
from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NoSuchRegistration, NoSuchSession, StepRefused
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    CheckItem,
    Entity,
    Registration,
    RegistrationId,
    ReminderKind,
    Session,
    SessionId,
    SessionState,
    Slot,
    Workshop,
    WorkshopState,
)
from tests.calendar.support import at
from tests.refusing import refused
from tests.workshops.given import confirmed, found, given_open, held, waits
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    DAY,
    FIRST,
    HOUR,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

MINUTE = timedelta(minutes=1)


async def given_certain(tx: Transaction) -> tuple[Workshop, Registration, Registration]:
    opened = await given_open(tx)
    (one,) = await confirmed(tx, opened)
    (other,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
    await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
    await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
    return await found(tx, opened.id), one, other


async def first_of(tx: Transaction, workshop: Workshop) -> Session:
    return (await workshops.sessions(tx, workshop_id=workshop.id))[0]


async def kinds(tx: Transaction, now: datetime) -> list[ReminderKind]:
    due = await workshops.reminders_due(tx, office_id=OFFICE, now=now)
    return [one.kind for one in due]


class TestReminders:
    async def test_each_date_has_two_of_them_once(self, database: Database) -> None:
        async with database.transaction() as tx:
            await given_certain(tx)
            assert await kinds(tx, FIRST - DAY - MINUTE) == []
            assert await kinds(tx, FIRST - DAY) == [ReminderKind.DAY]
            assert await kinds(tx, FIRST - DAY) == []
            assert await kinds(tx, FIRST - HOUR) == [ReminderKind.HOUR]
            assert await kinds(tx, FIRST - MINUTE) == []
            assert await kinds(tx, FIRST) == []

    async def test_a_session_that_moved_is_reminded_of_anew(self, database: Database) -> None:
        async with database.transaction() as tx:
            workshop, *_ = await given_certain(tx)
            first = await first_of(tx, workshop)
            assert await kinds(tx, FIRST - DAY) == [ReminderKind.DAY]
            await workshops.reschedule(
                tx,
                session_id=first.id,
                slot=Slot(at("1405/08/25 17:00"), 90),
                actor=OFFICER,
                reason="سفر",
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=FIRST - DAY,
            )
            assert await kinds(tx, FIRST - HOUR) == []
            assert await kinds(tx, at("1405/08/24 17:00")) == [ReminderKind.DAY]

    async def test_what_does_not_take_place_has_none(self, database: Database) -> None:
        async with database.transaction() as tx:
            opened = await given_open(tx)
            await confirmed(tx, opened)
            assert await kinds(tx, FIRST - DAY) == [], "it is not certain yet"

    async def test_a_make_up_concerns_those_to_whom_it_is_owed(self, database: Database) -> None:
        async with database.transaction() as tx:
            workshop, sara, reza = await given_certain(tx)
            first = await first_of(tx, workshop)
            assert await workshops.participants(tx, of=first) == [sara, reza]
            await workshops.withdraw(
                tx,
                registration_id=reza.id,
                actor=Actor.citizen(REZA),
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
            _session, (owed,) = await workshops.cancel_session(
                tx,
                session_id=first.id,
                why=CancelReason.TEACHER_ABSENT,
                actor=OFFICER,
                reason="بیماری",
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
            _owed, made_up = await workshops.schedule_make_up(
                tx,
                make_up_id=owed.id,
                slot=Slot(at("1405/08/25 17:00"), 90),
                actor=OFFICER,
                calendar=CALENDAR,
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
            assert await workshops.participants(tx, of=made_up) == [sara]


class TestCutoffs:
    async def test_it_is_near_once_from_noon_of_the_day_before(self, database: Database) -> None:
        async with database.transaction() as tx:
            opened = await given_open(tx)
            assert opened.drop_until == at("1405/08/20 00:00")
            near = workshops.cutoffs_due
            assert await near(tx, office_id=OFFICE, now=at("1405/08/18 11:59")) == []
            (one,) = await near(tx, office_id=OFFICE, now=at("1405/08/18 12:00"))
            assert one.id == opened.id
            assert await near(tx, office_id=OFFICE, now=at("1405/08/19 12:00")) == []

    async def test_the_moment_itself_is_too_late(self, database: Database) -> None:
        async with database.transaction() as tx:
            await given_open(tx)
            moment = at("1405/08/20 00:00")
            assert await workshops.cutoffs_due(tx, office_id=OFFICE, now=moment) == []


class TestWhoIsTold:
    async def test_each_payer_once_with_all_of_theirs(self, database: Database) -> None:
        async with database.transaction() as tx:
            opened = await given_open(tx)
            two = await confirmed(tx, opened, learner(1), learner(2))
            other = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
            parties = await workshops.parties(
                tx, registrations=[*other, *two[::-1]], keyring=Keyring.drawn()
            )
            assert [(one.payer_id, one.registrations) for one in parties] == [
                (SARA, two),
                (REZA, other),
            ]
            assert await workshops.parties(tx, registrations=[], keyring=Keyring.drawn()) == []

    async def test_what_time_ended_is_known_by_its_moment(self, database: Database) -> None:
        async with database.transaction() as tx:
            opened = await given_open(tx, places=1, quorum=1)
            await held(tx, opened)
            (waiting,) = await waits(tx, opened, learner(7, REZA), payer_id=REZA)
            await workshops.begin(
                tx,
                workshop_id=opened.id,
                learners=[learner(8, MINA)],
                payer_id=MINA,
                policy=DEFAULT_POLICY,
                now=OPENS,
            )
            (closed,) = await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
            assert closed.state is WorkshopState.CLOSED
            ended = await workshops.ended_by_time(tx, workshop_id=opened.id, at=CLOSES)
            assert [one.id for one in ended] == [waiting.id]


class TestChecks:
    async def test_the_last_word_about_a_step_holds(self, database: Database) -> None:
        async with database.transaction() as tx:
            workshop, sara, _reza = await given_certain(tx)
            first = await first_of(tx, workshop)
            for is_ready in (False, True):
                await workshops.note_check(
                    tx,
                    session_id=first.id,
                    registration_id=sara.id,
                    item=CheckItem.CAMERA,
                    is_ready=is_ready,
                    payer_id=SARA,
                    now=FIRST - HOUR,
                )
            (kept,) = await workshops.checks_before(tx, session_id=first.id)
            assert (kept.registration_id, kept.is_ready) == (sara.id, True)

    @pytest.mark.parametrize(
        ("payer", "missing", "refused"),
        [
            (REZA, None, NoSuchRegistration),
            (SARA, "registration", NoSuchRegistration),
            (SARA, "session", NoSuchSession),
        ],
    )
    async def test_only_ones_own_are_checked(
        self, database: Database, payer: CitizenId, missing: str | None, refused: type[Exception]
    ) -> None:
        async with database.transaction() as tx:
            workshop, sara, _reza = await given_certain(tx)
            first = await first_of(tx, workshop)
            with pytest.raises(refused):
                await workshops.note_check(
                    tx,
                    session_id=SessionId(999) if missing == "session" else first.id,
                    registration_id=RegistrationId(999) if missing == "registration" else sara.id,
                    item=CheckItem.BROWSER,
                    is_ready=True,
                    payer_id=payer,
                    now=FIRST,
                )
            assert await workshops.checks_before(tx, session_id=first.id) == []

    async def test_a_cancelled_session_needs_no_getting_ready(self, database: Database) -> None:
        async with database.transaction() as tx:
            workshop, sara, _reza = await given_certain(tx)
            first = await first_of(tx, workshop)
            await workshops.cancel_session(
                tx,
                session_id=first.id,
                why=CancelReason.OTHER,
                actor=OFFICER,
                reason="بیماری",
                policy=DEFAULT_POLICY,
                now=CLOSES,
            )
            with refused(StepRefused(Entity.SESSION, SessionState.CANCELLED_BY_OFFICE, "check")):
                await workshops.note_check(
                    tx,
                    session_id=first.id,
                    registration_id=sara.id,
                    item=CheckItem.BROWSER,
                    is_ready=True,
                    payer_id=SARA,
                    now=CLOSES,
                )
