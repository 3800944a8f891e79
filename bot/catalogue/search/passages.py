"""The engine over passages of any kind: what `search` and the public collections use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.catalogue.search.encoder import encoded
from bot.catalogue.search.index import LexicalIndex
from bot.kit.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.catalogue.search.encoder import Encoder
    from bot.catalogue.search.index import Scores
    from bot.catalogue.search.lexicon import Lexicon


@dataclass(frozen=True)
class Passage:
    """A text that may answer, and the id it goes by."""

    id: str
    text: str


class PassageIndex:
    """A fixed set of passages; it never changes after it is built."""

    def __init__(
        self,
        passages: Sequence[Passage],
        lexicon: Lexicon,
        encoder: Encoder | None = None,
        cache: Path | None = None,
    ) -> None:
        texts = [passage.text for passage in passages]
        self._ids = tuple(passage.id for passage in passages)
        self._scoring = lexicon.scoring
        self._lexical = LexicalIndex([words(text) for text in texts], lexicon)
        self._encoder = encoder
        self._vectors = encoded(texts, encoder, cache) if encoder is not None else None

    def scores(self, question: str) -> Scores:
        """Score every passage for this question, from 0 to 1."""
        lexical = self._lexical.scores(question)
        if self._encoder is None or self._vectors is None or not len(self._ids):
            return lexical
        share = np.float32(self._scoring.semantic)
        low, high = self._scoring.cosine_low, self._scoring.cosine_high
        cosine = self._vectors @ self._encoder.questions([question])[0]
        meaning = np.clip((cosine - low) / (high - low), 0, 1)
        return np.asarray((1 - share) * lexical + share * meaning, dtype=np.float32)

    def ranked(self, question: str, limit: int = 10) -> list[tuple[str, float]]:
        """List the best passages with their scores, the best first, ties in the given order."""
        scores = self.scores(question)
        order = np.argsort(-scores, kind="stable")[:limit]
        return [(self._ids[place], float(scores[place])) for place in order]
