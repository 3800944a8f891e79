"""The one picture of a digest: what came and what ended, day by day, in reading order.

It names nobody and shows counts alone. Matplotlib shapes and orders Persian by itself; it is
imported when a picture is drawn, for it takes half a second and sixty megabytes. Drawing is slow
work for a thread: it takes about a tenth of a second.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.kit.digits import number
from bot.kit.jalali import jalali_month_day, weekday_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.digests.model import DayCount
    from bot.kit.words import Words

_FONT = Path(__file__).parents[3] / "data" / "fonts" / "Vazirmatn-Regular.ttf"
_SIZE_INCHES, _DOTS_PER_INCH = (6.4, 4.2), 200
_INK, _QUIET, _PAPER, _DAY_OFF = "#1f2933", "#5f6b7a", "#ffffff", "#e9edf1"
_CAME, _ENDED = "#0f6e84", "#f2a541"
_BAR, _GAP = 0.36, 0.04
_POINTS = {"title": 17, "legend": 13.5, "count": 14, "weekday": 13, "date": 11}
_HEADROOM, _HIGHEST_MIN = 1.18, 4
_SHORT_WEEKDAY = 3  # letters; "Wednesday" does not fit under its bars
_RIGHT_TO_LEFT = "\u200f"


def is_worth_drawing(days: Sequence[DayCount]) -> bool:
    """True when there is anything to see: a picture of nothing tells nothing."""
    return any(day.registered or day.ended for day in days)


def draw(words: Words, title: str, days: Sequence[DayCount]) -> bytes:
    """Draw the days as a PNG; in Persian the first day stands at the right."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    figure = Figure(figsize=_SIZE_INCHES, dpi=_DOTS_PER_INCH, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.03, 0.17, 0.94, 0.6))
    _set_stage(axes, words, days)
    for place, day in enumerate(days):
        _draw_day(axes, words, place, day)
    _draw_head(figure, words, title, has_day_off=not all(day.is_worked for day in days))
    picture = BytesIO()
    figure.savefig(picture, format="png", facecolor=_PAPER)
    return picture.getvalue()


def _font(name: str) -> Any:  # noqa: ANN401 - matplotlib is imported late, its types with it
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - as above

    return FontProperties(fname=_FONT, size=_POINTS[name])


def _set_stage(axes: Any, words: Words, days: Sequence[DayCount]) -> None:  # noqa: ANN401 - as above
    highest = max(_HIGHEST_MIN, *(max(day.registered, day.ended) for day in days))
    axes.set_ylim(0, highest * _HEADROOM)
    axes.set_xlim(-0.5, len(days) - 0.5)
    if words.language == "fa":
        axes.invert_xaxis()
    axes.set_axis_off()
    axes.axhline(0, color=_QUIET, linewidth=1.2, clip_on=False, zorder=3)


def _draw_day(axes: Any, words: Words, place: int, day: DayCount) -> None:  # noqa: ANN401 - as above
    if not day.is_worked:
        axes.axvspan(place - 0.46, place + 0.46, color=_DAY_OFF, linewidth=0, zorder=0)
    _draw_bar(axes, words, place - _BAR - _GAP / 2, day.registered, _CAME)
    _draw_bar(axes, words, place + _GAP / 2, day.ended, _ENDED)
    below = axes.get_xaxis_transform()
    common: dict[str, Any] = {"transform": below, "ha": "center", "va": "top", "clip_on": False}
    weekday = weekday_name(day.day, words.language)
    weekday = weekday[:_SHORT_WEEKDAY] if words.language == "en" else weekday
    date = jalali_month_day(day.day, words.language)
    axes.text(place, -0.04, weekday, color=_INK, fontproperties=_font("weekday"), **common)
    axes.text(place, -0.15, date, color=_QUIET, fontproperties=_font("date"), **common)


def _draw_bar(axes: Any, words: Words, left: float, count: int, color: str) -> None:  # noqa: ANN401 - as above
    if count == 0:
        return
    axes.bar(left + _BAR / 2, count, _BAR, color=color, linewidth=0, zorder=2)
    axes.annotate(
        number(count, words.language),
        (left + _BAR / 2, count),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=_INK,
        fontproperties=_font("count"),
    )


def _draw_head(figure: Any, words: Words, title: str, *, has_day_off: bool) -> None:  # noqa: ANN401 - as above
    _ = words.gettext
    is_persian = words.language == "fa"
    edge, toward = (0.965, -1) if is_persian else (0.035, 1)
    align = "right" if is_persian else "left"
    mark = _RIGHT_TO_LEFT if is_persian else ""
    figure.text(
        edge, 0.925, mark + title, color=_INK, ha=align, va="center", fontproperties=_font("title")
    )
    legend = [(_("Registered cases"), _CAME), (_("Ended cases"), _ENDED)]
    legend += [(_("Day off"), _DAY_OFF)] if has_day_off else []
    for text, color in legend:
        figure.text(edge, 0.83, "\u25a0", color=color, ha=align, va="center", fontsize=15)
        label = figure.text(
            edge + toward * 0.035,
            0.83,
            mark + text,
            color=_INK,
            ha=align,
            va="center",
            fontproperties=_font("legend"),
        )
        extent = label.get_window_extent(figure.canvas.get_renderer())
        edge += toward * (extent.width / figure.bbox.width + 0.085)
