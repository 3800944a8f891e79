"""What the desk knows about how citizens write: word lists and weights from data/lexicon/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from bot.catalogue.model import Facet, Text
from bot.catalogue.search.intents import Intents, IntentWords
from bot.catalogue.search.rewriting import Phrases, Rewriter, spans
from bot.catalogue.search.small_talk import SmallTalk, SmallTalkWords
from bot.catalogue.search.workshop_words import WorkshopPhrases, WorkshopReader
from bot.kit.content import ContentFaulty, read, validated
from bot.kit.errors import StartRefused
from bot.kit.text import Stemmer, normalise, tokens

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """data/lexicon/words.yaml."""

    stop_words: tuple[Word, ...]
    fillers: tuple[Word, ...]
    common: tuple[Word, ...]
    subjects: tuple[Word, ...]
    joiners: tuple[Word, ...]
    prefixes: tuple[Word, ...]
    suffixes: tuple[Word, ...]


class Bands(_Part):
    """From which score on the desk answers, and from which it asks what was meant."""

    answer: Share
    choose: Share


class Scoring(_Part):
    """data/lexicon/scoring.yaml."""

    k1: Annotated[float, Field(gt=0, le=5)]
    b: Share
    stems: Share
    grams: Share
    runs: Share
    semantic: Share
    cosine_low: Share
    cosine_high: Share
    other_office: Share
    other_facet: Share
    office_wide: Share
    elsewhere: Share
    bands_lexical: Bands
    bands_semantic: Bands


class FacetWords(_Part):
    """How people ask for one side of a service; a part of data/lexicon/facets.yaml."""

    says: Prose
    cues: tuple[Word, ...]
    weak_cues: dict[Word, Word] = Field(default_factory=dict)
    says_en: Prose
    cues_en: tuple[Word, ...]
    outweighs: frozenset[Facet] = frozenset()
    is_topic: bool = False


class FinglishWords(_Part):
    """data/lexicon/finglish.yaml."""

    letters: dict[Annotated[str, StringConstraints(min_length=1, max_length=1)], str]
    endings: tuple[Word, ...]
    words: dict[Word, str]


Table = dict[Word, str]
# Words for these sides stand beside a wish for a person as well.
_OF_A_PERSON = frozenset({Facet.ACCESS, Facet.DESCRIPTION})
Groups = tuple[Annotated[tuple[Word, ...], Field(min_length=2)], ...]
_FILES: dict[str, TypeAdapter[Any]] = {
    "words": TypeAdapter(Words),
    "scoring": TypeAdapter(Scoring),
    "facets": TypeAdapter(dict[Facet, FacetWords]),
    "colloquial": TypeAdapter(Table),
    "finglish": TypeAdapter(FinglishWords),
    "synonyms": TypeAdapter(Groups),
    "elsewhere": TypeAdapter(tuple[Word, ...]),
    "small-talk": TypeAdapter(SmallTalkWords),
    "intents": TypeAdapter(IntentWords),
    "workshops": TypeAdapter(WorkshopPhrases),
}


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Everything in data/lexicon/, checked and ready; one is only ever like itself."""

    stemmer: Stemmer
    scoring: Scoring
    colloquial: Rewriter
    finglish: Rewriter
    synonyms: Rewriter
    letters: dict[str, str]
    latin_endings: tuple[str, ...]
    own_words: tuple[str, ...]
    fillers: frozenset[str]
    elsewhere: tuple[str, ...]
    facet_names: dict[Facet, Text]
    facet_cues: dict[Facet, Phrases]
    facets_outweighed: dict[Facet, frozenset[Facet]]
    facets_as_topics: frozenset[Facet]
    weak_cues: Rewriter
    weak_cues_left_out: Phrases
    facets_of_weak_cues: frozenset[Facet]
    common_words: Phrases
    subjects: tuple[str, ...]
    joiners: frozenset[str]
    small_talk: SmallTalk
    intents: Intents

    @cached_property
    def says_little(self) -> Phrases:
        """What questions about anything have in common, and the names of sides."""
        return reduce(or_, self.facet_cues.values(), self.common_words)

    @cached_property
    def _cues(self) -> Phrases:
        return reduce(or_, self.facet_cues.values())

    def weak_cues_read(self, question: list[str]) -> list[str]:
        """Read weak cues for what they mean, or leave them out beside a cue of another side."""
        if self.facets_in(question) <= self.facets_of_weak_cues:
            return self.weak_cues.rewritten(question)
        return self.weak_cues_left_out.left_out(question)

    def facets_in(self, question: list[str]) -> frozenset[Facet]:
        """Say which sides of a service a question names."""
        return self.facets_among(spans(question, self.stemmer))

    def facets_among(self, runs: AbstractSet[str]) -> frozenset[Facet]:
        """Say which sides of a service are named by any of the spans of a question."""
        said = self._cues.among(runs)  # they are few, whatever the question is
        found = {facet for facet, cues in self.facet_cues.items() if cues.found_among(said)}
        return frozenset(found.difference(*(self.facets_outweighed[facet] for facet in found)))


