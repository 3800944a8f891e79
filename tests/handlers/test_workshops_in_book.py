"""Workshops in the workbook: out as they stand, in as drafts and changes, or as faults."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlalchemy import select, update

from bot.catalogue.tables import catalogue_version
from bot.citizens.model import Role
from bot.kit.words import Language
from bot.workshops import use_cases as workshops
from bot.workshops.model import Workshop, WorkshopState
from bot.workshops.tables import workshop, workshop_session, workshop_terms
from handlers.jobs.catalogue_books import open_catalogue_books, stand_of
from handlers.views.workbook.faults import cell_words
from handlers.views.workbook.opening import opened
from handlers.views.workbook.workshop_lines import WorkshopsRead, workshops_read
from handlers.views.workbook.writing import workbook
from tests.handlers.desk_support import MANAGER, Officer
from tests.handlers.registering_support import CHILD, given_workshop
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, plain
from tests.handlers.test_catalogue_book import actions, book_of, decide, sent, with_fee
from tests.handlers.workbook_support import cell_of, changed, saved
from tests.handlers.workshop_support import joined
from tests.workshops import given
from tests.workshops.support import OPENS, SARA

BOOK, MEETINGS = "کارگاه‌های اداره", "جلسه‌های کارگاه‌ها"
TITLE, FEE, PLACES = "عنوان", "شهریه (ریال)", "ظرفیت"
NEW = "رباتیک مقدماتی"


@pytest.fixture
async def manager(desk: DeskUnderTest) -> Visitor:
    await desk.open_desk()
    officer = await Officer.at(desk, MANAGER, role=Role.MANAGER, group_id=GROUP_ID)
    return officer.visitor


async def written(desk: DeskUnderTest, language: Language = "fa") -> bytes:
    """The workbook of Kanoon as it stands."""
    published = desk.shared.catalogue.published_by("kanoon")
    async with desk.database.reading() as tx:
        offered = await workshops.offered(tx, office_id="kanoon")
    return workbook(desk.shared.words_of(language), published, published.change, offered)


async def read(desk: DeskUnderTest, content: bytes) -> WorkshopsRead:
    async with desk.database.reading() as tx:
        stand = await stand_of(tx, desk.shared.catalogue, "kanoon", desk.now)
    every = tuple(desk.shared.words.values())
    came = opened(content, stand.published, stand.catalogue, every)
    assert not came.wrong
    return workshops_read(came.lines, stand.offered, stand.calendar)


def row(content: bytes, sheet: str, number: int, **cells: Any) -> bytes:
    """Type into a row, by the labels of its columns, in which a dash stands for a space."""
    edits = [
        (sheet, cell_of(content, sheet, label.replace("_", " "), number), value)
        for label, value in cells.items()
    ]
    return changed(content, *edits)


def last(content: bytes, sheet: str) -> int:
    return int(load_workbook(BytesIO(content))[sheet].max_row) + 1


def with_new(content: bytes, **more: Any) -> bytes:
    """An editor adds a workshop with two sessions."""
    number, first = last(content, BOOK), last(content, MEETINGS)
    content = row(content, BOOK, number, **{TITLE: NEW, PLACES: "۲۰", **more})
    for at, day in enumerate(("۱۴۰۵/۰۹/۰۷", "1405/09/14")):
        cells = {"کارگاه": NEW, "روز": day, "از_ساعت": "۱۷:۰۰", "تا_ساعت": "18:30"}
        content = row(content, MEETINGS, first + at, **cells)
    return content


async def wrong(desk: DeskUnderTest, content: bytes) -> dict[str, str]:
    """What is said of which cell."""
    found = await read(desk, content)
    for one in found.wrong:
        said = [cell_words(words, one) for words in desk.shared.words.values()]
        assert len(set(said)) == len(said)
        assert not any("{" in one or "<" in one for one in said)
    return {f"{one.spot.sheet}!{one.spot.cell}": one.kind for one in found.wrong}


async def rows_of(desk: DeskUnderTest) -> list[Any]:
    async with desk.database.reading() as tx:
        return [
            [tuple(one) for one in await tx.execute(select(table).order_by(*table.primary_key))]
            for table in (workshop, workshop_session, workshop_terms)
        ]


async def a_draft(desk: DeskUnderTest, **wanted: Any) -> Workshop:
    async with desk.database.transaction() as tx:
        return await given.given_draft(tx, **wanted)


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_workshops_go_out_as_they_stand_and_come_back_as_nothing_new(
    desk: DeskUnderTest, language: Language
) -> None:
    shown = await given_workshop(desk)
    await joined(desk, shown, SARA, CHILD)
    await a_draft(desk, title="طرح\u200cهاي كهن", fee_rial=None, opens_at=None, venue="ساري")
    content = await written(desk, language)
    found = await read(desk, content)
    assert (found.written, found.wrong) == ([], [])
    told = str(
        [[cell.value for cell in one] for page in load_workbook(BytesIO(content)) for one in page]
    )
    assert f"w{shown.id}" in told
    assert CHILD not in told
    assert str(SARA) not in told


async def test_a_row_without_a_code_becomes_a_draft_with_its_sessions_once(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    content = with_new(content, **{FEE: 0, "حد_نصاب": 5})
    (preview,) = await sent(desk, manager, prompt, content)
    said = plain(preview.text)
    assert f"کارگاه تازه، به‌صورت پیش‌نویس: {NEW}" in said
    assert "۲ جلسه" in said
    assert "همان‌طور که هست می‌ماند" in said
    assert await rows_of(desk) == [[], [], []]
    done = await manager.press("اعمال شود", preview)
    assert "۱ پیش‌نویس تازه" in plain(done.text)
    assert NEW in str(done.buttons)
    async with desk.database.reading() as tx:
        (made,) = await workshops.offered(tx, office_id="kanoon")
    assert (made.workshop.state, made.workshop.details.places) == (WorkshopState.DRAFT, 20)
    assert (made.workshop.fee_rial, len(made.slots)) == (0, 2)
    assert await actions(desk) == ["catalogue.workshops"]
    assert desk.shared.catalogue.published_by("kanoon").change == 0
    assert not await left(desk)
    cell = cell_of(content, BOOK, "کد", 2)
    (marked,) = await sent(desk, manager, prompt, content)
    assert f"{BOOK}، {cell}" in plain(marked.text)
    assert "پیش‌نویسی با همین عنوان هست: w1" in plain(marked.text)


async def left(desk: DeskUnderTest) -> list[bytes]:
    """What is still kept of what workbooks said of workshops."""
    async with desk.database.reading() as tx:
        kept = await tx.scalars(select(catalogue_version.c.workshops))
        return [one for one in kept if one is not None]


async def test_a_workbook_that_was_sent_twice_makes_its_drafts_once(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    previews = [(await sent(desk, manager, prompt, with_new(content)))[0] for _ in range(2)]
    await manager.press("اعمال شود", previews[0])
    before = await rows_of(desk)
    await decide(manager, previews[1])
    assert await rows_of(desk) == before
    assert len(before[0]) == 1


async def test_so_many_workshops_are_changed_at_once_and_no_more(desk: DeskUnderTest) -> None:
    book = load_workbook(BytesIO(await written(desk)))
    (title,) = (cell.column for cell in book[BOOK][1] if cell.value == TITLE)
    for number in range(2, 203):
        book[BOOK].cell(number, title).value = f"{NEW} {number}"
    content = saved(book)
    cell = cell_of(content, BOOK, "کد", 202)
    assert await wrong(desk, content) == {f"{BOOK}!{cell}": "many_at_once"}


async def test_of_a_shown_workshop_only_what_nobody_chose_it_for_is_changed(
    desk: DeskUnderTest,
) -> None:
    shown = await given_workshop(desk)
    content = await written(desk)
    may = {"شرح": "تازه", "نشانی": "ساری", "شرایط": "نو", "استان": None}
    found = await read(desk, row(content, BOOK, 2, **may))
    ((one,), faults) = found.written, found.wrong
    assert (one.workshop_id, one.details.venue, one.terms, faults) == (shown.id, "ساری", "نو", [])
    for label in (TITLE, FEE, PLACES, "پایان_ثبت‌نام", "سن_از"):
        value = "نو" if label == TITLE else "1405/08/19" if "پایان" in label else 9
        cell = cell_of(content, BOOK, label.replace("_", " "), 2)
        assert await wrong(desk, row(content, BOOK, 2, **{label: value})) == {
            f"{BOOK}!{cell}": "promised"
        }
    cell = cell_of(content, MEETINGS, "روز", 3)
    moved = row(content, MEETINGS, 3, روز="1405/08/24")
    assert await wrong(desk, moved) == {f"{MEETINGS}!{cell}": "sessions_promised"}


async def test_a_draft_is_changed_in_any_part_and_its_sessions_are_those_of_the_sheet(
    desk: DeskUnderTest,
) -> None:
    await a_draft(desk)
    content = row(await written(desk), BOOK, 2, **{TITLE: "نو", FEE: None, "سن_از": "۵"})
    book = load_workbook(BytesIO(content))
    book[MEETINGS].delete_rows(3)
    (one,) = (await read(desk, saved(book))).written
    assert (one.details.title, one.details.fee_rial, one.details.age_min) == ("نو", None, 5)
    assert len(one.slots) == len(given.DATES) - 1


@pytest.mark.parametrize("what", ["rows", "sheets"])
async def test_what_is_left_out_stays(desk: DeskUnderTest, what: str) -> None:
    await given_workshop(desk)
    await a_draft(desk)
    book = load_workbook(BytesIO(await written(desk)))
    for title in (BOOK, MEETINGS):
        if what == "sheets":
            del book[title]
        else:
            book[title].delete_rows(2, 20)
    found = await read(desk, saved(book))
    assert (found.written, found.wrong) == ([], [])


@pytest.mark.parametrize(
    ("sheet", "label", "value", "kind"),
    [
        (BOOK, "کد", "w77", "no_workshop"),
        (BOOK, "کد", "کارگاه", "no_workshop"),
        (BOOK, TITLE, None, "empty"),
        (BOOK, TITLE, "ن" * 121, "string_too_long"),
        (BOOK, FEE, "۵۰ هزار تومان", "int_type"),
        (BOOK, PLACES, 0, "greater_than_equal"),
        (BOOK, "حد نصاب", 21, "lack"),
        (BOOK, "سن تا", 3, "lack"),
        (BOOK, "شرایط", None, "terms_stay"),
        (BOOK, "پایان ثبت‌نام", "دیروز", "date_parsing"),
        (MEETINGS, "کارگاه", "هیچ", "no_such_row"),
        (MEETINGS, "روز", "۱۴۰۵/۰۸/۲۲", "closed_day"),
        (MEETINGS, "روز", "1405/08/30", "lack"),
        (MEETINGS, "تا ساعت", "17:05", "session_length"),
        (MEETINGS, "از ساعت", "۲۵:۷۰", "time_parsing"),
    ],
)
async def test_each_fault_is_told_at_its_cell_in_both_languages(
    desk: DeskUnderTest, sheet: str, label: str, value: object, kind: str
) -> None:
    await a_draft(desk, places=20)
    content = await written(desk)
    faults = await wrong(desk, row(content, sheet, 2, **{label.replace(" ", "_"): value}))
    cell = cell_of(content, sheet, label, 2)
    if label == "روز" and kind == "lack":  # it overlaps the one that was there
        cell = cell_of(content, sheet, label, 3)
    assert faults == {f"{sheet}!{cell}": kind}


async def test_one_fault_does_not_hide_what_people_were_promised(desk: DeskUnderTest) -> None:
    await given_workshop(desk)
    content = row(await written(desk), BOOK, 2, **{TITLE: "نو"})
    content = row(content, MEETINGS, 3, روز="دیروز")
    assert sorted((await wrong(desk, content)).values()) == ["date_parsing", "promised"]


async def test_of_a_new_workshop_whose_row_is_wrong_no_session_is_blamed(
    desk: DeskUnderTest,
) -> None:
    content = with_new(await written(desk), **{FEE: "رایگان"})
    cell = cell_of(content, BOOK, FEE, 2)
    assert await wrong(desk, content) == {f"{BOOK}!{cell}": "int_type"}


async def test_two_workshops_of_one_title_need_their_codes_for_sessions(
    desk: DeskUnderTest,
) -> None:
    content = with_new(await written(desk))
    content = row(content, BOOK, last(content, BOOK), **{TITLE: NEW})
    assert set((await wrong(desk, content)).values()) == {"whose_session"}


async def test_a_deadline_after_the_first_session_is_told_where_only_sessions_are_left(
    desk: DeskUnderTest,
) -> None:
    await a_draft(desk)
    content = row(await written(desk), MEETINGS, 2, روز="1405/08/11")
    cell = cell_of(content, BOOK, "پایان ثبت‌نام", 2)
    assert await wrong(desk, content) == {f"{BOOK}!{cell}": "lack"}
    book = load_workbook(BytesIO(content))
    book[BOOK].delete_rows(2)
    assert set((await wrong(desk, saved(book))).values()) == {"lack"}


async def test_all_of_a_workbook_holds_or_nothing_of_it(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    draft = await a_draft(desk)
    prompt, content = await book_of(desk, manager)
    content = with_new(row(with_fee(content, 550_000), BOOK, 2, **{TITLE: "نو"}))
    (preview,) = await sent(desk, manager, prompt, content)
    assert "۵۵۰٬۰۰۰ ریال" in plain(preview.text)
    async with desk.database.transaction() as tx:  # a colleague is faster
        await tx.execute(update(workshop).where(workshop.c.id == draft.id).values(places=9))
    before = await rows_of(desk)
    await decide(manager, preview)
    assert await rows_of(desk) == before
    assert len(await left(desk)) == 1
    assert await actions(desk) == []
    async with desk.database.transaction() as tx:
        await tx.execute(update(workshop).where(workshop.c.id == draft.id).values(places=3))
    done = await manager.press("اعمال شود", preview)
    assert "نسخه ۱" in plain(done.text)
    assert "۱ پیش‌نویس تازه، ۱ کارگاه تغییرکرده" in plain(done.text)
    assert await actions(desk) == ["catalogue.applied"]
    assert not await left(desk)
    after = await rows_of(desk)
    await decide(manager, preview)
    assert await rows_of(desk) == after


async def test_a_discarded_workbook_changes_nothing_and_nothing_is_kept_of_it(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    (preview,) = await sent(desk, manager, prompt, with_new(content))
    assert len(await left(desk)) == 1
    await decide(manager, preview, "کنار بگذار")
    assert await rows_of(desk) == [[], [], []]
    assert await actions(desk) == ["catalogue.discarded"]
    assert not await left(desk)
    await decide(manager, preview)
    assert await rows_of(desk) == [[], [], []]


async def test_long_previews_turn_pages_with_workshops_on_them(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    prompt, content = await book_of(desk, manager)
    for number in range(30):
        cells = {TITLE: f"{NEW} {number}", "نشانی": "ساری " * 40}
        content = row(content, BOOK, number + 2, **cells)
    (preview,) = await sent(desk, manager, prompt, content)
    assert "صفحه" in plain(preview.text)
    turned: Said = await manager.press("ادامه", preview)
    assert "کارگاه تازه" in plain(turned.text)


async def test_a_workbook_of_another_moment_is_opened_again(
    desk: DeskUnderTest, manager: Visitor
) -> None:
    """Between sending and opening a workshop in it may have ended."""
    shown = await given_workshop(desk)
    prompt, content = await book_of(desk, manager)
    async with desk.database.transaction() as tx:
        values = {"state": WorkshopState.COMPLETED}
        await tx.execute(update(workshop).where(workshop.c.id == shown.id).values(values))
    (marked,) = await sent(desk, manager, prompt, content)
    assert "پایان‌نیافته" in plain(marked.text)
    assert not await desk.round(open_catalogue_books)
    assert desk.now >= OPENS
