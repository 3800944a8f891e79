"""Codes by which people follow what they told the desk: random, checked, hard to misread."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Final

from stdnum.iso7064 import mod_37_36

from bot.kit.digits import latin_digits
from bot.kit.text import strip_bidi

if TYPE_CHECKING:
    from collections.abc import Iterator

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without look-alikes: 0 O, 1 I L, U V
LENGTH: Final = 10
_HALF: Final = LENGTH // 2
_UNSEEN = re.compile("[\u00ad\u0640\u200b-\u200d\u2060-\u2064\ufeff]")
_GAP = r"[\s\-\u2010-\u2015\u2212_.]"
_GAPS = re.compile(_GAP)
_SIGN = f"[{ALPHABET}]"
_IN_SENTENCE = re.compile(
    rf"(?<![0-9A-Z])({_SIGN}{{{_HALF}}}{_GAP}{{0,3}}{_SIGN}{{{_HALF}}})(?![0-9A-Z])"
)


def new_code() -> str:
    """Draw a code that nobody can guess: nine signs and one that checks them.

    It holds a letter and a digit, so that no word and no number is ever taken for one.
    """
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        code = drawn + str(mod_37_36.calc_check_digit(drawn, ALPHABET))
        if _is_code(code):
            return code


def shown(code: str) -> str:
    """Part a code in the middle, for the eye."""
    assert len(code) == LENGTH
    return f"{code[:_HALF]}-{code[_HALF:]}"


def read_code(text: str) -> str | None:
    """Read what was typed as a code, in any case and with any digits; None if it is none."""
    code = _GAPS.sub("", _plain(text)).removeprefix("#")
    return code if _is_code(code) else None


def code_in(text: str) -> str | None:
    """Find the first code that stands in a sentence, if one does."""
    return next(_codes_in(_plain(text)), None)


def _codes_in(plain: str) -> Iterator[str]:
    """Search on sign by sign: a word of five letters before a code must not hide it."""
    start = 0
    while found := _IN_SENTENCE.search(plain, start):
        code = _GAPS.sub("", found.group())
        if _is_code(code):
            yield code
        start = found.start() + 1


def _plain(text: str) -> str:
    shown_signs = _UNSEEN.sub("", strip_bidi(unicodedata.normalize("NFKC", text)))
    return latin_digits(shown_signs).upper().strip()


def _is_code(code: str) -> bool:
    return (
        len(code) == LENGTH
        and set(ALPHABET).issuperset(code)
        and not (code.isalpha() or code.isdecimal())
        and bool(mod_37_36.is_valid(code, ALPHABET))
    )
