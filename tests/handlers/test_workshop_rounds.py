"""What time does to workshops, and who hears of it: each once, in private, and staff in masks."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.citizens.model import CitizenId
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import RegistrationState, SessionState, Sieve, WorkshopState
from handlers.jobs import workshop_places
from handlers.jobs.surveys import ask_surveys
from tests.calendar.support import at
from tests.handlers.registering_support import (
    MINA_ID,
    REZA_ID,
    SARA_ID,
    balance_of,
    given_learner,
    given_workshop,
    offers,
    states,
)
from tests.handlers.support import DeskUnderTest, plain
from tests.handlers.workshop_support import (
    GROUP_ID,
    chats,
    given_certain,
    joined,
    names_in,
    sessions_of,
    to,
    turn,
    workshop_of,
)
from tests.workshops import given
from tests.workshops.support import CLOSES, DAY, FEE, FIRST, HOUR, OFFICE, OPENS

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _at_the_desk(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID)


class TestPlaces:
    async def test_a_place_that_was_not_paid_for_is_told_and_offered_on(
        self, desk: DeskUnderTest
    ) -> None:
        workshop = await given_workshop(desk, places=1, quorum=1)
        first = await given_learner(desk, SARA_ID)
        second = await given_learner(desk, REZA_ID)
        async with desk.database.transaction() as tx:
            await given.held(tx, workshop, first, payer_id=CitizenId(SARA_ID))
            await given.waits(tx, workshop, second, payer_id=CitizenId(REZA_ID))
        assert await turn(desk) == []
        desk.now = OPENS + 31 * MINUTE
        said = await turn(desk)
        assert chats(said) == sorted([SARA_ID, REZA_ID])
        assert not offers(said[0], "wja")
        offer = next(one for one in said if one.chat_id == REZA_ID)
        assert offers(offer, "wja")
        assert offers(offer, "wjd")
        assert await turn(desk) == []
        desk.now += DAY * 3
        said = await turn(desk)
        assert chats(said) == [REZA_ID]
        assert await states(desk, REZA_ID) == [RegistrationState.EXPIRED]
        assert await turn(desk) == []

    async def test_whoever_waits_hears_that_registration_is_over(
        self, desk: DeskUnderTest
    ) -> None:
        workshop = await given_workshop(desk, places=1, quorum=1)
        await joined(desk, workshop, SARA_ID)
        child = await given_learner(desk, REZA_ID)
        async with desk.database.transaction() as tx:
            await given.waits(tx, workshop, child, payer_id=CitizenId(REZA_ID))
        desk.now = CLOSES
        said = await turn(desk)
        assert len(to(said, REZA_ID)) == 1
        assert await turn(desk) == []

    async def test_the_last_moment_to_drop_is_told_once_and_by_day(
        self, desk: DeskUnderTest
    ) -> None:
        workshop = await given_workshop(desk)
        await joined(desk, workshop, SARA_ID)
        assert workshop.drop_until == at("1405/08/20 00:00")
        desk.now = at("1405/08/18 11:59")
        assert await turn(desk) == []
        desk.now = at("1405/08/18 23:30")
        assert await turn(desk) == []
        desk.now = at("1405/08/19 07:00")
        (said,) = await turn(desk)
        assert said.chat_id == SARA_ID
        assert await turn(desk) == []

    async def test_subscribers_hear_of_a_new_workshop_once(self, desk: DeskUnderTest) -> None:
        desk.now = OPENS - HOUR
        async with desk.database.transaction() as tx:
            await workshops.subscribe(
                tx, citizen_id=CitizenId(MINA_ID), office_id=OFFICE, sieve=Sieve(), now=desk.now
            )
            await given.given_published(tx)
        assert await turn(desk) == []
        desk.now = OPENS
        (said,) = await turn(desk)
        assert said.chat_id == MINA_ID
        assert await turn(desk) == []


class TestQuorum:
    async def test_a_workshop_that_takes_place_is_told_with_a_calendar(
        self, desk: DeskUnderTest
    ) -> None:
        workshop = await given_workshop(desk)
        for person_id in (SARA_ID, REZA_ID):
            await joined(desk, workshop, person_id)
        desk.now = CLOSES
        said = await turn(desk)
        assert chats(said) == sorted([SARA_ID, REZA_ID, GROUP_ID])
        files = [one.params["document"] for one in said if one.chat_id != GROUP_ID]
        assert {one["made_of"] for one in files} == {"workshop_calendar"}
        assert not names_in(said, GROUP_ID)
        assert await turn(desk) == []

    async def test_too_few_are_asked_about_and_then_their_fees_are_back(
        self, desk: DeskUnderTest
    ) -> None:
        workshop = await given_workshop(desk)
        one = await joined(desk, workshop, SARA_ID)
        desk.now = CLOSES
        (asked,) = await turn(desk)
        assert asked.chat_id == GROUP_ID
        assert not names_in([asked], GROUP_ID)
        assert (await balance_of(desk)).available_rial == 0
        desk.now += DAY
        said = await turn(desk)
        assert chats(said) == sorted([GROUP_ID, SARA_ID])
        told = next(found for found in said if found.chat_id == SARA_ID)
        assert "۵۰۰٬۰۰۰" in plain(told.text)
        assert offers(told, "wl")
        async with desk.database.reading() as tx:
            journals = await wallet.journals_about(
                tx, reference=f"registration:{one.id}", limit=10
            )
        assert len(journals) == 2
        assert (await balance_of(desk)).available_rial == FEE
        assert (await workshop_of(desk, workshop.id)).state is WorkshopState.QUORUM_FAILED
        assert await turn(desk) == []
        assert (await balance_of(desk)).available_rial == FEE

    async def test_a_crash_while_telling_leaves_all_as_it_was(
        self, desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        workshop = await given_workshop(desk)
        await joined(desk, workshop, SARA_ID)
        desk.now = CLOSES
        await turn(desk)
        desk.now += DAY

        def broken(*_args: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as patched:
            patched.setattr(workshop_places.workshop_alerts, "failed", broken)
            assert await turn(desk) == []
        assert (await balance_of(desk)).available_rial == 0
        assert (await workshop_of(desk, workshop.id)).state is not WorkshopState.QUORUM_FAILED
        assert chats(await turn(desk)) == sorted([GROUP_ID, SARA_ID])
        assert (await balance_of(desk)).available_rial == FEE

    async def test_what_was_done_before_the_storage_was_full_stays_done(
        self, desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        workshop = await given_workshop(desk)
        await joined(desk, workshop, SARA_ID)
        desk.now = CLOSES

        def full(*_args: object) -> None:
            trouble = sqlite3.OperationalError("database or disk is full")
            trouble.sqlite_errorname = "SQLITE_FULL"
            raise OperationalError("INSERT", {}, trouble)

        with monkeypatch.context() as patched:
            patched.setattr(workshop_places.workshop_alerts, "fell_short", full)
            with pytest.raises(OperationalError):
                await turn(desk)
        assert (await workshop_of(desk, workshop.id)).state is WorkshopState.CLOSED
        assert chats(await turn(desk)) == [GROUP_ID]
        assert (await workshop_of(desk, workshop.id)).state is WorkshopState.QUORUM_FAILED_PENDING


class TestSessions:
    async def test_people_are_reminded_a_day_and_an_hour_before(self, desk: DeskUnderTest) -> None:
        await given_certain(desk)
        desk.now = FIRST - DAY - MINUTE
        assert await turn(desk) == []
        desk.now = FIRST - DAY
        said = await turn(desk)
        assert chats(said) == sorted([SARA_ID, REZA_ID])
        assert offers(said[0], "wkc")
        assert await turn(desk) == []
        desk.now = FIRST - HOUR
        assert chats(await turn(desk)) == sorted([SARA_ID, REZA_ID])
        assert await turn(desk) == []

    async def test_after_a_long_sleep_only_the_later_reminder_is_sent(
        self, desk: DeskUnderTest
    ) -> None:
        await given_certain(desk)
        desk.now = FIRST - 30 * MINUTE
        assert chats(await turn(desk)) == sorted([SARA_ID, REZA_ID])
        assert await turn(desk) == []

    async def test_a_venue_has_no_checklist(self, desk: DeskUnderTest) -> None:
        await given_certain(desk, online_link=None, venue="ساری، خیابان فرهنگ")
        desk.now = FIRST - DAY
        said = await turn(desk)
        assert not offers(said[0], "wkc")
        assert "ساری، خیابان فرهنگ" in plain(said[0].text)

    async def test_staff_are_asked_who_was_there(self, desk: DeskUnderTest) -> None:
        workshop, *_ = await given_certain(desk)
        desk.now = FIRST
        await turn(desk)
        assert (await workshop_of(desk, workshop.id)).state is WorkshopState.RUNNING
        desk.now = FIRST + 90 * MINUTE
        (said,) = [one for one in await turn(desk) if one.chat_id == GROUP_ID]
        assert offers(said, "dws")
        assert (await sessions_of(desk, workshop))[0].state is SessionState.HELD
        assert await turn(desk) == []

    async def test_the_end_of_a_term_earns_the_fees_and_asks_how_it_was(
        self, desk: DeskUnderTest
    ) -> None:
        workshop, *_ = await given_certain(desk)
        for session in await sessions_of(desk, workshop):
            desk.now = session.slot.starts_at
            await turn(desk)
            desk.now = session.slot.ends_at
            await turn(desk)
        assert (await workshop_of(desk, workshop.id)).state is WorkshopState.COMPLETED
        async with desk.database.reading() as tx:
            assert await given.escrow_rial(tx, workshop) == 0
        desk.now += DAY - timedelta(hours=6)
        said = await desk.round(ask_surveys)
        assert chats(said) == sorted([SARA_ID, REZA_ID])
        sara = desk.person(SARA_ID)
        asked = next(one for one in said if one.chat_id == SARA_ID)
        sara.last = asked
        assert await sara.press("۵")
        assert await desk.round(ask_surveys) == []
