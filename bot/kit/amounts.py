"""A sum of money as a citizen types it: with its unit, or a bare number that is asked back.

A bare number is never guessed at: between rials and tomans lies a nought. Nor are tomans that are
far too few, for who says a hundred tomans mostly means thousands of them; nor is what people read
in two ways: "one million and five hundred" is to some a million and a half, and "1.500 million"
to some a thousand and a half of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from bot.kit.number_words import AND, below_thousand, is_number_word
from bot.kit.text import normalise

_THOUSAND: Final = "هزار"
_MILLION: Final = 10**6
_TIMES: Final = {
    _THOUSAND: 10**3,
    "thousand": 10**3,
    "میلیون": _MILLION,
    "ملیون": _MILLION,
    "million": _MILLION,
    "میلیارد": 10**9,
    "ملیارد": 10**9,
    "billion": 10**9,
}
_HALF: Final = "نیم"
_TOKEN: Final = re.compile(r"[0-9]+(?:[.\u066b/][0-9]+)?|[^\W\d_]+|\S")
_SCALES: Final = "|".join(_TIMES)
_GROUPED: Final = re.compile(  # one sign throughout, which is a comma however it is typed
    r"(?<![0-9])[1-9][0-9]{0,2}"
    r"(?:(?:[,٬،][0-9]{3})+|(?:\.[0-9]{3})+|(?:'[0-9]{3})+|(?:/[0-9]{3})+"
    rf"|(?: [0-9]{{3}})+(?!\s*(?:{_SCALES})))(?![0-9])"
)
_EITHER_WAY: Final = re.compile(
    rf"(?<![0-9.\u066b/])[0-9]{{1,3}}[.\u066b/][0-9]{{3}}(?![0-9.\u066b/])\s*(?:{_SCALES})"
)
_DIGITS_MAX: Final = 15


class Unit(StrEnum):
    """What a number of money counts."""

    RIAL = "rial"
    TOMAN = "toman"
    THOUSAND_TOMANS = "thousand"  # which nobody says; but many mean it by tomans


_RIALS: Final = {Unit.RIAL: 1, Unit.TOMAN: 10, Unit.THOUSAND_TOMANS: 10_000}
_UNITS: Final = {
    **dict.fromkeys(("ریال", "rial", "rials", "irr"), Unit.RIAL),
    **dict.fromkeys(("تومان", "تومن", "toman", "tomans", "irt"), Unit.TOMAN),
}
_RUN_TOGETHER: Final = re.compile(rf"({_SCALES})({'|'.join(_UNITS)})(?!\w)")


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
        return self.value * _RIALS[unit]

    def readings(self, least_rial: int) -> tuple[Unit, ...]:
        """Say what it may count, where at least so much is expected; one unit is no question."""
        is_short = self.unit is not Unit.RIAL and self.value < _TIMES[_THOUSAND]
        thousands = self.counted_in(Unit.THOUSAND_TOMANS)
        if is_short and self.counted_in(Unit.TOMAN) < least_rial <= thousands:
            return Unit.TOMAN, Unit.THOUSAND_TOMANS
        return (Unit.RIAL, Unit.TOMAN) if self.unit is None else (self.unit,)


def read_amount(text: str) -> Amount | None:
    """Read a sum such as "500,000", "1.5 million", "2 million and 500 thousand tomans".

    Digits of any script will do, Persian words too, and thousands may be parted. Words that are no
    part of a sum make it none, and so does what can be read in two ways: it is asked again.
    """
    plain = normalise(text)
    if _EITHER_WAY.search(plain):
        return None
    plain = _GROUPED.sub(lambda found: re.sub("[^0-9]", "", found.group()), plain)
    tokens = _TOKEN.findall(_RUN_TOGETHER.sub(r"\1 \2", plain))
    unit = _UNITS.get(tokens[-1]) if tokens else None
    value = _value(tokens if unit is None else tokens[:-1])
    return None if value is None else Amount(value, unit)


def _value(tokens: list[str]) -> int | None:
    """Add the parts of a sum up, each smaller than the one before.

    After millions no bare number follows: many mean thousands by it.
    """
    total, last, rest = Fraction(0), 0, tokens
    while rest:
        number, times, rest = _next(rest)
        if number is None or (last and number * times >= last):
            return None
        if times == 1 and last >= _MILLION:
            return None
        if number.denominator > 1 and (last or rest):
            return None
        total, last = total + number * times, times
        if rest and times == 1:
            return None
        if rest and rest[0] in AND:
            rest = rest[1:]
            if not rest:
                return None
    return int(total) if tokens and total.denominator == 1 else None


def _next(tokens: list[str]) -> tuple[Fraction | None, int, list[str]]:
    """Take a number and what it is counted in, such as thousands, and give what follows."""
    end = next((i for i, token in enumerate(tokens) if token in _TIMES), len(tokens))
    times = _TIMES[tokens[end]] if end < len(tokens) else 1
    return _number(tokens[:end], times), times, tokens[end + 1 :]


def _number(tokens: list[str], times: int) -> Fraction | None:
    """Read digits, a broken number before what it is a part of, or words; a thousand is one."""
    if not tokens:
        return Fraction(1) if times == _TIMES[_THOUSAND] else None
    if len(tokens) == 1 and tokens[0][0].isdecimal():
        return _digits(tokens[0], times)
    if tokens[-1] == _HALF and times > 1:
        return _with_half(tokens[:-1])
    if not all(is_number_word(token) or token in AND for token in tokens):
        return None
    words = below_thousand(tokens)
    return None if words is None else Fraction(words)


def _with_half(whole: list[str]) -> Fraction | None:
    """Read "one and a half"; a half alone is one too."""
    if not whole:
        return Fraction(1, 2)
    number = _number(whole[:-1], 1) if whole[-1] in AND else None
    return None if number is None or number.denominator > 1 else number + Fraction(1, 2)


def _digits(token: str, times: int) -> Fraction | None:
    if len(token) > _DIGITS_MAX:
        return None
    if token.isdecimal():
        is_padded = len(token) > 1 and token.startswith("0")  # a telephone's, or a slip
        return None if is_padded else Fraction(int(token))
    return Fraction(re.sub("[\u066b/]", ".", token)) if times > 1 else None
