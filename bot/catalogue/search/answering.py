"""From a question in a citizen's words to the entries that answer it, and how sure the desk is."""

from __future__ import annotations

import asyncio
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from bot.catalogue.model import Facet
from bot.catalogue.search.deciding import USUAL_FACETS, Band, Entries, decided
from bot.catalogue.search.entries import entries_of
from bot.catalogue.search.index import LayeredIndex
from bot.catalogue.search.meaning import Meanings
from bot.catalogue.search.reading import Reader
from bot.catalogue.search.recent import Recent
from bot.kit.text import normalise, parted, tokens, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.catalogue.model import Catalogue, Faq
    from bot.catalogue.search.encoder import Encoder, Vectors
    from bot.catalogue.search.entries import Entry, Source
    from bot.catalogue.search.index import Scores
    from bot.catalogue.search.lexicon import Lexicon
    from bot.catalogue.search.reading import Reading
    from bot.catalogue.search.wishes import ServiceKey

_RANKED = 12
_ENGLISH_MIN = 0.3  # of the words of an English question stand in the English texts
_LOOKED_AT = 256
_QUESTION_LETTERS_MAX = 1000
_ANY: ServiceKey = ("", "")  # whichever was looked at a moment ago, the answer is the same
_OFFICE_WIDE_FACETS = frozenset({Facet.HOURS, Facet.AGREEMENT})


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
    is_topicless: bool = False  # it named no service and nothing that belongs to one
    is_elsewhere: bool = False  # it named a thing that other bodies provide


