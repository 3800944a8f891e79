"""The fee instead of make-up classes: asked by a citizen, decided by a manager of the office."""

import pytest

from bot.citizens.model import Role
from bot.workshops import use_cases as workshops
from bot.workshops.model import DEFAULT_POLICY, RegistrationState, Workshop
from tests.handlers.desk_support import Officer
from tests.handlers.registering_support import (
    CHILD,
    REZA_ID,
    SARA_ID,
    balance_of,
    given_workshop,
    offers,
    press,
    registered,
    states,
    tap,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, plain
from tests.workshops.support import FEE, MANAGER

MANAGER_ID, OFFICER_ID = 2003, 2001
CONFIRMED, CREDITED = RegistrationState.CONFIRMED, RegistrationState.CREDITED


async def cancelled(desk: DeskUnderTest) -> tuple[Workshop, Visitor]:
    """A workshop with one paid place that the office cancelled."""
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop)
    async with desk.database.transaction() as tx:
        await workshops.cancel(
            tx,
            workshop_id=workshop.id,
            actor=MANAGER,
            reason="سیل",
            policy=DEFAULT_POLICY,
            now=desk.now,
        )
    return workshop, sara


async def manager_of(desk: DeskUnderTest) -> Officer:
    await desk.open_desk()
    return await Officer.at(desk, MANAGER_ID, role=Role.MANAGER, group_id=GROUP_ID)


async def asked(desk: DeskUnderTest, sara: Visitor) -> Said:
    """Ask for the fee, and give the card of the manager."""
    page = await press(sara, "wmr:1:")
    page = await tap(sara, page, "wmc")
    desk.heard.clear()
    await tap(sara, page, "wmc", "s")
    (card,) = desk.heard[GROUP_ID]
    return card


async def test_a_manager_gives_the_fee_back_and_the_citizen_hears_of_it(
    desk: DeskUnderTest,
) -> None:
    _workshop, sara = await cancelled(desk)
    manager = await manager_of(desk)
    card = await asked(desk, sara)
    text = plain(card.text)
    assert "ب…" in text
    for private in (CHILD, str(SARA_ID), "Sara"):
        assert private not in text
    await tap(manager.visitor, card, "dwca")
    assert await states(desk) == [CREDITED]
    assert (await balance_of(desk)).cash_rial == FEE
    told = desk.heard[SARA_ID][-1]
    assert "به کیف پول شما برگشت" in plain(told.text)
    assert offers(told, "wy")
    desk.heard.clear()
    await manager.visitor.press_data("dwca:1")
    assert (await balance_of(desk)).cash_rial == FEE
    assert not desk.heard[SARA_ID]


async def test_asking_twice_in_a_day_asks_once(desk: DeskUnderTest) -> None:
    _workshop, sara = await cancelled(desk)
    await manager_of(desk)
    await asked(desk, sara)
    desk.heard.clear()
    await press(sara, "wmc:1:s")
    assert not desk.heard[GROUP_ID]


async def test_a_refusal_needs_words_which_the_citizen_reads(desk: DeskUnderTest) -> None:
    _workshop, sara = await cancelled(desk)
    manager = await manager_of(desk)
    card = await asked(desk, sara)
    prompt = await tap(manager.visitor, card, "dwcr")
    desk.heard.clear()
    await manager.reply(prompt, "کلاس جبرانی هفته آینده است <b>")
    told = desk.heard[SARA_ID][-1]
    assert "هفته آینده" in plain(told.text)
    assert await states(desk) == [CONFIRMED]


async def test_only_a_manager_in_the_admin_chat_decides(desk: DeskUnderTest) -> None:
    _workshop, sara = await cancelled(desk)
    await manager_of(desk)
    card = await asked(desk, sara)
    officer = await Officer.at(desk, OFFICER_ID, role=Role.OFFICER, group_id=GROUP_ID)
    for data in card.presses:
        await officer.visitor.press_data(data)
        await sara.press_data(data)
        await desk.person(MANAGER_ID).press_data(data)
    assert await states(desk) == [CONFIRMED]


async def test_an_office_without_an_admin_chat_is_reached_by_a_case(desk: DeskUnderTest) -> None:
    _workshop, sara = await cancelled(desk)
    page = await press(sara, "wmc:1:s")
    assert offers(page, "kb") or any(data.startswith("k") for data in page.presses)


@pytest.mark.parametrize("step", ["", "s"])
async def test_it_is_not_asked_for_where_nothing_is_owed(desk: DeskUnderTest, step: str) -> None:
    await manager_of(desk)
    sara, _receipt = await registered(desk, await given_workshop(desk))
    desk.heard.clear()
    await press(sara, f"wmc:1:{step}")
    await desk.person(REZA_ID).press_data(f"wmc:1:{step}")
    assert not desk.heard[GROUP_ID]
    assert not offers(await press(sara, "wmr:1:"), "wmc")
