"""A fixed set of texts, searched by three fields whose scores are summed.

The fields are stems (exact words), the letters of each word in threes and fours (mistyped words)
and the letters of the whole text in fives, gaps left out (lost and misplaced spaces). Each score
is divided by the most that the question could reach, so it says how much of the question a text
covers, from 0 to 1, and scores of different fields and questions can be compared (ADR 0010).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

import bm25s
import numpy as np
from numpy.typing import NDArray

from bot.kit.text import parted, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.catalogue.search.lexicon import Lexicon

Scores = NDArray[np.float32]
Units = Sequence[str]  # the parts of a text that are cut one by one
_Found = tuple[float, list[NDArray[np.int32]], list[Scores]]

_ZWNJ = "\u200c"
_GRAM_LETTERS = (3, 4)
_RUN_LETTERS = 5
_WORDS_KEPT = 2_048  # the same words are asked for again and again
_WORD_LETTERS_MAX = 20  # what is longer hardly comes again, and its terms stand in many places

logging.getLogger("bm25s").setLevel(logging.WARNING)  # It asks for DEBUG when it is imported.


def word_grams(word: str) -> list[str]:
    """Cut a word, its edges marked, into groups of three and of four letters."""
    marked = f"_{word.replace(_ZWNJ, '')}_"
    return [
        marked[start : start + letters]
        for letters in _GRAM_LETTERS
        for start in range(len(marked) - letters + 1)
    ]


def letter_runs(joined: str) -> list[str]:
    """Cut a text, its gaps left out, into groups of five letters."""
    count = max(1, len(joined) - _RUN_LETTERS + 1)
    return [joined[start : start + _RUN_LETTERS] for start in range(count)]


class Field:
    """BM25 over one way of cutting the units of texts into terms."""

    def __init__(
        self,
        texts: Iterable[Units],
        cut: Callable[[str], list[str]],
        *,
        k1: float,
        b: float,
        kept: int = 0,
    ) -> None:
        """`kept` is of how many units it stays known where their terms stand."""
        self._cut = cut
        self._ids: dict[str, int] = {}
        ids = self._ids
        cut_units: dict[str, list[int]] = {}
        documents: list[list[int]] = []
        for units in texts:
            for unit in units:
                if unit not in cut_units:
                    cut_units[unit] = [ids.setdefault(term, len(ids)) for term in cut(unit)]
            documents.append(list(chain.from_iterable(map(cut_units.__getitem__, units))))
        self._count = len(documents)
        self._unknown_weight = math.log(1 + (self._count + 0.5) / 0.5)
        self._found = lru_cache(maxsize=kept)(self._find)
        if not self._ids:
            return
        bm25 = bm25s.BM25(k1=k1, b=b, method="lucene", backend="numpy", csc_backend="numpy")
        bm25.index((documents, self._ids), create_empty_token=False, show_progress=False)
        self._scores = np.asarray(bm25.scores["data"], dtype=np.float32)
        self._places = np.asarray(bm25.scores["indices"], dtype=np.int32)
        starts = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        frequency = np.diff(starts)
        weights = np.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5))
        self._starts = starts.data  # numpy itself is slow to read one number at a time.
        self._weights = weights.data

    def _find(self, unit: str) -> _Found:
        terms = self._cut(unit)
        ids = [term_id for term in terms if (term_id := self._ids.get(term)) is not None]
        slices = [slice(self._starts[term_id], self._starts[term_id + 1]) for term_id in ids]
        return (
            sum(self._weights[term_id] for term_id in ids)
            + (len(terms) - len(ids)) * self._unknown_weight,
            [self._places[one] for one in slices],
            [self._scores[one] for one in slices],
        )

    def found(self, units: Units) -> _Found:
        """Find the terms of a text: what they weigh together, and where each of them stands."""
        weight = 0.0
        places: list[NDArray[np.int32]] = []
        parts: list[Scores] = []
        for unit in units:
            find = self._found if len(unit) <= _WORD_LETTERS_MAX else self._find
            unit_weight, stands, reached = find(unit)
            weight += unit_weight
            places += stands
            parts += reached
        return weight, places, parts

    def share_known(self, units: Units) -> float:
        """Say how many of the terms stand in any text, from 0 to 1."""
        terms = set(chain.from_iterable(map(self._cut, units)))
        return len(terms & self._ids.keys()) / max(1, len(terms))


class LexicalIndex:
    """The three fields together, over texts that were split into words."""

    def __init__(self, texts: Sequence[Units], lexicon: Lexicon) -> None:
        scoring, stemmer = lexicon.scoring, lexicon.stemmer
        k1, b = scoring.k1, scoring.b
        self._count = len(texts)
        self._shares = (scoring.stems, scoring.grams, scoring.runs)
        self._fields = (
            Field(
                map(parted, texts),
                lambda word: stemmer.stems([word]),
                k1=k1,
                b=b,
                kept=_WORDS_KEPT,
            ),
            Field(texts, word_grams, k1=k1, b=b, kept=_WORDS_KEPT),
            Field(([_joined(said)] for said in texts), letter_runs, k1=k1, b=b),
        )

    def scores(self, question: str) -> Scores:
        """Score every text for this question, from 0 to 1."""
        said = words(question)
        units = (parted(said), said, [_joined(said)])
        places: list[NDArray[np.int32]] = []
        parts: list[Scores] = []
        shares: list[float] = []
        for share, field, cut in zip(self._shares, self._fields, units, strict=True):
            weight, stands, reached = field.found(cut)
            places += stands
            parts += reached
            shares += [share / weight if weight else 0.0] * len(reached)
        if not parts:
            return np.zeros(self._count, dtype=np.float32)
        # All terms in one addition: a hundred small ones would each cost a call into numpy.
        shared = np.repeat(shares, list(map(len, parts)))
        total = np.bincount(np.concatenate(places), np.concatenate(parts) * shared, self._count)
        return np.asarray(total, dtype=np.float32)

    def share_known(self, question: str) -> float:
        """Say how many of the words that say something stand in any text, from 0 to 1."""
        stems, _, _ = self._fields
        return stems.share_known(parted(words(question)))


def _joined(said: Units) -> str:
    return "".join(said).replace(_ZWNJ, "")


class LayeredIndex:
    """A fixed set of texts and others on top of it, which change no score of the first ones."""

    def __init__(self, texts: Sequence[Units], first: int, lexicon: Lexicon) -> None:
        self._first_count = first
        self._first = LexicalIndex(texts[:first], lexicon)
        self._whole = LexicalIndex(texts, lexicon) if len(texts) > first else None

    def scores(self, question: str) -> Scores:
        """Score the texts of both layers, in their order."""
        scores = self._first.scores(question)
        if self._whole is None:
            return scores
        return np.concatenate([scores, self._whole.scores(question)[self._first_count :]])

    def share_known(self, question: str) -> float:
        """Say how many of the words that say something stand in any text, from 0 to 1."""
        return (self._whole or self._first).share_known(question)
