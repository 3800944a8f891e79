"""Workbooks of several sheets that people send: every cell as it was typed, and what cannot be.

They are read as single sheets are (`bot.kit.sheets`): with limits, and nothing in them is run. A
cell that cannot be read is named and does not hide the others from whoever has to mend them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from bot.kit.sheets import (
    SHEET_BYTES_MAX,
    SheetFault,
    SheetRow,
    SheetUnreadable,
    ensure_harmless,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEETS_MAX: Final = 40
CELL_LENGTH_MAX: Final = 8_000
_COLUMNS_MAX: Final = 80
_ROWS_MAX: Final = 3_000  # that are not empty, of one sheet
_ROWS_PASSED_MAX: Final = 20_000
_CELLS_MAX: Final = 120_000  # that are not empty, of all sheets
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=\"([A-Z]{1,3}[0-9]{1,7})[:\"]")
_MERGED_MAX: Final = 100


class CellFault(StrEnum):
    """Why a cell cannot be read."""

    FORMULA = "formula"
    IN_ERROR = "in_error"  # Excel itself shows an error in it
    TOO_LONG = "too_long"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet of a book: its rows that are not empty, and its cells that cannot be read."""

    title: str
    rows: tuple[SheetRow, ...]
    faults: tuple[tuple[str, CellFault], ...]  # by the name of the cell, such as "C7"


def read_book(content: bytes) -> list[BookSheet]:
    """Read every sheet of a book. Raises SheetUnreadable where it is none."""
    if not content.strip():
        raise SheetUnreadable(SheetFault.EMPTY)
    if len(content) > SHEET_BYTES_MAX:
        raise SheetUnreadable(SheetFault.TOO_LARGE)
    if not content.startswith(b"PK"):
        raise SheetUnreadable(SheetFault.OTHER_KIND)
    ensure_harmless(content)
    # As in `bot.kit.sheets`: no types, and slow to import.
    from openpyxl import load_workbook  # type: ignore[import-untyped] # noqa: PLC0415

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if len(book.worksheets) > SHEETS_MAX:
            raise SheetUnreadable(SheetFault.SEVERAL_SHEETS)  # noqa: TRY301 - as all below it
        reader = _Reader(content)
        return [reader.sheet(one) for one in book.worksheets]
    except SheetUnreadable:
        raise
    except Exception:  # noqa: BLE001 - whatever a broken file makes of the library
        raise SheetUnreadable(SheetFault.BROKEN) from None


class _Reader:
    """Reads the sheets of a book, which together have no more cells than may be."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._cells = 0

    def sheet(self, sheet: Any) -> BookSheet:  # noqa: ANN401 - the library has no types
        sheet.reset_dimensions()  # else it is believed that there is no more than the sheet says
        faults = [(name, CellFault.MERGED) for name in self._merged(sheet)]
        rows = list(self._rows(sheet, faults))
        return BookSheet(sheet.title, tuple(rows), tuple(faults))

    def _merged(self, sheet: Any) -> list[str]:  # noqa: ANN401 - as above
        with ZipFile(BytesIO(self._content)) as archive:
            part = archive.read(sheet._worksheet_path)  # noqa: SLF001 - told in no other way
        found = (match.group(1).decode() for match in _MERGED.finditer(part))
        return list(dict.fromkeys(found))[:_MERGED_MAX]

    def _rows(
        self,
        sheet: Any,  # noqa: ANN401 - as above
        faults: list[tuple[str, CellFault]],
    ) -> Iterator[SheetRow]:
        count = 0
        for number, cells in enumerate(sheet.iter_rows(max_col=_COLUMNS_MAX + 1), start=1):
            if number > _ROWS_PASSED_MAX:
                raise SheetUnreadable(SheetFault.TOO_MANY_ROWS, sheet.title)
            values = [_value(cell) for cell in cells]
            while values and values[-1] is None:
                values.pop()
            if not values:
                continue
            count += 1
            self._count(sheet.title, count, values)
            row = SheetRow(number, tuple(values))
            for column, cell in enumerate(cells[: len(values)]):
                fault = _fault(cell)
                if fault is not None:
                    faults.append((row.cell(column), fault))
            yield row

    def _count(self, title: str, rows: int, values: list[object]) -> None:
        self._cells += sum(value is not None for value in values)
        if rows > _ROWS_MAX or self._cells > _CELLS_MAX:
            raise SheetUnreadable(SheetFault.TOO_MANY_ROWS, title)
        if len(values) > _COLUMNS_MAX:
            raise SheetUnreadable(SheetFault.TOO_MANY_COLUMNS, title)


def _fault(cell: Any) -> CellFault | None:  # noqa: ANN401 - as above
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return CellFault.FORMULA
    if cell.data_type == "e":
        return CellFault.IN_ERROR
    is_long = isinstance(cell.value, str) and len(cell.value) > CELL_LENGTH_MAX
    return CellFault.TOO_LONG if is_long else None


def _value(cell: Any) -> object:  # noqa: ANN401 - as above
    """What a cell says; a formula, and an error of Excel's, as the text that they are."""
    value = cell.value
    if value is None:
        return None
    if not isinstance(value, str) and cell.data_type in ("f", "e"):
        return "="
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").replace("\r", "\n")
        return lines.strip()[: CELL_LENGTH_MAX + 1] or None
    return value
