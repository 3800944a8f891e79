"""Tables that people send as files: a sheet of Excel's, or lines with commas.

Whatever is in such a file is somebody's, perhaps not the sender's: it is read with limits, nothing
in it is run, and what cannot be read is named by its cell.
"""

from __future__ import annotations

import csv
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHEET_BYTES_MAX: Final = 2 * 1024 * 1024
COLUMNS_MAX: Final = 60
_BROKEN_ARCHIVE: Final = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)
_UNPACKED_BYTES_MAX: Final = 12 * 1024 * 1024
_ROWS_PASSED_MAX: Final = 20_000  # empty ones among them
_PARTS_MAX: Final = 200
_TRIMMINGS_MAX: Final = 20_000  # each becomes an object, and a file of some KiB can hold millions
_PLAIN: Final = "c|v|f|t|is|row|si|r|rPr|b|i|u|sz|color|rFont|family|charset|scheme"
_TRIMMING: Final = re.compile(rb"<(?!/|(?:\w{1,9}:)?(?:%b)[\s/>])" % _PLAIN.encode())
_CELL_LENGTH_MAX: Final = 2_000
_SEPARATORS: Final = (",", ";", "\t")
_LETTERS: Final = 26
_DECLARES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\x00", re.IGNORECASE)
_OTHER_KINDS: Final = (b"\xd0\xcf\x11\xe0", b"%PDF", b"Rar!", b"\x1f\x8b", b"{\\rtf", b"\x89PNG")


class SheetFault(StrEnum):
    """Why a file is no table that can be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    OTHER_KIND = "other_kind"  # neither XLSX nor CSV: an old XLS, a PDF, a web page
    BROKEN = "broken"
    NOT_UTF8 = "not_utf8"
    SEVERAL_SHEETS = "several_sheets"
    FORMULA = "formula"
    CELL_TOO_LONG = "cell_too_long"
    CELL_IN_ERROR = "cell_in_error"  # Excel itself shows an error in it


class SheetUnreadable(Exception):  # noqa: N818 - named for what it says of the file
    """A file is no table; `cell` names where, and is empty where it is all of it."""

    def __init__(self, fault: SheetFault, cell: str = "") -> None:
        super().__init__(f"{cell}: {fault}" if cell else fault)
        self.fault = fault
        self.cell = cell


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty, with the number that a person sees beside it."""

    number: int
    values: tuple[Any, ...]  # text, a number, a day, a moment, or None for an empty cell

    def cell(self, column: int) -> str:
        """Name a cell of the row as people do: "C7"."""
        return cell_name(self.number, column)


