"""Persian text as people type it: brought to one form to compare, cut and shielded to show."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ZWNJ = "\u200c"
_ELLIPSIS = "\u2026"
_FSI, _LRI, _PDI = "\u2068", "\u2066", "\u2069"
_ISOLATE_OPENERS = "\u2066\u2067\u2068"
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(rf"\w[\w{_ZWNJ}]*")
_SPACES = re.compile(r"\s+")
_LOOSE_ZWNJ = re.compile(rf"(?<!\w){_ZWNJ}+|{_ZWNJ}+(?!\w)")
_DOUBLED_ZWNJ = re.compile(f"{_ZWNJ}{{2,}}")

# Letters that look or sound alike and are typed for one another: the one kept, then the others.
_ALIKE = {
    other: kept
    for kept, others in (
        ("\u06cc", "\u064a\u0649\u06d2\u06d0\u0626\u06cd"),  # yeh
        ("\u06a9", "\u0643\u06aa"),  # kaf
        ("\u06af", "\u06ad"),  # gaf
        ("\u0647", "\u0629\u06c0\u06c1\u06c2\u06c3\u06be\u06d5"),  # heh
        ("\u0627", "\u0622\u0623\u0625\u0671"),  # alef
        ("\u0648", "\u0624"),  # waw
        ("", "\u0621\u0640"),  # a lone hamza and the tatweel are left out
    )
    for other in others
}
_ALPHABET = (
    "\u0627\u0628\u067e\u062a\u062b\u062c\u0686\u062d\u062e\u062f\u0630\u0631\u0632\u0698\u0633\u0634"
    "\u0635\u0636\u0637\u0638\u0639\u063a\u0641\u0642\u06a9\u06af\u0644\u0645\u0646\u0648\u0647\u06cc"
)
_PLACES = {letter: ord("\u0600") + place for place, letter in enumerate(_ALPHABET)}
_KEPT_LONG_BELOW = 0x3000  # Beyond the everyday scripts the table is asked anew, to stay small.
_ROUNDS_MAX = 4
_STEMS_KEPT = 4_096  # the runs of words of some sixty questions; more would only take memory
_FOLDED_KEPT = 256  # a message is looked at by several readers, one after the other


class _Folding(dict[int, str]):
    """A translation table that works characters out when they are first met."""

    def __missing__(self, code: int) -> str:
        folded = self._fold(chr(code))
        if code < _KEPT_LONG_BELOW:
            self[code] = folded
        return folded

    @staticmethod
    def _fold(character: str) -> str:
        if character == _ZWNJ:
            return character
        if character in _ALIKE:
            return _ALIKE[character]
        category = unicodedata.category(character)
        if category in {"Mn", "Me", "Cf", "Cs"}:
            return ""
        if category in {"Cc", "Zl", "Zp", "Zs"}:
            return " "
        if category == "Nd":
            return str(unicodedata.decimal(character))
        return character


_FOLDING = _Folding()


@lru_cache(maxsize=_FOLDED_KEPT)
def folded(text: str) -> str:
    """Bring spellings to one form but keep half-spaces, which say what belongs to one word."""
    for _ in range(_ROUNDS_MAX):
        before = text
        text = unicodedata.normalize("NFKC", text.translate(_FOLDING))
        text = text.translate(_FOLDING).casefold()
        if text == before:
            break
    text = _LOOSE_ZWNJ.sub("", _DOUBLED_ZWNJ.sub(_ZWNJ, text))
    return _SPACES.sub(" ", text).strip()


def normalise(text: str) -> str:
    """Bring what was typed to the one form in which texts are compared; any string will do.

    Letters of the Arabic keyboard, marks, tatweel, direction marks, the three sets of digits,
    half-spaces and letter case no longer make a difference.
    """
    return folded(folded(text).replace(_ZWNJ, " "))


def alphabetical(text: str) -> list[int]:
    """Say where a text stands in a list that Iranians read: by their alphabet, after Latin.

    A database would go by the numbers of its characters, or by the language that it was made for.
    """
    return [_PLACES.get(character, ord(character)) for character in normalise(text)]


def words(text: str) -> list[str]:
    """Split into normalised words; a half-space stays inside its word."""
    return _WORD.findall(folded(text))


def parted(said: Iterable[str]) -> list[str]:
    """Part words at their half-spaces."""
    return [part for word in said for part in word.split(_ZWNJ) if part]


def tokens(text: str) -> list[str]:
    """Split into normalised words; a half-space parts words like a space."""
    return parted(words(text))


class Stemmer:
    """Takes endings and beginnings off words; which ones, and which words say nothing, is data."""

    def __init__(
        self,
        prefixes: Iterable[str],
        suffixes: Iterable[str],
        stop_words: Iterable[str],
        letters_min: int = 3,
    ) -> None:
        self.stop_words = frozenset(stop_words)
        self._prefixes = tuple(sorted(prefixes, key=len, reverse=True))
        self._suffixes = tuple(sorted(suffixes, key=len, reverse=True))
        self.letters_min = letters_min
        self.letters_off_max = sum(
            max(map(len, affixes), default=0) for affixes in (self._prefixes, self._suffixes)
        )
        self.stem = lru_cache(maxsize=_STEMS_KEPT)(self._stem)

    def _stem(self, word: str) -> str:
        """Take off one beginning and one ending, the longest first, while a stem remains."""
        word = word[self.beginning(word) :]
        return word[: len(word) - self.ending(word)]

    def beginning(self, word: str) -> int:
        """Say how many letters of a word are a beginning that may be taken off."""
        if word.startswith(self._prefixes):
            for prefix in self._prefixes:
                if word.startswith(prefix) and len(word) - len(prefix) >= self.letters_min:
                    return len(prefix)
        return 0

    def ending(self, word: str) -> int:
        """Say how many letters of a word are an ending that may be taken off."""
        if word.endswith(self._suffixes):
            for suffix in self._suffixes:
                if word.endswith(suffix) and len(word) - len(suffix) >= self.letters_min:
                    return len(suffix)
        return 0

    def has_beginning(self, word: str) -> bool:
        """True when a word has a beginning that may be taken off."""
        return word.startswith(self._prefixes)

    def stems(self, said: Iterable[str]) -> list[str]:
        """List the stems of the words that say something."""
        stop_words, stem = self.stop_words, self.stem
        return [stem(word) for word in said if word not in stop_words]


def strip_bidi(text: str) -> str:
    """Take direction marks out, so that nothing typed can turn the line around it."""
    return _BIDI.sub("", text)


def isolate(text: str) -> str:
    """Shield a name or a citizen's words, whatever their direction, from the text around them."""
    return f"{_FSI}{strip_bidi(text)}{_PDI}"


def ltr(text: str) -> str:
    """Shield a code, a phone number or an address that reads from left to right."""
    return f"{_LRI}{strip_bidi(text)}{_PDI}"


@lru_cache(maxsize=1024)
def _clings(character: str) -> bool:
    """True for what belongs to the character before it: marks, joiners, emoji modifiers."""
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _closers(text: str) -> int:
    depth = 0
    for character in text:
        if character in _ISOLATE_OPENERS:
            depth += 1
        elif character == _PDI and depth:
            depth -= 1
    return depth


def cut(text: str, utf16_units: int) -> str:
    """Shorten to what a messenger accepts, counted as messengers count, ending in an ellipsis.

    A character is never parted from its marks, and an isolate that was opened is closed.
    """
    assert utf16_units >= 1
    if _units(text) <= utf16_units:
        return text
    kept = text[: min(utf16_units, len(text) - 1)]
    while kept:
        short = kept.rstrip() + _ELLIPSIS + _PDI * _closers(kept)
        splits_character = _clings(text[len(kept)]) or kept[-1] == "\u200d"
        if not splits_character and _units(short) <= utf16_units:
            return short
        kept = kept[:-1]
    return _ELLIPSIS
