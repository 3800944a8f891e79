"""Messages that ask the catalogue nothing: greetings, thanks, anger, a wish for a person."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.kit.text import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_DRAWN_OUT = re.compile(r"([^\W\d])\1+")
_PHRASE_WORDS_MAX = 7
_WISH_WORDS_MAX = 8

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Talk(StrEnum):
    """What a message does that asks nothing; where several fit, the first here is meant."""

    PERSON = "person"  # it wants to talk with a person
    ANGER = "anger"
    IDENTITY = "identity"  # it asks who the desk is
    MENU = "menu"  # it asks what can be done here
    FAREWELL = "farewell"
    THANKS = "thanks"
    GREETING = "greeting"
    ACKNOWLEDGEMENT = "acknowledgement"
    NOTHING = "nothing"  # it has neither letters nor digits


class SmallTalkWords(BaseModel):
    """data/lexicon/small-talk.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: tuple[Word, ...]
    person_named: tuple[Word, ...]
    person_wished: tuple[Word, ...]
    anger: tuple[Word, ...]
    identity: tuple[Word, ...]
    menu: tuple[Word, ...]
    farewell: tuple[Word, ...]
    thanks: tuple[Word, ...]
    greeting: tuple[Word, ...]
    acknowledgement: tuple[Word, ...]
    fillers: tuple[Word, ...]


class SmallTalk:
    """Knows a message that only greets, thanks or the like, however its parts are put together.

    `asks` tells a question about the catalogue by its words: one that names a person besides is
    still a question.
    """

    def __init__(self, known: SmallTalkWords, asks: Callable[[list[str]], bool]) -> None:
        self._asks = asks
        self._kinds: dict[str, Talk] = {}
        self._signs: dict[str, Talk] = {}
        for kind in reversed(Talk):
            phrases = () if kind is Talk.NOTHING else getattr(known, kind.value)
            self._kinds |= dict.fromkeys(_joined(phrases), kind)
            self._signs |= dict.fromkeys((p for p in phrases if not tokens(p)), kind)
        self._fillers = _joined(known.fillers)
        self._named, self._wished = _joined(known.person_named), _joined(known.person_wished)
        self.kind_of = lru_cache(maxsize=256)(self._kind_of)

    def _kind_of(self, text: str) -> Talk | None:
        """Say what a message does that asks nothing, or None for a question."""
        said = tokens(text)
        if not any(map(str.isalnum, text)):
            return self._first(kind for sign, kind in self._signs.items() if sign in text) or (
                Talk.NOTHING
            )
        words = [_DRAWN_OUT.sub(r"\1", word) for word in said]
        found = self._covered(words)
        if found is None and len(words) <= _WISH_WORDS_MAX and self._wishes_a_person(words):
            return None if self._asks(said) else Talk.PERSON
        return found

    def _covered(self, words: Sequence[str]) -> Talk | None:
        """Find what is said when the message is nothing but known phrases and fillers."""
        found: list[Talk] = []
        place = 0
        while place < len(words):
            for length in range(min(_PHRASE_WORDS_MAX, len(words) - place), 0, -1):
                joined = "".join(words[place : place + length])
                if joined in self._kinds:
                    found.append(self._kinds[joined])
                    break
                if joined in self._fillers:
                    break
            else:
                return None
            place += length
        return self._first(found)

    def _wishes_a_person(self, words: Sequence[str]) -> bool:
        runs = {
            "".join(words[first : first + length])
            for first in range(len(words))
            for length in range(1, len(words) - first + 1)
        }
        return not (self._named.isdisjoint(runs) or self._wished.isdisjoint(runs))

    @staticmethod
    def _first(kinds: Iterable[Talk]) -> Talk | None:
        return min(kinds, key=list(Talk).index, default=None)


def _joined(phrases: Iterable[str]) -> set[str]:
    """Bring phrases to the form in which they are looked up: no gaps, no letter drawn out."""
    found = {"".join(_DRAWN_OUT.sub(r"\1", word) for word in tokens(phrase)) for phrase in phrases}
    return found - {""}
