"""Numbers below a thousand in Persian words, as they are said and as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

AND: Final = frozenset({"و", "and"})
_HUNDRED: Final = "صد"
_UNITS: Final = {
    "یک": 1,
    "یه": 1,
    "دو": 2,
    "سه": 3,
    "چهار": 4,
    "چار": 4,
    "پنج": 5,
    "شش": 6,
    "شیش": 6,
    "هفت": 7,
    "هشت": 8,
    "نه": 9,
}
_TEENS: Final = {
    "ده": 10,
    "یازده": 11,
    "دوازده": 12,
    "سیزده": 13,
    "چهارده": 14,
    "پانزده": 15,
    "پونزده": 15,
    "شانزده": 16,
    "شونزده": 16,
    "هفده": 17,
    "هیفده": 17,
    "هجده": 18,
    "هیجده": 18,
    "نوزده": 19,
}
_TENS: Final = {
    "بیست": 20,
    "سی": 30,
    "چهل": 40,
    "پنجاه": 50,
    "شصت": 60,
    "هفتاد": 70,
    "هشتاد": 80,
    "نود": 90,
}
_HUNDREDS: Final = {
    _HUNDRED: 100,
    "یکصد": 100,
    "دویست": 200,
    "سیصد": 300,
    "چهارصد": 400,
    "چارصد": 400,
    "پانصد": 500,
    "پونصد": 500,
    "ششصد": 600,
    "شیشصد": 600,
    "هفتصد": 700,
    "هشتصد": 800,
    "نهصد": 900,
}
_BEFORE_HUNDRED: Final = {**_UNITS, "سی": 3, "پان": 5, "پون": 5}  # half a space apart
_WORDS: Final = {**_UNITS, **_TEENS, **_TENS, **_HUNDREDS}


def is_number_word(token: str) -> bool:
    """True for a word that is part of a number below a thousand."""
    return token in _WORDS or token in _BEFORE_HUNDRED


def below_thousand(tokens: Sequence[str]) -> int | None:
    """Read "two hundred and twenty-five" in Persian, with "and" between its parts; None if not.

    Each part must fill what the one before left open, so that nothing is added up by chance.
    """
    total, room, rest = 0, 1000, list(tokens)
    while rest:
        value, rest = _part(rest)
        if value is None or value >= room:
            return None
        total, room = total + value, _left_open(value)
        if rest and (rest[0] not in AND or len(rest) == 1):
            return None
        rest = rest[1:]
    return total or None


def _part(rest: list[str]) -> tuple[int | None, list[str]]:
    """Read one part, and give what follows it; a hundred may stand apart from its number."""
    first, *others = rest
    if others and others[0] == _HUNDRED and first in _BEFORE_HUNDRED:
        return _BEFORE_HUNDRED[first] * 100, others[1:]
    return _WORDS.get(first), others


def _left_open(value: int) -> int:
    """Say below what the next part must be: 100 after hundreds, 10 after tens, nothing else."""
    if value >= _HUNDREDS[_HUNDRED]:
        return 100
    return 10 if value in _TENS.values() else 0
