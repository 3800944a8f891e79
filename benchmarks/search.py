"""How long a question takes that nobody asked before, over many more entries than are shipped.

The entries are the shipped ones with their words exchanged for others, as often as each word is
written, and with at most four lines under which each is found. They are reproducible. Meanings
of entries are random vectors, for which nothing is encoded; those of questions are real.
"""

import asyncio
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import median

import numpy as np

from benchmarks.machine import ROOT
from benchmarks.path import known_questions
from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Catalogue, Facet, Faq, Text
from bot.catalogue.search import Answerer, Encoder, Lexicon, installed_encoder, load_lexicon
from bot.catalogue.search.encoder import Vectors
from bot.catalogue.search.entries import Source, entries_of
from bot.kit.text import tokens

_QUESTIONS = 60
_TURN = 10  # questions asked of each in turn
_DIMENSIONS = 384
_HEADS_MAX = 4


class _RealQuestions:
    """Encodes questions as they are; of entries it says anything, at once."""

    name = "random"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rng = np.random.default_rng(5)

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.questions(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = self._rng.standard_normal((len(texts), _DIMENSIONS), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)


@dataclass
class Speeds:
    """What was measured over one number of entries, in milliseconds a question."""

    entries: int
    milliseconds: dict[str, list[float]] = field(default_factory=dict)

    def median(self, name: str) -> float | None:
        """Give the median of one way, where it could be measured."""
        found = self.milliseconds.get(name)
        return median(found) if found else None


def measure(count: int) -> Speeds:
    """Ask all ways in turn: lexical, with the semantic signal, and SQLite's own full text."""
    directory = ROOT / "data"
    lexicon = load_lexicon(directory / "lexicon")
    catalogue = _grown(load_catalogue(directory / "catalogue"), lexicon, count)
    lexical = Answerer(catalogue, lexicon)
    speeds = Speeds(len(lexical.entries))
    ways: dict[str, Callable[[str], Awaitable[object]]] = {"lexical": lexical.ask}
    encoder = installed_encoder()
    if encoder is not None:
        ways["semantic"] = lexical.taught(_RealQuestions(encoder)).ask
        ways["encoding"] = _encoding(encoder)
    ways["fts5"] = _full_text(list(entries_of(catalogue, lexicon)))
    asyncio.run(_ask_in_turn(ways, speeds))
    return speeds


async def _ask_in_turn(ways: dict[str, Callable[[str], Awaitable[object]]], into: Speeds) -> None:
    known = known_questions()
    questions = random.Random(6).sample(known, _QUESTIONS)
    unlike = next(text for text in known if text not in questions)
    for ask in ways.values():
        await ask(unlike)  # The first of all pays for what is made when it is first needed.
    for start in range(0, _QUESTIONS, _TURN):
        for name, ask in ways.items():
            for question in questions[start : start + _TURN]:
                began = time.perf_counter()
                await ask(question)
                seconds = time.perf_counter() - began
                into.milliseconds.setdefault(name, []).append(seconds * 1000)


def _encoding(encoder: Encoder) -> Callable[[str], Awaitable[object]]:
    async def encode(question: str) -> object:
        return encoder.questions([question])

    return encode


def _full_text(sources: Sequence[Source]) -> Callable[[str], Awaitable[object]]:
    """Index the same words in SQLite, and ask for any of a question's words, best first."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE entry USING fts5(words)")
    rows = ((" ".join(tokens("\n".join((*source.heads, source.body)))),) for source in sources)
    connection.executemany("INSERT INTO entry VALUES (?)", rows)
    query = "SELECT rowid, rank FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 12"

    async def ask(question: str) -> object:
        said = " OR ".join(f'"{word}"' for word in tokens(question))
        return connection.execute(query, (said,)).fetchall()

    return ask


def _grown(catalogue: Catalogue, lexicon: Lexicon, count: int) -> Catalogue:
    """Add usual questions to the first office until there are so many entries."""
    rng = random.Random(4)
    sources = [source for source in entries_of(catalogue, lexicon) if source.body]
    pool = [word for source in sources for head in source.heads for word in head.split()]
    pool += [word for source in sources for word in source.body.split()]
    facets = list(Facet)

    def said(like: str) -> str:
        return " ".join(rng.choices(pool, k=max(1, len(like.split()))))[:300]

    def one(number: int) -> Faq:
        like = rng.choice(sources)
        heads = [said(head) for head in like.heads[:_HEADS_MAX]]
        return Faq(
            id=f"grown-{number}",
            facet=rng.choice(facets),
            question=Text(fa=heads[0], en="-"),
            answer=Text(fa=said(like.body), en="-"),
            questions=tuple(heads[1:]),
            checked_on=date(2026, 1, 1),
        )

    first, *others = catalogue.offices
    missing = count - len(list(entries_of(catalogue, lexicon)))
    faqs = (*first.faqs, *(one(number) for number in range(missing)))
    return replace(catalogue, offices=(replace(first, faqs=faqs), *others))
