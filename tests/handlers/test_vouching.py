"""/vouch: the office lets somebody without a national ID go on, from their case or by a number."""

import pytest

from bot.citizens.errors import NotInDeskChat, StaffOnly
from bot.citizens.model import Role
from bot.workshops.errors import NoSuchRegistration
from bot.workshops.errors.identifying import NobodyToVouchFor
from bot.workshops.model import RegistrationState
from handlers.callback_data.identifying import NONE_THERE
from tests.handlers.desk_support import COLLEAGUE, OFFICER, STRANGER, Officer, register
from tests.handlers.registering_support import (
    SARA_ID,
    given_learner,
    given_money,
    given_workshop,
    press,
    registrations,
    states,
    tap,
    up_to_terms,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, plain
from tests.handlers.workshop_support import GROUP_ID, decide
from tests.workshops.support import FEE

REASON = "گذرنامه را در دفتر نشان داد"
NAMES = ("بهارک", "آراد")


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk(GROUP_ID)
    return await Officer.at(desk, OFFICER)


async def led_to_the_office(desk: DeskUnderTest, *names: str) -> tuple[Visitor, Said]:
    """Begin without a national ID, and read what to do."""
    decide(desk, requires_national_id=True)
    workshop = await given_workshop(desk)
    learners = [await given_learner(desk, name=name) for name in names or NAMES[:1]]
    sara = desk.person(SARA_ID)
    page = await up_to_terms(sara, workshop, *learners)
    return sara, await press(sara, next(one for one in page.presses if NONE_THERE in one))


async def write(who: Officer, text: str) -> list[Said]:
    mark = {"type": "bot_command", "offset": 0, "length": len("/vouch")}
    return await who.visitor.send(text=text, entities=[mark])


async def numbers(desk: DeskUnderTest) -> list[int]:
    return [one.id for one in await registrations(desk, SARA_ID)]


async def vouched(desk: DeskUnderTest) -> list[bool]:
    return [one.is_vouched for one in await registrations(desk, SARA_ID)]


async def test_from_the_page_that_leads_to_the_office_to_a_place(
    desk: DeskUnderTest, officer: Officer
) -> None:
    sara, page = await led_to_the_office(desk)
    (id_,) = await numbers(desk)
    assert "خبر می‌دهم" in plain(page.text)
    said = await officer.visitor.say(f"/vouch ث-{id_} {REASON}")
    assert "ثبت شد" in plain(said.text)
    assert NAMES[0] not in said.text
    notice = desk.heard[SARA_ID][-1]
    assert "کد ملی لازم نیست" in plain(notice.text)
    review = await tap(sara, notice, "wmr")
    assert "لازم نیست" in plain(review.text)
    await given_money(desk, cash=FEE)
    await tap(sara, await tap(sara, review, "wra"), "wrp")
    assert await states(desk) == [RegistrationState.CONFIRMED]
    assert "🪪" in plain((await press(officer.visitor, f"dwa:{1}:l:")).text)


async def test_a_reply_to_the_case_is_enough_where_one_waits(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await led_to_the_office(desk)
    case = await register(desk, author=SARA_ID)
    card = await officer.card(case)
    await officer.reply(card, f"/vouch {REASON}")
    assert await vouched(desk) == [True]
    await officer.reply(card, f"/vouch {REASON}")
    assert isinstance(desk.refused[-1], NobodyToVouchFor)


async def test_where_several_wait_their_numbers_are_named(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await led_to_the_office(desk, *NAMES)
    card = await officer.card(await register(desk, author=SARA_ID))
    (said,) = await officer.reply(card, f"/vouch {REASON}")
    first, second = await numbers(desk)
    assert await vouched(desk) == [False, False]
    for id_ in (first, second):
        assert f"ث-{id_}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in plain(said.text)
    await officer.reply(card, f"/vouch R-{second} {REASON}")
    assert [one.id for one in await registrations(desk, SARA_ID) if one.is_vouched] == [second]


@pytest.mark.parametrize("text", ["/vouch", "/vouch R-1", "/vouch گذرنامه را دیدم"])
async def test_what_is_half_said_is_explained_and_changes_nothing(
    desk: DeskUnderTest, officer: Officer, text: str
) -> None:
    await led_to_the_office(desk)
    assert "/vouch" in plain((await officer.visitor.say(text)).text)
    assert await vouched(desk) == [False]


@pytest.mark.usefixtures("officer")
async def test_nobody_else_vouches_and_nothing_of_another_office_is_told(
    desk: DeskUnderTest,
) -> None:
    await led_to_the_office(desk)
    (id_,) = await numbers(desk)
    other = -1007
    await desk.open_desk(other, "mazandaran")
    abroad = await Officer.at(desk, COLLEAGUE, "mazandaran", group_id=other)
    finance = await Officer.at(desk, 2077, role=Role.FINANCE)
    before = await desk.kept()
    for who, refusal in (
        (finance, StaffOnly),
        (Officer.outsider(desk, STRANGER), StaffOnly),
        (Officer.outsider(desk, COLLEAGUE), StaffOnly),
        (Officer.outsider(desk, OFFICER, -1009), NotInDeskChat),
        (abroad, NoSuchRegistration),
    ):
        await write(who, f"/vouch R-{id_} {REASON}")
        assert isinstance(desk.refused[-1], refusal), who
    await write(abroad, f"/vouch R-9999 {REASON}")
    assert isinstance(desk.refused[-1], NoSuchRegistration), "as for one that there is"
    assert await desk.kept() == before
