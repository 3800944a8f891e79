"""The workbook as a file: sheets from right to left, texts alone, choices to pick from."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from bot.catalogue.rules.storing import plain
from bot.kit.sheets import cell_name
from handlers.views.workbook.columns import LISTS, Kind
from handlers.views.workbook.guide import change_label, guide_lines, office_label
from handlers.views.workbook.layout import layout
from handlers.views.workbook.looks import (
    GUIDE_WIDTH,
    LABEL_WIDTH,
    VALUE_WIDTH,
    Looks,
    height_of,
    width_of,
)
from handlers.views.workbook.rows import rows_of
from handlers.views.workbook.workshop_rows import workshop_records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.books import BookSheet
    from bot.kit.words import Words
    from bot.workshops.model import Offered
    from handlers.views.workbook.columns import Column, Layout, Sheet

_ROWS_TO_FILL: Final = 400  # below the last row: they have choices too
_INLINE_MAX: Final = 250  # what a list of choices may hold within a cell's own rule


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said at cells of a sheet, by their names: a comment, and whether it is a fault."""

    notes: Mapping[str, str]


def workbook(
    words: Words, published: OfficeCatalogue, change: int, offered: Sequence[Offered]
) -> bytes:
    """Write the catalogue of an office and its workshops.

    `change` says which state of the catalogue this is.
    """
    laid = layout(words)
    values = {**plain(published), **workshop_records(words, offered)}
    file = BytesIO()
    with _open(file) as book:
        writer = _Writer(book, words, laid)
        writer.guide(published.office.id, change)
        for sheet in laid.sheets:
            rows = rows_of(sheet, values, laid, words.language)
            writer.sheet(sheet, _grid(sheet, rows))
        writer.lists()
    return file.getvalue()


def marked(
    words: Words, came: Sequence[BookSheet], meant: Mapping[str, Sheet], notes: Mapping[str, Marks]
) -> bytes:
    """Write a workbook as it came, with a colour and a comment at each cell that is wrong."""
    laid = layout(words)
    file = BytesIO()
    with _open(file) as book:
        writer = _Writer(book, words, laid)
        for one in came:
            marks = notes.get(one.title, Marks({}))
            if one.title == laid.lists:
                continue
            grid = {row.number: [_typed(value) for value in row.values] for row in one.rows}
            writer.sheet(meant.get(one.title), grid, title=one.title, marks=marks)
        writer.lists()
    return file.getvalue()


def _open(file: BytesIO) -> Any:  # noqa: ANN401 - the library has no types
    import xlsxwriter  # noqa: PLC0415 - a tenth of a second that most desks never need

    return xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )


def _grid(sheet: Sheet, rows: Sequence[Sequence[str]]) -> dict[int, list[str]]:
    """Set rows below their heading; a form has a row for each column."""
    if not sheet.is_form:
        head = [column.label for column in sheet.columns]
        return {1: head, **{number: list(row) for number, row in enumerate(rows, start=2)}}
    (values,) = rows
    grid = {}
    for number, (column, value) in enumerate(zip(sheet.columns, values, strict=True), start=2):
        grid[number] = [column.label, value, column.hint]
    return grid


