"""From a question in a citizen's words to the entries that answer it, and how sure the desk is."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from bot.catalogue.model import Facet
from bot.catalogue.search.entries import entries_of
from bot.catalogue.search.index import LexicalIndex
from bot.catalogue.search.meaning import Meanings
from bot.catalogue.search.reading import Reader
from bot.kit.text import normalise, parted, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search.encoder import Encoder, Vectors
    from bot.catalogue.search.entries import Entry, Source
    from bot.catalogue.search.index import Scores
    from bot.catalogue.search.lexicon import Lexicon
    from bot.catalogue.search.reading import Reading

T = TypeVar("T")

_RANKED = 12
_KEPT_MAX = 2048
_QUESTION_LETTERS_MAX = 1000
_USUAL_FACETS = frozenset({Facet.DESCRIPTION, Facet.LIST})
_OFFICE_WIDE_FACETS = frozenset({Facet.HOURS, Facet.AGREEMENT})


class Band(StrEnum):
    """How sure the desk is, and so what it does."""

    ANSWER = "answer"
    CHOOSE = "choose"  # it asks which of a few things was meant
    HANDOVER = "handover"  # it does not guess; a person can be asked


@dataclass(frozen=True)
class Ranked:
    """An entry, and how well it fits the question, from 0 to 1."""

    entry: Entry
    score: float


@dataclass(frozen=True)
class Answer:
    """What was found: the best entry first, also when the desk is not sure of any."""

    band: Band
    ranked: tuple[Ranked, ...]
    score: float


class _Recent(Generic[T]):
    """Keeps what was used last, up to a limit."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, T] = OrderedDict()

    def find(self, key: object) -> T | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: object, value: T) -> None:
        self._kept[key] = value
        if len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)


class Answerer:
    """Answers questions about one edition of the catalogue; what it knows never changes.

    `taught` gives one that also compares meanings; making it takes as long as encoding what
    `vectors_dir` does not hold yet: do it in a thread, and answer without it meanwhile.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        lexicon: Lexicon,
    ) -> None:
        sources = tuple(entries_of(catalogue, lexicon))
        texts = [_searched(source, lexicon) for source in sources]
        self.entries = tuple(source.entry for source in sources)
        self._scoring = lexicon.scoring
        self._reader = Reader(catalogue, lexicon, texts)
        self._persian = LexicalIndex(texts, lexicon)
        self._sources = sources
        self._lexicon = lexicon
        self._facets = np.array([entry.facet.value for entry in self.entries])
        self._offices = np.array([entry.office_id for entry in self.entries])
        self._standing = _standing(sources, lexicon)
        self._encoder: Encoder | None = None
        self._meanings: Meanings | None = None
        self._answers: _Recent[Answer] = _Recent()
        self._questions: _Recent[Vectors] = _Recent()

    def taught(self, encoder: Encoder, vectors_dir: Path | None = None) -> Answerer:
        """Make an answerer that shares these indexes and compares meanings besides."""
        other = copy(self)
        other._encoder = encoder  # noqa: SLF001 - one of its own kind
        other._meanings = Meanings(self._sources, self._scoring, encoder, vectors_dir)  # noqa: SLF001 - as above
        other._answers, other._questions = _Recent(), _Recent()  # noqa: SLF001 - as above
        return other

    @cached_property
    def _english(self) -> LexicalIndex:
        """Index the English texts: at the latest for the first question in Latin letters."""
        texts = [words("\n".join((*source.heads_en, source.body_en))) for source in self._sources]
        return LexicalIndex(texts, self._lexicon)

    def read_english(self) -> None:
        """Index the English texts ahead of the first question; beside the event loop, at best."""
        assert self._english is not None

    async def ask(self, text: str, office_id: str | None = None) -> Answer:
        """Find what answers; the office chosen before counts unless the question names one."""
        question = _trimmed(text)
        answer = self._answers.find((question, office_id))
        if answer is None:
            await self.prepare([text])
            answer = max(
                (self._ranked(reading, office_id) for reading in self._reader.readings(question)),
                key=lambda found: found.score,
            )
            self._answers.keep((question, office_id), answer)
        return answer

    async def prepare(self, texts: Sequence[str]) -> None:
        """Encode questions that will be asked in a moment, at once and beside the event loop."""
        if self._encoder is None:
            return
        meant = {
            reading.text
            for text in texts
            for reading in self._reader.readings(_trimmed(text))
            if self._questions.find(reading.text) is None
        }
        if meant:
            vectors = await asyncio.to_thread(self._encoder.questions, sorted(meant))
            for meaning, vector in zip(sorted(meant), vectors, strict=True):
                self._questions.keep(meaning, vector)

    def _ranked(self, reading: Reading, office_id: str | None) -> Answer:
        index = self._english if reading.is_english else self._persian
        scores = index.scores(reading.text)
        question = self._questions.find(reading.text)
        if self._meanings is not None and question is not None:
            share = np.float32(self._scoring.semantic)
            scores = (1 - share) * scores + share * self._meanings.scores(question)
        scores = scores * self._fitting(reading, office_id)
        order = np.argsort(-scores, kind="stable")[:_RANKED]
        ranked = tuple(
            Ranked(self.entries[place], min(1.0, float(scores[place]))) for place in order
        )
        score = ranked[0].score if ranked else 0.0
        return Answer(self._band(score), ranked, score)

    def _fitting(self, reading: Reading, office_id: str | None) -> Scores:
        """Hold back what belongs to another office, or to another side of the service."""
        scoring = self._scoring
        factor = self._standing.copy()
        offices = reading.office_ids or ({office_id} if office_id is not None else set())
        if offices:
            factor[~np.isin(self._offices, sorted(offices))] *= scoring.other_office
        facets = reading.facets or _USUAL_FACETS
        factor[~np.isin(self._facets, sorted(facets))] *= scoring.other_facet
        if reading.is_elsewhere:
            factor *= scoring.elsewhere
        return factor

    def _band(self, score: float) -> Band:
        scoring = self._scoring
        bands = scoring.bands_lexical if self._encoder is None else scoring.bands_semantic
        if score >= bands.answer:
            return Band.ANSWER
        return Band.CHOOSE if score >= bands.choose else Band.HANDOVER


def _standing(sources: Sequence[Source], lexicon: Lexicon) -> Scores:
    """Say how much each entry is held back for every question alike."""
    standing = np.ones(len(sources), dtype=np.float32)
    for place, source in enumerate(sources):
        if source.is_sample:
            standing[place] *= lexicon.scoring.sample
        if source.is_service_side and source.entry.facet in _OFFICE_WIDE_FACETS:
            standing[place] *= lexicon.scoring.office_wide
    return standing


def _trimmed(text: str) -> str:
    return normalise(text[:_QUESTION_LETTERS_MAX])


def _searched(source: Source, lexicon: Lexicon) -> list[str]:
    """Put together the words by which an entry is found, its own and those kept for synonyms."""
    heads = words("\n".join(source.heads))
    return [*heads, *words(source.body), *lexicon.synonyms.rewritten(parted(heads))]
