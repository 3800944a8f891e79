"""A sheet of A4 on which words, lines and a QR code are set, in Persian or in English.

Matplotlib shapes and orders Persian by itself, and writes PDF; it is imported when a sheet is
drawn, for it takes half a second. Drawing is work for a thread.
"""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FONT: Final = Path(__file__).parents[3] / "data" / "fonts" / "Vazirmatn-Regular.ttf"
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARGIN_MM: Final = 18.0
_INCH_MM: Final = 25.4
_POINT_MM: Final = _INCH_MM / 72
_DOTS_PER_INCH: Final = 100
_LEADING: Final = 1.75  # of a line, in sizes of its letters
_RIGHT_TO_LEFT: Final = "\u200f"
INK, QUIET, LEAD, ALARM, PAPER = "#1f2933", "#5f6b7a", "#0f6e84", "#a4262c", "#ffffff"


class Page:
    """One sheet, filled from the top; all lengths are millimetres from its upper left corner."""

    def __init__(self, *, is_right_to_left: bool) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above

        size = (WIDTH_MM / _INCH_MM, HEIGHT_MM / _INCH_MM)
        self._figure: Any = Figure(figsize=size, dpi=_DOTS_PER_INCH, facecolor=PAPER)
        self.is_right_to_left = is_right_to_left
        self.y = MARGIN_MM

    @property
    def texts(self) -> list[Any]:
        """What is written on it, in order."""
        return list(self._figure.texts)

    @property
    def edge(self) -> float:
        """Where a line begins."""
        return WIDTH_MM - MARGIN_MM if self.is_right_to_left else MARGIN_MM

    def write(
        self,
        text: str,
        points: float,
        *,
        color: str = INK,
        is_centred: bool = False,
        from_edge: float = 0.0,
        width: float | None = None,
    ) -> None:
        """Write a paragraph below what stands there, in as many lines as it takes."""
        room = width or WIDTH_MM - 2 * MARGIN_MM - from_edge
        for line in self._lines(text, points, room):
            if is_centred:
                self._set(line, WIDTH_MM / 2, points, color, "center")
            else:
                self.at(line, points, from_edge=from_edge, color=color)
            self.y += points * _POINT_MM * _LEADING

    def at(self, text: str, points: float, *, from_edge: float = 0.0, color: str = INK) -> None:
        """Write a line at this height, and stay there."""
        side = -1 if self.is_right_to_left else 1
        align = "right" if self.is_right_to_left else "left"
        self._set(text, self.edge + side * from_edge, points, color, align)

    def band(self, text: str, points: float, *, color: str) -> None:
        """Write a line on a band of a colour, over the whole width."""
        height = points * _POINT_MM * 2.2
        axes = self._axes(0, self.y, WIDTH_MM, height)
        axes.set_facecolor(color)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        self.y += height * 0.28
        self._set(text, WIDTH_MM / 2, points, PAPER, "center")
        self.y += height * 0.72 + 4

    def rule(self) -> None:
        """Draw a thin line."""
        from matplotlib.lines import Line2D  # noqa: PLC0415 - as above

        height = 1 - self.y / HEIGHT_MM
        ends = [MARGIN_MM / WIDTH_MM, 1 - MARGIN_MM / WIDTH_MM]
        self._figure.add_artist(Line2D(ends, [height, height], color=QUIET, linewidth=0.6))
        self.y += 3

    def qr(self, address: str, size: float) -> None:
        """Draw an address as a code for a camera, in the middle, with the quiet zone it needs."""
        import segno  # noqa: PLC0415 - as above

        matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter()]
        axes = self._axes((WIDTH_MM - size) / 2, self.y, size, size)
        axes.imshow(matrix, cmap="gray_r", vmin=0, vmax=1, interpolation="none")
        axes.set_axis_off()
        self.y += size + 2

    def as_pdf(self, title: str) -> bytes:
        """Write the sheet as a PDF whose words can be searched."""
        import matplotlib as mpl  # noqa: PLC0415 - as above

        written, about = BytesIO(), {"Title": title, "CreationDate": None}
        with mpl.rc_context({"pdf.fonttype": 42}):
            self._figure.savefig(written, format="pdf", metadata=about)
        return written.getvalue()

    def as_png(self) -> bytes:
        """Draw the sheet as a picture, to look at it."""
        picture = BytesIO()
        self._figure.savefig(picture, format="png")
        return picture.getvalue()

    def _axes(self, left: float, top: float, width: float, height: float) -> Any:  # noqa: ANN401 - matplotlib is imported late, its types with it
        box = (
            left / WIDTH_MM,
            1 - (top + height) / HEIGHT_MM,
            width / WIDTH_MM,
            height / HEIGHT_MM,
        )
        return self._figure.add_axes(box)

    def _set(self, line: str, x: float, points: float, color: str, align: str) -> None:
        mark = _RIGHT_TO_LEFT if self.is_right_to_left else ""
        place = (x / WIDTH_MM, 1 - self.y / HEIGHT_MM)
        said = mark + _unmarked(line)
        self._figure.text(
            *place, said, color=color, ha=align, va="top", fontproperties=_font(points)
        )

    def _lines(self, text: str, points: float, room: float) -> Iterator[str]:
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and _width_mm(longer, points) > room:
                yield line
                longer = word
            line = longer
        if line:
            yield line


def _unmarked(line: str) -> str:
    """Leave vowel marks out: matplotlib's PDF moves the rest of a word aside after one."""
    return "".join(letter for letter in line if unicodedata.category(letter) != "Mn")


def _font(points: float) -> Any:  # noqa: ANN401 - as above
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - as above

    return FontProperties(fname=_FONT, size=points)


def _width_mm(text: str, points: float) -> float:
    from matplotlib.textpath import TextPath  # noqa: PLC0415 - as above

    path = TextPath((0, 0), text, size=points, prop=_font(points))
    return float(path.get_extents().width) * _POINT_MM
