"""What people are told unasked: listed in one place, ended with one press, and then not told."""

from datetime import timedelta

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Notice
from handlers.callback_data import StaleButton
from handlers.jobs.workshops import run_workshops
from tests.handlers.registering_support import SARA_ID, given_workshop, registered
from tests.handlers.support import DeskUnderTest, Visitor, faults_of
from tests.workshops.support import FIRST


async def muted(desk: DeskUnderTest, person_id: int) -> frozenset[Notice]:
    async with desk.database.reading() as tx:
        return (await citizens.recall(tx, citizen_id=CitizenId(person_id))).muted


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_each_is_ended_and_begun_again_with_one_press(
    desk: DeskUnderTest, language: str
) -> None:
    visitor = desk.person(language_code=language)
    page = await visitor.say("/notices")
    assert not faults_of(page)
    for notice in Notice:
        (page,) = await visitor.press_data(f"no:{notice.value}:off")
        assert notice in await muted(desk, visitor.id)
    assert len(await muted(desk, visitor.id)) == len(Notice)
    for notice in Notice:
        (page,) = await visitor.press_data(f"no:{notice.value}:on")
        assert not faults_of(page)
    assert not await muted(desk, visitor.id)


async def test_from_help_it_is_one_press_away_and_survives_other_choices(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.say("/help")
    await sara.press("پیام‌هایی که می‌فرستم")
    await sara.press("نظرسنجی")
    await sara.press_data("o:kanoon")
    await sara.press_data("l:en")
    assert await muted(desk, sara.id) == {Notice.SURVEYS}


async def test_below_a_notice_one_press_ends_its_kind(desk: DeskUnderTest, sara: Visitor) -> None:
    (said,) = await sara.press_data("no:reminders:offb")
    assert "یادآوری جلسه‌ها" in said.text
    assert await muted(desk, sara.id) == {Notice.REMINDERS}


@pytest.mark.parametrize("pressed", [[], ["no:reminders:off"]])
async def test_whoever_wants_no_reminder_is_reminded_of_no_session(
    desk: DeskUnderTest, pressed: list[str]
) -> None:
    workshop = await given_workshop(desk, quorum=1)
    sara, _receipt = await registered(desk, workshop, SARA_ID)
    for data in pressed:
        await sara.press_data(data)
    for moment in (workshop.closes_at + timedelta(hours=1), FIRST - timedelta(hours=20)):
        desk.now = moment
        await desk.round(run_workshops)
    reminded = [said for said in desk.heard[SARA_ID] if "no:reminders:offb" in said.presses]
    assert bool(reminded) is not bool(pressed)


@pytest.mark.parametrize("data", ["no:nothing:off", "no:surveys:x", "no::", "no:surveys:offb:1"])
async def test_what_is_none_changes_nothing(desk: DeskUnderTest, sara: Visitor, data: str) -> None:
    await sara.press_data(data)
    assert isinstance(desk.refused[-1], StaleButton)
    assert not await muted(desk, sara.id)
