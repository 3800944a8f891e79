"""How near a question's meaning is to each entry's: to the whole of it, and to its best line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.catalogue.search.encoder import encoded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.catalogue.search.encoder import Encoder, Vectors
    from bot.catalogue.search.entries import Source
    from bot.catalogue.search.index import Scores
    from bot.catalogue.search.lexicon import Scoring

_LINES_COMPARED_ENTRIES = 2048


class Meanings:
    """The vectors of the entries' titles, aliases and usual questions."""

    def __init__(
        self,
        sources: Sequence[Source],
        scoring: Scoring,
        encoder: Encoder,
        vectors_dir: Path | None,
    ) -> None:
        assert all(source.heads for source in sources)
        self._low = scoring.cosine_low
        self._span = scoring.cosine_high - scoring.cosine_low
        wholes = ["\n".join(source.heads) for source in sources]
        lines = [head for source in sources for head in source.heads]
        vectors = encoded([*wholes, *lines], encoder, vectors_dir)
        self._wholes, self._lines = vectors[: len(wholes)], vectors[len(wholes) :]
        counts = [len(source.heads) for source in sources]
        self._counts = np.array(counts, dtype=np.intp)
        self._starts = np.cumsum([0, *counts[:-1]])

    def scores(self, question: Vectors) -> Scores:
        """Score every entry for the vector of a question, from 0 to 1."""
        if not len(self._wholes):
            return np.zeros(0, dtype=np.float32)
        whole = self._wholes @ question
        cosine = (whole + self._best_lines(question, whole)) / 2
        return np.asarray(np.clip((cosine - self._low) / self._span, 0, 1), dtype=np.float32)

    def _best_lines(self, question: Vectors, whole: Scores) -> Scores:
        """Find each entry's best line; of a great many entries only the nearest ones' lines.

        To read half a million lines for one question would take a tenth of a second.
        """
        if len(whole) <= _LINES_COMPARED_ENTRIES:
            return np.asarray(np.maximum.reduceat(self._lines @ question, self._starts))
        near = np.argpartition(-whole, _LINES_COMPARED_ENTRIES)[:_LINES_COMPARED_ENTRIES]
        counts = self._counts[near]
        firsts = np.cumsum(counts) - counts
        places = np.repeat(self._starts[near] - firsts, counts) + np.arange(counts.sum())
        best = whole.copy()
        best[near] = np.maximum.reduceat(self._lines[places] @ question, firsts)
        return np.asarray(best)
