"""An amount of rials with words after it, as an officer types it in one line.

An amount in another unit is not read at all: ten times too much is worse than asked once more.
"""

from __future__ import annotations

import re
from typing import Final

from bot.kit.digits import latin_digits
from bot.kit.text import strip_bidi, tokens

_AMOUNT: Final = re.compile(
    r"(?P<number>[1-9][0-9]{0,2}(?:(?:[,٬،][0-9]{3})+|(?:\.[0-9]{3})+)|[0-9]{1,18})"
    r"(?![0-9]|[,٬،.\u066b/][0-9])"
    r"\s*(?:(?:ریال|rials?)(?!\w))?(?P<words>.*)",
    re.DOTALL | re.IGNORECASE,
)
_GOES_ON: Final = re.compile(  # another unit, or more of the amount
    r"(?:هزار|میلیون|ملیون|میلیارد|تومان|تومن|toman|thousand|million|billion).*"
    r"|صد|نیم|ت|k|m|t|و|and|تا"
)
_BETWEEN: Final = " \t\r\n:,،;.-–—"  # noqa: RUF001 - what people put between


def read_rials(text: str) -> tuple[int, str] | None:
    """Read an amount and the words after it; None where either is missing or its unit differs."""
    found = _AMOUNT.fullmatch(latin_digits(strip_bidi(text)).strip())
    if found is None:
        return None
    words = found["words"].strip(_BETWEEN)
    said = tokens(words)
    if not said or said[0][0].isdecimal() or _GOES_ON.fullmatch(said[0]):
        return None
    return int(re.sub(r"[^0-9]", "", found["number"])), words
