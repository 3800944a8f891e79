"""A fixed set of texts, searched by three fields whose scores are summed.

The fields are stems (exact words), the letters of each word in threes and fours (mistyped words)
and the letters of the whole text in fives, gaps left out (lost and misplaced spaces). Each score
is divided by the most that the question could reach, so it says how much of the question a text
covers, from 0 to 1, and scores of different fields and questions can be compared (ADR 0010).
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from typing import TYPE_CHECKING

import bm25s
import numpy as np
from numpy.typing import NDArray

from bot.kit.text import tokens, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.catalogue.search.lexicon import Lexicon

Scores = NDArray[np.float32]

_ZWNJ = "\u200c"
_GRAM_LETTERS = (3, 4)
_RUN_LETTERS = 5

logging.getLogger("bm25s").setLevel(logging.WARNING)  # It asks for DEBUG when it is imported.


def word_grams(text: str) -> list[str]:
    """Cut each word, its edges marked, into groups of three and of four letters."""
    grams: list[str] = []
    for word in words(text):
        marked = f"_{word.replace(_ZWNJ, '')}_"
        for letters in _GRAM_LETTERS:
            grams.extend(marked[i : i + letters] for i in range(len(marked) - letters + 1))
    return grams


def letter_runs(text: str) -> list[str]:
    """Cut the text, its gaps left out, into groups of five letters."""
    joined = "".join(tokens(text))
    count = max(1, len(joined) - _RUN_LETTERS + 1)
    return [joined[i : i + _RUN_LETTERS] for i in range(count)]


class Field:
    """BM25 over one way of cutting texts into terms; scores run from 0 to 1."""

    def __init__(
        self, texts: Iterable[str], cut: Callable[[str], list[str]], *, k1: float, b: float
    ) -> None:
        self._cut = cut
        self._ids: dict[str, int] = {}
        documents = [
            [self._ids.setdefault(term, len(self._ids)) for term in cut(text)] for text in texts
        ]
        self._count = len(documents)
        self._unknown_weight = math.log(1 + (self._count + 0.5) / 0.5)
        if not self._ids:
            return
        bm25 = bm25s.BM25(k1=k1, b=b, method="lucene", backend="numpy", csc_backend="numpy")
        bm25.index((documents, self._ids), create_empty_token=False, show_progress=False)
        self._scores = np.asarray(bm25.scores["data"], dtype=np.float32)
        self._places = np.asarray(bm25.scores["indices"], dtype=np.int32)
        self._starts = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        frequency = np.diff(self._starts)
        self._weights = np.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5))

    def scores(self, text: str) -> Scores:
        """Score every text by the share of the question's weight that it covers."""
        reached = np.zeros(self._count, dtype=np.float32)
        bound = 0.0
        for term, count in Counter(self._cut(text)).items():
            term_id = self._ids.get(term)
            if term_id is None:
                bound += count * self._unknown_weight
                continue
            bound += count * float(self._weights[term_id])
            part = slice(self._starts[term_id], self._starts[term_id + 1])
            reached[self._places[part]] += count * self._scores[part]
        return reached / np.float32(bound) if bound > 0 else reached


class LexicalIndex:
    """The three fields together."""

    def __init__(self, texts: Sequence[str], lexicon: Lexicon) -> None:
        scoring = lexicon.scoring
        k1, b = scoring.k1, scoring.b
        self._fields = (
            (Field(texts, lexicon.stemmer.stems, k1=k1, b=b), scoring.stems),
            (Field(texts, word_grams, k1=k1, b=b), scoring.grams),
            (Field(texts, letter_runs, k1=k1, b=b), scoring.runs),
        )

    def scores(self, text: str) -> Scores:
        """Score every text for this question, from 0 to 1."""
        total = sum(weight * field.scores(text) for field, weight in self._fields)
        return np.asarray(total, dtype=np.float32)
