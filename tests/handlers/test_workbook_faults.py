"""Whatever comes in a workbook is understood, or named at its cell; nothing in it is run."""

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]

from bot.calendar.model import OfficeCalendar
from bot.catalogue.loader import load_catalogue
from bot.kit.books import read_book
from bot.kit.sheets import SheetFault, SheetUnreadable
from bot.kit.words import load_words
from handlers.jobs.catalogue_books import Stand, looked_at
from handlers.views.workbook.faults import cell_words
from handlers.views.workbook.opening import Opened, opened
from handlers.views.workbook.writing import workbook
from tests.handlers.workbook_support import cell_of, changed, saved

ROOT = Path(__file__).parents[2]
WORDS = load_words(ROOT / "locale")
CATALOGUE = load_catalogue(ROOT / "data" / "catalogue")
PUBLISHED = CATALOGUE.published_by("kanoon")
BOOK = workbook(WORDS["fa"], PUBLISHED, 0, ())
FEES, SERVICES, FAQ, OFFICE = "هزینه‌ها", "خدمات", "پرسش‌های متداول", "اداره"


def at(sheet: str, label: str, row: int = 2) -> str:
    return cell_of(BOOK, sheet, label, row)


def came(content: bytes) -> Opened:
    return opened(content, PUBLISHED, CATALOGUE, WORDS.values())


def wrong_at(*edits: tuple[str, str, Any]) -> dict[str, str]:
    """What is said of which cell after some cells were changed."""
    found = came(changed(BOOK, *edits))
    assert found.published is None
    return {f"{one.spot.sheet}!{one.spot.cell}": one.kind for one in found.wrong}


def after(*edits: tuple[str, str, Any]) -> Any:
    found = came(changed(BOOK, *edits))
    assert not found.wrong
    return found.published


AMOUNT, DAY = at(FEES, "مبلغ (ریال)"), at(FEES, "تاریخ اجرا")


@pytest.mark.parametrize(
    "typed",
    [1_250_000, "1250000 ", "۱۲۵۰۰۰۰", "۱٬۲۵۰٬۰۰۰", "1,250,000", " ۱ ۲۵۰ ۰۰۰ "],
)
def test_an_amount_is_understood_however_it_is_typed(typed: object) -> None:
    published = after((FEES, AMOUNT, typed))
    amounts = [fee.amount_rial for one in published.services for fee in one.fees or ()]
    assert amounts == [1_250_000]


@pytest.mark.parametrize(
    "typed",
    [
        "1405/09/01",
        "۱۴۰۵/۹/۱",
        "۱ آذر ۱۴۰۵",
        "1405-09-01",
        "2026-11-22",
        dt.date(2026, 11, 22),
        dt.datetime(2026, 11, 22),  # noqa: DTZ001 - as Excel has it
    ],
)
def test_a_day_is_understood_however_it_is_typed(typed: object) -> None:
    published = after((FEES, DAY, typed))
    days = [fee.effective_from for one in published.services for fee in one.fees or ()]
    assert days == [dt.date(2026, 11, 22)]


def test_arabic_letters_are_taken_for_the_persian_ones_that_were_meant() -> None:
    published = after((OFFICE, at(OFFICE, "نام کوتاه (فارسی)"), "كانون كودكي"))
    assert published.office.short_name.fa == "کانون کودکی"


def test_an_excel_hour_and_a_typed_one_are_alike() -> None:
    cell = at("میز", "ساعت گزارش روزانه")
    typed = [dt.time(7, 30), "7:30", "۰۷:۳۰", 0.3125]
    assert {after(("میز", cell, one)).desk.digest_at for one in typed} == {dt.time(7, 30)}


