"""Mending a mistyped word when one known word stands out one slip of a finger away."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LETTERS_MIN = 4
_LETTERS_MAX = 24
_LONG_LETTERS_MIN = 6
_STANDS_OUT = 10  # So many times more often than the next must a word be written, to be meant.


def _shortened(word: str) -> set[str]:
    """List the word itself and all that is left when one letter is taken out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


class Speller:
    """Knows the words of a collection and the words that are one slip away from them."""

    def __init__(
        self,
        words: Iterable[str],
        never_meant: Iterable[str] = (),
        sounds: Mapping[str, str] | None = None,
    ) -> None:
        """Words that are never meant are known when they are typed rightly, and not mended to.

        `sounds` says how letters sound: those that sound alike are mistaken for one another.
        """
        self._sounds = dict(sounds or {})
        counts = Counter(word for word in words if word.isalpha())
        self._counts = counts
        self._known = counts.keys() | set(never_meant)
        self._near: dict[str, list[str]] = defaultdict(list)
        for word, _count in counts.most_common():
            if _LETTERS_MIN <= len(word) <= _LETTERS_MAX:
                for short in _shortened(word):
                    self._near[short].append(word)
        self.word = lru_cache(maxsize=4096)(self._word)

    def mended(self, question: Sequence[str]) -> list[str]:
        """Replace words that are unknown but one slip away from a known one."""
        return [self.word(word) for word in question]

    def _word(self, typed: str) -> str:
        if typed in self._known or not _LETTERS_MIN <= len(typed) <= _LETTERS_MAX:
            return typed
        near = {
            word: None
            for short in sorted(_shortened(typed))
            for word in self._near.get(short, ())
            if self._is_one_slip(typed, word)
        }
        exchanged = [word for word in near if sorted(word) == sorted(typed)]
        candidates = sorted(exchanged or near, key=lambda word: -self._counts[word])
        if not candidates:
            return typed
        best, *others = candidates
        if others and self._counts[best] < _STANDS_OUT * self._counts[others[0]]:
            return typed
        return best

    def _is_one_slip(self, typed: str, known: str) -> bool:
        """True for one letter lost, added or mistaken, or two neighbours exchanged.

        In a short word a letter mistaken for one that sounds otherwise makes another word as
        often as a slip.
        """
        start = 0
        while start < min(len(typed), len(known)) and typed[start] == known[start]:
            start += 1
        rest, other = typed[start:], known[start:]
        if len(rest) != len(other):
            return rest == other[1:] or rest[1:] == other
        if rest[:2] == other[1::-1] and rest[2:] == other[2:]:
            return True
        return rest[1:] == other[1:] and (
            len(typed) >= _LONG_LETTERS_MIN or self._sound_alike(rest[0], other[0])
        )

    def _sound_alike(self, letter: str, other: str) -> bool:
        sound = self._sounds.get(letter)
        return sound is not None and sound == self._sounds.get(other)