class Answerer:
    """Answers questions about one edition of the catalogue; what it knows never changes.

    `taught` gives one that also compares meanings; making it takes as long as encoding what
    `vectors_dir` does not hold yet: do it in a thread, and answer without it meanwhile.
    """

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        faqs = [faq for one in catalogue.offices for faq in one.faqs]
        learnt = [faq for faq in faqs if faq.learnt is not None]
        learnt_ids = {faq.id for faq in learnt}
        self._learnt, self._written = map(_written_questions, (learnt, faqs))
        sources = tuple(
            sorted(entries_of(catalogue, lexicon), key=lambda one: one.entry.id in learnt_ids)
        )
        self._shipped_count = len(sources) - len(learnt)
        texts = [_searched(source.heads, source.body, lexicon) for source in sources]
        self.entries = tuple(source.entry for source in sources)
        self._by_id = {entry.id: entry for entry in self.entries}
        self._places = {entry.id: place for place, entry in enumerate(self.entries)}
        self._scoring = lexicon.scoring
        self._reader = Reader(catalogue, lexicon, texts, texts[: self._shipped_count])
        self._persian = LayeredIndex(texts, self._shipped_count, lexicon)
        self._sources = sources
        self._lexicon = lexicon
        self._facets = np.array([entry.facet.value for entry in self.entries])
        self._offices = np.array([entry.office_id for entry in self.entries])
        self._standing = _standing(sources, lexicon)
        self._fitting = lru_cache(maxsize=64)(self._fits)
        self._encoder: Encoder | None = None
        self._meanings: Meanings | None = None
        self._answers: Recent[Answer] = Recent()
        self._questions: Recent[Vectors] = Recent()

    def taught(self, encoder: Encoder, vectors_dir: Path | None = None) -> Answerer:
        """Make an answerer that shares these indexes and compares meanings besides."""
        other = copy(self)
        other._encoder = encoder  # noqa: SLF001 - one of its own kind
        other._meanings = Meanings(self._sources, self._scoring, encoder, vectors_dir)  # noqa: SLF001 - as above
        other._answers, other._questions = Recent(), Recent()  # noqa: SLF001 - as above
        return other

    @property
    def lexicon(self) -> Lexicon:
        """What it knows about how citizens write."""
        return self._lexicon

    def facet_of(self, text: str) -> Facet:
        """Name the one side of a service that a question asks for, or else the usual one."""
        readings = self._reader.readings(_trimmed(text))
        asked = {facet for reading in readings for facet in reading.facets}
        return asked.pop() if len(asked) == 1 else Facet.DESCRIPTION

    @property
    def _is_english_read(self) -> bool:
        return "_english" in self.__dict__

    @cached_property
    def _english(self) -> LayeredIndex:
        """Index the English texts: at the latest for the first question in Latin letters."""
        texts = list(map(self._said_in_english, self._sources))
        return LayeredIndex(texts, self._shipped_count, self._lexicon)

    def _said_in_english(self, source: Source) -> list[str]:
        """Put together an entry's English words; few are usual questions, so all have synonyms."""
        said = tokens("\n".join((*source.heads_en, source.body_en)))
        heads = tokens("\n".join(source.heads_en))
        return [*heads, *self._lexicon.synonyms.rewritten(said)]

    async def ask(
        self,
        text: str,
        office_id: str | None = None,
        recent: ServiceKey | None = None,
    ) -> Answer:
        """Find what answers; the office chosen before counts unless the question names one.

        `recent` is the service that the person looked at a moment ago, after its office: a
        question without a topic of its own is about it.
        """
        question = _trimmed(text)
        answer = self._answers.find((question, office_id, _ANY)) or (
            self._answers.find((question, office_id, recent))
        )
        if answer is None:
            await self.prepare([text])
            readings = self._reader.readings(question)
            found = [self._ranked(reading, office_id, recent) for reading in readings]
            answer = self._with_learnt(_best_read(found), question, office_id)
            is_about_recent = any(reading.is_topicless for reading in readings)
            self._answers.keep((question, office_id, recent if is_about_recent else _ANY), answer)
        return answer

    def is_written(self, text: str) -> bool:
        """True when these very words are a way of asking that an office wrote an answer to."""
        return "".join(tokens(_trimmed(text))) in self._written

    def _with_learnt(self, answer: Answer, question: str, office_id: str | None) -> Answer:
        """Put first what staff wrote for this very question, whatever scores say of its words."""
        entries = [
            self._by_id[faq_id] for faq_id in self._learnt.get("".join(tokens(question)), ())
        ]
        meant = [one for one in entries if office_id in (None, one.office_id)]
        if not meant:
            return answer
        first = tuple(Ranked(entry, 1.0) for entry in meant)
        others = tuple(ranked for ranked in answer.ranked if ranked.entry not in meant)
        band = Band.ANSWER if len(meant) == 1 else Band.CHOOSE
        return Answer(band, (*first, *others)[:_RANKED], 1.0)

    @property
    def is_prepared(self) -> bool:
        """True when it answers any question at once, with nothing to encode or to index."""
        return self._encoder is None and self._is_english_read

    def sides_asked(self, text: str) -> frozenset[Facet]:
        """Say which sides of services a question asks for, in any reading of it."""
        readings = self._reader.readings(_trimmed(text))
        return frozenset(facet for reading in readings for facet in reading.facets)

    async def prepare(self, texts: Sequence[str]) -> None:
        """Encode questions that will be asked in a moment, at once and beside the event loop."""
        if not self._is_english_read and any(text.isascii() for text in texts):
            await asyncio.to_thread(lambda: self._english)
        if self._encoder is None:
            return
        meant = {
            reading.text
            for text in texts
            for reading in self._reader.readings(_trimmed(text))
            if self._questions.find(reading.text) is None and self._may_be_meant(reading)
        }
        if meant:
            vectors = await asyncio.to_thread(self._encoder.questions, sorted(meant))
            for meaning, vector in zip(sorted(meant), vectors, strict=True):
                self._questions.keep(meaning, vector)

    def _may_be_meant(self, reading: Reading) -> bool:
        """False for Persian in Latin letters read as English: that has no meaning to compare."""
        if not reading.is_english:
            return True
        return self._english.share_known(reading.text) >= _ENGLISH_MIN

    def _ranked(
        self, reading: Reading, office_id: str | None, recent: ServiceKey | None
    ) -> Answer:
        index = self._english if reading.is_english else self._persian
        scores = index.scores(reading.text)
        question = self._questions.find(reading.text)
        if self._meanings is not None and question is not None:
            share = np.float32(self._scoring.semantic)
            scores = (1 - share) * scores + share * self._meanings.scores(question)
        offices = reading.office_ids or frozenset({office_id} if office_id is not None else ())
        facets = reading.facets or USUAL_FACETS
        scores = scores * self._fitting(offices, facets, is_elsewhere=reading.is_elsewhere)
        order = np.argsort(-scores, kind="stable")[:_LOOKED_AT].tolist()
        nearest = [self.entries[place] for place in order]
        decision = decided(reading, Entries(nearest, self._by_id), offices, recent)
        ranked = tuple(
            Ranked(entry, min(1.0, float(scores[self._places[entry.id]])))
            for entry in islice(dict.fromkeys(chain(decision.first, nearest[:_RANKED])), _RANKED)
        )
        score = max((one.score for one in ranked), default=0.0)
        band = decision.band or self._band(score)
        if decision.band is None and band is Band.ANSWER:
            is_sure = self._band(ranked[0].score) is Band.ANSWER and not decision.is_never_sure
            if not (is_sure and self._says_enough(ranked[0].entry, reading)):
                band = Band.CHOOSE
        return Answer(band, ranked, score, reading.is_topicless, reading.is_elsewhere)

    def _says_enough(self, entry: Entry, reading: Reading) -> bool:
        """True when an entry has most words of an English question.

        Persian words have endings and slips, and usual questions that are like them.
        """
        if not reading.is_english:
            return True
        stems = set(self._lexicon.stemmer.stems(tokens(reading.text)))
        has = self._lexicon.stemmer.stems(
            self._said_in_english(self._sources[self._places[entry.id]])
        )
        return 2 * len(stems.intersection(has)) > len(stems)

    def _fits(
        self, offices: frozenset[str], facets: frozenset[Facet], *, is_elsewhere: bool
    ) -> Scores:
        """Hold back what belongs to another office, or to another side of the service."""
        scoring = self._scoring
        factor = self._standing.copy()
        if offices:
            factor[~np.isin(self._offices, sorted(offices))] *= scoring.other_office
        factor[~np.isin(self._facets, sorted(facets))] *= scoring.other_facet
        if is_elsewhere:
            factor *= scoring.elsewhere
        return factor

    def _band(self, score: float) -> Band:
        scoring = self._scoring
        bands = scoring.bands_lexical if self._encoder is None else scoring.bands_semantic
        if score >= bands.answer:
            return Band.ANSWER
        return Band.CHOOSE if score >= bands.choose else Band.HANDOVER