@pytest.mark.parametrize(
    ("sheet", "label", "typed", "kind"),
    [
        (FEES, "مبلغ (ریال)", "یک میلیون", "int_type"),
        (FEES, "مبلغ (ریال)", "=1+1", "formula"),
        (FEES, "مبلغ (ریال)", -5, "greater_than_equal"),
        (FEES, "مبلغ (ریال)", True, "int_type"),
        (FEES, "تاریخ اجرا", "فردا", "date_parsing"),
        (FEES, "بازگشت‌پذیر است", "شاید", "bool_type"),
        (FEES, "عنوان (انگلیسی)", None, "empty"),
        (FEES, "شناسه درونی خدمت", "nowhere", "unknown_service"),
        (SERVICES, "عنوان (فارسی)", "x" * 9_000, "too_long"),
        (SERVICES, "شرح (فارسی)", "x" * 2_600, "string_too_long"),
        (SERVICES, "شناسه درونی خدمت", "با فاصله", "wrong_shape"),
        (SERVICES, "بخشی از (شناسه درونی خدمت)", "gone", "unknown_service"),
        (SERVICES, "نوع خدمت", "به همه", "literal_error"),
        (SERVICES, "مرحله‌ها: دارد؟", "در برگه خودش", "no_rows"),
        (FAQ, "بندهای پشتوانه", "KN-97", "unknown_clause"),
        (FAQ, "رویه خدمت", "چیز دیگر", "enum"),
        (FAQ, "پاسخ (فارسی)", "با ۰۹۱۲۱۲۳۴۵۶۷ تماس بگیرید", "personal"),
        (OFFICE, "شناسه اداره", "mazandaran", "other_office"),
        (OFFICE, "سامانه (شناسه نشانی)", "gone", "unknown_url"),
    ],
)
def test_each_fault_is_told_at_its_cell(sheet: str, label: str, typed: object, kind: str) -> None:
    cell = at(sheet, label)
    assert wrong_at((sheet, cell, typed))[f"{sheet}!{cell}"] == kind


def test_faults_of_every_kind_are_told_together() -> None:
    """A row of nobody, a shape that does not fit, and a reference that leads nowhere."""
    owner, title = at(FEES, "شناسه درونی خدمت"), at(FEES, "عنوان (انگلیسی)")
    clauses, code = at(FAQ, "بندهای پشتوانه", 3), at(SERVICES, "شناسه خدمت", 3)
    assert wrong_at(
        (FEES, owner, "nowhere"),
        (FEES, title, None),
        (FEES, AMOUNT, "x"),
        (FAQ, clauses, "KN-98"),
        (SERVICES, code, "abc"),
    ) == {
        f"{FEES}!{owner}": "unknown_service",
        f"{FEES}!{title}": "empty",
        f"{FEES}!{AMOUNT}": "int_type",
        f"{FAQ}!{clauses}": "unknown_clause",
        f"{SERVICES}!{code}": "wrong_shape",
        f"{SERVICES}!{at(SERVICES, 'هزینه‌ها: دارد؟', 7)}": "no_rows",  # its fee is nobody's now
    }


def test_merged_cells_are_refused_where_they_begin() -> None:
    book = load_workbook(BytesIO(BOOK))
    book[SERVICES].merge_cells("C2:C4")
    assert ("merged", f"{SERVICES}!C2") in [
        (one.kind, f"{one.spot.sheet}!{one.spot.cell}") for one in came(saved(book)).wrong
    ]


def test_sheets_and_labels_that_are_gone_or_new_are_told() -> None:
    book = load_workbook(BytesIO(BOOK))
    del book["قوانین"]
    book.create_sheet("یادداشت‌های من")["A1"] = "x"
    book[FEES][AMOUNT[0] + "1"] = "قیمت"
    kinds = {one.kind for one in came(saved(book)).wrong}
    assert {"no_sheet", "unknown_sheet", "unknown_label", "no_label"} <= kinds


def test_columns_and_sheets_may_stand_in_any_order() -> None:
    book = load_workbook(BytesIO(BOOK))
    fees = book[FEES]
    for row in fees.iter_rows():
        values = [cell.value for cell in row][::-1]
        for cell, value in zip(row, values, strict=True):
            cell.value = value
    book.move_sheet(book[SERVICES], -5)
    assert came(saved(book)).published == PUBLISHED


def test_a_question_without_an_id_gets_the_next_free_one() -> None:
    published = after((FAQ, at(FAQ, "شناسه پرسش"), None))
    assert published.faqs[0].id == "kn-new-1"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", SheetFault.EMPTY),
        (b"a,b\n1,2", SheetFault.OTHER_KIND),
        (b"PK\x03\x04 nothing", SheetFault.BROKEN),
        (b"x" * (2 * 1024 * 1024 + 1), SheetFault.TOO_LARGE),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, fault: SheetFault) -> None:
    with pytest.raises(SheetUnreadable) as refused:
        read_book(content)
    assert refused.value.fault is fault


