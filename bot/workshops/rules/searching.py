"""Which open workshops a message is about, if it is about any."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.catalogue.search import WorkshopFact
from bot.workshops.model import Sieve
from bot.workshops.rules.browsing import sift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.search import WorkshopQuestion, WorkshopReader
    from bot.workshops.model import Listing

_MISSES_MAX: Final = 1  # words beside a name of a workshop that are not understood
_FOUND_NOTHING_WORDS_MAX: Final = 1
_PREFIX_LETTERS_MIN: Final = 4
_WHEN: Final = frozenset({WorkshopFact.SESSIONS, WorkshopFact.REGISTRATION, WorkshopFact.PLACES})
"""Who asks when there is one, or until when, asks whether there is one."""


class Finding(StrEnum):
    """What a message gets to hear."""

    FACTS = "facts"  # what it asked, of the workshops that it named
    CARDS = "cards"  # what one wants to know of each first
    NOTHING = "nothing"  # none is open that it asks for
    SPOKEN_OF = "spoken_of"  # facts of the workshop whose page was just read


@dataclass(frozen=True)
class Found:
    """The open workshops that a message asks for, and what of them."""

    finding: Finding
    listings: tuple[Listing, ...] = ()
    facts: frozenset[WorkshopFact] = frozenset()
    sieve: Sieve = field(default_factory=Sieve)


def search(
    question: WorkshopQuestion,
    listings: Sequence[Listing],
    reader: WorkshopReader,
    *,
    is_spoken_of: bool,
) -> Found | None:
    """Find what a message asks for; None where it is not for the workshops to answer.

    A message that names nothing of what is open is left to the catalogue, unless it plainly asks
    whether there is something of a kind.
    """
    sieve = Sieve(
        age=question.age,
        province=question.province,
        is_room_wanted=question.is_room_wanted and WorkshopFact.PLACES not in question.facts,
        fee_rial_max=0 if question.is_free else None,
    )
    if question.left:
        return _named(question, listings, reader, sieve)
    if is_spoken_of and _is_of_one(question):
        return Found(Finding.SPOKEN_OF, facts=question.facts)
    if not question.says_workshop and not _asks_for_a_child(question):
        return None
    asks_for_some = question.is_wide or question.is_narrowed or question.asks_existence
    if not asks_for_some or (question.facts - _WHEN and not question.is_narrowed):
        return None
    wide = replace(sieve, is_room_wanted=question.is_room_wanted)
    return _sifted(listings, wide, frozenset())


def _asks_for_a_child(question: WorkshopQuestion) -> bool:
    """True for "what have you for a girl of seven?": what there is by age are workshops."""
    return question.age is not None and question.asks_existence and not question.facts


def _is_of_one(question: WorkshopQuestion) -> bool:
    """True for a bare question such as "how many sessions?", which is about what was just read.

    Where something is can be asked of an office as well, so that it must name the workshop.
    """
    facts = question.facts
    if not question.says_workshop:
        facts -= {WorkshopFact.WHERE}
    return bool(facts) and not (question.words or question.is_wide or question.is_narrowed)


def _named(
    question: WorkshopQuestion,
    listings: Sequence[Listing],
    reader: WorkshopReader,
    sieve: Sieve,
) -> Found | None:
    is_asked = bool(
        question.says_workshop or question.facts or question.asks_existence or question.is_narrowed
    )
    hits = [(one, _hits(question, one, reader)) for one in listings]
    most = max((count for _, count in hits), default=0)
    misses = len(question.left) - most
    if most and is_asked and misses <= (_MISSES_MAX if question.says_workshop else 0):
        named = [one for one, count in hits if count == most]
        subjects = {one.workshop.details.subject for one in named}
        subject = subjects.pop() if len(subjects) == 1 else None
        found = _sifted(named, sieve, question.facts)
        return replace(found, sieve=replace(sieve, subject=subject))
    asks_whether = question.asks_existence or question.is_wide or question.age is not None
    is_brief = len(question.left) <= _FOUND_NOTHING_WORDS_MAX
    if question.says_workshop and asks_whether and is_brief and not question.facts - _WHEN:
        return Found(Finding.NOTHING, sieve=sieve)
    return None


def _hits(question: WorkshopQuestion, listing: Listing, reader: WorkshopReader) -> int:
    details = listing.workshop.details
    topic = reader.topic_of(details.title, details.subject)
    return sum(
        any(_is_same(one, other) or reader.sounds.alike(one, other) for other in topic)
        for one in question.left
    )


def _is_same(one: str, other: str) -> bool:
    """True for two stems of which one goes on where the other ends, as pottery after pot."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _PREFIX_LETTERS_MIN and long.startswith(short))


def _sifted(listings: Sequence[Listing], sieve: Sieve, facts: frozenset[WorkshopFact]) -> Found:
    passing = tuple(sift(listings, sieve))
    if not passing:
        return Found(Finding.NOTHING, sieve=sieve)
    return Found(Finding.FACTS if facts else Finding.CARDS, passing, facts, sieve)
