"""A sum of money as a citizen types it: with its unit, or a bare number that is asked back.

A bare number is never guessed at: between rials and tomans lies a nought.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.kit.text import normalise

_GROUPED: Final = re.compile(r"(?<![0-9])[0-9]{1,3}(?:[,٬،.'/ ][0-9]{3})+(?![0-9])")
_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+|\S")
_TIMES: Final = {
    "هزار": 10**3,
    "thousand": 10**3,
    "میلیون": 10**6,
    "ملیون": 10**6,
    "million": 10**6,
    "میلیارد": 10**9,
    "ملیارد": 10**9,
    "billion": 10**9,
}
_AND: Final = frozenset({"و", "and"})
_DIGITS_MAX: Final = 15
_RIALS_OF_TOMAN: Final = 10


class Unit(StrEnum):
    """What a number of money counts."""

    RIAL = "rial"
    TOMAN = "toman"


_UNITS: Final = {
    **dict.fromkeys(("ریال", "rial", "rials", "irr"), Unit.RIAL),
    **dict.fromkeys(("تومان", "تومن", "toman", "tomans", "irt"), Unit.TOMAN),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and what it counts, if that was said."""

    value: int
    unit: Unit | None = None

    @property
    def rials(self) -> int | None:
        """How many rials it is; None where nobody said what it counts."""
        return None if self.unit is None else self.counted_in(self.unit)

    def counted_in(self, unit: Unit) -> int:
        """How many rials it is if this is what it counts."""
        return self.value * (_RIALS_OF_TOMAN if unit is Unit.TOMAN else 1)


def read_amount(text: str) -> Amount | None:
    """Read a sum such as "500,000", "2 million and 500 thousand tomans"; None if it is none.

    Digits of any script will do, and thousands may be parted. Words that are no part of a sum
    make it none: what was not understood in full is asked again.
    """
    plain = _GROUPED.sub(lambda found: re.sub("[^0-9]", "", found.group()), normalise(text))
    tokens = _TOKEN.findall(plain)
    unit = _UNITS.get(tokens[-1]) if tokens else None
    value = _value(tokens if unit is None else tokens[:-1])
    return None if value is None else Amount(value, unit)


def _value(tokens: list[str]) -> int | None:
    """Add the parts of a sum up, each smaller than the one before."""
    total, last, rest = 0, 0, tokens
    while rest:
        number, *rest = rest
        if not number.isdecimal() or len(number) > _DIGITS_MAX:
            return None
        times = _TIMES.get(rest[0], 1) if rest else 1
        rest = rest[1:] if times > 1 else rest
        if last and times >= last:
            return None
        total, last = total + int(number) * times, times
        if rest and (rest[0] not in _AND or len(rest) == 1):
            return None
        rest = rest[1:]
    return total if tokens else None
