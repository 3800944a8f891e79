"""What a message asks of workshops that are open: which ones, and which facts of them.

Only the words are read here, and nothing is looked up. A question about the rules of workshops in
general is none of these, and the catalogue answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.catalogue.search.finglish import Sounds
from bot.catalogue.search.rewriting import Phrases, spans
from bot.kit.text import normalise, parted, tokens, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.kit.text import Stemmer

_LETTERS_MAX: Final = 300
_WORDS_MAX: Final = 24  # whoever writes more than this asks for more than a list
_TOPICS_KEPT: Final = 512  # each workshop that is listed is asked about by most questions
_AGE_MAX: Final = 120
_NUMBER: Final = re.compile(r"\d{1,3}")
_GLUED: Final = re.compile(r"(\d{1,3})([^\d\W]+)")

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Words = tuple[Word, ...]


class WorkshopFact(StrEnum):
    """One thing that is asked of a workshop."""

    REGISTRATION = "registration"
    SESSIONS = "sessions"
    FEE = "fee"
    PLACES = "places"
    DROPPING = "dropping"
    AGES = "ages"
    WHERE = "where"
    INSTRUCTOR = "instructor"


class WorkshopPhrases(BaseModel):
    """data/lexicon/workshops.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    things: Words
    which: Words
    exists: Words
    free: Words
    room: Words
    facts: dict[WorkshopFact, Words]
    general: Words
    beside: Words
    weak: Words
    numbers: dict[Word, Annotated[int, Field(ge=0, le=_AGE_MAX)]]
    age_signs: Words
    provinces: Words


@dataclass(frozen=True)
class WorkshopQuestion:
    """What a message says of workshops. `left` are the stems that may name one of them."""

    says_workshop: bool
    is_wide: bool  # it asks which there are
    asks_existence: bool
    facts: frozenset[WorkshopFact]
    age: int | None
    province: str | None
    is_free: bool
    is_room_wanted: bool
    left: tuple[str, ...]
    words: tuple[str, ...]  # all that was not understood, as it was written

    @property
    def says_anything(self) -> bool:
        """True where there is anything for workshops to answer."""
        of_something = bool(self.left) or self.age is not None
        return self.says_workshop or bool(self.facts) or (self.asks_existence and of_something)

    @property
    def is_narrowed(self) -> bool:
        """True where it says which workshops are meant, besides what they are about."""
        return (
            self.age is not None
            or self.province is not None
            or self.is_free
            or self.is_room_wanted
        )


class WorkshopReader:
    """Reads what messages ask of workshops that are open."""

    def __init__(
        self, known: WorkshopPhrases, stemmer: Stemmer, letters: Mapping[str, str]
    ) -> None:
        def phrases(listed: Iterable[str]) -> Phrases:
            return Phrases(listed, stemmer)

        self._stemmer = stemmer
        self.sounds = Sounds(letters)  # of titles, which may be typed in Latin letters
        self.provinces = known.provinces
        self._things, self._which = phrases(known.things), phrases(known.which)
        self._exists = Phrases(known.exists, stemmer, are_names=True)
        self._free, self._room = phrases(known.free), phrases(known.room)
        self._facts = {
            fact: Phrases(listed, stemmer, are_names=True) for fact, listed in known.facts.items()
        }
        self._general = Phrases(known.general, stemmer, are_names=True)
        self._provinces = {
            name: Phrases([name], stemmer, are_names=True) for name in known.provinces
        }
        self._understood = Phrases(
            (*known.beside, *known.exists, *known.age_signs), stemmer, are_names=True
        )
        understood = (self._things, self._which, self._free, self._room, *self._facts.values())
        for one in (*understood, *self._provinces.values()):
            self._understood |= one
        self._weak = {stem for word in known.weak for stem in map(stemmer.stem, tokens(word))}
        self._numbers = {normalise(word): number for word, number in known.numbers.items()}
        self._age_signs = {"".join(tokens(sign)) for sign in known.age_signs}
        self.read = lru_cache(maxsize=256)(self._read)
        self.topic_of = lru_cache(maxsize=_TOPICS_KEPT)(self._topic_of)

    def _topic_of(self, *texts: str | None) -> frozenset[str]:
        """List the stems by which a workshop of such a title or subject can be named.

        Words with a half-space are known by their parts, and written together.
        """
        said = words("\n".join(text for text in texts if text))
        together = ["".join(parted([word])) for word in said]
        return frozenset(self._topical([*parted(said), *together]))

    def _topical(self, said: Sequence[str]) -> list[str]:
        stem = self._stemmer.stem
        kept = [word for word in said if word not in self._stemmer.stop_words]
        return [stem(word) for word in kept if stem(word) not in self._weak]

    def _read(self, text: str) -> WorkshopQuestion | None:
        """Say what a message asks of workshops; None where it plainly asks something else."""
        said = _unglued(tokens(text)) if len(text) <= _LETTERS_MAX else []
        if not 0 < len(said) <= _WORDS_MAX:
            return None
        runs = spans(said, self._stemmer)
        says_workshop = self._things.found_among(runs)
        asks_existence = self._exists.found_among(runs)
        facts = frozenset(fact for fact, cues in self._facts.items() if cues.found_among(runs))
        if not (says_workshop or asks_existence or facts) or self._general.found_among(runs):
            return None
        age, said = self._age_in(said)
        left = self._understood.left_out(said)
        return WorkshopQuestion(
            says_workshop=says_workshop,
            is_wide=self._which.found_among(runs),
            asks_existence=asks_existence,
            facts=facts,
            age=age,
            province=self._province_in(runs),
            is_free=self._free.found_among(runs),
            is_room_wanted=self._room.found_among(runs),
            left=tuple(dict.fromkeys(self._topical(left))),
            words=tuple(word for word in left if word not in self._stemmer.stop_words),
        )

    def _province_in(self, runs: frozenset[str]) -> str | None:
        found = [name for name, one in self._provinces.items() if one.found_among(runs)]
        return max(found, key=len, default=None)

    def _age_in(self, said: list[str]) -> tuple[int | None, list[str]]:
        """Find an age and leave it out; of a span of ages it is the first."""
        place = next(
            (place for place, word in enumerate(said) if self._is_age(said, place, word)), None
        )
        if place is None:
            return None, said
        rest = [word for word in said if self._number(word) is None]
        return self._number(said[place]), rest

    def _is_age(self, said: Sequence[str], place: int, word: str) -> bool:
        age = self._number(word)
        if age is None or age > _AGE_MAX:
            return False
        ahead = [other for other in said[place + 1 : place + 4] if self._number(other) is None]
        ahead = [other for other in ahead if other not in self._stemmer.stop_words]
        return bool(ahead) and ahead[0] in self._age_signs

    def _number(self, word: str) -> int | None:
        if _NUMBER.fullmatch(word):
            return int(word)
        return self._numbers.get(word)


def _unglued(said: Iterable[str]) -> list[str]:
    """Part a number from the word that was typed without a gap after it."""
    parts: list[str] = []
    for word in said:
        glued = _GLUED.fullmatch(word)
        parts.extend([word] if glued is None else glued.groups())
    return parts
