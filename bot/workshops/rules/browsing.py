"""Which workshops pass what somebody looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.text import alphabetical, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.workshops.model import Details, Event, Listing, Sieve, Subscription, WorkshopId


def sift(listings: Iterable[Listing], sieve: Sieve) -> list[Listing]:
    """Keep what passes, in the order in which it came."""
    return [
        one
        for one in listings
        if passes(one.workshop.details, sieve) and (one.room_count or not sieve.is_room_wanted)
    ]


def passes(details: Details, sieve: Sieve) -> bool:
    """True for a workshop of the age, province, subject and fee that somebody wants.

    Who names a province also wants what is for the whole country.
    """
    return (
        takes_age(details, sieve.age)
        and (details.province is None or is_alike(details.province, sieve.province))
        and is_alike(details.subject, sieve.subject)
        and (sieve.fee_rial_max is None or (details.fee_rial or 0) <= sieve.fee_rial_max)
    )


def takes_age(details: Details, age: int | None) -> bool:
    """True where the age is within both bounds; a bound that is not said bounds nothing."""
    if age is None:
        return True
    is_old_enough = details.age_min is None or details.age_min <= age
    return is_old_enough and (details.age_max is None or age <= details.age_max)


def is_alike(said: str | None, wanted: str | None) -> bool:
    """True for the same word however it is spelled, or where none is wanted."""
    if wanted is None:
        return True
    return said is not None and normalise(said) == normalise(wanted)


def apart(said: Iterable[str | None]) -> list[str]:
    """List different words in order, each as it was spelled first."""
    found = {normalise(one): one for one in reversed([one for one in said if one])}
    return sorted(found.values(), key=alphabetical)


def page_of(listings: Sequence[Listing], after: WorkshopId | None) -> Sequence[Listing]:
    """Go on after a workshop; from the beginning where it is no longer among them."""
    ids = [one.workshop.id for one in listings]
    if after is None or after not in ids:
        return listings
    return listings[ids.index(after) + 1 :]


def opened_at(history: Iterable[Event]) -> datetime | None:
    """Say when registration first began, by the history of a workshop."""
    return next((event.at for event in history if event.act == "open"), None)


def to_be_told(
    details: Details, candidates: Iterable[Subscription], all_of_them: Iterable[Subscription]
) -> list[Subscription]:
    """Choose whom to tell of a workshop, each person once: by the first wish of theirs it meets.

    `all_of_them` are all the wishes of the people among the candidates.
    """
    first: dict[int, int] = {}
    for one in sorted(all_of_them, key=lambda one: one.id):
        if passes(details, one.sieve):
            first.setdefault(one.citizen_id, one.id)
    return [one for one in candidates if first.get(one.citizen_id) == one.id]
