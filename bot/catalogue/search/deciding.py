"""Where the score alone would be too sure or too humble: which entries come first, and how surely.

A question without a topic goes to the service that was looked at a moment ago, or else is given
back as a choice; so is a question that wants two things, and a single word of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from bot.catalogue.model import Facet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bot.catalogue.search.entries import Entry
    from bot.catalogue.search.reading import Reading
    from bot.catalogue.search.wishes import ServiceKey

USUAL_FACETS = frozenset({Facet.DESCRIPTION, Facet.LIST})
_PAGES = (Facet.LIST, Facet.ACCESS, Facet.HOURS, Facet.AGREEMENT)
_INTRODUCTION = frozenset(_PAGES[:3])  # what is shown of an office that was only named
_OFFERED_OF_EACH_OFFICE = 3


class Band(StrEnum):
    """How sure the desk is, and so what it does."""

    ANSWER = "answer"
    CHOOSE = "choose"  # it asks which of a few things was meant
    HANDOVER = "handover"  # it does not guess; a person can be asked


@dataclass(frozen=True)
class Entries:
    """The entries that fit a question best, best first, and every entry by its id."""

    nearest: Sequence[Entry]
    by_id: Mapping[str, Entry]

    def page(self, office_id: str, facet: Facet) -> Entry | None:
        """Find a page of an office."""
        return self.by_id.get(f"{office_id}/{facet}")

    def side(self, service: ServiceKey, facet: Facet) -> Entry | None:
        """Find a side of a service, or the page of its office that stands in for it."""
        office_id, service_id = service
        return self.by_id.get(f"{office_id}/{service_id}/{facet}") or self.page(office_id, facet)

    def best_side(
        self, services: AbstractSet[ServiceKey], facets: AbstractSet[Facet]
    ) -> Entry | None:
        """Find the nearest of some sides of some services."""
        return next(
            (
                entry
                for entry in self.nearest
                if entry.facet in facets and service_of(entry) in services
            ),
            None,
        )


def service_of(entry: Entry) -> ServiceKey | None:
    """Name the service of which an entry is a side; clauses and usual questions are none."""
    service_id = entry.service_id
    if service_id is None or entry.id != f"{entry.office_id}/{service_id}/{entry.facet}":
        return None
    return entry.office_id, service_id


@dataclass(frozen=True)
class Decision:
    """The entries that come first whatever their scores, and the band unless scores decide it."""

    first: tuple[Entry, ...] = ()
    band: Band | None = None
    is_never_sure: bool = False


_BY_SCORE = Decision()
_NEVER_SURE = Decision(is_never_sure=True)


def decided(
    reading: Reading,
    entries: Entries,
    office_ids: AbstractSet[str],
    recent: ServiceKey | None,
) -> Decision:
    """Look at a question and at the nearest entries; `office_ids` were chosen or named."""
    if reading.is_elsewhere or not entries.nearest:
        return _BY_SCORE
    if reading.is_topicless:
        return _about_recent(reading, entries, recent) or (
            _without_topic(reading, entries, office_ids)
        )
    services = _several_services(reading, entries)
    if services:
        return Decision(services, Band.CHOOSE)
    sides = _several_sides(reading, entries)
    return Decision(sides, is_never_sure=True) if sides else _single(reading, entries, office_ids)


def _single(reading: Reading, entries: Entries, office_ids: AbstractSet[str]) -> Decision:
    """Look at a question that wants one thing."""
    best = entries.nearest[0]
    side = _asked_side(reading, best, entries)
    is_of_another = bool(office_ids) and best.office_id not in office_ids
    is_never_sure = reading.is_vague or reading.is_double or is_of_another
    if side is None:
        return Decision(is_never_sure=is_never_sure or _is_other_side(reading, best))
    return Decision((side,), is_never_sure=is_never_sure)


def _about_recent(
    reading: Reading, entries: Entries, recent: ServiceKey | None
) -> Decision | None:
    """Take a question without a topic to be about the service that was looked at last.

    The hours or the phone of an office that is named are the office's, whatever was looked at.
    """
    if recent is None or (reading.office_ids and recent[0] not in reading.office_ids):
        return None
    if reading.office_ids and reading.facets and reading.facets.issubset(_PAGES):
        return None
    sides = _found(entries.side(recent, facet) for facet in sorted(reading.facets))
    if not sides:
        return None
    return Decision(sides, Band.ANSWER if len(sides) == 1 else Band.CHOOSE)


def _without_topic(reading: Reading, entries: Entries, office_ids: AbstractSet[str]) -> Decision:
    """Offer what the chosen office, or each in turn, has of the sides that were asked for."""
    facets = reading.facets or (_INTRODUCTION if reading.office_ids else frozenset())
    if not facets:
        return _NEVER_SURE
    turns = []
    for office_id in sorted(office_ids or {entry.office_id for entry in entries.nearest}):
        pages = _found(entries.page(office_id, facet) for facet in _PAGES if facet in facets)
        rest = (e for e in entries.nearest if e.office_id == office_id and e.facet in facets)
        turns.append(tuple(dict.fromkeys(chain(pages, rest)))[:_OFFERED_OF_EACH_OFFICE])
    first = _found(chain.from_iterable(zip_longest(*turns)))
    is_clear = len(turns) == 1 and len(facets) == 1 and facets.issubset(_PAGES)
    return Decision(first, Band.ANSWER if is_clear else Band.CHOOSE)


def _several_services(reading: Reading, entries: Entries) -> tuple[Entry, ...]:
    """List the best entry for each service, when more than one is named."""
    wishes = [wish for wish in reading.wishes if wish.services]
    if all(not wish.services.isdisjoint(wishes[0].services) for wish in wishes):
        return ()
    return _in_order(
        (entries.best_side(wish.services, wish.facets or USUAL_FACETS) for wish in wishes), entries
    )


def _several_sides(reading: Reading, entries: Entries) -> tuple[Entry, ...]:
    """List the sides that are wanted of one service, when they are named one after another.

    Two that are named in one breath (the documents of enrolling) are one. A clause or a usual
    question that is nearest often answers for all of them, though not for two sentences.
    """
    asked = [wish.facets for wish in reading.wishes if wish.facets]
    is_several = any(asked[0].isdisjoint(facets) for facets in asked)
    if not (is_several or reading.is_double):
        return ()
    best = service_of(entries.nearest[0])
    services = {best} if best is not None else set()
    if reading.is_double and not services:
        services = set(next((w.services for w in reading.wishes if w.services), ()))
    return _in_order((entries.best_side(services, {facet}) for facet in reading.facets), entries)


def _in_order(found: Iterable[Entry | None], entries: Entries) -> tuple[Entry, ...]:
    """Put what was found in the order of its scores; a single thing is no choice."""
    wanted = set(found)
    listed = tuple(entry for entry in entries.nearest if entry in wanted)
    return listed if len(listed) > 1 else ()


def _is_other_side(reading: Reading, best: Entry) -> bool:
    is_side = service_of(best) is not None
    return is_side and bool(reading.facets) and best.facet not in reading.facets


def _asked_side(reading: Reading, best: Entry, entries: Entries) -> Entry | None:
    """Find the side that was asked for, where another side of the same service is nearer."""
    service = service_of(best)
    if service is None or not _is_other_side(reading, best):
        return None
    return entries.best_side({service}, reading.facets)


def _found(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry is not None)
