"""A workbook that somebody sends, as plain values of the catalogue, and where each of them stood.

Whatever is wrong is a fault at a cell, and none hides another: the values are as complete as they
can be, for the catalogue's own check to look at them too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.kit.text import normalise
from handlers.views.workbook.cells import understood
from handlers.views.workbook.columns import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.kit.books import BookSheet
    from bot.kit.content import Place
    from bot.kit.sheets import SheetRow
    from handlers.views.workbook.columns import Column, Layout, Sheet

OPTIONAL_GROUPS: Final = frozenset({"form", "workshops"})  # left out where all of it is empty


class Spot(NamedTuple):
    """A cell: its sheet, its name such as "D12", and what belongs into it."""

    sheet: str
    cell: str
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class CellWrong:
    """What is wrong at a cell; views have the words for each kind."""

    spot: Spot
    kind: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet as it was typed: a value and a cell for each column that is there."""

    sheet: Sheet
    title: str
    values: Mapping[tuple[str, ...], Any]
    spots: Mapping[tuple[str, ...], Spot]
    columns: Sequence[Column]

    @property
    def first(self) -> Spot:
        """The cell that stands for the whole row."""
        return next(iter(self.spots.values()))


@dataclass
class Lines:
    """The rows of every sheet by its key, and what is wrong so far."""

    by_sheet: dict[str, list[Line]] = field(default_factory=dict)
    heads: dict[str, Spot] = field(default_factory=dict)  # where a sheet begins
    guide: dict[str, tuple[str, Spot]] = field(default_factory=dict)
    wrong: list[CellWrong] = field(default_factory=list)

    def of(self, key: str) -> list[Line]:
        """List the rows of a sheet."""
        return self.by_sheet.get(key, [])


def lines_of(book: Iterable[BookSheet], layouts: Sequence[Layout]) -> Lines:
    """Read the rows of each sheet that is known, whatever the language of its labels."""
    lines = Lines()
    known = {
        normalise(sheet.title): [other.sheet(sheet.key) for other in layouts]
        for layout in layouts
        for sheet in layout.sheets
    }
    guides = {normalise(layout.guide) for layout in layouts}
    aside = guides | {normalise(layout.lists) for layout in layouts}
    first = None
    for sheet in book:
        first = first or Spot(sheet.title, "A1")
        title = normalise(sheet.title)
        if title in known:
            _read_sheet(lines, sheet, known[title], layouts)
        elif title in guides:
            _read_guide(lines, sheet)
        elif title not in aside and sheet.rows:
            lines.wrong.append(CellWrong(Spot(sheet.title, "A1"), "unknown_sheet"))
    for missing in layouts[0].sheets:
        if missing.key not in lines.by_sheet and not missing.is_left_out:
            spot = first or Spot(layouts[0].guide, "A1")
            lines.wrong.append(CellWrong(spot, "no_sheet", {"one": missing.title}))
    return lines


def _read_guide(lines: Lines, sheet: BookSheet) -> None:
    for row in sheet.rows:
        if len(row.values) > 1 and row.values[1] is not None:
            label = normalise(str(row.values[0]))
            lines.guide[label] = (str(row.values[1]), Spot(sheet.title, row.cell(1)))


def _read_sheet(
    lines: Lines, sheet: BookSheet, meant: Sequence[Sheet], layouts: Sequence[Layout]
) -> None:
    key = meant[0].key
    if key in lines.by_sheet:
        lines.wrong.append(CellWrong(Spot(sheet.title, "A1"), "sheet_twice"))
        return
    lines.by_sheet[key] = []
    lines.heads[key] = Spot(sheet.title, "A1")
    broken = set()
    for cell, fault in sheet.faults:
        broken.add(cell)
        lines.wrong.append(CellWrong(Spot(sheet.title, cell), fault.value))
    reader = _SheetReader(lines, sheet, meant, layouts, broken)
    found = reader.form() if meant[0].is_form else reader.table()
    lines.by_sheet[key].extend(found)


