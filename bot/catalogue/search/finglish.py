"""Persian typed in Latin letters, brought back to the words that the catalogue uses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.kit.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ZWNJ = "\u200c"
_LATIN_WORD = re.compile(r"[a-z']+")
_UNWRITTEN = re.compile("[aeiouvwy']+")
_DOUBLED = re.compile(r"(.)\1+")
# Two Latin letters for one sound, each beside a sign that no word contains.
_PAIRS = (("kh", "1"), ("gh", "2"), ("ch", "3"), ("sh", "4"), ("zh", "5"), ("q", "2"), ("x", "1"))
# Vowels as the Persian script would write them, to tell words of the same consonants apart.
_WRITTEN = (("ee", "y"), ("oo", "v"), ("ou", "v"), ("i", "y"), ("u", "v"), ("o", "v"), ("w", "v"))
_SOUNDS_MIN = 2
_SURE_SOUNDS_MIN = 3  # where nothing else tells words apart
_LETTERS_MAX = 24
_NEARNESS_MIN = 0.7


def _signs(latin: str) -> str:
    """Write each sound with one sign."""
    for pair, sign in _PAIRS:
        latin = latin.replace(pair, sign)
    return latin


def _skeleton(signs: str) -> str:
    """Keep the consonants of a word, which do not depend on how its vowels are spelt."""
    return _DOUBLED.sub(r"\1", _UNWRITTEN.sub("", signs)).removesuffix("h")


def _written(signs: str) -> str:
    """Spell a Latin word with the vowels that Persian writes and without those it does not."""
    for vowel, letter in _WRITTEN:
        signs = signs.replace(vowel, letter)
    return _DOUBLED.sub(r"\1", signs.replace("e", "")).removesuffix("h")


class Sounds:
    """Tells whether a Latin spelling may stand for a Persian word, by their consonants."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        self._sounds = {ord(normalise(letter)): _signs(sound) for letter, sound in letters.items()}

    def alike(self, one: str, other: str) -> bool:
        """Compare two words, of which either is written in Latin letters."""
        latin, persian = (one, other) if _LATIN_WORD.fullmatch(one) else (other, one)
        if not _LATIN_WORD.fullmatch(latin) or len(latin) > _LETTERS_MAX:
            return False
        signs = persian.translate(self._sounds)
        skeleton = _skeleton(_signs(latin))
        return (
            signs != persian and len(skeleton) >= _SURE_SOUNDS_MIN and skeleton == _skeleton(signs)
        )


class Transliterator:
    """Finds the Persian word that a Latin spelling most probably stands for."""

    def __init__(
        self, vocabulary: Iterable[str], letters: Mapping[str, str], endings: Iterable[str]
    ) -> None:
        self._endings = ("", *sorted(endings, key=len, reverse=True))
        sounds = {ord(normalise(letter)): _signs(sound) for letter, sound in letters.items()}
        known = Counter(word.replace(_ZWNJ, "") for word in vocabulary)
        self._latin = {word for word in known if _LATIN_WORD.fullmatch(word)}
        self._alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word, _count in known.most_common():
            signs = word.translate(sounds)
            if word not in self._latin and signs.isascii():
                self._alike[_skeleton(signs)].append((word, signs))
        self.word = lru_cache(maxsize=4096)(self._word)

    def persian(self, question: Sequence[str]) -> list[str]:
        """Replace Latin words that look like words of the catalogue, and keep all others."""
        return [self.word(word) if _LATIN_WORD.fullmatch(word) else word for word in question]

    def _word(self, latin: str) -> str:
        if latin in self._latin or len(latin) > _LETTERS_MAX:
            return latin
        for ending in self._endings:
            if not latin.endswith(ending):
                continue
            bare = _signs(latin.removesuffix(ending))
            skeleton = _skeleton(bare)
            if len(skeleton) >= _SOUNDS_MIN:
                found = self._nearest(bare, self._alike.get(skeleton, []))
                if found is not None:
                    return found
        return latin

    @staticmethod
    def _nearest(signs: str, candidates: list[tuple[str, str]]) -> str | None:
        matcher = SequenceMatcher(b=_written(signs), autojunk=False)
        best, best_nearness = None, _NEARNESS_MIN
        for word, known in candidates:
            matcher.set_seq1(_written(known))
            if matcher.ratio() >= best_nearness:
                best, best_nearness = word, matcher.ratio()
        return best