def cell_name(row: int, column: int) -> str:
    """Name a cell by its row from one on, and its column from nought on."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def read_sheet(content: bytes, *, rows_max: int) -> list[SheetRow]:
    """Read the rows of a file that are not empty. Raises SheetUnreadable."""
    if not content.strip():
        raise SheetUnreadable(SheetFault.EMPTY)
    if len(content) > SHEET_BYTES_MAX:
        raise SheetUnreadable(SheetFault.TOO_LARGE)
    if content.startswith(_OTHER_KINDS):
        raise SheetUnreadable(SheetFault.OTHER_KIND)
    rows = _of_book(content) if content.startswith(b"PK") else _of_lines(content)
    found: list[SheetRow] = []
    for row in rows:
        if len(found) == rows_max:
            raise SheetUnreadable(SheetFault.TOO_MANY_ROWS)
        found.append(row)
    if not found:
        raise SheetUnreadable(SheetFault.EMPTY)
    return found


def _of_lines(content: bytes) -> Iterator[SheetRow]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetUnreadable(SheetFault.NOT_UTF8) from None
    if "\x00" in text:
        raise SheetUnreadable(SheetFault.NOT_UTF8)
    if text.lstrip().startswith("<"):
        raise SheetUnreadable(SheetFault.OTHER_KIND)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, values in enumerate(reader, start=1):
            stripped = [value.strip() for value in values]
            if any(stripped):
                yield _ensure_no_formula(_row(number, stripped))
    except csv.Error:
        raise SheetUnreadable(SheetFault.BROKEN, cell_name(number + 1, 0)) from None


def _ensure_no_formula(row: SheetRow) -> SheetRow:
    for column, value in enumerate(row.values):
        if isinstance(value, str) and value.startswith("="):
            raise SheetUnreadable(SheetFault.FORMULA, row.cell(column))
    return row


def _of_book(content: bytes) -> Iterator[SheetRow]:
    ensure_harmless(content)
    # It has no types, and takes a third of a second to import, which finance alone waits for.
    from openpyxl import load_workbook  # type: ignore[import-untyped] # noqa: PLC0415

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        yield from _only(book.worksheets)
    except SheetUnreadable:
        raise
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the library
        raise SheetUnreadable(SheetFault.BROKEN) from None


def _only(sheets: Iterable[Any]) -> Iterator[SheetRow]:
    """Give the rows of the one sheet that has any: of several, nobody knows which is meant."""
    filled = [rows for rows in map(_filled_rows, sheets) if rows is not None]
    if len(filled) > 1:
        raise SheetUnreadable(SheetFault.SEVERAL_SHEETS)
    for rows in filled:
        yield from rows


def _filled_rows(sheet: Any) -> Iterator[SheetRow] | None:  # noqa: ANN401 - the library has no types
    """Give the rows of a sheet, of which the first is looked at; None for an empty one."""
    sheet.reset_dimensions()  # else it is believed that there is no more than the sheet says
    rows = _rows_of(sheet)
    first = next(rows, None)
    if first is None:
        return None

    def whole() -> Iterator[SheetRow]:
        yield first
        yield from rows

    return whole()


def _rows_of(sheet: Any) -> Iterator[SheetRow]:  # noqa: ANN401 - as above
    for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
        if number > _ROWS_PASSED_MAX:
            raise SheetUnreadable(SheetFault.TOO_MANY_ROWS)
        if not any(cell.value is not None for cell in cells):
            continue
        for column, cell in enumerate(cells):
            if cell.data_type == "f":
                raise SheetUnreadable(SheetFault.FORMULA, cell_name(number, column))
            if cell.data_type == "e":
                raise SheetUnreadable(SheetFault.CELL_IN_ERROR, cell_name(number, column))
        values = [cell.value for cell in cells]
        values = [value.strip() if isinstance(value, str) else value for value in values]
        if any(value not in (None, "") for value in values):
            yield _row(number, values)


def _row(number: int, values: Iterable[Any]) -> SheetRow:
    listed = [None if value == "" else value for value in values]
    while listed and listed[-1] is None:
        listed.pop()
    if len(listed) > COLUMNS_MAX:
        raise SheetUnreadable(SheetFault.TOO_MANY_COLUMNS, cell_name(number, COLUMNS_MAX))
    for column, value in enumerate(listed):
        if isinstance(value, str) and len(value) > _CELL_LENGTH_MAX:
            raise SheetUnreadable(SheetFault.CELL_TOO_LONG, cell_name(number, column))
    return SheetRow(number, tuple(listed))


def ensure_harmless(content: bytes) -> None:
    """Refuse a book that unpacks to far more than it is, or whose XML declares things of its own.

    Or that has more formats, merged cells and names than a table for people ever has. The library
    of archives never unpacks more of a part than the archive says it holds.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS_MAX:
                raise SheetUnreadable(SheetFault.TOO_LARGE)
            if sum(part.file_size for part in parts) > _UNPACKED_BYTES_MAX:
                raise SheetUnreadable(SheetFault.TOO_LARGE)
            if "xl/workbook.xml" not in archive.namelist():
                raise SheetUnreadable(SheetFault.OTHER_KIND)
            _ensure_plain(archive)
    except _BROKEN_ARCHIVE:
        raise SheetUnreadable(SheetFault.BROKEN) from None


def _ensure_plain(archive: ZipFile) -> None:
    trimmings = 0
    for name in archive.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        part = archive.read(name)
        if _DECLARES.search(part):
            raise SheetUnreadable(SheetFault.BROKEN)
        trimmings += sum(1 for _ in _TRIMMING.finditer(part))
        if trimmings > _TRIMMINGS_MAX:
            raise SheetUnreadable(SheetFault.TOO_LARGE)
