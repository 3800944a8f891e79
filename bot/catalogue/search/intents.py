"""Free text that plainly complains, praises, reports an outage or wants to follow a case.

The desk then opens the right flow with the text already in it. Where a message asks how, where or
whether, it is a question and the catalogue answers it: a wrong flow costs more than a missed one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.catalogue.model import CaseKind
from bot.catalogue.search.finglish import Transliterator
from bot.catalogue.search.rewriting import Phrases, spans
from bot.catalogue.search.spelling import Speller
from bot.kit.text import normalise, tokens
from bot.kit.tracking import code_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.catalogue.search.workshop_words import WorkshopReader
    from bot.kit.text import Stemmer

WishKind = CaseKind | Literal["track", "my_cases", "wallet"]

_PART_END = re.compile(r"[.!?\u061f\u060c,;\u061b:\n\r\u2026]+")
_QUESTION_MARK = re.compile(r"[?\u061f]")
_LETTERS_MAX = 1000
_LIST_WORDS_MAX = 8  # whoever wants a list or a state says little else

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Runs = frozenset[str]


class KindWords(BaseModel):
    """How people say one kind of thing; a part of data/lexicon/intents.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: tuple[Word, ...]
    names: tuple[Word, ...]
    things: tuple[Word, ...]
    signs: tuple[Word, ...]


class IntentWords(BaseModel):
    """data/lexicon/intents.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asks: tuple[Word, ...]
    wants: tuple[Word, ...]
    kinds: dict[CaseKind, KindWords]
    track: tuple[Word, ...]
    my_cases: tuple[Word, ...]
    wallet: tuple[Word, ...]
    beside_wallet: tuple[Word, ...]


@dataclass(frozen=True)
class Wish:
    """What a message plainly wants, and the tracking code that stands in it."""

    kind: WishKind
    code: str | None = None


@dataclass(frozen=True)
class _Kind:
    """The phrases of one kind, ready to be looked for."""

    says: Phrases
    names: Phrases
    things: Phrases
    signs: Phrases

    def is_said(self, part: Runs, wants: Phrases) -> bool:
        return self.says.found_among(part) or (
            self.names.found_among(part) and wants.found_among(part)
        )

    def is_shown(self, part: Runs) -> bool:
        return self.things.found_among(part) and self.signs.found_among(part)


class Intents:
    """Knows what a message plainly wants."""

    def __init__(
        self,
        known: IntentWords,
        stemmer: Stemmer,
        letters: Mapping[str, str],
        never_meant: Iterable[str] = (),
        *,
        workshops: WorkshopReader,
    ) -> None:
        """`never_meant` are words that are never taken for a slip of a word here."""
        self.workshops = workshops

        def phrases(listed: Sequence[str]) -> Phrases:
            return Phrases(listed, stemmer, are_names=True)

        own = list(chain.from_iterable(map(tokens, _all_words(known))))
        self._stemmer = stemmer
        self._transliterator = Transliterator(own, letters, ())
        self._speller = Speller(
            own,
            never_meant=never_meant,
            sounds={normalise(letter): sound for letter, sound in letters.items()},
        )
        self._asks, self._wants = phrases(known.asks), phrases(known.wants)
        self._track, self._my_cases = phrases(known.track), phrases(known.my_cases)
        self._wallet = phrases(known.wallet)
        self._beside_wallet = phrases(known.beside_wallet)
        self._kinds: dict[CaseKind, _Kind] = {
            kind: _Kind(*map(phrases, (said.says, said.names, said.things, said.signs)))
            for kind, said in known.kinds.items()
        }
        self.wish_of = lru_cache(maxsize=256)(self._wish_of)

    def _wish_of(self, text: str) -> Wish | None:
        """Say what a message plainly wants, or None where it asks something or is unclear."""
        code = code_in(text[:_LETTERS_MAX])
        if code is not None:
            return Wish("track", code)
        parts = [self._read(part) for part in _PART_END.split(text[:_LETTERS_MAX])]
        runs = [spans(part, self._stemmer) for part in parts]
        listed = self._listed(list(chain.from_iterable(parts)))
        if listed is not None:
            return listed
        plain = [part for part in runs if not self._asks.found_among(part)]
        asks = len(plain) < len(runs) or _QUESTION_MARK.search(text) is not None
        for kind, phrases in self._kinds.items():
            if any(phrases.is_said(part, self._wants) for part in plain):
                return Wish(kind)
        for kind, phrases in self._kinds.items():
            if not asks and any(map(phrases.is_shown, plain)):
                return Wish(kind)
        return None

    def _read(self, part: str) -> list[str]:
        return self._speller.mended(self._transliterator.persian(tokens(part)))

    def _listed(self, said: Sequence[str]) -> Wish | None:
        if not 0 < len(said) <= _LIST_WORDS_MAX:
            return None
        runs = spans(said, self._stemmer)
        if self._my_cases.found_among(runs):
            return Wish("my_cases")
        if self._track.found_among(runs):
            return Wish("track")
        return Wish("wallet") if self._is_own_wallet(said, runs) else None

    def _is_own_wallet(self, said: Sequence[str], runs: Runs) -> bool:
        """True when nothing else is said: whoever says more asks what the office's rules are."""
        if not self._wallet.found_among(runs):
            return False
        return not self._beside_wallet.left_out(self._wallet.left_out(said))


def _all_words(known: IntentWords) -> tuple[str, ...]:
    """List every phrase of the file: what it is written with is known and never mended."""
    return (
        *known.asks,
        *known.wants,
        *known.track,
        *known.my_cases,
        *known.wallet,
        *known.beside_wallet,
        *chain.from_iterable(
            (*said.says, *said.names, *said.things, *said.signs) for said in known.kinds.values()
        ),
    )
