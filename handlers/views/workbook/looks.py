"""How cells of the workbook look: which way they read, how wide and how high they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from handlers.views.workbook.columns import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.views.workbook.columns import Column

LABEL_WIDTH: Final = 34
GUIDE_WIDTH: Final = 96
VALUE_WIDTH: Final = GUIDE_WIDTH - LABEL_WIDTH
_WIDTH: Final = 14
_WIDTHS: Final = {
    Kind.PROSE: 44,
    Kind.LINES: 40,
    Kind.CHOICES: 22,
    Kind.WINDOWS: 16,
    Kind.SHOWN: 30,
    Kind.ID: 20,
    Kind.LINE: 20,
    Kind.CHOICE: 20,
}
_LATIN_KINDS: Final = frozenset({Kind.ID, Kind.IDS})
_LATIN_NAMES: Final = frozenset({"en", "address", "source_url", "online_link", "source_sha256"})
_LINE_POINTS: Final = 15
_LINES_MAX: Final = 12
_FILLED: Final = 1.05  # letters of a line for each unit of its width


@dataclass(frozen=True)
class Looks:
    """The formats of a book, which the library makes."""

    plain: Any
    latin: Any  # from left to right in sheets that read from the right
    grey: Any
    head: Any
    wrong: Any

    @classmethod
    def of(cls, book: Any, *, is_from_right: bool) -> Looks:  # noqa: ANN401 - the library has no types
        """Make the formats; which way a text reads says where its full stop stands."""
        looks = {"num_format": "@", "valign": "top", "text_wrap": True}
        own = {**looks, "reading_order": 2} if is_from_right else looks
        latin = {**looks, "reading_order": 1} if is_from_right else looks
        return cls(
            book.add_format(own),
            book.add_format(latin),
            book.add_format({**own, "font_color": "#6b7280"}),
            book.add_format({**own, "bold": True, "bottom": 1, "bg_color": "#dfe7ef"}),
            book.add_format({**own, "bg_color": "#ffc9c9"}),
        )

    def in_column(self, column: Column | None) -> Any:  # noqa: ANN401 - as above
        """Choose the format of what stands in a column."""
        if column is None:
            return self.plain
        if column.kind is Kind.SHOWN:
            return self.grey
        is_latin = column.kind in _LATIN_KINDS or column.path[-1] in _LATIN_NAMES
        return self.latin if is_latin else self.plain


def width_of(column: Column | None) -> int:
    """Say how wide a column is."""
    return _WIDTH if column is None else _WIDTHS.get(column.kind, _WIDTH)


def height_of(cells: Iterable[tuple[str, int]]) -> int | None:
    """Say how high a row is in which these texts stand at these widths; None for one line.

    LibreOffice makes no row higher by itself when it opens a file.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return None if lines == 1 else min(lines, _LINES_MAX) * _LINE_POINTS


def _lines(text: str, width: int) -> int:
    return sum(max(1, ceil(len(line) / (width * _FILLED))) for line in text.split("\n"))
