"""A value of the catalogue as the text of a cell, and whatever was typed as a value.

What cannot be understood is handed on as it was typed: the catalogue's own check refuses it then.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.kit.digits import latin_digits, number, persian_digits
from bot.kit.jalali import jalali_numbers, read_jalali
from bot.kit.text import normalise
from handlers.views.workbook.columns import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from handlers.views.workbook.columns import Column, Layout

_MINUTES_OF_DAY: Final = 24 * 60
_GREGORIAN_SINCE: Final = 1700
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_WHOLE: Final = re.compile(r"-?\d{1,18}")
_THOUSANDS: Final = str.maketrans("", "", ",\u066c\u060c '\u00a0\u200e")
_PARTS: Final = re.compile(r"[\n,;\u060c\u061b]+")
_ID_PARTS: Final = re.compile(r"[\s,;\u060c\u061b]+")
_OF_ARABIC: Final = str.maketrans(
    "\N{ARABIC LETTER YEH}\N{ARABIC LETTER KAF}",
    "\N{ARABIC LETTER FARSI YEH}\N{ARABIC LETTER KEHEH}",
)


def written(value: Any, column: Column, layout: Layout, language: str) -> str:  # noqa: ANN401 - of any column
    """Write a value into a cell; nothing where the catalogue says nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return _written_list(value, column, layout, language)
    writers: dict[Kind, Callable[[Any], str]] = {
        Kind.DAY: lambda day: _written_day(day, language),
        Kind.CLOCK: lambda clock: _local(_short_clock(clock), language),
        Kind.WHOLE: lambda whole: number(whole, language),
        Kind.YES_NO: lambda answer: layout.yes if answer else layout.no,
        Kind.CHOICE: lambda chosen: column.choices.get(chosen, chosen),
    }
    return writers.get(column.kind, str)(value)


def _written_list(values: list[Any], column: Column, layout: Layout, language: str) -> str:
    if not values:
        return "" if column.is_optional else layout.none
    if column.kind is Kind.LISTED:
        return layout.in_sheet
    if column.kind is Kind.WINDOWS:
        spans = (f"{_short_clock(one['opens'])}-{_short_clock(one['closes'])}" for one in values)
        return "\n".join(_local(span, language) for span in spans)
    if column.kind is Kind.CHOICES:
        return "\n".join(column.choices.get(one, one) for one in values)
    return "\n".join(values)


def _local(text: str, language: str) -> str:
    return persian_digits(text) if language == "fa" else text


def _written_day(value: str, language: str) -> str:
    day = date.fromisoformat(value)
    shown = "{:04}/{:02}/{:02}".format(*jalali_numbers(day))
    is_jalali = language == "fa" and read_jalali(shown) == day  # it reads those of two centuries
    return persian_digits(shown) if is_jalali else value


def _short_clock(value: str) -> str:
    return value.removesuffix(":00") if value.count(":") > 1 else value


def understood(raw: object, column: Column, layouts: Sequence[Layout]) -> Any:  # noqa: ANN401 - of any column
    """Read what was typed into a cell; None for an empty one."""
    if raw is None:
        return None
    readers: dict[Kind, Callable[[object], Any]] = {
        Kind.DAY: _day,
        Kind.CLOCK: _clock,
        Kind.WHOLE: _whole,
        Kind.YES_NO: lambda value: _yes_no(value, layouts),
        Kind.CHOICE: lambda value: _named(as_typed(value), column),
        Kind.ID: lambda value: latin_digits(as_typed(value)),
        Kind.WINDOWS: lambda value: _several(value, "\n", layouts, _window),
        Kind.LINES: lambda value: _several(value, "\n", layouts, str),
        Kind.IDS: lambda value: _several(value, _ID_PARTS, layouts, latin_digits),
        Kind.CHOICES: lambda value: _several(
            value, _PARTS, layouts, lambda one: _named(one, column)
        ),
        Kind.LISTED: lambda value: [] if _is_none(as_typed(value), layouts) else as_typed(value),
    }
    return readers.get(column.kind, as_typed)(raw)


def as_typed(raw: object) -> str:
    """Write a cell as it would have been typed: a whole number has no point."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return str(raw).replace("\r\n", "\n").translate(_OF_ARABIC).strip()


def _is_none(text: str, layouts: Iterable[Layout]) -> bool:
    return normalise(text) in {normalise(layout.none) for layout in layouts}


def _several(
    raw: object,
    parting: str | re.Pattern[str],
    layouts: Sequence[Layout],
    read: Callable[[str], Any],
) -> list[Any]:
    text = as_typed(raw)
    if _is_none(text, layouts):
        return []
    parts = text.split(parting) if isinstance(parting, str) else parting.split(text)
    return [read(part.strip()) for part in parts if part.strip()]


def _named(text: str, column: Column) -> str:
    wanted = normalise(text)
    for value, name in column.choices.items():
        if text == value or wanted == normalise(name):
            return value
    return text


def _yes_no(raw: object, layouts: Sequence[Layout]) -> object:
    if isinstance(raw, bool):
        return raw
    text = normalise(as_typed(raw))
    if text in {"true", *(normalise(layout.yes) for layout in layouts)}:
        return True
    is_no = text in {"false", *(normalise(layout.no) for layout in layouts)}
    return False if is_no else as_typed(raw)


def _whole(raw: object) -> object:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    text = latin_digits(as_typed(raw)).translate(_THOUSANDS)
    return int(text) if _WHOLE.fullmatch(text) else as_typed(raw)


def _day(raw: object) -> str:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return raw.isoformat()
    text = latin_digits(as_typed(raw))
    numbers = _DAY.fullmatch(text)
    if numbers is not None and int(numbers[1]) >= _GREGORIAN_SINCE:
        year, month, day = (int(part) for part in numbers.groups())
        return f"{year:04}-{month:02}-{day:02}"
    found = read_jalali(text)
    return text if found is None else found.isoformat()


def _clock(raw: object) -> str:
    if isinstance(raw, datetime):
        raw = raw.time()
    if isinstance(raw, time):
        return raw.replace(microsecond=0).isoformat()
    if isinstance(raw, timedelta):
        raw = raw.total_seconds() / 86_400
    if isinstance(raw, float) and 0 <= raw < 1:
        minutes = round(raw * _MINUTES_OF_DAY) % _MINUTES_OF_DAY
        return f"{minutes // 60:02}:{minutes % 60:02}"
    text = latin_digits(as_typed(raw))
    found = _CLOCK.fullmatch(text)
    if found is None:
        return text
    return ":".join(part.zfill(2) for part in found.groups() if part is not None)


def _window(text: str) -> object:
    """Read a stretch of a day, whatever stands between its two hours."""
    hours = [match.group() for match in _CLOCK.finditer(latin_digits(text))]
    if len(hours) != 2:  # noqa: PLR2004 - it has a beginning and an end
        return text
    return {"opens": _clock(hours[0]), "closes": _clock(hours[1])}
