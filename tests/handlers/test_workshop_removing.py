"""A manager takes a place away: with a reason, once, and the family and the line know at once."""

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.workshops.errors import NoSuchRegistration, StepRefused
from bot.workshops.model import Registration, RegistrationState, Workshop
from handlers.callback_data.workshop_credit import RemovalAsked
from tests.handlers.desk_support import COLLEAGUE, MANAGER, OFFICER, Officer
from tests.handlers.registering_support import (
    MINA_ID,
    SARA_ID,
    balance_of,
    given_learner,
    given_money,
    given_workshop,
    offers,
    press,
    sound,
    states,
    tap,
    up_to_place,
)
from tests.handlers.support import DeskUnderTest, Said, plain
from tests.handlers.workshop_support import GROUP_ID, NAMES, joined, names_in, workshop_of

REASON = "این کارگاه تنها برای اعضای مرکز ساری است"


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    assert officer is not None  # who opened the desk
    return await Officer.at(desk, MANAGER, role=Role.MANAGER)


async def given_place(desk: DeskUnderTest) -> tuple[Workshop, Registration]:
    """The only place of a workshop is taken, by Sara's child."""
    workshop = await given_workshop(desk, places=1, quorum=1)
    return workshop, await joined(desk, workshop, SARA_ID)


async def asked(manager: Officer, workshop: Workshop) -> Said:
    """Go from the card to the question."""
    learners = await press(manager.visitor, f"dwa:{workshop.id}:l:")
    chosen = await tap(manager.visitor, learners, "dwv")
    return await tap(manager.visitor, chosen, "dwva")


async def test_a_place_is_taken_away_with_a_reason_and_the_fee_is_back(
    desk: DeskUnderTest, manager: Officer
) -> None:
    workshop, one = await given_place(desk)
    prompt = await asked(manager, workshop)
    assert "دلیل" in plain(prompt.text)
    said = await manager.reply(prompt, REASON)
    sound(said)
    assert await states(desk) == [RegistrationState.REMOVED]
    assert (await balance_of(desk)).cash_rial == one.fee_rial > 0
    (notice,) = desk.heard[SARA_ID]
    assert REASON in plain(notice.text)
    assert NAMES[SARA_ID] in plain(notice.text)
    assert offers(notice, "home")
    assert not names_in(said, GROUP_ID)
    assert (await workshop_of(desk, workshop.id)).free_count == 1


async def test_the_audit_keeps_no_number_of_a_person(
    desk: DeskUnderTest, manager: Officer
) -> None:
    workshop, _one = await given_place(desk)
    await manager.reply(await asked(manager, workshop), f"{REASON}، تلفن 09123456789")
    async with desk.database.reading() as tx:
        (entry,) = await citizens.audit_of(tx, office_id=workshop.office_id, limit=1)
    assert (entry.action, entry.subject) == ("registration.remove", f"workshop:{workshop.id}")
    assert (entry.before, entry.after) == ("confirmed", "removed")
    assert REASON in (entry.note or "")
    assert "09123456789" not in (entry.note or "")


async def test_the_next_in_line_gets_the_place_at_once(
    desk: DeskUnderTest, manager: Officer
) -> None:
    workshop, _one = await given_place(desk)
    mina = desk.person(MINA_ID)
    child = await given_learner(desk, MINA_ID, NAMES[MINA_ID])
    await given_money(desk, MINA_ID, workshop.fee_rial)
    await tap(mina, await up_to_place(mina, workshop, child), "wj")
    assert RegistrationState.CONFIRMED not in await states(desk, MINA_ID)
    before = len(desk.heard[MINA_ID])
    await manager.reply(await asked(manager, workshop), REASON)
    assert (await states(desk, MINA_ID))[-1] in (
        RegistrationState.CONFIRMED,
        RegistrationState.HELD,
    )
    assert len(desk.heard[MINA_ID]) == before + 1
    assert (await workshop_of(desk, workshop.id)).free_count == 0


async def test_a_second_reason_changes_nothing(desk: DeskUnderTest, manager: Officer) -> None:
    workshop, one = await given_place(desk)
    prompt = await asked(manager, workshop)
    await manager.reply(prompt, REASON)
    await manager.reply(prompt, "دوباره")
    assert isinstance(desk.refused[-1], StepRefused)
    assert (await balance_of(desk)).cash_rial == one.fee_rial
    assert len(desk.heard[SARA_ID]) == 1
    assert await manager.visitor.press_data(RemovalAsked(str(one.id)).pack()) == []
    assert isinstance(desk.refused[-1], StepRefused)


async def test_an_officer_is_told_before_writing_that_a_manager_does_this(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    workshop, one = await given_place(desk)
    before = await desk.kept()
    learners = await press(officer.visitor, f"dwa:{workshop.id}:l:")
    assert any("مدیر" in label for label in learners.buttons)
    for data in (f"dwv:{workshop.id}:0", f"dwva:{one.id}"):
        assert await officer.visitor.press_data(data) == []
        assert isinstance(desk.refused[-1], StaffOnly)
    assert await desk.kept() == before
    prompt = await asked(manager, workshop)
    desk.refused.clear()
    await officer.reply(prompt, REASON)
    assert isinstance(desk.refused[-1], StaffOnly)
    assert await states(desk) == [RegistrationState.CONFIRMED]


async def test_a_manager_of_another_office_finds_nothing(
    desk: DeskUnderTest, officer: Officer
) -> None:
    _workshop, one = await given_place(desk)
    elsewhere = await Officer.at(desk, COLLEAGUE, "tvto-mazandaran", role=Role.MANAGER)
    assert await elsewhere.visitor.press_data(RemovalAsked(str(one.id)).pack()) == []
    assert officer is not None  # who opened the desk
    assert isinstance(desk.refused[-1], NoSuchRegistration | StaffOnly)
    assert await states(desk) == [RegistrationState.CONFIRMED]