def _written_questions(faqs: Sequence[Faq]) -> dict[str, list[str]]:
    """List usual questions by the letters of all ways of asking them, gaps left out."""
    found: dict[str, list[str]] = {}
    for faq in faqs:
        for joined in {"".join(tokens(one)) for one in (faq.question.fa, *faq.questions)} - {""}:
            found.setdefault(joined, []).append(faq.id)
    return found


def _standing(sources: Sequence[Source], lexicon: Lexicon) -> Scores:
    """Say how much each entry is held back for every question alike."""
    standing = np.ones(len(sources), dtype=np.float32)
    for place, source in enumerate(sources):
        if source.is_service_side and source.entry.facet in _OFFICE_WIDE_FACETS:
            standing[place] *= lexicon.scoring.office_wide
    return standing


def _best_read(found: Sequence[Answer]) -> Answer:
    """Take the surer of the readings of a question."""
    best = max(found, key=lambda answer: answer.score)
    is_elsewhere = best.band is not Band.ANSWER and any(answer.is_elsewhere for answer in found)
    return replace(best, is_elsewhere=is_elsewhere)


def _trimmed(text: str) -> str:
    return normalise(text[:_QUESTION_LETTERS_MAX])


def _searched(heads: Sequence[str], body: str, lexicon: Lexicon) -> list[str]:
    """Put together the words by which an entry is found, its own and those kept for synonyms."""
    said = words("\n".join(heads))
    return [*said, *words(body), *lexicon.synonyms.rewritten(parted(said))]
