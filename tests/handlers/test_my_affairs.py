"""All that one has under way in one view, and help that begins with where one is."""

from datetime import timedelta

import pytest

from bot.kit.tracking import code_in
from tests.handlers import citizen_support, payout_support
from tests.handlers.registering_support import (
    CHILD,
    SARA_ID,
    given_learner,
    given_money,
    given_workshop,
    registered,
    up_to_place,
)
from tests.handlers.support import DeskUnderTest, Said, Visitor, faults_of, plain

FRIDAY = timedelta(days=5)


def sound(said: Said) -> Said:
    assert not faults_of(said)
    return said


async def test_who_has_nothing_is_told_so_and_shown_a_way(sara: Visitor) -> None:
    page = sound(await sara.say("/my"))
    assert "چیزی در جریان ندارید" in page.text
    assert "home" in page.presses


async def test_all_of_it_is_in_one_view_with_one_press_to_each(desk: DeskUnderTest) -> None:
    await desk.open_desk()
    workshop = await given_workshop(desk)
    sara, _receipt = await registered(desk, workshop, SARA_ID)
    await given_money(desk, SARA_ID, 3_000_000)
    case = await citizen_support.register(sara)
    payout = await payout_support.request(desk, SARA_ID, amount="100,000 تومان")
    page = sound(await sara.say("/my"))
    text = plain(page.text)
    code = code_in(plain(case.text))
    assert code is not None
    for told in ("پاسخ تا", CHILD, "جلسه بعد", "کیف پول نزد", "کنار گذاشته‌شده"):
        assert told in text, told
    assert code_in(text.partition("پرونده‌ها")[2]) == code
    assert payout.code in text.replace("-", "")
    assert any(code in data for data in page.presses)
    assert any(payout.code in data for data in page.presses)
    labels = [label for label in page.buttons if CHILD in label]
    opened = await sara.press(labels[0], page)
    assert workshop.details.title in plain(opened.text)


async def test_a_place_that_is_kept_says_until_when(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    learner = await given_learner(desk)
    sara = desk.person(SARA_ID)
    await up_to_place(sara, workshop, learner)
    page = sound(await sara.say("/my"))
    assert "جایی برایتان نگه داشته شده" in page.text


async def test_it_shows_nothing_of_anybody_else(desk: DeskUnderTest) -> None:
    workshop = await given_workshop(desk)
    await registered(desk, workshop, SARA_ID)
    other = await desk.person(771_234_999).say("/my")
    assert CHILD not in other.text
    assert workshop.details.title not in other.text


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_help_says_that_nothing_is_open_and_how_to_go_on(
    desk: DeskUnderTest, language: str
) -> None:
    page = sound(await desk.person(language_code=language).say("/help"))
    nothing = {"fa": "کار نیمه‌تمامی ندارید", "en": "Nothing of yours is open"}
    assert nothing[language] in page.text
    assert "/options" in page.text
    assert "my" in page.presses


async def test_help_within_a_flow_names_it_and_the_way_out(sara: Visitor) -> None:
    await citizen_support.up_to_text(sara)
    page = sound(await sara.say("/help"))
    assert "گفتن چیزی به اداره" in page.text
    assert "/cancel" in page.text


async def test_help_says_which_offices_are_closed_and_until_when(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    desk.now += timedelta(hours=1)
    assert "بسته است" not in (await sara.say("/help")).text
    desk.now += FRIDAY
    page = sound(await sara.say("/help"))
    assert page.text.count("الان بسته است، تا") == len(desk.shared.catalogue.offices)


async def test_help_counts_what_is_under_way(desk: DeskUnderTest, sara: Visitor) -> None:
    await desk.open_desk()
    await citizen_support.register(sara)
    assert "۱ پرونده در جریان" in (await sara.say("/help")).text


async def test_help_tells_staff_where_their_work_is(desk: DeskUnderTest) -> None:
    await desk.open_desk()
    page = sound(await desk.person(900).say("/help"))
    assert "گروه کارکنان" in page.text
    assert "/invite" in page.text