def test_a_small_file_with_a_great_sheet_in_it_is_not_unpacked() -> None:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(BOOK)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.infolist():
            is_bomb = part.filename.endswith("sheet2.xml")
            new.writestr(part.filename, b" " * 60_000_000 if is_bomb else old.read(part))
    with pytest.raises(SheetUnreadable) as refused:
        read_book(file.getvalue())
    assert refused.value.fault is SheetFault.TOO_LARGE


def test_more_cells_than_a_catalogue_has_are_refused() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("x")
    for _ in range(3_002):
        sheet.append(["a"])
    with pytest.raises(SheetUnreadable) as refused:
        read_book(saved(book))
    assert refused.value.fault is SheetFault.TOO_MANY_ROWS


def test_a_page_that_fits_no_message_is_told_at_the_row_that_makes_it() -> None:
    rows = [
        ("مرحله‌ها", f"{column}{row}", text)
        for row in range(12, 20)
        for column, text in (("A", "virtual-workshops"), ("C", "گام " * 300), ("D", "step " * 300))
    ]
    content = changed(BOOK, *rows)
    moment = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    stand = Stand(PUBLISHED, CATALOGUE, (), OfficeCalendar("kanoon", (), (), ()))
    found, copy = looked_at(content, stand, tuple(WORDS.values()), moment)
    assert found.published is None
    assert {(one.spot.sheet, one.kind) for one in found.wrong} == {(SERVICES, "overlong")}
    (cell,) = {one.spot.cell for one in found.wrong}
    assert load_workbook(BytesIO(copy))[SERVICES][cell].value == "virtual-workshops"


def test_the_file_holds_no_formula_and_reads_from_right_to_left() -> None:
    book = load_workbook(BytesIO(BOOK))
    for sheet in book:
        assert sheet.sheet_view.rightToLeft
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f"]
            assert not [cell for cell in row if cell.value is not None and cell.data_type != "s"]
    fees = book[FEES]
    assert fees.freeze_panes == "B2"
    rules = {str(rule.sqref).split(":")[0]: rule for rule in fees.data_validations.dataValidation}
    assert rules["A2"].formula1 == "='خدمات'!$A$2:$A$400" or "خدمات" in rules["A2"].formula1
    assert "بله" in rules[at(FEES, "بازگشت‌پذیر است")].formula1


def test_every_kind_of_fault_has_words_in_both_languages() -> None:
    found = came(changed(BOOK, (FEES, AMOUNT, "x"), (OFFICE, at(OFFICE, "شناسه اداره"), None)))
    for one in found.wrong:
        said = {words.language: cell_words(words, one) for words in WORDS.values()}
        assert said["fa"] != said["en"]


ANYTHING = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2200, 1, 1)),  # noqa: DTZ001 - as Excel has it
    st.text("اآيىكbAZ09۰۹٫,/:-=+@\n\u200c\u202e", max_size=12),
    st.sampled_from(
        ["ندارد", "none", "بله", "KN-27", "virtual-workshops", "#REF!", "=A1", "x" * 400]
    ),
)
SHEETS = load_workbook(BytesIO(BOOK)).sheetnames


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(SHEETS), st.integers(1, 12), st.integers(1, 6), ANYTHING),
        min_size=1,
        max_size=12,
    )
)
def test_anything_in_any_cell_is_understood_or_named(
    edits: list[tuple[str, int, int, object]],
) -> None:
    book = load_workbook(BytesIO(BOOK))
    for sheet, column, row, value in edits:
        book[sheet].cell(row, column).value = value
    found = came(saved(book))
    assert (found.published is None) == bool(found.wrong)
    titles = {sheet.title for sheet in found.book}
    for one in found.wrong:
        assert one.spot.sheet in titles
        assert all(cell_words(words, one) for words in WORDS.values())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 30),
    st.integers(0, 10**6),
    st.sampled_from([b"", b"<", b"&x;", b"\xff", b"9" * 99, b"<!DOCTYPE x>", b"</row>", b"=1"]),
)
def test_whatever_is_broken_in_the_archive_is_a_refusal_and_no_defect(
    number: int, place: int, junk: bytes
) -> None:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(BOOK)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for index, part in enumerate(old.infolist()):
            content = bytearray(old.read(part))
            if index == number % len(old.infolist()):
                at_byte = place % max(1, len(content))
                content[at_byte : at_byte + 3] = junk
            new.writestr(part.filename, bytes(content))
    try:
        came(file.getvalue())
    except SheetUnreadable as refused:
        assert refused.fault in SheetFault  # noqa: PT017 - that is one way out, and to be read is the other
