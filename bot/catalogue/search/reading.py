"""Understanding a question: its words brought to those of the catalogue, and what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from bot.catalogue.search.finglish import Transliterator
from bot.catalogue.search.rewriting import Phrases, spans
from bot.catalogue.search.spelling import Speller
from bot.catalogue.search.wishes import Wish, Wishes
from bot.kit.text import normalise, parted, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import Catalogue, Facet, Office
    from bot.catalogue.search.lexicon import Lexicon

_READINGS_KEPT = 64  # a question is prepared together with others before it is asked
_SENTENCE_END = re.compile(r"[?\u061f!\n]+")


@dataclass(frozen=True)
class Reading:
    """One way to understand a question."""

    text: str
    is_english: bool
    facets: frozenset[Facet]
    office_ids: frozenset[str]
    is_elsewhere: bool  # it names a thing that other bodies provide
    wishes: tuple[Wish, ...]  # what it wants, each service and its sides apart
    is_topicless: bool  # it names no service and nothing that belongs to one
    is_double: bool  # it asks for one side in one sentence and for another in the next
    is_vague: bool  # its topic is a single word that names nothing, or words that nobody knows


class Reader:
    """Reads questions with the lexicon and with the words of one edition of the catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexicon: Lexicon,
        texts: Sequence[Sequence[str]],
        shipped: Sequence[Sequence[str]],
    ) -> None:
        """`texts` say which words are known; only `shipped` ones, what this desk is about.

        A word that staff happen to use in an answer does not make a topic of others ours.
        """
        self._lexicon = lexicon
        self._wishes = Wishes(catalogue, lexicon)
        elsewhere = list(chain.from_iterable(map(tokens, lexicon.elsewhere)))
        whole = list(chain.from_iterable(texts))
        self._transliterator = Transliterator(
            (*whole, *lexicon.own_words, *elsewhere),
            lexicon.letters,
            lexicon.latin_endings,
        )
        said = parted(whole)
        self._speller = Speller(
            (*said, *lexicon.own_words),
            never_meant=elsewhere,
            sounds={normalise(letter): sound for letter, sound in lexicon.letters.items()},
        )
        self._known = set(said).union(map(lexicon.stemmer.stem, set(said)))
        ours = parted(chain.from_iterable(shipped))
        known, running = set(ours), f" {' '.join(ours)} "

        def said_of(term: list[str]) -> bool:
            return known.issuperset(term) and f" {' '.join(term)} " in running

        self._subjects = Phrases(
            (term for term in lexicon.subjects if not said_of(tokens(term))), lexicon.stemmer
        )
        self._elsewhere = Phrases(
            (term for term in lexicon.elsewhere if not said_of(tokens(term))),
            lexicon.stemmer,
            are_names=True,
        )
        self._office_names = {
            published.office.id: Phrases(_names(published.office), lexicon.stemmer)
            for published in catalogue.offices
        }
        self.readings = lru_cache(maxsize=_READINGS_KEPT)(self._readings)

    def _readings(self, text: str) -> tuple[Reading, ...]:
        """Read a question as Persian and, when it has no Persian letter, as English too."""
        is_double = self._is_double(text)
        words = self._mended(tokens(text))
        readings = [self._reading(words, is_english=False, is_double=is_double)]
        if text.isascii() and any(map(str.isalpha, text)):
            said = tokens(text)
            readings.append(self._reading(said, is_english=True, is_double=is_double))
        return tuple(readings)

    def _mended(self, said: list[str]) -> list[str]:
        """Bring words as they were typed to Persian words as they are written."""
        words = self._lexicon.finglish.rewritten(said)
        words = self._speller.mended(self._transliterator.persian(words))
        words = self._lexicon.colloquial.rewritten(words)
        return self._lexicon.weak_cues_read(words)

    def _is_double(self, text: str) -> bool:
        sentences = [one for one in _SENTENCE_END.split(text) if any(map(str.isalpha, one))]
        if len(sentences) <= 1:
            return False
        named = [self._lexicon.facets_in(self._mended(tokens(one))) for one in sentences]
        asked = [facets for facets in named if facets]
        return any(asked[0].isdisjoint(facets) for facets in asked)

    def _reading(self, words: list[str], *, is_english: bool, is_double: bool) -> Reading:
        stemmer = self._lexicon.stemmer
        runs = spans(words, stemmer)
        named = frozenset(
            office_id for office_id, names in self._office_names.items() if names.found_among(runs)
        )
        topic = words
        for office_id in sorted(named):
            topic = self._office_names[office_id].left_out(topic)
        asked = topic
        if all(word in stemmer.stop_words for word in topic):
            topic = words
        taught = self._subjects.left_out(topic)
        if any(word not in stemmer.stop_words for word in taught):
            topic = taught
        kept = self._lexicon.synonyms.rewritten(topic)
        topic_runs = runs if topic is words else spans(topic, stemmer)
        kept_runs = topic_runs if kept == topic else spans(kept, stemmer)
        said = [word for word in kept if word not in self._lexicon.fillers] or kept
        facets = self._lexicon.facets_among(topic_runs | kept_runs)
        about = self._topic(asked, kept, words)
        is_known = is_english or about is None or any(map(self._is_known, about))
        return Reading(
            text=" ".join(said),
            is_english=is_english,
            facets=facets,
            office_ids=named,
            is_elsewhere=self._elsewhere.found_among(topic_runs),
            wishes=tuple(self._wishes.named_in(kept)),
            is_topicless=about == [],
            is_double=is_double,
            is_vague=about is not None and (not is_known or (len(about) == 1 and not facets)),
        )

    def _topic(self, asked: list[str], kept: list[str], whole: list[str]) -> list[str] | None:
        """List the words that say what a question is about; None when it names a service."""
        if any(map(self._wishes.services_in, (kept, self._lexicon.synonyms.rewritten(whole)))):
            return None
        return self._wishes.topic_words(self._subjects.left_out(asked)) or (
            self._wishes.topic_words(asked)
        )

    def _is_known(self, word: str) -> bool:
        return word in self._known or self._lexicon.stemmer.stem(word) in self._known


def _names(office: Office) -> tuple[str, ...]:
    names = (office.name, office.short_name)
    return (*(name.fa for name in names), *(name.en for name in names), *office.aliases)
