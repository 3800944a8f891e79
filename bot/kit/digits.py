"""Digits for the eye and digits for the machine."""

from __future__ import annotations

import re
import unicodedata

_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")  # a decimal digit of any script but the Latin
_TO_PERSIAN = {
    ord(digit): chr(0x06F0 + value)
    for digits in ("0123456789", "".join(chr(0x0660 + value) for value in range(10)))
    for value, digit in enumerate(digits)
}
_THOUSANDS = "\u066c"
_MINUS = "\u200e\u2212"  # Without the mark a Persian line would draw the sign on the wrong side.


def persian_digits(text: str) -> str:
    """Write Latin and Arabic digits as Persian ones."""
    return text.translate(_TO_PERSIAN)


def latin_digits(text: str) -> str:
    """Write decimal digits of any script as Latin ones; superscripts and the like stay."""
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found.group())), text)


def number(value: int, language: str) -> str:
    """Write a whole number with its thousands parted, as the language does it."""
    if language == "en":
        return f"{value:,}"
    digits = persian_digits(f"{abs(value):,}".replace(",", _THOUSANDS))
    return _MINUS + digits if value < 0 else digits
