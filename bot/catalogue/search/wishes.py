"""What a question wants: the services it names, the sides it asks for, and whether it is several.

A question may name no service at all ("what does it cost?"), or ask two things in one message.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.catalogue.search.rewriting import Beginnings
from bot.kit.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.catalogue.model import Catalogue, Facet, Service
    from bot.catalogue.search.lexicon import Lexicon

ServiceKey = tuple[str, str]  # the office's id and the service's

_NAME_WORDS_MAX = 10
_OWN_WORD_LETTERS_MIN = 4


@dataclass(frozen=True)
class Wish:
    """One thing that a question wants; nothing named is an empty set."""

    services: frozenset[ServiceKey]
    facets: frozenset[Facet]


class Wishes:
    """Finds the names of services and the cues of their sides in questions."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._in_common = lexicon.common_words
        for facet, cues in lexicon.facet_cues.items():
            if facet not in lexicon.facets_as_topics:
                self._in_common |= cues
        self._services: dict[str, frozenset[ServiceKey]] = {}
        for published in catalogue.offices:
            for service in published.services:
                if not service.is_sample:
                    self._learn((published.office.id, service.id), _names(service))
        self._beginnings = Beginnings(self._services, lexicon.stemmer)
        self._own_words = self._only_of_one(catalogue)

    def _learn(self, key: ServiceKey, names: Iterable[str]) -> None:
        for name in names:
            joined = "".join(self._lexicon.synonyms.rewritten(tokens(name)))
            for form in {joined, self._lexicon.stemmer.stem(joined)}:
                self._services[form] = self._services.get(form, frozenset()) | {key}

    def _only_of_one(self, catalogue: Catalogue) -> dict[str, frozenset[ServiceKey]]:
        """Find words that stand in the names of one service and of no other."""
        found: dict[str, set[ServiceKey]] = defaultdict(set)
        for published in catalogue.offices:
            for service in published.services:
                words = self.topic_words(tokens("\n".join(_names(service))))
                for stem in self._lexicon.stemmer.stems(words):
                    found[stem].add((published.office.id, service.id))
        return {
            stem: frozenset(services)
            for stem, services in found.items()
            if len(services) == 1 and len(stem) >= _OWN_WORD_LETTERS_MIN
        }

    def _hinted_in(self, question: Sequence[str]) -> list[frozenset[ServiceKey]]:
        """Find one service by a word that only it has in its names."""
        stems = self._lexicon.stemmer.stems(question)
        return [self._own_words[stem] for stem in stems if stem in self._own_words][:1]

    def services_in(self, question: Sequence[str]) -> list[frozenset[ServiceKey]]:
        """Find the services that a question names, each place once, the longest name first."""
        found: list[frozenset[ServiceKey]] = []
        place = 0
        while place < len(question):
            letters_max = self._beginnings.letters_max(question[place])
            if letters_max == 0:
                place += 1
                continue
            length, named = self._longest(question[place : place + _NAME_WORDS_MAX], letters_max)
            if named is not None:
                found.append(named)
            place += length
        return found

    def _longest(
        self, ahead: Sequence[str], letters_max: int
    ) -> tuple[int, frozenset[ServiceKey] | None]:
        services, stem = self._services, self._lexicon.stemmer.stem
        runs = list(accumulate(ahead))
        for place in reversed(range(len(runs))):
            if len(runs[place]) > letters_max:
                continue
            named = services.get(runs[place]) or services.get(stem(runs[place]))
            if named is not None:
                return place + 1, named
        return 1, None

    def named_in(self, question: Sequence[str]) -> list[Wish]:
        """Part a question at its joiners; what a part leaves out is taken from its neighbours."""
        wishes: list[Wish] = []
        for part in self._parts(question):
            named = self.services_in(part) or self._hinted_in(part)
            facets = self._lexicon.facets_in(part)
            wishes.extend(Wish(one, facets) for one in named or [frozenset()])
        wishes = [wish for wish in wishes if wish.services or wish.facets]
        following = list(reversed(_completed(list(reversed(wishes)))))
        return list(dict.fromkeys(_completed(following)))

    def _parts(self, question: Sequence[str]) -> list[list[str]]:
        parts: list[list[str]] = [[]]
        for word in question:
            if word in self._lexicon.joiners:
                parts.append([])
            else:
                parts[-1].append(word)
        return parts

    def topic_words(self, question: Sequence[str]) -> list[str]:
        """Leave out all that questions about any service have in common."""
        lexicon = self._lexicon
        return [
            word
            for word in self._in_common.left_out(question)
            if not (word in lexicon.stemmer.stop_words or word in lexicon.fillers)
        ]


def _completed(wishes: list[Wish]) -> list[Wish]:
    """Fill what each wish leaves out with what the one before it has."""
    done: list[Wish] = []
    for wish in wishes:
        before = done[-1] if done else wish
        done.append(Wish(wish.services or before.services, wish.facets or before.facets))
    return done


def _names(service: Service) -> tuple[str, ...]:
    return (service.title.fa, service.title.en, *service.aliases)
