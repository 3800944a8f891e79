"""What a family sees of the sessions that have taken place: who was there, and what follows."""

from collections.abc import Mapping

import pytest

from bot.workshops import use_cases as workshops
from bot.workshops.model import Presence, Registration, Session, Workshop
from tests.handlers.registering_support import REZA_ID, SARA_ID, offers, press
from tests.handlers.support import DeskUnderTest, Said, plain
from tests.handlers.workshop_support import given_certain, sessions_of, turn
from tests.workshops.support import OFFICER

MISSED = "جایتان خالی بود"


async def hold(desk: DeskUnderTest, workshop: Workshop, number: int) -> Session:
    """Let a session begin and end."""
    session = (await sessions_of(desk, workshop))[number - 1]
    for moment in (session.slot.starts_at, session.slot.ends_at):
        desk.now = moment
        await turn(desk)
    return session


async def note(
    desk: DeskUnderTest, session: Session, presences: Mapping[Registration, Presence]
) -> None:
    async with desk.database.transaction() as tx:
        await workshops.note_attendance(
            tx,
            session_id=session.id,
            presences={one.id: presence for one, presence in presences.items()},
            actor=OFFICER,
            now=desk.now,
        )


async def pages(desk: DeskUnderTest, person_id: int, one: Registration) -> tuple[Said, Said]:
    """The page of a registration, and that of its sessions."""
    person = desk.person(person_id)
    return await press(person, f"wmr:{one.id}:"), await press(person, f"wms:{one.id}:0")


async def test_each_past_session_says_whether_the_learner_was_there(desk: DeskUnderTest) -> None:
    workshop, sara, reza = await given_certain(desk)
    first = await hold(desk, workshop, 1)
    await note(desk, first, {sara: Presence.PRESENT, reza: Presence.ABSENT})
    await hold(desk, workshop, 2)

    page, listed = await pages(desk, SARA_ID, sara)
    one, two, three, _four = (
        plain(listed.text).split("\n\n")[1].split("\n۲.")[0],
        *(plain(listed.text).split(f"\n{digit}.")[1] for digit in "۲۳۴"),
    )
    assert "حاضر بود" in one
    assert "هنوز ثبت نشده" in two.split("\n۳.")[0]
    assert "ثبت نشده" not in three.split("\n۴.")[0], "what is to come has no attendance"
    assert "حاضر ۱ · ثبت‌نشده ۱" in plain(page.text)
    assert MISSED not in plain(listed.text)


async def test_an_absence_is_told_kindly_and_once_with_a_way_to_object(
    desk: DeskUnderTest,
) -> None:
    workshop, sara, reza = await given_certain(desk)
    for number in (1, 2):
        session = await hold(desk, workshop, number)
        await note(desk, session, {sara: Presence.PRESENT, reza: Presence.ABSENT})

    page, listed = await pages(desk, REZA_ID, reza)
    text = plain(listed.text)
    assert text.count("✖️ غایب بود\n") == 2
    assert (text.count(MISSED), text.count("KN-30")) == (1, 1)
    assert offers(listed, "k")
    assert "غایب ۲" in plain(page.text)

    _page, others = await pages(desk, SARA_ID, sara)
    assert "KN-30" not in plain(others.text)
    assert not offers(others, "k")


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (Presence.LATE, "با کمی تأخیر"),
        (Presence.EXCUSED, "عذر موجه"),
        (Presence.TECHNICAL_FAULT_OFFICE, "مشکل از ما بود"),
    ],
)
async def test_what_is_no_plain_absence_is_not_answered_as_one(
    desk: DeskUnderTest, presence: Presence, said: str
) -> None:
    workshop, sara, _reza = await given_certain(desk)
    await note(desk, await hold(desk, workshop, 1), {sara: presence})
    _page, listed = await pages(desk, SARA_ID, sara)
    assert said in plain(listed.text)
    assert MISSED not in plain(listed.text)


async def test_a_list_that_was_closed_without_a_line_is_not_awaited(desk: DeskUnderTest) -> None:
    workshop, sara, _reza = await given_certain(desk)
    session = await hold(desk, workshop, 1)
    async with desk.database.transaction() as tx:
        await workshops.settle_session(tx, session_id=session.id, actor=OFFICER, now=desk.now)
    _page, listed = await pages(desk, SARA_ID, sara)
    assert "چیزی ثبت نشده" in plain(listed.text)
    assert "هنوز ثبت نشده" not in plain(listed.text)
