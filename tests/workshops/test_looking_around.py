"""What is read of workshops for lists, digests and sheets, and what a reminder is too late for."""

from datetime import time, timedelta

import pytest

from bot.kit.database import Database
from bot.workshops import use_cases as workshops
from bot.workshops.errors import AlreadyRegistered
from bot.workshops.model import DEFAULT_POLICY, Actor, Plan, RegistrationState, WorkshopState
from tests.calendar.support import SAT, at, closed, jalali, office
from tests.workshops.given import (
    TERMS,
    begun,
    confirmed,
    family,
    found,
    given_draft,
    given_open,
    given_published,
    held,
    waits,
)
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    FIRST,
    NOW,
    OFFICE,
    OFFICER,
    OPENS,
    REZA,
    SARA,
    details,
    learner,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_the_sides_of_an_office_are_those_of_what_it_ever_showed(database: Database) -> None:
    async with database.transaction() as tx:
        assert await workshops.sides(tx, office_id=OFFICE) == ([], [])
        await given_published(tx, province="یزد", subject="سفال")
        await given_published(tx, province="گیلان", subject="ادبیات")
        await given_published(tx)
        await given_draft(tx, province="قم", subject="نجوم")
        expected = ["گیلان", "یزد"], ["ادبیات", "سفال"]
        assert await workshops.sides(tx, office_id=OFFICE) == expected
        assert await workshops.sides(tx, office_id="mazandaran") == ([], [])


async def test_what_is_ones_own_in_a_workshop_is_what_was_not_left(database: Database) -> None:
    async with database.transaction() as tx:
        one, other = await given_open(tx), await given_open(tx)
        (paid,) = await confirmed(tx, one)
        (gone,) = await confirmed(tx, one, learner(2))
        await held(tx, other, learner(3))
        await held(tx, one, learner(7, REZA), payer_id=REZA)
        await workshops.drop(
            tx,
            registration_id=gone.id,
            actor=Actor.citizen(SARA),
            calendar=CALENDAR,
            now=OPENS,
            policy=DEFAULT_POLICY,
        )
        own = await workshops.own_in(tx, workshop_id=one.id, citizen_id=SARA)
        assert [place.id for place in own] == [paid.id]


async def test_staff_look_at_what_is_near_its_deadline_or_waited_for(database: Database) -> None:
    async def figures(now: object) -> list[tuple[int, int, int, bool]]:
        noted = await workshops.notable(tx, office_id=OFFICE, now=now)  # type: ignore[arg-type]
        return [
            (one.workshop.id, one.confirmed_count, one.waiting_count, one.is_deadline_near)
            for one in noted
        ]

    async with database.transaction() as tx:
        assert await figures(OPENS) == []
        calm, asked = await given_open(tx), await given_open(tx)
        await confirmed(tx, asked, *family(3))
        await waits(tx, asked, learner(7, REZA), payer_id=REZA)
        assert await figures(OPENS) == [(asked.id, 3, 1, False)]
        assert await figures(CLOSES - 3 * DAY - MINUTE) == [(asked.id, 3, 1, False)]
        near = await figures(CLOSES - 3 * DAY)
        assert near == [(calm.id, 0, 0, True), (asked.id, 3, 1, True)]
        assert await workshops.notable(tx, office_id="mazandaran", now=CLOSES) == []


async def test_a_sheet_becomes_drafts_with_the_dates_that_fit(database: Database) -> None:
    plan = Plan(jalali("1405/08/23"), frozenset({SAT}), time(17), 90, 2)
    past = Plan(jalali("1405/07/18"), frozenset({SAT}), time(17), 90, 2)
    rows = [
        (details(title="سفال"), TERMS, plan),
        (details(title="نجوم"), "", None),
        (details(title="قصه"), TERMS, past),
    ]
    calendar = office(*CALENDAR.hours, closures=[closed("1405/08/30")])
    async with database.transaction() as tx:
        drafts = await workshops.draft_all(
            tx, found=rows, calendar=calendar, actor=OFFICER, now=NOW
        )
        assert [[slot.starts_at for slot in slots] for _, slots in drafts] == [
            [at("1405/08/23 17:00"), at("1405/09/07 17:00")],
            [],
            [],
        ]
        kept = [await found(tx, draft.id) for draft, _ in drafts]
        assert [(one.details.title, one.terms_version) for one in kept] == [
            ("سفال", 1),
            ("نجوم", 0),
            ("قصه", 1),
        ]
        assert {(one.state, one.made_at) for one in kept} == {(WorkshopState.DRAFT, NOW)}
        sessions = await workshops.sessions(tx, workshop_id=kept[0].id)
        assert [one.slot for one in sessions] == list(drafts[0][1])


async def test_nobody_is_reminded_of_what_has_begun(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        await confirmed(tx, opened, *family(2))
        await workshops.close_due(tx, office_id=OFFICE, now=CLOSES)
        await workshops.check_quorums(tx, office_id=OFFICE, policy=DEFAULT_POLICY, now=CLOSES)
        assert await workshops.reminders_due(tx, office_id=OFFICE, now=FIRST) == []
        (one,) = await workshops.reminders_due(tx, office_id=OFFICE, now=FIRST - MINUTE)
        assert one.session.slot.starts_at == FIRST


async def test_who_is_registered_already_hears_of_which_place_and_how_it_stands(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        (paid,) = await confirmed(tx, opened)
        with pytest.raises(AlreadyRegistered) as refused:
            await begun(tx, opened)
        told = refused.value
        assert (told.registration_id, told.state) == (paid.id, RegistrationState.CONFIRMED)
