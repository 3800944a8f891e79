"""However a place becomes free, it goes to the line at once, for as long as an offer lasts."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.kit.database import Database, Transaction
from bot.workshops import use_cases as workshops
from bot.workshops.errors import TimesClash
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    CancelReason,
    Entity,
    Registration,
    RegistrationState,
    Slot,
    WaitingState,
    Workshop,
)
from bot.workshops.use_cases import parting
from tests.calendar.support import at, hours, jalali, office, official
from tests.refusing import refused
from tests.workshops.given import (
    balance,
    begun,
    confirmed,
    escrow_rial,
    found,
    given_open,
    given_published,
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
    HOUR,
    MANAGER,
    MINA,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    learner,
)

LATER = OPENS + HOUR
UNTIL = at("1405/08/04 08:00")  # after twelve open hours, from nine on a Saturday
BY = {"calendar": CALENDAR, "policy": DEFAULT_POLICY}
ONE_DATE = ("1405/08/23 17:00",)
FOUR_DATES = ("1405/08/23 17:00", "1405/08/30 17:00", "1405/09/07 17:00", "1405/09/14 17:00")
OTHER_DATES = ("1405/08/24 17:00", "1405/09/01 17:00", "1405/09/08 17:00", "1405/09/15 17:00")
Leave = Callable[[Transaction, Registration, datetime], Awaitable[Any]]


async def drop(tx: Transaction, place: Registration, now: datetime) -> Any:
    return await workshops.drop(
        tx, registration_id=place.id, actor=Actor.citizen(place.payer_id), now=now, **BY
    )  # type: ignore[arg-type]


async def withdraw(tx: Transaction, place: Registration, now: datetime) -> Any:
    return await workshops.withdraw(
        tx, registration_id=place.id, actor=Actor.citizen(place.payer_id), now=now, **BY
    )  # type: ignore[arg-type]


async def remove(tx: Transaction, place: Registration, now: datetime) -> Any:
    return await workshops.remove(
        tx,
        registration_id=place.id,
        actor=Actor.staff(MANAGER),
        reason="رفتار ناشایست",
        now=now,
        **BY,  # type: ignore[arg-type]
    )


async def move(tx: Transaction, place: Registration, now: datetime) -> Any:
    other = await given_open(tx, OTHER_DATES)
    (target,) = await begun(tx, other, learner(90, REZA), payer_id=REZA, now=now)
    return await workshops.move(
        tx,
        registration_id=place.id,
        to_registration_id=target,
        actor=Actor.citizen(REZA),
        now=now,
        **BY,  # type: ignore[arg-type]
    )


async def promoted_by(
    tx: Transaction, place: Registration, leave: Leave, now: datetime, until: datetime
) -> None:
    freed = await leave(tx, place, now)
    (promotion,) = freed.promotions
    assert (promotion.entry.state, promotion.entry.expires_at) == (WaitingState.OFFERED, until)
    (offered,) = promotion.registrations
    assert (offered.payer_id, offered.expires_at) == (SARA, until)
    assert (await found(tx, place.workshop_id)).taken_count == 1


async def given_full(tx: Transaction) -> tuple[Workshop, Registration]:
    """One place, which Reza has, and Sara and Mina who wait for it."""
    opened = await given_open(tx, places=1, quorum=1)
    (place,) = await confirmed(tx, opened, learner(90, REZA), payer_id=REZA)
    await waits(tx, opened)
    await waits(tx, opened, learner(7, MINA), payer_id=MINA)
    return opened, place


@pytest.mark.parametrize("leave", [drop, remove, move])
async def test_a_place_that_is_given_back_is_offered_to_the_first_in_line(
    database: Database, leave: Leave
) -> None:
    async with database.transaction() as tx:
        _opened, place = await given_full(tx)
        await promoted_by(tx, place, leave, LATER, UNTIL)


async def test_a_place_given_up_late_is_offered_until_the_deadline(database: Database) -> None:
    async with database.transaction() as tx:
        _opened, place = await given_full(tx)
        await promoted_by(tx, place, withdraw, CLOSES - HOUR, CLOSES)


async def test_a_place_that_nobody_paid_for_is_offered_however_it_is_left(
    database: Database,
) -> None:
    async def leave(tx: Transaction, place: Registration, now: datetime) -> Any:
        return await workshops.abandon(
            tx, registration_id=place.id, actor=Actor.citizen(REZA), now=now, **BY
        )  # type: ignore[arg-type]

    async def expire(tx: Transaction, place: Registration, now: datetime) -> Any:
        (freed,) = await workshops.expire_holds(tx, office_id=OFFICE, now=now, **BY)  # type: ignore[arg-type]
        assert freed.registrations[0].id == place.id
        return freed

    for how, when in ((leave, OPENS + HOUR / 6), (expire, OPENS + HOUR)):
        async with database.transaction() as tx:
            opened = await given_open(tx, places=1, quorum=1)
            (place,) = await held(tx, opened, learner(90, REZA), payer_id=REZA)
            await waits(tx, opened)
            freed = await how(tx, place, when)
            (promotion,) = freed.promotions
            assert promotion.entry.payer_id == SARA
            await tx.rollback()


async def test_a_pause_that_ends_gives_what_became_free_to_the_line(database: Database) -> None:
    async with database.transaction() as tx:
        opened, place = await given_full(tx)
        await workshops.pause(
            tx, workshop_id=opened.id, actor=OFFICER, reason="سالن", now=OPENS + HOUR / 2
        )
        await promoted_by(tx, place, drop, LATER, UNTIL)
        _, promoted = await workshops.resume(
            tx, workshop_id=opened.id, actor=OFFICER, now=LATER, **BY
        )  # type: ignore[arg-type]
        assert promoted == ()


async def test_a_draft_that_is_left_frees_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        opened, _place = await given_full(tx)
        (draft,) = await begun(tx, opened, learner(50))
        freed = await workshops.abandon(
            tx, registration_id=draft, actor=Actor.citizen(SARA), now=LATER, **BY
        )  # type: ignore[arg-type]
        assert freed.promotions == ()
        assert (await found(tx, opened.id)).taken_count == 1


async def test_a_class_is_made_up_for_those_who_had_a_place_when_it_was_off(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, ONE_DATE, session_count=1)
        (there,) = await confirmed(tx, opened)
        (first,) = await workshops.sessions(tx, workshop_id=opened.id)
        _, (owed,) = await workshops.cancel_session(
            tx,
            session_id=first.id,
            why=CancelReason.TEACHER_ABSENT,
            actor=OFFICER,
            reason="بیماری",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        _, added = await workshops.schedule_make_up(
            tx,
            make_up_id=owed.id,
            slot=Slot(at("1405/08/25 17:00"), 90),
            actor=OFFICER,
            now=OPENS,
            **BY,  # type: ignore[arg-type]
        )
        (late,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
        assert await workshops.participants(tx, of=added) == [there]
        assert await workshops.participants(tx, of=first) == [there, late]


async def test_who_agreed_to_credit_for_the_only_class_has_had_what_they_paid_for(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, ONE_DATE, session_count=1)
        (served,) = await confirmed(tx, opened)
        (first,) = await workshops.sessions(tx, workshop_id=opened.id)
        _, (owed,) = await workshops.cancel_session(
            tx,
            session_id=first.id,
            why=CancelReason.TEACHER_ABSENT,
            actor=OFFICER,
            reason="بیماری",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        (late,) = await confirmed(tx, opened, learner(7, REZA), payer_id=REZA)
        await workshops.waive_make_up(
            tx, make_up_id=owed.id, actor=MANAGER, reason="توافق", now=LATER
        )
        await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=LATER,
        )
        assert await state_of(tx, served) is RegistrationState.COMPLETED
        assert await state_of(tx, late) is RegistrationState.CREDITED
        assert await standing(tx, "revenue") == FEE
        assert (await balance(tx, REZA)).available_rial == FEE
        assert await escrow_rial(tx, opened) == 0
        assert (await found(tx, opened.id)).taken_count == 0


async def test_the_one_place_that_is_free_is_enough_to_move_to(database: Database) -> None:
    async with database.transaction() as tx:
        one = await given_open(tx)
        (place,) = await confirmed(tx, one, learner(90, REZA), payer_id=REZA)
        other = await given_open(tx, OTHER_DATES, places=2, quorum=1)
        await held(tx, other)
        (target,) = await begun(tx, other, learner(90, REZA), payer_id=REZA, now=LATER)
        moved = await workshops.move(
            tx,
            registration_id=place.id,
            to_registration_id=target,
            actor=Actor.citizen(REZA),
            now=LATER,
            **BY,  # type: ignore[arg-type]
        )
        assert moved.new.state is RegistrationState.CONFIRMED
        assert (await found(tx, other.id)).free_count == 0


async def test_who_is_removed_has_their_fee_back_unless_it_is_said_otherwise(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (place,) = await confirmed(tx, opened)
        await remove(tx, place, LATER)
        assert (await balance(tx)).available_rial == FEE
        assert await standing(tx, "revenue") == 0


async def test_who_is_forgotten_leaves_drafts_and_nothing_leads_to_them(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx, places=2, quorum=1)
        (place,) = await confirmed(tx, opened)
        (kept,) = await held(tx, opened, learner(90, REZA), payer_id=REZA)
        (waiting,) = await waits(tx, opened, learner(2))
        assert await parting.places_left(tx, citizen_id=SARA) == ([place], True)
        assert await parting.places_left(tx, citizen_id=REZA) == ([kept], False)
        assert await parting.places_left(tx, citizen_id=MINA) == ([], False)
        turn = await workshops.turn_of(tx, registration=waiting)
        assert turn is not None
        await workshops.leave_line(
            tx, entry_id=turn.id, actor=Actor.citizen(SARA), now=LATER, **BY
        )  # type: ignore[arg-type]
        await drop(tx, place, LATER)
        (draft,) = await begun(tx, opened, learner(3), now=LATER)
        assert await parting.places_left(tx, citizen_id=SARA) == ([], False)
        await parting.forget_payer(tx, citizen_id=SARA, number=-7, now=LATER + HOUR)
        history = await workshops.history(tx, entity=Entity.REGISTRATION, entity_id=draft)
        assert [(one.act, one.actor, one.at) for one in history[2:]] == [
            ("abandon", "citizen", LATER + HOUR)
        ]
        rows = await tx.exec_driver_sql("SELECT payer_id FROM registration ORDER BY id")
        assert rows.scalars().all() == [-7, REZA, -7, -7]


async def test_a_session_says_of_each_occasion_why_its_day_is_lost(database: Database) -> None:
    one, *_ = official()
    both = [
        replace(one, day=jalali("1405/08/23"), occasion=name) for name in ("عید نخست", "عید دوم")
    ]
    async with database.transaction() as tx:
        opened = await given_open(tx)
        first, *_ = await workshops.sessions(tx, workshop_id=opened.id)
        closed_then = office(hours(), holidays=both)
        await workshops.displace_closed(tx, office_id=OFFICE, calendar=closed_then, now=OPENS)
        history = await workshops.history(tx, entity=Entity.SESSION, entity_id=first.id)
        assert [one.reason for one in history] == ["عید نخست, عید دوم"]


async def test_after_the_deadline_nobody_is_asked_even_before_the_line_is_closed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        _opened, place = await given_full(tx)
        freed = await withdraw(tx, place, CLOSES)
        assert freed.promotions == ()
        assert await workshops.waiting_count(tx, workshop_id=place.workshop_id) == 2


async def test_a_round_does_so_much_at_once_and_the_next_one_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("rounds", "term"):
        monkeypatch.setattr(f"bot.workshops.use_cases.{module}._AT_ONCE_MAX", 1)
    late, soon = CLOSES - HOUR / 6, CLOSES + HOUR
    policy = {"office_id": OFFICE, "policy": DEFAULT_POLICY}
    async with database.transaction() as tx:
        made = [await given_published(tx, quorum=2) for _ in (1, 2)]
        expected = [[one.id] for one in made]
        rounds = [
            [one.id for one in await workshops.open_due(tx, office_id=OFFICE, now=OPENS)]
            for _ in made
        ]
        assert rounds == expected
        for number, one in enumerate(made):
            await confirmed(tx, one, learner(number))
            await held(tx, one, learner(10 + number), now=late)
        ended = [
            [
                [one.id for one in await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)],
                [
                    one.registrations[0].workshop_id
                    for one in await workshops.expire_holds(
                        tx,
                        calendar=CALENDAR,
                        now=soon,
                        **policy,  # type: ignore[arg-type]
                    )
                ],
            ]
            for _ in made
        ]
        assert ended == [[one, one] for one in expected]
        await workshops.check_quorums(tx, now=soon, **policy)  # type: ignore[arg-type]
        over = soon + 2 * DAY
        failed = [
            [one.id for one, _ in await workshops.fail_due(tx, office_id=OFFICE, now=over)]
            for _ in made
        ]
        assert failed == expected


async def test_offers_and_debts_that_are_over_come_one_after_the_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as tx:
        made = [await given_open(tx, dates, places=2) for dates in (FOUR_DATES, OTHER_DATES)]
        for number, one in enumerate(made):
            (place,) = await confirmed(tx, one, learner(90 + number, REZA), payer_id=REZA)
            await confirmed(tx, one, learner(80 + number, MINA), payer_id=MINA)
            await waits(tx, one, learner(70 + number))
            await remove(tx, place, LATER)
            first, *_ = await workshops.sessions(tx, workshop_id=one.id)
            await workshops.cancel_session(
                tx,
                session_id=first.id,
                why=CancelReason.OTHER,
                actor=OFFICER,
                reason="برف",
                policy=DEFAULT_POLICY,
                now=LATER,
            )
        for module in ("rounds", "term"):
            monkeypatch.setattr(f"bot.workshops.use_cases.{module}._AT_ONCE_MAX", 1)
        lapsed = [
            [
                one.registrations[0].workshop_id
                for one in await workshops.lapse_offers(
                    tx,
                    office_id=OFFICE,
                    now=UNTIL,
                    **BY,  # type: ignore[arg-type]
                )
            ]
            for _ in made
        ]
        assert lapsed == [[one.id] for one in made]
        late = CLOSES + 60 * DAY
        due = [len(await workshops.fall_due(tx, office_id=OFFICE, now=late)) for _ in range(3)]
        assert due == [1, 1, 0]


async def test_who_moves_may_want_hours_at_which_they_are_elsewhere(database: Database) -> None:
    async with database.transaction() as tx:
        one, third = [await given_open(tx, dates) for dates in (FOUR_DATES, OTHER_DATES)]
        (place,) = await confirmed(tx, one)
        await confirmed(tx, third)
        # The hours of the place that is left are in nobody's way.
        other = await given_open(tx, (FOUR_DATES[0], OTHER_DATES[0]), session_count=2)
        (target,) = await begun(tx, other)
        words = {
            "registration_id": place.id,
            "to_registration_id": target,
            "actor": Actor.citizen(SARA),
            "now": LATER,
            **BY,
        }
        with refused(TimesClash(third.details.title, at(OTHER_DATES[0]))):
            await workshops.move(tx, **words)  # type: ignore[arg-type]
        moved = await workshops.move(tx, is_clash_accepted=True, **words)  # type: ignore[arg-type]
        assert moved.new.state is RegistrationState.CONFIRMED
