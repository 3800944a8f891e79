"""How a workshop comes to be: drafted, filled, planned, shown; and what is refused on the way."""

from dataclasses import replace
from datetime import time

import pytest

from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.database import Database
from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    Lack,
    NoSuchWorkshop,
    NotPublishable,
    NotTheirStep,
    PartUnfit,
    SessionOnClosedDay,
    SessionsClash,
    StepRefused,
    TextFault,
)
from bot.workshops.model import (
    DEFAULT_POLICY,
    Actor,
    By,
    Entity,
    Plan,
    Slot,
    WorkshopAct,
    WorkshopState,
)
from tests.calendar.support import SUN, TUE, at, jalali
from tests.refusing import refused
from tests.workshops.given import TERMS, found, given_draft, given_open, given_published
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    MANAGER,
    NOW,
    OFFICE,
    OFFICER,
    OPENS,
    SARA,
    details,
)

STRANGER = Staff(CitizenId(9_003), "mazandaran", Role.MANAGER, "ناشناس")


async def test_a_draft_is_filled_planned_and_shown(database: Database) -> None:
    async with database.transaction() as tx:
        made = await workshops.draft(tx, details=details(), actor=OFFICER, now=NOW)
        assert (made.state, made.office_id, made.terms_version) == ("draft", OFFICE, 0)
        with_terms = await workshops.set_terms(
            tx, workshop_id=made.id, text=TERMS, actor=OFFICER, now=NOW
        )
        assert with_terms.terms_version == 1
        plan = Plan(jalali("1405/08/22"), frozenset({SUN, TUE}), time(17), 90, 6)
        proposal = workshops.propose_sessions(plan, calendar=CALENDAR, now=NOW)
        sessions = await workshops.set_sessions(
            tx,
            workshop_id=made.id,
            slots=proposal.slots,
            calendar=CALENDAR,
            actor=OFFICER,
            now=NOW,
        )
        assert [one.number for one in sessions] == [1, 2, 3, 4, 5, 6]
        shown = await workshops.publish(
            tx, workshop_id=made.id, calendar=CALENDAR, actor=OFFICER, now=NOW
        )
        assert shown.state is WorkshopState.PUBLISHED
        assert shown.drop_until == at("1405/08/20 00:00")
        assert shown.details.session_count == 6
        history = await workshops.history(tx, entity=Entity.WORKSHOP, entity_id=made.id)
        assert [event.act for event in history] == [
            "draft",
            "set_terms",
            "set_sessions",
            "publish",
        ]
        assert {event.actor for event in history} == {f"staff:{OFFICER.id}"}


async def test_registration_that_should_have_begun_begins_when_it_is_shown(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx, opens_at=NOW)
        shown = await workshops.publish(
            tx, workshop_id=made.id, calendar=CALENDAR, actor=OFFICER, now=NOW
        )
        assert shown.state is WorkshopState.OPEN


