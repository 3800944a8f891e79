"""Officers make a workshop in the admin chat: a form, dates that skip holidays, and publishing."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.citizens.errors import StaffOnly
from bot.citizens.model import Role
from bot.kit.clock import TEHRAN
from bot.workshops.errors import FormUnreadable, NoSuchWorkshop, NotTheirStep, StepRefused
from bot.workshops.tables import workshop as workshop_table
from bot.workshops.tables import workshop_session as session_table
from handlers.callback_data import StaleButton
from handlers.callback_data.workshop_desk import DeskAct, DeskWorkshopPressed, PlanAccepted
from handlers.jobs.housekeeping import seed_calendar
from tests.handlers.desk_support import MANAGER, OFFICER, Officer
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, faults_of, plain

if TYPE_CHECKING:
    from bot.kit.errors import DeskError

FORM = """عنوان: سفال‌گری <b>کودکان</b>
شرح: کار با گل
از نخستین گام‌ها
موضوع: سفال
سن: ۸ تا ۱۲
هزینه: ۵۰۰ هزار تومان
ظرفیت: ۲۰
حد نصاب: ۸
آغاز ثبت‌نام: ۱۴۰۵/۰۹/۰۱ ساعت ۸:۰۰
پایان ثبت‌نام: ۱۴۰۵/۰۹/۲۵
پیوند کلاس: https://kpf.ir/lms
"""
PLAN = """نخستین جلسه: ۱۴۰۵/۰۹/۳۰
روزهای هفته: دوشنبه، چهارشنبه
ساعت: ۱۷:۰۰ تا ۱۸:۳۰
تعداد جلسه: ۳"""


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    desk.now = datetime(2026, 11, 22, 9, 0, tzinfo=TEHRAN).astimezone(UTC)
    await desk.round(seed_calendar)
    await desk.open_desk()
    return await Officer.at(desk, OFFICER, group_id=GROUP_ID)


@pytest.fixture
async def manager(desk: DeskUnderTest, officer: Officer) -> Officer:
    assert officer.visitor.id == OFFICER
    return await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID)


def button(said: Said, prefix: str, *parts: str) -> str:
    (data,) = [
        one
        for one in said.presses
        if one.split(":")[0] == prefix and set(parts) <= set(one.split(":"))
    ]
    return data


async def tap(officer: Officer, said: Said, prefix: str, *parts: str) -> list[Said]:
    data = button(said, prefix, *parts)
    answers = await officer.visitor.press_data(data, message_id=said.message_id or 77)
    assert not [fault for one in answers for fault in faults_of(one)]
    return answers


async def prompted(officer: Officer) -> Said:
    listed = await officer.visitor.say("/workshops")
    (form,) = await tap(officer, listed, "dwn", "kanoon")
    return form


async def made(officer: Officer, text: str = FORM) -> list[Said]:
    answers = await officer.reply(await prompted(officer), text)
    assert not [fault for one in answers for fault in faults_of(one)]
    return answers


async def test_a_form_is_sent_once_more_in_reply_to_what_was_wrong_with_it(
    desk: DeskUnderTest, officer: Officer
) -> None:
    (wrong,) = await made(officer, "عنوان: خط\nسن: صد")
    card, dates = await officer.reply(wrong, f"{FORM}{PLAN.replace('۱۷:۰۰', '۱۷')}")
    assert "سفال‌گری" in plain(card.text)
    assert "۱۷:۰۰" in plain(dates.text), "an hour needs no minutes"
    assert len(await kept(desk)) == 1


async def test_a_chat_of_two_offices_says_for_which_of_them_a_workshop_is_made(
    officer: Officer,
) -> None:
    listed = await officer.visitor.say("/workshops")
    making = [one for one in listed.buttons if one.endswith(("🆕", "📥"))]
    assert len(making) == 4, "two of each office, told apart"


async def kept(desk: DeskUnderTest) -> list[tuple[object, ...]]:
    async with desk.database.reading() as tx:
        rows = [*await tx.execute(select(workshop_table))]
        rows += [*await tx.execute(select(session_table))]
        return [tuple(row) for row in rows]


async def test_a_workshop_is_made_planned_and_published_in_the_chat(
    desk: DeskUnderTest, officer: Officer
) -> None:
    card, dates = await made(officer, f"{FORM}{PLAN}")
    text = plain(card.text)
    assert "سفال‌گری" in text
    assert "۵٬۰۰۰٬۰۰۰ ریال (۵۰۰٬۰۰۰ تومان)" in text
    assert "• شرایط" in text
    assert "کار با گل" in text
    assert not [one for one in card.presses if ":P:" in one]
    # The second of Dey is a holiday: it is left out, and no session is lost.
    assert "چهارشنبه ۲ دی ۱۴۰۵: تعطیل" in plain(dates.text)
    assert plain(dates.text).count("ساعت ۱۷:۰۰") == 3
    (card,) = await tap(officer, dates, "dwp")
    assert "۳ جلسه" in plain(card.text)
    (prompt,) = await tap(officer, card, "dwa", DeskAct.TERMS)
    (card,) = await officer.reply(prompt, "ثبت‌نام یعنی پذیرفتن شرح دوره.")
    (sure,) = await tap(officer, card, "dwa", DeskAct.PUBLISH)
    (shown,) = await tap(officer, sure, "dwa", DeskAct.PUBLISH, "y")
    assert "باز" in plain(shown.text)
    async with desk.database.reading() as tx:
        (row,) = await tx.execute(select(workshop_table))
    assert row.state == "open"
    assert row.closes_at == datetime(2026, 12, 17, 0, 0, tzinfo=TEHRAN).astimezone(UTC)


async def test_a_second_tap_on_publishing_changes_nothing(
    desk: DeskUnderTest, officer: Officer
) -> None:
    _card, dates = await made(officer, f"{FORM}شرایط: پذیرفتن شرح\n{PLAN}")
    (card,) = await tap(officer, dates, "dwp")
    (sure,) = await tap(officer, card, "dwa", DeskAct.PUBLISH)
    await tap(officer, sure, "dwa", DeskAct.PUBLISH, "y")
    before = await kept(desk)
    await officer.visitor.press_data(button(sure, "dwa", DeskAct.PUBLISH, "y"))
    assert isinstance(desk.refused[-1], StepRefused)
    await officer.visitor.press_data(button(dates, "dwp"))
    assert isinstance(desk.refused[-1], StepRefused)
    assert await kept(desk) == before


async def test_what_cannot_be_read_is_named_all_at_once_and_nothing_is_kept(
    desk: DeskUnderTest, officer: Officer
) -> None:
    text = FORM.replace("۵۰۰ هزار تومان", "۵۰۰").replace("۸ تا ۱۲", "کودک")
    (said,) = await officer.reply(await prompted(officer), text)
    assert isinstance(desk.refused[-1], FormUnreadable)
    assert "• شهریه" in said.text
    assert "• سن" in said.text
    assert "• ظرفیت" not in said.text
    assert not await kept(desk)


async def test_lines_that_the_form_has_not_are_named_beside_what_cannot_be_read(
    desk: DeskUnderTest, officer: Officer
) -> None:
    text = f"سلام همکاران\n{FORM}رنگ: آبی\n{PLAN}".replace("۸ تا ۱۲", "کودک")
    text = text.replace("تعداد جلسه: ۳", "تعداد جلسه: سه تا")
    (said,) = await officer.reply(await prompted(officer), text)
    assert isinstance(desk.refused[-1], FormUnreadable)
    for named in ("• سلام همکاران", "• رنگ: آبی", "• سن: ", "• تعداد جلسه: "):
        assert named in plain(said.text), named
    assert not await kept(desk)
    (card, *_dates) = await officer.reply(said, f"{FORM}{PLAN}")
    assert "رنگ" not in plain(card.text)


async def test_a_line_within_a_long_text_is_kept_in_it_and_named(officer: Officer) -> None:
    terms = "شرایط: پذیرفتن شرح\nرنگ: آبی\nاین نیز پذیرفته می‌شود که هر جلسه به هنگام است: سر ساعت"
    (card,) = await made(officer, f"{FORM}{terms}")
    head, *_rest = plain(card.text).split("\n\n")
    assert "• رنگ: آبی" in head
    assert "سر ساعت" not in head
    (prompt,) = await tap(officer, card, "dwa", DeskAct.EDIT)
    (card,) = await officer.reply(prompt, "ظرفیت: ۲۵")
    assert "رنگ" not in plain(card.text)


async def test_a_line_of_the_form_that_is_none_of_the_plan_is_named_and_changes_nothing(
    desk: DeskUnderTest, officer: Officer
) -> None:
    (card,) = await made(officer, FORM)
    before = await kept(desk)
    (prompt,) = await tap(officer, card, "dwa", DeskAct.PLAN)
    (said,) = await officer.reply(prompt, f"{PLAN}\nظرفیت: ۳۰")
    assert "• ظرفیت: ۳۰" in plain(said.text)
    assert await kept(desk) == before


async def test_a_title_is_enough_and_the_rest_comes_line_by_line(
    desk: DeskUnderTest, officer: Officer
) -> None:
    (card,) = await made(officer, "عنوان: قصه‌گویی")
    assert plain(card.text).count("اعلام نشده") > 5
    (prompt,) = await tap(officer, card, "dwa", DeskAct.EDIT)
    (card,) = await officer.reply(prompt, "هزینه: رایگان\nظرفیت: ۲۵")
    assert "شهریه: رایگان" in plain(card.text)
    assert "ظرفیت: ۲۵" in plain(card.text)
    async with desk.database.reading() as tx:
        (row,) = await tx.execute(select(workshop_table))
    assert (row.title, row.fee_rial, row.places) == ("قصه‌گویی", 0, 25)


async def test_a_form_in_english_is_read_too(desk: DeskUnderTest, officer: Officer) -> None:
    await made(officer, "Title: Story\nFee: free\nPlaces: 12\nAges: 9")
    async with desk.database.reading() as tx:
        (row,) = await tx.execute(select(workshop_table))
    assert (row.title, row.fee_rial, row.places, row.age_min, row.age_max) == (
        "Story",
        0,
        12,
        9,
        None,
    )


async def test_dates_that_were_not_shown_are_not_taken(
    desk: DeskUnderTest, officer: Officer
) -> None:
    _card, dates = await made(officer, f"{FORM}{PLAN}")
    forged = button(dates, "dwp").rpartition(":")[0] + ":00000000"
    (again,) = await officer.visitor.press_data(forged)
    assert "dwp" in again.presses[0]
    assert len(await kept(desk)) == 1


async def test_only_staff_of_the_office_make_and_see_its_drafts(
    desk: DeskUnderTest, officer: Officer
) -> None:
    (card,) = await made(officer, "عنوان: قصه‌گویی")
    before = await kept(desk)
    attempts: list[tuple[Officer, type[DeskError]]] = [
        (Officer.outsider(desk, 999, GROUP_ID), StaffOnly),
        (await Officer.at(desk, 2777, "mazandaran", group_id=GROUP_ID), StaffOnly),
        (await Officer.at(desk, 2778, role=Role.FINANCE, group_id=GROUP_ID), StaffOnly),
    ]
    for stranger, refusal in attempts:
        await stranger.visitor.press_data(button(card, "dwa", DeskAct.DELETE))
        assert isinstance(desk.refused[-1], (refusal, NoSuchWorkshop))
    assert await kept(desk) == before
    await officer.visitor.press_data(DeskWorkshopPressed("999").pack())
    assert isinstance(desk.refused[-1], NoSuchWorkshop)


async def test_cancelling_is_for_a_manager_and_keeps_the_reason(
    desk: DeskUnderTest, officer: Officer, manager: Officer
) -> None:
    _card, dates = await made(officer, f"{FORM}شرایط: پذیرفتن شرح\n{PLAN}")
    (card,) = await tap(officer, dates, "dwp")
    (sure,) = await tap(officer, card, "dwa", DeskAct.PUBLISH)
    (card,) = await tap(officer, sure, "dwa", DeskAct.PUBLISH, "y")
    assert await tap(officer, card, "dwa", DeskAct.CANCEL) == []  # told at once, not after writing
    assert isinstance(desk.refused[-1], NotTheirStep)
    (prompt,) = await tap(manager, card, "dwa", DeskAct.CANCEL)
    await officer.reply(prompt, "مربی بیمار است")
    assert isinstance(desk.refused[-1], NotTheirStep)
    (card,) = await manager.reply(prompt, "مربی بیمار است")
    assert "لغو" in plain(card.text)


@pytest.mark.parametrize(
    "data",
    [
        "dwa:1:?:",
        "dwa:x:c:",
        "dwp:1:20269999:5:60:90:3:ab",
        "dwp:1:x:5:60:90:3:ab",
        "dw:kanoon:-1",
    ],
)
async def test_forged_buttons_do_nothing(desk: DeskUnderTest, officer: Officer, data: str) -> None:
    await officer.visitor.press_data(data)
    assert isinstance(desk.refused[-1], StaleButton | NoSuchWorkshop)
    assert PlanAccepted.prefix == "dwp"
