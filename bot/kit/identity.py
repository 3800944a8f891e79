"""What names a person or their money: what it looks like and whether its digits add up.

That a number adds up does not show whose it is; nothing here proves an identity.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from stdnum.iso7064 import mod_97_10

from bot.kit.digits import latin_digits
from bot.kit.text import strip_bidi

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060-\u2064\ufeff\u0640]")
_GAP = r"[\s\-\u2010-\u2015\u2212_.]{1,3}"
_RUN = re.compile(rf"(?:\bIR{_GAP}|\bIR)?[0-9]+(?:{_GAP}[0-9]+)*", re.IGNORECASE)
_GROUP = re.compile(r"[0-9]+")
_SEPARATORS = re.compile(_GAP)
_MOBILE = re.compile(r"(?:(?:00)?98|0)?9[0-9]{9}")
_BARE_MOBILE = re.compile(r"9[0-49][0-9]{8}")
_IBAN_DIGITS, _NATIONAL_ID_DIGITS = 24, 10
_CARD_LIKE_DIGITS = range(13, 20)  # Cards of all kinds, mistyped ones among them.
_CARD_GROUP_DIGITS = frozenset({4, 5, 6, 8})  # Sums and phone numbers are parted otherwise.
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
_DOTS = "\u2022\u2022\u2022"
# How people break a ten-digit number when they write one; dates and landlines break otherwise.
_PERSONAL_SHAPES = frozenset(
    {(10,), (3, 6, 1), (3, 3, 4), (3, 7), (9, 1), (5, 5), (4, 3, 3), (1,) * 10}
)


class PersonalData(StrEnum):
    """A kind of number, or an address, that belongs in no question."""

    NATIONAL_ID = "national_id"
    IBAN = "iban"
    CARD = "card"
    MOBILE = "mobile"
    EMAIL = "email"


def _shown(text: str) -> str:
    """Keep what the eye sees: no signs without width, Latin digits."""
    return latin_digits(_HIDDEN.sub("", strip_bidi(text)))


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", _shown(text)).upper()


def is_national_id(text: str) -> bool:
    """True for ten digits whose last one checks the others; repeated digits are nobody's."""
    digits = _plain(text)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    remainder = sum(int(d) * (10 - place) for place, d in enumerate(digits[:9])) % 11
    return int(digits[9]) == (remainder if remainder < 2 else 11 - remainder)  # noqa: PLR2004 - the rule's own number


def read_national_id(text: str) -> str | None:
    """Read a national ID as ten digits, also with words around it; None where it is none."""
    digits = "".join(sign for sign in _shown(text) if sign.isdecimal())
    return digits if is_national_id(digits) else None


def masked_national_id(national_id: str) -> str:
    """Show of a national ID what its owner knows it by and nobody else can use."""
    assert len(national_id) == _NATIONAL_ID_DIGITS, len(national_id)
    return f"{_DOTS}{national_id[-3:]}"


def is_iban(text: str) -> bool:
    """True for an Iranian account number (sheba), with or without its leading letters."""
    plain = _plain(text)
    digits = plain.removeprefix("IR")
    if not re.fullmatch(r"[0-9]{24}", digits) or not digits.strip("0"):
        return False
    return bool(mod_97_10.is_valid(f"{digits[2:]}IR{digits[:2]}"))


def read_iban(text: str) -> str | None:
    """Read an Iranian account number as "IR" and 24 digits; None where it is none."""
    return f"IR{_plain(text).removeprefix('IR')}" if is_iban(text) else None


def _is_parted_as_card(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or (
        _CARD_GROUP_DIGITS.issuperset(shape[:-1]) and shape[-1] <= max(_CARD_GROUP_DIGITS)
    )


def _kind(groups: tuple[str, ...], *, is_whole: bool) -> PersonalData | None:
    """Say what neighbouring groups of digits are, read as one number."""
    digits = "".join(groups)
    shape = tuple(map(len, groups))
    is_mobile = _MOBILE.fullmatch(digits) is not None
    if len(digits) in _CARD_LIKE_DIGITS and not is_mobile and _is_parted_as_card(shape):
        return PersonalData.CARD  # Mistyped or not, it was meant to be one.
    if len(digits) == _IBAN_DIGITS and is_iban(digits):
        return PersonalData.IBAN
    if len(digits) == _NATIONAL_ID_DIGITS:
        if shape not in _PERSONAL_SHAPES or not (is_whole or len(shape) == 1 or shape[-1] == 1):
            return None
        if is_national_id(digits):
            return PersonalData.NATIONAL_ID
        return PersonalData.MOBILE if _BARE_MOBILE.fullmatch(digits) else None
    return PersonalData.MOBILE if is_mobile else None


def _found(shown: str, known: AbstractSet[str]) -> Iterator[tuple[PersonalData, int, int]]:
    """Find each kind of personal data in a text as the eye sees it, with where it stands."""
    for address in _EMAIL.finditer(shown):
        yield PersonalData.EMAIL, address.start(), address.end()
    for run in _RUN.finditer(shown):
        places = list(_GROUP.finditer(shown, run.start(), run.end()))
        digits_count = sum(place.end() - place.start() for place in places)
        if run.group()[:2].upper() == "IR" and digits_count >= _IBAN_DIGITS:
            yield PersonalData.IBAN, run.start(), run.end()  # Mistyped or not, it was meant so.
        else:
            yield from _found_among(places, known)


def _found_among(
    places: Sequence[re.Match[str]], known: AbstractSet[str]
) -> Iterator[tuple[PersonalData, int, int]]:
    """Read neighbouring groups of digits as one number, wherever they may begin and end."""
    groups = tuple(place.group() for place in places)
    for first in range(len(groups)):
        for last in range(first + 1, len(groups) + 1):
            part = groups[first:last]
            digits = "".join(part)
            if len(digits) > _IBAN_DIGITS:
                break  # Nothing that names a person is longer, whatever follows.
            if len(digits) < _NATIONAL_ID_DIGITS or digits in known:
                continue
            kind = _kind(part, is_whole=len(part) == len(groups))
            if kind is not None:
                yield kind, places[first].start(), places[last - 1].end()


def personal_data_in(
    text: str, *, known: AbstractSet[str] = frozenset()
) -> frozenset[PersonalData]:
    """Find the kinds of personal data in a text, however digits are typed and parted.

    `known` holds numbers the office itself publishes, such as service codes: they are nobody's.
    """
    return frozenset(kind for kind, _start, _end in _found(_shown(text), known))


def masked(text: str, *, known: AbstractSet[str] = frozenset()) -> str:
    """Put dots where personal data stands in a text, and leave the rest as it was written."""
    signs = [_shown(sign) for sign in text]
    places = [place for place, sign in enumerate(signs) for _ in sign]
    hidden: set[int] = set()
    starts: set[int] = set()
    for _kind_of_it, start, end in _found("".join(signs), known):
        hidden.update(range(places[start], places[end - 1] + 1))
        starts.add(places[start])
    return "".join(
        _DOTS if place in starts and place - 1 not in hidden else "" if place in hidden else sign
        for place, sign in enumerate(text)
    )
