"""Days and hours at the beginning of a line that a person typed, parted from what follows."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Final

from bot.kit.digits import latin_digits
from bot.kit.jalali import read_jalali
from bot.kit.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_WORDS_MAX: Final = 11  # of a period written out: two days, with weekdays and years
_DASHES = "-\u2010\u2011\u2012\u2013\u2014"
_UNTIL = re.compile(rf"\s+(?:تا|الی|to|until)\s+|\s*[{_DASHES}]\s*", re.IGNORECASE)
_HOURS = re.compile(
    r"\s*(?:(?:از|ساعت|و|from|and|[,،])\s*)*"
    rf"(\d{{1,2}}):(\d{{2}})\s*(?:[{_DASHES}]|تا|الی|to|until)\s*(?:ساعت\s*)?(\d{{1,2}}):(\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(r"\d{1,2}")
_MORNING: Final = ("صبح", "بامداد", "am")
_AFTERNOON: Final = ("بعد از ظهر", "بعدازظهر", "عصر", "غروب", "شب", "pm")
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})(?::(\d{2}))?(?![\d:])\s*(?:و\s*(نیم))?\s*"
    rf"(?:({'|'.join((*_MORNING, *_AFTERNOON))})\b)?",
    re.IGNORECASE,
)
_SURE_HOUR: Final = 7  # "5" alone is most likely an afternoon, and nobody should have to guess
_NOON: Final = 12
_NIGHT: Final = "شب"
_NIGHT_FALLS: Final = 6  # "2 at night" is no afternoon, and its date is the next one to many
_WEEKDAYS: Final = {  # as written without gaps; Monday is 0, as in Python
    **dict.fromkeys(("دوشنبه", "monday", "mon"), 0),
    **dict.fromkeys(("سهشنبه", "tuesday", "tue"), 1),
    **dict.fromkeys(("چهارشنبه", "wednesday", "wed"), 2),
    **dict.fromkeys(("پنجشنبه", "thursday", "thu"), 3),
    **dict.fromkeys(("جمعه", "friday", "fri"), 4),
    **dict.fromkeys(("شنبه", "saturday", "sat"), 5),
    **dict.fromkeys(("یکشنبه", "sunday", "sun"), 6),
}
_WEEKDAY_GAPS = re.compile(r"(?<=[کوهجر])[\s\u200c]+(?=شنبه)")
_BETWEEN_WEEKDAYS = re.compile(r"[\s,،/+&-]+|(?:^|\s)(?:و|and)(?=\s)")


def take_days(line: str, today: date) -> tuple[date, date, str] | None:
    """Read a day or a period that the line begins with, as far as it goes; None if it does not.

    Gives the first and the last day, and the rest of the line.
    """
    words = line.split()
    for count in range(min(len(words), _WORDS_MAX), 0, -1):
        period = _period(" ".join(words[:count]), today)
        if period is not None:
            return *period, " ".join(words[count:])
    return None


def take_hours(line: str) -> tuple[list[tuple[time, time]], str] | None:
    """Read the stretches of a day that the line begins with; there may be none.

    Gives them with the rest of the line, or None where one is no stretch, such as 10:00 to 07:30.
    """
    plain, start = latin_digits(line), 0
    stretches = []
    while found := _HOURS.match(plain, start):
        stretch = _stretch(*(int(part) for part in found.groups()))
        if stretch is None:
            return None
        stretches.append(stretch)
        start = found.end()
    return stretches, line[start:].strip()


def spelled_hours(line: str) -> str:
    """Write the hours of a line with minutes, of twenty-four: "5 in the afternoon" as 17:00.

    The part of the day that is said of the last hour is also that of those before it. A bare hour
    before seven of which nothing is said stays as it is: it would be a guess. So does what is
    said of the hours after midnight, of which people write the day before or the day after.
    """
    plain = normalise(line)
    part, before = "", _NOON
    for one in reversed(list(_CLOCK.finditer(plain))):
        hour = int(one[1])
        part = (one[4] or (part if hour % _NOON <= before else "")).lower()
        before = hour % _NOON
        plain = f"{plain[: one.start()]}{_spelled(one, hour, part)} {plain[one.end() :]}"
    return plain.strip()


def _spelled(one: re.Match[str], hour: int, part: str) -> str:
    if not part and one[2] is None and hour < _SURE_HOUR:
        return one[0]
    if 0 < hour <= _NOON and _is_after_midnight(hour % _NOON, part, one[4]):
        return f"{hour} {part}"
    if part in _AFTERNOON and 0 < hour < _NOON:
        hour += _NOON
    return f"{hour:02}:{'30' if one[3] else one[2] or '00'}"


def _is_after_midnight(hour: int, part: str, said: str | None) -> bool:
    return (hour == 0 and part in _MORNING) or (said == _NIGHT and hour < _NIGHT_FALLS)


def read_weekdays(line: str) -> frozenset[int] | None:
    """Read the names of weekdays, with whatever stands between them; None where it is no such.

    Monday is 0. "Every day" is not read: on which ones is what has to be said.
    """
    plain = _WEEKDAY_GAPS.sub("", normalise(line)).replace("\u200c", "")
    names = [word for word in _BETWEEN_WEEKDAYS.split(plain) if word and word not in ("و", "and")]
    days = [_WEEKDAYS.get(name) for name in names]
    return frozenset(day for day in days if day is not None) if days and None not in days else None


def _period(typed: str, today: date) -> tuple[date, date] | None:
    day = read_jalali(typed, today=today)
    if day is not None:
        return day, day
    for before, after in _halves(typed):
        last = read_jalali(after, today=today)
        first = read_jalali(before, today=today)
        if first is not None and last is not None and first <= last:
            return first, last
    return None


def _halves(typed: str) -> Iterator[tuple[str, str]]:
    """Part a line in two wherever it may say "until"; the month may be said only once."""
    for found in _UNTIL.finditer(typed):
        before, after = typed[: found.start()], typed[found.end() :]
        if _DAY_ALONE.fullmatch(normalise(before)):
            before += _DAY_ALONE.sub("", normalise(after), count=1)
        yield before, after


def _stretch(
    from_hour: int, from_minute: int, to_hour: int, to_minute: int
) -> tuple[time, time] | None:
    try:
        opens, closes = time(from_hour, from_minute), time(to_hour, to_minute)
    except ValueError:
        return None
    return (opens, closes) if opens < closes else None