def _read_all(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    faults: list[str] = []
    for name, adapter in _FILES.items():
        try:
            found[name] = validated(read(directory / f"{name}.yaml"), adapter)
        except ContentFaulty as error:
            faults.extend(error.faults)
    if faults:
        raise StartRefused(faults)
    return found


def _own_words(found: dict[str, Any]) -> tuple[str, ...]:
    """List what the lexicon itself knows how to write."""
    words: Words = found["words"]
    facets: dict[Facet, FacetWords] = found["facets"]
    return (
        *words.stop_words,
        *words.fillers,
        *chain.from_iterable(found["colloquial"].items()),
        *chain.from_iterable(found["synonyms"]),
        *chain.from_iterable(facet.cues for facet in facets.values()),
        *chain.from_iterable(facet.weak_cues for facet in facets.values()),
        *words.common,
    )


def _intents(found: dict[str, Any], stemmer: Stemmer, own_words: tuple[str, ...]) -> Intents:
    return Intents(
        found["intents"],
        stemmer,
        found["finglish"].letters,
        own_words,
        workshops=WorkshopReader(found["workshops"], stemmer, found["finglish"].letters),
    )


def load_lexicon(directory: Path) -> Lexicon:
    """Read data/lexicon/; raises StartRefused with a line for each fault."""
    found = _read_all(directory)
    words: Words = found["words"]
    stemmer = Stemmer(
        prefixes=words.prefixes,
        suffixes=words.suffixes,
        stop_words=map(normalise, (*words.stop_words, *words.fillers)),
    )
    facets: dict[Facet, FacetWords] = found["facets"]
    kept = {other: group[0] for group in found["synonyms"] for other in group}
    weak_cues = dict(chain.from_iterable(one.weak_cues.items() for one in facets.values()))
    cues = {
        facet: Phrases((*words.cues, *words.cues_en), stemmer) for facet, words in facets.items()
    }

    def asks(question: list[str]) -> bool:
        runs = spans(question, stemmer)
        return any(cues[facet].found_among(runs) for facet in cues.keys() - _OF_A_PERSON)

    own_words = tuple(chain.from_iterable(map(tokens, _own_words(found))))
    return Lexicon(
        stemmer=stemmer,
        scoring=found["scoring"],
        colloquial=Rewriter(found["colloquial"]),
        finglish=Rewriter(found["finglish"].words),
        synonyms=Rewriter(kept, stemmer),
        elsewhere=found["elsewhere"],
        fillers=frozenset(map(normalise, words.fillers)),
        letters=found["finglish"].letters,
        latin_endings=found["finglish"].endings,
        own_words=own_words,
        facet_names={
            facet: Text(fa=words.says, en=words.says_en) for facet, words in facets.items()
        },
        facet_cues=cues,
        facets_outweighed={facet: words.outweighs for facet, words in facets.items()},
        facets_as_topics=frozenset(facet for facet, words in facets.items() if words.is_topic),
        weak_cues=Rewriter(weak_cues),
        weak_cues_left_out=Phrases(weak_cues, stemmer, are_names=True),
        facets_of_weak_cues=frozenset(f for f, words in facets.items() if words.weak_cues),
        subjects=words.subjects,
        common_words=Phrases(words.common, stemmer),
        joiners=frozenset(map(normalise, words.joiners)),
        small_talk=SmallTalk(found["small-talk"], asks),
        intents=_intents(found, stemmer, own_words),
    )