async def test_the_clock_opens_registration_once_and_not_before_its_time(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await given_published(tx)
        assert await workshops.open_due(tx, office_id=OFFICE, now=OPENS - OPENS.resolution) == []
        assert await workshops.open_due(tx, office_id="mazandaran", now=OPENS) == []
        (opened,) = await workshops.open_due(tx, office_id=OFFICE, now=OPENS)
        assert (opened.id, opened.state) == (made.id, WorkshopState.OPEN)
        assert await workshops.open_due(tx, office_id=OFFICE, now=OPENS) == []


async def test_nothing_opens_without_the_number_of_sessions_and_their_hours(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await workshops.draft(
            tx, details=details(session_count=None), actor=OFFICER, now=NOW
        )
        with pytest.raises(NotPublishable) as refused:
            await workshops.publish(
                tx, workshop_id=made.id, calendar=CALENDAR, actor=OFFICER, now=NOW
            )
        assert set(refused.value.lacks) == {Lack.SESSION_COUNT, Lack.TERMS}
        assert (await found(tx, made.id)).state is WorkshopState.DRAFT


async def test_sessions_are_planned_apart_and_on_open_days_or_stay_as_they_were(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx)
        before = await workshops.sessions(tx, workshop_id=made.id)
        for slots, refusal in (
            ([Slot(at("1406/01/01 17:00"), 90)], SessionOnClosedDay),
            ([Slot(at("1405/08/29 17:00"), 90)], SessionOnClosedDay),  # a Friday
            ([Slot(at("1405/08/23 17:00"), 90), Slot(at("1405/08/23 18:00"), 90)], SessionsClash),
        ):
            with pytest.raises(refusal):
                await workshops.set_sessions(
                    tx,
                    workshop_id=made.id,
                    slots=slots,
                    calendar=CALENDAR,
                    actor=OFFICER,
                    now=NOW,
                )
        assert await workshops.sessions(tx, workshop_id=made.id) == before
        on_friday = await workshops.set_sessions(
            tx,
            workshop_id=made.id,
            slots=[Slot(at("1405/08/29 17:00"), 90)],
            calendar=CALENDAR,
            actor=OFFICER,
            now=NOW,
            is_on_days_off=True,
        )
        assert await workshops.sessions(tx, workshop_id=made.id) == on_friday
        assert (await found(tx, made.id)).details.session_count == 1


async def test_parts_of_a_draft_are_said_anew_and_those_that_do_not_fit_are_refused(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx)
        anew = replace(made.details, fee_rial=0, places=20, title="خوشنویسی")
        changed = await workshops.set_details(
            tx, workshop_id=made.id, details=anew, actor=OFFICER, now=NOW
        )
        assert changed.details == anew
        with refused(PartUnfit(TextFault.TITLE, 120)):
            await workshops.set_details(
                tx,
                workshop_id=made.id,
                details=replace(anew, title=""),
                actor=OFFICER,
                now=NOW,
            )


async def test_once_shown_nothing_changes_for_which_people_chose_it(database: Database) -> None:
    async with database.transaction() as tx:
        shown = await given_published(tx)
        link = replace(shown.details, online_link="https://class.example.ir/13")
        changed = await workshops.set_details(
            tx, workshop_id=shown.id, details=link, actor=OFFICER, now=NOW
        )
        assert changed.details == link
        for other in (
            replace(link, fee_rial=1),
            replace(link, places=99),
            replace(link, closes_at=CLOSES + (CLOSES - OPENS)),
            replace(link, title="خوشنویسی"),
            replace(link, online_link=None),
        ):
            with refused(StepRefused(Entity.WORKSHOP, WorkshopState.PUBLISHED, "set_details")):
                await workshops.set_details(
                    tx, workshop_id=shown.id, details=other, actor=OFFICER, now=NOW
                )
        with refused(StepRefused(Entity.WORKSHOP, WorkshopState.PUBLISHED, "set_sessions")):
            await workshops.set_sessions(
                tx,
                workshop_id=shown.id,
                slots=[],
                calendar=CALENDAR,
                actor=OFFICER,
                now=NOW,
            )
        assert (await found(tx, shown.id)).details == link


async def test_the_same_terms_again_are_no_new_version(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx)
        again = await workshops.set_terms(
            tx, workshop_id=made.id, text=f" {TERMS} ", actor=OFFICER, now=NOW
        )
        assert again.terms_version == 1
        anew = await workshops.set_terms(
            tx, workshop_id=made.id, text="شرط تازه", actor=OFFICER, now=NOW
        )
        assert anew.terms_version == 2
        held = await workshops.terms(tx, of=anew)
        assert held is not None
        assert held.text == "شرط تازه"
        assert (await workshops.terms(tx, of=made)) is not None


async def test_a_draft_is_hidden_from_citizens_and_from_other_offices(database: Database) -> None:
    async with database.transaction() as tx:
        made = await given_draft(tx)
        for actor in (Actor.citizen(SARA), Actor.staff(STRANGER)):
            with pytest.raises(NoSuchWorkshop):
                await workshops.workshop(tx, workshop_id=made.id, actor=actor)
        with pytest.raises(NoSuchWorkshop):
            await workshops.publish(
                tx, workshop_id=made.id, calendar=CALENDAR, actor=STRANGER, now=NOW
            )
        shown = await workshops.publish(
            tx, workshop_id=made.id, calendar=CALENDAR, actor=OFFICER, now=NOW
        )
        seen = await workshops.workshop(tx, workshop_id=made.id, actor=Actor.citizen(SARA))
        assert seen == shown
        with pytest.raises(NoSuchWorkshop):
            await workshops.cancel(
                tx,
                workshop_id=made.id,
                actor=STRANGER,
                reason="نه",
                policy=DEFAULT_POLICY,
                now=NOW,
            )


async def test_a_deleted_draft_is_gone_and_what_was_shown_cannot_be_deleted(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        made, shown = await given_draft(tx), await given_published(tx)
        await workshops.delete(tx, workshop_id=made.id, actor=OFFICER, now=NOW)
        listed = await workshops.workshops(tx, office_id=OFFICE, limit=10)
        assert [one.id for one in listed] == [shown.id]
        assert await workshops.count(tx, office_id=OFFICE) == 1
        with refused(StepRefused(Entity.WORKSHOP, WorkshopState.DELETED, WorkshopAct.PUBLISH)):
            await workshops.publish(
                tx, workshop_id=made.id, calendar=CALENDAR, actor=OFFICER, now=NOW
            )
        with refused(StepRefused(Entity.WORKSHOP, WorkshopState.PUBLISHED, WorkshopAct.DELETE)):
            await workshops.delete(tx, workshop_id=shown.id, actor=OFFICER, now=NOW)


async def test_the_list_begins_with_the_latest_and_is_turned(database: Database) -> None:
    async with database.transaction() as tx:
        first, second, third = [await given_published(tx) for _ in range(3)]
        page = await workshops.workshops(tx, office_id=OFFICE, limit=2)
        rest = await workshops.workshops(tx, office_id=OFFICE, before=page[-1].id, limit=2)
    assert [one.id for one in page] == [third.id, second.id]
    assert [one.id for one in rest] == [first.id]


async def test_a_pause_keeps_newcomers_out_until_it_ends(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        paused = await workshops.pause(
            tx, workshop_id=opened.id, actor=OFFICER, reason="بازبینی", now=OPENS
        )
        assert paused.state is WorkshopState.PAUSED
        with refused(StepRefused(Entity.WORKSHOP, WorkshopState.PAUSED, WorkshopAct.PAUSE)):
            await workshops.pause(
                tx, workshop_id=opened.id, actor=OFFICER, reason="بازبینی", now=OPENS
            )
        resumed, promoted = await workshops.resume(
            tx,
            workshop_id=opened.id,
            actor=OFFICER,
            calendar=CALENDAR,
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert (resumed.state, promoted) == (WorkshopState.OPEN, ())


async def test_only_a_manager_cancels_and_says_why(database: Database) -> None:
    async with database.transaction() as tx:
        opened = await given_open(tx)
        with refused(NotTheirStep(WorkshopAct.CANCEL, (By.MANAGER,))):
            await workshops.cancel(
                tx,
                workshop_id=opened.id,
                actor=OFFICER,
                reason="نبود مربی",
                policy=DEFAULT_POLICY,
                now=OPENS,
            )
        with refused(PartUnfit(TextFault.REASON, 200)):
            await workshops.cancel(
                tx,
                workshop_id=opened.id,
                actor=MANAGER,
                reason=" ",
                policy=DEFAULT_POLICY,
                now=OPENS,
            )
        cancelled, owed = await workshops.cancel(
            tx,
            workshop_id=opened.id,
            actor=MANAGER,
            reason="نبود مربی",
            policy=DEFAULT_POLICY,
            now=OPENS,
        )
        assert cancelled.state is WorkshopState.CANCELLED_BY_OFFICE
        assert owed == ()  # nobody had a place, so nothing is owed
        assert cancelled.settled_at == OPENS
        history = await workshops.history(tx, entity=Entity.WORKSHOP, entity_id=opened.id)
        assert (history[-1].act, history[-1].reason) == ("cancel", "نبود مربی")