def _typed(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


class _Writer:
    """Writes sheets of one look into a book."""

    def __init__(self, book: Any, words: Words, laid: Layout) -> None:  # noqa: ANN401 - as above
        self._book = book
        self._words = words
        self._laid = laid
        self._choices: list[list[str]] = []
        self._looks = Looks.of(book, is_from_right=words.language == "fa")

    def guide(self, office_id: str, change: int) -> None:
        """Explain the workbook in five lines, and note of which office and state it is."""
        sheet = self._new(self._laid.guide)
        looks = self._looks
        self._widen(sheet, GUIDE_WIDTH, LABEL_WIDTH)
        for number, line in enumerate(guide_lines(self._words)):
            sheet.set_row(number, height_of([(line, GUIDE_WIDTH)]))
            sheet.write_string(number, 0, line, looks.plain)
        _ = self._words.gettext
        marks = {office_label(self._words): office_id, change_label(self._words): str(change)}
        for number, (label, value) in enumerate(marks.items(), start=6):
            sheet.write_string(number, 0, label, looks.grey)
            sheet.write_string(number, 1, value, looks.grey)

    def sheet(
        self,
        meant: Sheet | None,
        grid: Mapping[int, Sequence[str]],
        *,
        title: str = "",
        marks: Marks | None = None,
    ) -> None:
        """Write a sheet: its rows by their numbers, and what may be chosen in them."""
        sheet = self._new(title or (meant.title if meant is not None else ""))
        if meant is not None and meant.is_form:
            _ = self._words.gettext
            grid = {1: [_("What"), _("Value"), _("Note")], **grid}
        places = self._places(meant, grid)
        notes = {} if marks is None else dict(marks.notes)
        for number, row in grid.items():
            cells = [(text, *places(number, at)) for at, text in enumerate(row)]
            sheet.set_row(number - 1, height_of((text, width) for text, width, _look in cells))
            for at, (text, _width, look) in enumerate(cells):
                name = cell_name(number, at)
                if name in notes:
                    self._mark(sheet, name, text, notes.pop(name))
                elif text:
                    sheet.write_string(number - 1, at, text, look)
        for name, note in notes.items():
            self._mark(sheet, name, "", note)
        sheet.freeze_panes(1, 1)
        self._rule(sheet, meant, grid)

    def _places(
        self, meant: Sheet | None, grid: Mapping[int, Sequence[str]]
    ) -> Callable[[int, int], tuple[int, Any]]:
        """Say for a cell, by its row and place, how wide it is and how it looks."""
        looks = self._looks
        labels = {column.label: column for column in meant.columns} if meant is not None else {}
        if meant is None:
            return lambda _number, at: (LABEL_WIDTH if at else GUIDE_WIDTH, looks.plain)

        def in_form(number: int, at: int) -> tuple[int, Any]:
            values = (looks.plain, looks.in_column(labels.get(grid[number][0])), looks.grey)
            look = looks.head if number == 1 else values[min(at, 2)]
            return VALUE_WIDTH if at == 1 else LABEL_WIDTH, look

        head = grid.get(1, ())

        def in_table(number: int, at: int) -> tuple[int, Any]:
            column = labels.get(head[at]) if at < len(head) else None
            return width_of(column), looks.head if number == 1 else looks.in_column(column)

        return in_form if meant.is_form else in_table

    def _mark(self, sheet: Any, name: str, text: str, note: str) -> None:  # noqa: ANN401 - as above
        if text:
            sheet.write_string(name, text, self._looks.wrong)
        else:
            sheet.write_blank(name, None, self._looks.wrong)
        sheet.write_comment(name, note, {"x_scale": 2, "y_scale": 1.4})

    def _rule(self, sheet: Any, meant: Sheet | None, grid: Mapping[int, Sequence[str]]) -> None:  # noqa: ANN401 - as above
        """Set widths, and offer the choices where there are any."""
        if meant is None:
            self._widen(sheet, GUIDE_WIDTH, LABEL_WIDTH)
            return
        last = max(grid, default=1) + _ROWS_TO_FILL
        labels = {column.label: column for column in meant.columns}
        if meant.is_form:
            self._widen(sheet, LABEL_WIDTH, VALUE_WIDTH, LABEL_WIDTH)
            for number, row in grid.items():
                column = labels.get(row[0]) if row else None
                if column is not None:
                    self._offer(sheet, column, (number - 1, 1, number - 1, 1))
            return
        for at, label in enumerate(grid.get(1, ())):
            column = labels.get(label)
            if column is not None:
                sheet.set_column(at, at, width_of(column), self._looks.in_column(column))
                self._offer(sheet, column, (1, at, last, at))

    def _widen(self, sheet: Any, *widths: int) -> None:  # noqa: ANN401 - as above
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width, self._looks.plain)

    def _offer(self, sheet: Any, column: Column, area: tuple[int, int, int, int]) -> None:  # noqa: ANN401 - as above
        rule = self._rule_of(column)
        if column.hint:
            rule |= {"input_title": column.label[:32], "input_message": column.hint[:255]}
        if rule:
            sheet.data_validation(*area, {"validate": "any", **rule, "ignore_blank": True})

    def _rule_of(self, column: Column) -> dict[str, Any]:
        laid = self._laid
        if column.refers:
            title = laid.sheet(column.refers).title.replace("'", "''")
            source = f"='{title}'!$A$2:$A${_ROWS_TO_FILL}"
            # What is typed is checked when the workbook comes back, and told in plain words.
            return {"validate": "list", "source": source, "error_type": "information"}
        if column.kind is Kind.YES_NO:
            return {"validate": "list", "source": [laid.yes, laid.no]}
        if column.kind is Kind.LISTED:
            return {"validate": "list", "source": [laid.in_sheet, laid.none]}
        if column.kind is Kind.CHOICE:
            return {"validate": "list", "source": self._source(list(column.choices.values()))}
        if column.kind in LISTS and column.choices:
            _ = self._words.gettext
            text = _("One or more, each on a line of its own (Alt+Enter):")
            names = " / ".join(column.choices.values())
            return {"input_title": column.label[:32], "input_message": f"{text} {names}"[:255]}
        return {}

    def _source(self, names: list[str]) -> Any:  # noqa: ANN401 - as above
        """Offer a few names in the rule itself, and many of them from the sheet of lists."""
        if len(",".join(names)) < _INLINE_MAX and not any("," in name for name in names):
            return names
        if names not in self._choices:
            self._choices.append(names)
        letter = cell_name(1, self._choices.index(names))[:-1]
        return f"='{self._laid.lists}'!${letter}$1:${letter}${len(names)}"

    def lists(self) -> None:
        """Write the sheet from which longer choices are taken; nobody has to look at it."""
        sheet = self._new(self._laid.lists)
        for at, names in enumerate(self._choices):
            for number, name in enumerate(names):
                sheet.write_string(number, at, name, self._looks.plain)
        sheet.hide()

    def _new(self, title: str) -> Any:  # noqa: ANN401 - as above
        sheet = self._book.add_worksheet(title)
        if self._words.language == "fa":
            sheet.right_to_left()
        return sheet
