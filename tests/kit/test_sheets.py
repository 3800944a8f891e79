"""A table that somebody sends is read within limits, and nothing in it is run."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from bot.kit.sheets import SheetFault, SheetUnreadable, cell_name, read_sheet
from tests.wallet.bank_support import book, lines_of, saved

ROWS = [["a", "b"], ["1", None], [None, None], [2, 3.5]]


def fault_of(content: bytes, *, rows_max: int = 100) -> tuple[SheetFault, str]:
    with pytest.raises(SheetUnreadable) as refused:
        read_sheet(content, rows_max=rows_max)
    return refused.value.fault, refused.value.cell


def changed(content: bytes, name: str, write: "bytes | None") -> bytes:
    """The same book with another part in the place of one."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        if write is not None:
            new.writestr(name, write)
    return file.getvalue()


def sheet_xml(rows: str, dimension: str = "A1:B9") -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns='
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    ).encode()


def test_rows_are_read_with_the_numbers_that_people_see() -> None:
    read = read_sheet(book(ROWS), rows_max=10)
    assert [(row.number, row.values) for row in read] == [
        (1, ("a", "b")),
        (2, ("1",)),
        (4, (2, 3.5)),
    ]
    assert read[2].cell(1) == "B4"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_read_whatever_parts_them(separator: str, mark: str) -> None:
    content = f'{mark}a{separator}b\r\n\r\n1{separator}"two\nlines"\n'.encode()
    read = read_sheet(content, rows_max=10)
    assert [(row.number, row.values) for row in read] == [
        (1, ("a", "b")),
        (3, ("1", "two\nlines")),
    ]


def test_cells_are_named_as_excel_names_them() -> None:
    assert [cell_name(7, column) for column in (0, 25, 26, 701, 702)] == [
        "A7",
        "Z7",
        "AA7",
        "ZZ7",
        "AAA7",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", SheetFault.EMPTY),
        (b" \n\n", SheetFault.EMPTY),
        (b"\xef\xbb\xbf", SheetFault.EMPTY),
        (b",,\n,,", SheetFault.EMPTY),
        (b"x" * (2 * 1024 * 1024 + 1), SheetFault.TOO_LARGE),
        (b"%PDF-1.7", SheetFault.OTHER_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", SheetFault.OTHER_KIND),
        (b"<html><table><tr><td>1</td></tr></table></html>", SheetFault.OTHER_KIND),
        ("تاريخ,مبلغ".encode("cp1256"), SheetFault.NOT_UTF8),
        ("تاریخ,مبلغ".encode("utf-16"), SheetFault.NOT_UTF8),
        (b"a,b\x00c", SheetFault.NOT_UTF8),
        (b"PK\x03\x04 nothing", SheetFault.BROKEN),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(content: bytes, fault: SheetFault) -> None:
    assert fault_of(content) == (fault, "")


def test_an_archive_of_another_kind_is_no_sheet() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert fault_of(file.getvalue())[0] is SheetFault.OTHER_KIND


def test_a_formula_is_refused_by_its_cell_and_never_reckoned() -> None:
    assert fault_of(book([["a"], ["x", "=1+1"]])) == (SheetFault.FORMULA, "B2")
    assert fault_of(lines_of([["a", "b"], ["1", '="007"']])) == (SheetFault.FORMULA, "B2")


def test_a_cell_in_which_excel_shows_an_error_is_refused() -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>')
    content = changed(book([["a"]]), "xl/worksheets/sheet1.xml", xml)
    assert fault_of(content) == (SheetFault.CELL_IN_ERROR, "A1")


def test_more_rows_or_columns_than_can_be_read_are_refused() -> None:
    assert fault_of(book([[1]] * 11), rows_max=10) == (SheetFault.TOO_MANY_ROWS, "")
    assert fault_of(lines_of([[1]] * 11), rows_max=10) == (SheetFault.TOO_MANY_ROWS, "")
    assert len(read_sheet(book([[1]] * 10), rows_max=10)) == 10
    assert fault_of(book([list(range(1, 63))])) == (SheetFault.TOO_MANY_COLUMNS, "BI1")
    assert fault_of(lines_of([["x" * 2_001]])) == (SheetFault.CELL_TOO_LONG, "A1")


def test_two_sheets_with_something_in_them_are_refused_and_empty_ones_do_not_count() -> None:
    written = Workbook()
    written.active.append(["a"])  # type: ignore[union-attr]
    other = written.create_sheet("2")
    assert len(read_sheet(saved(written), rows_max=10)) == 1
    other.append(["b"])
    assert fault_of(saved(written))[0] is SheetFault.SEVERAL_SHEETS


def test_what_lies_beyond_what_a_sheet_says_of_its_size_is_read_too() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 8))
    xml = sheet_xml(rows, dimension="A1:A2")
    content = changed(book([["a"]]), "xl/worksheets/sheet1.xml", xml)
    assert len(read_sheet(content, rows_max=10)) == 7


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
        "".join(f'<row r="{n}"/>' for n in range(1, 30_000)) + "<row><c><v>1</v></c></row>",
    ],
    ids=["a row that is far away", "thousands of empty rows"],
)
def test_rows_without_end_are_not_counted_to_the_end(rows: str) -> None:
    content = changed(book([["a"]]), "xl/worksheets/sheet1.xml", sheet_xml(rows))
    assert fault_of(content)[0] is SheetFault.TOO_MANY_ROWS


def test_a_small_archive_with_a_great_sheet_in_it_is_not_unpacked() -> None:
    content = changed(book([["a"]]), "xl/worksheets/sheet1.xml", b" " * (64 * 1024 * 1024))
    assert len(content) < 200_000
    assert fault_of(content)[0] is SheetFault.TOO_LARGE


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("xl/styles.xml", f"<styleSheet><cellXfs>{'<xf/>' * 30_000}</cellXfs></styleSheet>"),
        ("xl/styles.xml", f"<x:styleSheet>{'<x:font><x:b/></x:font>' * 30_000}</x:styleSheet>"),
        ("xl/sharedStrings.xml", "<mergeCell ref='A1:B1'/>" * 30_000),
    ],
)
def test_a_book_of_some_kilobytes_that_is_all_formats_is_not_opened(part: str, xml: str) -> None:
    """Each becomes an object: half a million of them take minutes, and gigabytes."""
    content = changed(book([["a"]]), part, xml.encode())
    assert len(content) < 20_000
    assert fault_of(content)[0] is SheetFault.TOO_LARGE


def test_a_sheet_that_is_long_and_a_text_in_many_colours_are_no_such_thing() -> None:
    rows = [[f"{row}", row, "x"] for row in range(9_000)]
    assert len(read_sheet(book(rows), rows_max=9_000)) == 9_000
    runs = "<r><rPr><b/><sz val='9'/><color rgb='FF0000'/></rPr><t>x</t></r>" * 9_000
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{runs}</si></sst>'
    assert read_sheet(changed(book([[1]]), "xl/sharedStrings.xml", strings.encode()), rows_max=1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_things_of_its_own_is_refused(encoding: str) -> None:
    """A few lines of it would unfold into gigabytes, or read a file of the server's."""
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aa">]><sst>&a;</sst>'
    )
    content = changed(book([["a"]]), "xl/sharedStrings.xml", bomb.encode(encoding))
    assert fault_of(content)[0] is SheetFault.BROKEN


def test_days_are_read_as_days() -> None:
    (row,) = read_sheet(book([[datetime(2026, 11, 22, 10, 30)]]), rows_max=1)  # noqa: DTZ001 - as a sheet has it
    assert row.values[0].date().isoformat() == "2026-11-22"
