"""From a question in a citizen's words to the entries that answer it, and how sure the desk is."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from bot.catalogue.model import Facet
from bot.catalogue.search.encoder import encoded
from bot.catalogue.search.entries import entries_of
from bot.catalogue.search.finglish import Transliterator
from bot.catalogue.search.index import LexicalIndex
from bot.catalogue.search.rewriting import Phrases
from bot.catalogue.search.spelling import Speller
from bot.kit.text import normalise, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalogue.model import Catalogue
    from bot.catalogue.search.encoder import Encoder, Vectors
    from bot.catalogue.search.entries import Entry, Source
    from bot.catalogue.search.index import Scores
    from bot.catalogue.search.lexicon import Lexicon

_RANKED = 12
_KEPT_ANSWERS = 2048
_QUESTION_LETTERS_MAX = 1000
_USUAL_FACETS = frozenset({Facet.DESCRIPTION, Facet.LIST})


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


@dataclass(frozen=True)
class _Reading:
    """One way to understand a question: its words, as the texts of an index would have them."""

    text: str
    index: LexicalIndex
    facets: frozenset[Facet]
    office_ids: frozenset[str]
    is_elsewhere: bool


class Answerer:
    """Answers questions about one edition of the catalogue; it never changes after it is made."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexicon: Lexicon,
        encoder: Encoder | None = None,
        vectors_dir: Path | None = None,
    ) -> None:
        sources = tuple(entries_of(catalogue, lexicon))
        self._entries = tuple(source.entry for source in sources)
        self._lexicon = lexicon
        texts = [self._searched(source) for source in sources]
        self._persian = LexicalIndex(texts, lexicon)
        self._english = LexicalIndex([_english(source) for source in sources], lexicon)
        self._transliterator = Transliterator(
            (*texts, *lexicon.own_words), lexicon.letters, lexicon.latin_endings
        )
        self._speller = Speller((*chain.from_iterable(map(tokens, texts)), *lexicon.own_words))
        said = f" {' '.join(chain.from_iterable(map(tokens, texts)))} "
        self._elsewhere = Phrases(
            (term for term in lexicon.elsewhere if f" {' '.join(tokens(term))} " not in said),
            lexicon.stemmer,
            are_names=True,
        )
        self._office_names = {
            published.office.id: Phrases(
                (
                    published.office.name.fa,
                    published.office.short_name.fa,
                    *published.office.aliases,
                ),
                lexicon.stemmer,
            )
            for published in catalogue.offices
        }
        self._facets = np.array([entry.facet.value for entry in self._entries])
        self._offices = np.array([entry.office_id for entry in self._entries])
        self._encoder = encoder
        self._vectors: Vectors | None = None
        if encoder is not None:
            self._vectors = encoded([_meaning(source) for source in sources], encoder, vectors_dir)
        self._answers: OrderedDict[tuple[str, str | None], Answer] = OrderedDict()

    def _searched(self, source: Source) -> str:
        """Put together the text by which an entry is found, in its own words and the kept ones."""
        heads = "\n".join(source.heads)
        text = f"{heads}\n{source.body}"
        kept = " ".join(self._lexicon.synonyms.rewritten(tokens(heads)))
        return f"{text}\n{kept}"

    async def ask(self, text: str, office_id: str | None = None) -> Answer:
        """Find what answers; the office chosen before counts unless the question names one."""
        key = (normalise(text[:_QUESTION_LETTERS_MAX]), office_id)
        answer = self._answers.get(key)
        if answer is None:
            readings = self._readings(key[0])
            meaning = await self._meaning(readings[0].text)
            answer = max(
                (self._ranked(reading, office_id, meaning) for reading in readings),
                key=lambda answer: answer.score,
            )
            self._answers[key] = answer
            if len(self._answers) > _KEPT_ANSWERS:
                self._answers.popitem(last=False)
        else:
            self._answers.move_to_end(key)
        return answer

    def _readings(self, text: str) -> list[_Reading]:
        """Read a question as Persian and, when it has no Persian letter, as English too."""
        words = self._lexicon.finglish.rewritten(tokens(text))
        words = self._speller.mended(self._transliterator.persian(words))
        words = self._lexicon.colloquial.rewritten(words)
        readings = [self._reading(words, self._persian)]
        if text.isascii() and any(map(str.isalpha, text)):
            readings.append(self._reading(tokens(text), self._english))
        return readings

    def _reading(self, words: list[str], index: LexicalIndex) -> _Reading:
        named = frozenset(
            office_id for office_id, names in self._office_names.items() if names.found_in(words)
        )
        topic = words
        for office_id in named:
            topic = self._office_names[office_id].left_out(topic)
        if not any(word not in self._lexicon.stemmer.stop_words for word in topic):
            topic = words
        kept = self._lexicon.synonyms.rewritten(topic)
        facets = self._lexicon.facets_in(topic) | self._lexicon.facets_in(kept)
        said = [word for word in kept if word not in self._lexicon.fillers] or kept
        is_elsewhere = self._elsewhere.found_in(topic)
        return _Reading(" ".join(said), index, facets, named, is_elsewhere)

    async def _meaning(self, text: str) -> Scores | None:
        if self._encoder is None or self._vectors is None:
            return None
        vectors = await asyncio.to_thread(self._encoder.questions, [text])
        scoring = self._lexicon.scoring
        cosine = self._vectors @ vectors[0]
        span = scoring.cosine_high - scoring.cosine_low
        return np.asarray(np.clip((cosine - scoring.cosine_low) / span, 0, 1), dtype=np.float32)

    def _ranked(self, reading: _Reading, office_id: str | None, meaning: Scores | None) -> Answer:
        scores = reading.index.scores(reading.text)
        if meaning is not None:
            share = np.float32(self._lexicon.scoring.semantic)
            scores = (1 - share) * scores + share * meaning
        scores = scores * self._fitting(reading, office_id)
        order = np.argsort(-scores, kind="stable")[:_RANKED]
        ranked = tuple(
            Ranked(self._entries[place], min(1.0, float(scores[place]))) for place in order
        )
        score = ranked[0].score if ranked else 0.0
        return Answer(self._band(score), ranked, score)

    def _fitting(self, reading: _Reading, office_id: str | None) -> Scores:
        """Hold back what belongs to another office or to another side of the service."""
        scoring = self._lexicon.scoring
        factor = np.ones(len(self._entries), dtype=np.float32)
        offices = reading.office_ids or ({office_id} if office_id is not None else set())
        if offices:
            factor[~np.isin(self._offices, sorted(offices))] *= scoring.other_office
        if reading.is_elsewhere:
            factor *= scoring.elsewhere
        facets = reading.facets or _USUAL_FACETS
        factor[~np.isin(self._facets, sorted(facets))] *= scoring.other_facet
        return factor

    def _band(self, score: float) -> Band:
        scoring = self._lexicon.scoring
        bands = scoring.bands_lexical if self._encoder is None else scoring.bands_semantic
        if score >= bands.answer:
            return Band.ANSWER
        return Band.CHOOSE if score >= bands.choose else Band.HANDOVER


def _english(source: Source) -> str:
    return "\n".join((*source.heads_en, source.body_en, source.entry.facet.value))


def _meaning(source: Source) -> str:
    return "\n".join((*source.heads, source.body))
