"""Bringing a question's words to the words of the catalogue, by tables that editors keep."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.kit.text import Stemmer, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

_PHRASE_WORDS_MAX = 7
_BEGINNING = 3  # letters by which most words are seen to begin no phrase
_SPANS_KEPT = 64  # several readers ask for those of the same words
_WORDS_KEPT = 512  # of each set of phrases: the same words come again and again


class Rewriter:
    """Replaces words and short phrases; gaps inside them, present or lost, make no difference."""

    def __init__(self, table: Mapping[str, str], stemmer: Stemmer | None = None) -> None:
        self._stemmer = stemmer
        joined = {"".join(tokens(typed)): tokens(meant) for typed, meant in table.items()}
        self._table = {self._key(typed): meant for typed, meant in joined.items()}
        self._beginnings = {typed[:_BEGINNING] for typed in joined}

    def _key(self, word: str) -> str:
        return word if self._stemmer is None else self._stemmer.stem(word)

    def rewritten(self, question: Sequence[str]) -> list[str]:
        """Replace what the table knows, the longest phrase first, and keep the rest."""
        result: list[str] = []
        place = 0
        while place < len(question):
            word = question[place]
            if len(word) >= _BEGINNING and word[:_BEGINNING] not in self._beginnings:
                result.append(word)
                place += 1
                continue
            length, meant = self._longest(question[place : place + _PHRASE_WORDS_MAX])
            result.extend(meant)
            place += length
        return result

    def _longest(self, ahead: Sequence[str]) -> tuple[int, Sequence[str]]:
        if "".join(ahead[:_BEGINNING])[:_BEGINNING] not in self._beginnings:
            return 1, ahead[:1]
        for length in range(len(ahead), 0, -1):
            meant = self._table.get(self._key("".join(ahead[:length])))
            if meant is not None:
                return length, meant
        return 1, ahead[:1]


def spans(question: Sequence[str], stemmer: Stemmer) -> frozenset[str]:
    """List every run of neighbouring words, as typed and without its ending."""
    return _spans(tuple(question), stemmer)


@lru_cache(maxsize=_SPANS_KEPT)
def _spans(question: tuple[str, ...], stemmer: Stemmer) -> frozenset[str]:
    """Look for the beginning and the ending of each word once, and not for those of each run."""
    text, ends = "".join(question), list(accumulate(map(len, question)))
    bare_ends = [end - stemmer.ending(text[:end]) for end in ends]
    joined: set[str] = set()
    for first, start in enumerate((0, *ends[:-1])):
        bare_start = start + stemmer.beginning(text[start:])
        last = first + _PHRASE_WORDS_MAX
        for end, bare_end in zip(ends[first:last], bare_ends[first:last], strict=True):
            run = text[start:end]
            joined.add(run)
            if bare_end - bare_start < stemmer.letters_min:  # too little would be left of it
                joined.add(stemmer.stem(run))
            elif bare_start != start or bare_end != end:
                joined.add(text[bare_start:bare_end])
    return frozenset(joined)


class Beginnings:
    """Sees by their first letters that most words begin nothing that is looked for."""

    def __init__(self, known: Iterable[str], stemmer: Stemmer) -> None:
        self._longest: dict[str, int] = {}
        for phrase in known:
            letters = max(self._longest.get(phrase[:_BEGINNING], 0), len(phrase))
            self._longest[phrase[:_BEGINNING]] = letters
        self._longest_of_all = max(self._longest.values(), default=0)
        self._stemmer = stemmer
        self.letters_max = lru_cache(maxsize=_WORDS_KEPT)(self._letters_max)

    def _letters_max(self, word: str) -> int:
        """Say how many letters a known phrase may have with which a text goes on from this word.

        There is none where it is 0. What a stem leaves out is counted.
        """
        stemmer = self._stemmer
        if len(word) < _BEGINNING or stemmer.has_beginning(word):
            return self._longest_of_all + stemmer.letters_off_max
        longest = self._longest.get(word[:_BEGINNING], 0)
        return longest and longest + stemmer.letters_off_max


class Phrases:
    """A set of words and phrases that can be looked for in a question."""

    def __init__(
        self, phrases: Iterable[str], stemmer: Stemmer, *, are_names: bool = False
    ) -> None:
        """Names are looked for whole: two names that share a stem are still two names."""
        self._stemmer = stemmer
        parted = [tokens(phrase) for phrase in phrases]
        self._words_max = max((len(words) for words in parted), default=0)
        joined = {"".join(words) for words in parted} - {""}
        self._known = joined if are_names else joined | {stemmer.stem(word) for word in joined}

    def __or__(self, other: Phrases) -> Phrases:
        """Put two sets together, to look for both in one go."""
        both = Phrases((), self._stemmer)
        both._known = self._known | other._known
        both._words_max = max(self._words_max, other._words_max)
        return both

    @cached_property
    def _beginnings(self) -> Beginnings:
        return Beginnings(self._known, self._stemmer)

    def left_out(self, question: Sequence[str]) -> list[str]:
        """Leave out what stands in the set, the longest phrase first."""
        result: list[str] = []
        ahead = min(_PHRASE_WORDS_MAX, self._words_max + 1)
        place = 0
        while place < len(question):
            letters_max = self._beginnings.letters_max(question[place])
            length = letters_max and self._longest(question[place : place + ahead], letters_max)
            if length == 0:
                result.append(question[place])
            place += max(1, length)
        return result

    def _longest(self, ahead: Sequence[str], letters_max: int) -> int:
        """Say how many of the first words stand in the set together; 0 is none."""
        known, stem = self._known, self._stemmer.stem
        runs = list(accumulate(ahead))
        for place in reversed(range(len(runs))):
            if len(runs[place]) > letters_max:
                continue
            if runs[place] in known or stem(runs[place]) in known:
                return place + 1
        return 0

    def among(self, question_spans: AbstractSet[str]) -> AbstractSet[str]:
        """Leave of the spans of a question those that are phrases of this set."""
        return self._known & question_spans

    def found_among(self, question_spans: AbstractSet[str]) -> bool:
        """True when any phrase is one of the spans of a question."""
        return not self._known.isdisjoint(question_spans)
