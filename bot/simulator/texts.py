"""Cleans and measures texts the way the messenger's servers do."""

import re

from bot.simulator.errors import bad_request

# Control characters become spaces; the carriage return, the embeddings and overrides with the line
# and paragraph separators, and three combining lines vanish. Marks and isolates stay.
_TO_SPACE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_TO_NOTHING = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_MARK_RUN = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_SUSPICIOUS = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a\u200e\u200f]")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060-\u2069\ufeff]*")
_BMP_LAST = "\uffff"


def clean(text: str) -> str:
    """Remove what the server removes, keeping everything else where it was."""
    ensure_utf8(text)
    if _SUSPICIOUS.search(text) is None:
        return text
    text = _TO_NOTHING.sub("", _TO_SPACE.sub(" ", text))
    return collapse_marks(text)


def collapse_marks(text: str) -> str:
    """Turn every directional mark but the last of a run into a zero-width non-joiner."""
    return _MARK_RUN.sub(lambda run: "\u200c" * len(run.group()), text)


def ensure_utf8(text: str) -> None:
    """Refuse half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def without_lone_surrogates(text: str) -> str:
    """Replace halves of surrogate pairs, as a person's own app would."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_blank(text: str) -> bool:
    """True when a reader would see nothing."""
    return _INVISIBLE.fullmatch(text) is not None


def utf16_length(text: str) -> int:
    """Count UTF-16 units, in which the Bot API measures everything."""
    if text.isascii() or max(text) <= _BMP_LAST:
        return len(text)
    return len(text) + sum(character > _BMP_LAST for character in text)


def utf16_offsets(text: str) -> list[int] | range:
    """Say at which UTF-16 unit each character begins, and where the text ends."""
    if text.isascii() or max(text) <= _BMP_LAST:
        return range(len(text) + 1)
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if character > _BMP_LAST else 1))
    return offsets
