"""Training on the simulator: made-up cases that say so, can be worked on, and are wiped."""

import pytest
from sqlalchemy import func, select

from bot.cases.tables import case_message, desk_case
from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from handlers.callback_data import StaleButton
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, faults_of

OFFICER_ID = 2001


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Visitor:
    await desk.open_desk(GROUP_ID)
    await desk.make_staff(OFFICER_ID, Role.OFFICER)
    (one,) = desk.group(GROUP_ID, OFFICER_ID)
    return one


async def begun(desk: DeskUnderTest, officer: Visitor) -> list[Said]:
    desk.shared.is_trial = True
    command = [{"type": "bot_command", "offset": 0, "length": 9}]
    return await officer.send(text="/training", entities=command)


async def words_kept(desk: DeskUnderTest) -> int:
    async with desk.database.reading() as tx:
        return (await tx.execute(select(func.count()).select_from(case_message))).scalar_one()


async def test_each_made_up_case_says_so_and_has_a_hint(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    *cards, hints = await begun(desk, officer)
    assert not [fault for said in (*cards, hints) for fault in faults_of(said)]
    assert len(cards) == 3
    assert all("(تمرین)" in card.text for card in cards)
    assert hints.text.count("<code>") == 3
    await officer.reply_to(cards[0], "جلسه جبرانی شنبه است.")
    assert not desk.refused
    assert set(desk.heard) == {GROUP_ID}, "nobody outside hears of it"


async def test_wiping_leaves_no_words_and_no_code(desk: DeskUnderTest, officer: Visitor) -> None:
    *cards, hints = await begun(desk, officer)
    await officer.reply_to(cards[0], "جلسه جبرانی شنبه است.")
    wiped = await officer.press("پاک شوند", hints)
    assert "۳" in wiped.text
    assert await words_kept(desk) == 0
    async with desk.database.reading() as tx:
        states = (await tx.scalars(select(desk_case.c.state))).all()
    assert set(states) == {"closed"}
    again = await officer.press("پاک شوند", hints)
    assert "۰" in again.text


async def test_in_a_real_office_there_is_none(desk: DeskUnderTest, officer: Visitor) -> None:
    said = await officer.say("/training")
    assert "واقعی" in said.text
    assert await words_kept(desk) == 0
    await officer.press_data("tr:AAAAAAAAAA")
    assert isinstance(desk.refused[-1], StaleButton)


async def test_a_case_of_somebody_is_not_wiped_by_its_code(
    desk: DeskUnderTest, officer: Visitor
) -> None:
    from tests.handlers.citizen_support import code_on, register  # noqa: PLC0415 - only here

    desk.shared.is_trial = True
    receipt = await register(desk.person(100))
    await officer.press_data(f"tr:{code_on(receipt)}")
    assert await words_kept(desk) == 1


async def test_finance_begins_none(desk: DeskUnderTest, officer: Visitor) -> None:
    del officer
    await desk.make_staff(2002, Role.FINANCE)
    (finance,) = desk.group(GROUP_ID, 2002)
    await begun(desk, finance)
    assert isinstance(desk.refused[-1], StaffOnly)