class _SheetReader:
    """Reads one sheet whose labels may be of any language and in any order."""

    def __init__(
        self,
        lines: Lines,
        sheet: BookSheet,
        meant: Sequence[Sheet],
        layouts: Sequence[Layout],
        broken: set[str],
    ) -> None:
        self._lines = lines
        self._sheet = sheet
        self._meant = meant[0]
        self._layouts = layouts
        self._broken = broken
        self._known: dict[str, Column] = {}
        names: dict[tuple[str, ...], dict[str, str]] = {}
        for one in meant:
            for column in one.columns:
                names.setdefault(column.path, {}).update(
                    {normalise(name): value for value, name in column.choices.items()}
                )
        for one in meant:
            for column in one.columns:
                self._known.setdefault(normalise(column.label), column)
        self._names = names

    def table(self) -> Iterator[Line]:
        """Read a table: its first row names its columns."""
        rows = self._sheet.rows
        if not rows:
            self._say_missing((), Spot(self._sheet.title, "A1"))
            return
        columns = self._columns(rows[0])
        for row in rows[1:]:
            cells = {
                column.path: (row.values[at] if at < len(row.values) else None, row.cell(at))
                for at, column in columns.items()
            }
            line = self._line(cells, columns.values())
            if line is not None:
                yield line

    def form(self) -> Iterator[Line]:
        """Read a form: the first column names what stands in the second."""
        cells: dict[tuple[str, ...], tuple[object, str]] = {}
        columns = []
        for row in self._sheet.rows[1:]:
            column = self._labelled(row.values[0], row.cell(0), cells)
            if column is not None:
                value = row.values[1] if len(row.values) > 1 else None
                cells[column.path] = (value, row.cell(1))
                columns.append(column)
        self._say_missing(cells, Spot(self._sheet.title, "A1"))
        line = self._line(cells, columns)
        if line is not None:
            yield line

    def _columns(self, head: SheetRow) -> dict[int, Column]:
        found: dict[int, Column] = {}
        taken: dict[tuple[str, ...], object] = {}
        for at, value in enumerate(head.values):
            column = None if value is None else self._labelled(value, head.cell(at), taken)
            if column is not None:
                taken[column.path] = found[at] = column
        self._say_missing(taken, Spot(self._sheet.title, head.cell(0)))
        return found

    def _labelled(
        self, value: object, cell: str, taken: Mapping[tuple[str, ...], object]
    ) -> Column | None:
        column = None if value is None else self._known.get(normalise(str(value)))
        spot = Spot(self._sheet.title, cell)
        if column is None:
            if value is not None:
                self._lines.wrong.append(CellWrong(spot, "unknown_label"))
            return None
        if column.path in taken:
            self._lines.wrong.append(CellWrong(spot, "label_twice"))
            return None
        return column

    def _say_missing(self, taken: Iterable[tuple[str, ...]], spot: Spot) -> None:
        there = set(taken)
        for column in self._meant.columns:
            if column.path not in there and column.kind is not Kind.SHOWN:
                values = {"one": column.label}
                self._lines.wrong.append(CellWrong(spot, "no_label", values))

    def _line(
        self,
        cells: Mapping[tuple[str, ...], tuple[object, str]],
        columns: Iterable[Column],
    ) -> Line | None:
        values, spots, there = {}, {}, []
        for column in columns:
            raw, cell = cells[column.path]
            if column.kind is Kind.SHOWN:
                continue
            there.append(column)
            spots[column.path] = Spot(self._sheet.title, cell, column)
            is_broken = cell in self._broken
            values[column.path] = None if is_broken else self._understood(raw, column)
        if not spots or all(cells[path][0] is None for path in spots):
            return None
        return Line(self._meant, self._sheet.title, values, spots, there)

    def _understood(self, raw: object, column: Column) -> Any:  # noqa: ANN401 - of any column
        value = understood(raw, column, self._layouts)
        names = self._names[column.path]
        if column.kind is Kind.CHOICE and isinstance(value, str):
            return names.get(normalise(value), value)
        if column.kind is Kind.CHOICES and value is not None:
            return [names.get(normalise(one), one) for one in value]
        return value


def record_of(line: Line, skip: Iterable[tuple[str, ...]] = ()) -> dict[str, Any]:
    """Nest what stands in a row as the catalogue does; what is empty and may be left out, is."""
    left = set(skip)
    columns = [column for column in line.columns if column.path not in left]
    return _nested([(column.path, column, line.values[column.path]) for column in columns])


def _nested(cells: Sequence[tuple[tuple[str, ...], Column, Any]]) -> dict[str, Any]:
    groups: dict[str, list[tuple[tuple[str, ...], Column, Any]]] = {}
    for path, column, value in cells:
        groups.setdefault(path[0], []).append((path[1:], column, value))
    record: dict[str, Any] = {}
    for name, group in groups.items():
        if group[0][0]:
            is_empty = all(value is None for _path, _column, value in group)
            if is_empty and name in OPTIONAL_GROUPS:
                continue
            record[name] = None if is_empty else _nested(group)
        else:
            _path, column, value = group[0]
            if value is not None or not column.is_optional:
                record[name] = value
    return record


def spots_of(line: Line, part: str, place: Place) -> dict[tuple[str | int, ...], Spot]:
    """Say for each place of the catalogue that a row fills from which cell it came."""
    found: dict[tuple[str | int, ...], Spot] = {(part, *place): line.first}
    for path, spot in line.spots.items():
        for depth in range(1, len(path) + 1):
            found.setdefault((part, *place, *path[:depth]), spot)
    return found
