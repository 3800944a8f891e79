"""Workshops from a sheet: every cell that cannot be read is named, and nothing comes twice."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from bot.citizens.errors import StaffOnly
from bot.citizens.tables import staff_role
from bot.messenger.errors import Refused, Unreachable
from bot.workshops.tables import workshop, workshop_session, workshop_sheet, workshop_terms
from handlers.files.rendering import Files
from handlers.jobs.housekeeping import seed_calendar
from handlers.jobs.workshop_sheets import open_workshop_sheets
from handlers.views.workshops.workshop_sheet import template
from tests.calendar.support import at
from tests.handlers.desk_support import OFFICER, Officer
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, faults_of, plain

HEAD = ("عنوان", "هزینه", "ظرفیت", "سن", "شرایط")


def sheet(*rows: Sequence[object], head: Sequence[object] = HEAD) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (head, *rows):
        page.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
async def officer(desk: DeskUnderTest) -> Officer:
    await desk.open_desk()
    return await Officer.at(desk, OFFICER, group_id=GROUP_ID)


async def sent(desk: DeskUnderTest, officer: Officer, content: bytes | Exception) -> None:
    async def fetch(_file_id: str) -> bytes:
        if isinstance(content, Exception):
            raise content
        return content

    desk.shared.fetch_file = fetch
    prompt = (await officer.visitor.press_data("dwx:kanoon"))[-1]
    document = {"file_id": "f1", "file_unique_id": "u1", "file_name": "w.xlsx", "file_size": 9}
    await officer.visitor.reply_to(prompt, "", document=document)


async def answered(desk: DeskUnderTest) -> list[Said]:
    said = await desk.round(open_workshop_sheets)
    assert not [fault for one in said for fault in faults_of(one)]
    return said


async def titles(desk: DeskUnderTest) -> list[str]:
    async with desk.database.reading() as tx:
        return list(await tx.scalars(select(workshop.c.title).order_by(workshop.c.id)))


async def test_the_example_of_the_empty_sheet_makes_no_draft_where_it_is_left(
    desk: DeskUnderTest, officer: Officer
) -> None:
    book = load_workbook(BytesIO(template(desk.shared.words_of("fa"))))
    page = book.active
    assert page is not None
    page.append(["رباتیک"])
    file = BytesIO()
    book.save(file)
    await sent(desk, officer, file.getvalue())
    (said,) = await answered(desk)
    assert "۱ پیش‌نویس" in plain(said.text)
    assert await titles(desk) == ["رباتیک"]


async def test_each_line_becomes_a_draft_once(desk: DeskUnderTest, officer: Officer) -> None:
    rows = (
        ("سفال", "رایگان", 20, "۸ تا ۱۲", "پذیرفتن شرح"),
        ("قصه", "۵۰ هزار تومان", 10, None, None),
    )
    await sent(desk, officer, sheet(*rows))
    (said,) = await answered(desk)
    assert "۲ پیش‌نویس" in plain(said.text)
    assert not await answered(desk)
    assert await titles(desk) == ["سفال", "قصه"]
    async with desk.database.reading() as tx:
        kept = (await tx.execute(select(workshop).order_by(workshop.c.id))).all()
        assert [(row.fee_rial, row.places, row.state) for row in kept] == [
            (0, 20, "draft"),
            (500_000, 10, "draft"),
        ]
        assert list(await tx.scalars(select(workshop_terms.c.text))) == ["پذیرفتن شرح"]


async def test_a_plan_in_the_sheet_becomes_dates_that_leave_out_holidays(
    desk: DeskUnderTest, officer: Officer
) -> None:
    desk.now = at("1405/09/01 12:00")
    await desk.round(seed_calendar)
    head = ("عنوان", "اولین جلسه", "روزهای هفته", "ساعت", "تعداد جلسه")
    rows = (
        ("سفال", "۱۴۰۵/۰۹/۳۰", "دوشنبه، چهارشنبه", "۵ تا ۶ عصر", 3),
        ("قصه", "۱۴۰۵/۰۸/۰۱", "شنبه", "17:00 تا 18:00", 2),
        ("خط", None, None, None, None),
    )
    await sent(desk, officer, sheet(*rows, head=head))
    (said,) = await answered(desk)
    told = plain(said.text)
    assert "۳ جلسه از ۳۰ آذر ۱۴۰۵ تا ۹ دی ۱۴۰۵" in told, "the second of Dey is a holiday"
    assert told.count("هنوز بدون تاریخ") == 2, "a day that is past, and no plan at all"
    async with desk.database.reading() as tx:
        starts = list(await tx.scalars(select(workshop_session.c.starts_at)))
    assert starts == [at(f"1405/{day} 17:00") for day in ("09/30", "10/07", "10/09")]
    await sent(desk, officer, sheet(("آواز", "۱۴۰۵/۰۹/۳۰", "شنبه", "عصرها", 3), head=head))
    (said,) = await answered(desk)
    assert "D2</code>" in said.text.replace("\u2069", "")


async def test_as_many_lines_as_a_sheet_may_have_are_told_in_one_message(
    desk: DeskUnderTest, officer: Officer
) -> None:
    desk.now = at("1405/09/01 12:00")
    head = ("عنوان", "اولین جلسه", "روزهای هفته", "ساعت", "تعداد جلسه")
    title = "کارگاه نجوم و رصد آسمان شب برای نوجوانان علاقه‌مند به ستاره‌ها و سیاره‌ها، دوره "
    rows = [(title + str(one), "۱۴۰۵/۰۹/۳۰", "چهارشنبه", "۵ تا ۶ عصر", 12) for one in range(60)]
    await sent(desk, officer, sheet(*rows, head=head))
    (said,) = await answered(desk)
    assert len(await titles(desk)) == 60
    assert "… و ۴۰ کارگاه دیگر" in plain(said.text)
    assert len(said.presses) == 20


async def test_terms_without_a_word_are_told_and_not_tried_for_ever(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await sent(desk, officer, sheet(("سفال", "رایگان", 20, None, "\u200c")))
    (said,) = await answered(desk)
    assert "A2</code>: " in said.text.replace("\u2069", "")
    assert not await answered(desk)
    assert not await titles(desk)


async def test_every_cell_that_cannot_be_read_is_named_and_nothing_is_made(
    desk: DeskUnderTest, officer: Officer
) -> None:
    rows = (("سفال", "۵۰۰", "بیست", None), (None, "رایگان", 5, None), ("قصه", "رایگان", 5, None))
    await sent(desk, officer, sheet(*rows))
    (said,) = await answered(desk)
    for cell in ("B2", "C2", "A3"):
        assert f"{cell}</code>: " in said.text.replace("\u2069", ""), cell
    assert "B4" not in said.text
    assert not await titles(desk)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4",
        sheet(("x", 1), head=("عنوان", "نام ناآشنا")),
        sheet(("=1+1", 1, 2, 3, 4)),
        sheet(),
        Refused(400, "gone"),
    ],
)
async def test_what_is_no_such_sheet_is_said_once(
    desk: DeskUnderTest, officer: Officer, content: bytes | Exception
) -> None:
    await sent(desk, officer, content)
    (said,) = await answered(desk)
    assert "❗️" in said.text
    assert not await answered(desk)
    assert not await titles(desk)


async def test_a_file_that_does_not_come_yet_is_fetched_again(
    desk: DeskUnderTest, officer: Officer
) -> None:
    await sent(desk, officer, Unreachable("later"))
    assert not await answered(desk)
    await sent(desk, officer, sheet(("سفال",)))
    assert len(await answered(desk)) == 2


async def test_a_sheet_that_meets_a_fault_of_ours_is_given_up_after_an_hour_and_said_so(
    desk: DeskUnderTest, officer: Officer, caplog: pytest.LogCaptureFixture
) -> None:
    await sent(desk, officer, ZeroDivisionError("a fault of ours"))
    assert await answered(desk) == []
    assert "a round failed for workshop sheet 1" in caplog.text
    desk.now += timedelta(hours=1, seconds=1)
    (said,) = await answered(desk)
    assert "خطایی از سوی ما" in said.text
    assert said.text.endswith("۱")
    assert await answered(desk) == [], "it is not tried for ever"
    assert await titles(desk) == []


async def test_who_is_no_longer_staff_makes_nothing(desk: DeskUnderTest, officer: Officer) -> None:
    await sent(desk, officer, sheet(("سفال",)))
    async with desk.database.transaction() as tx:
        await tx.execute(staff_role.delete().where(staff_role.c.citizen_id == OFFICER))
    await answered(desk)
    assert not await titles(desk)
    async with desk.database.reading() as tx:
        assert list(await tx.scalars(select(workshop_sheet.c.opened_at.is_(None)))) == [False]


async def test_nobody_else_sends_a_sheet(desk: DeskUnderTest, officer: Officer) -> None:
    assert officer.visitor.id == OFFICER
    stranger = Officer.outsider(desk, 999, GROUP_ID)
    await stranger.visitor.press_data("dwx:kanoon")
    assert isinstance(desk.refused[-1], StaffOnly)


async def test_the_template_is_made_when_it_is_sent_and_has_the_lines_of_the_form(
    desk: DeskUnderTest, officer: Officer
) -> None:
    (said,) = await officer.visitor.press_data("dwx:kanoon")
    file = said.params["document"]
    assert "file_base64" not in file, "it is not written while the update is answered"
    for language, words in desk.shared.words.items():
        content = await Files(desk.shared, desk.database).make(file["made_of"], language, file)
        assert content is not None
        page = load_workbook(BytesIO(content)).active
        assert page is not None
        head, example = list(page.iter_rows(values_only=True))
        assert head[0] == words.gettext("Title")
        assert len(example) == len(head)
