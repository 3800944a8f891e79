"""What must hold of an office's own decisions about its desk."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from bot.kit.content import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.catalogue.model import DeskHours, DeskPolicy, DeskWindow, Target
    from bot.kit.content import Place


def desk_faults(desk: DeskPolicy) -> Iterator[tuple[Place, Complaint]]:
    """Find what contradicts itself in a desk.yaml, and at which of its fields."""
    for number, hours in enumerate(desk.hours):
        for place, complaint in _hours_faults(hours):
            yield ("hours", number, *place), complaint
    yield from _week_faults(desk)
    yield from _target_faults(("default",), desk.default)
    for kind, target in desk.targets.items():
        yield from _target_faults(("targets", kind), target)
    if desk.wallet is not None and desk.wallet.top_up_rial_max < desk.wallet.top_up_rial_min:
        yield (
            ("wallet", "top_up_rial_max"),
            Complaint("less_than_least", "is less than top_up_rial_min"),
        )
    ids = [answer.id for answer in desk.ready_answers]
    for number, one in enumerate(ids):
        if one in ids[:number]:
            yield (
                ("ready_answers", number, "id"),
                Complaint("taken", "is taken: '{one}' stands above", one=one),
            )


def _week_faults(desk: DeskPolicy) -> Iterator[tuple[Place, Complaint]]:
    for (_, earlier), (number, later) in combinations(enumerate(desk.hours), 2):
        both = [day for day in later.weekdays if day in earlier.weekdays]
        if both and _hold_together(earlier, later):
            yield ("hours", number, "weekdays"), _twice(both[0])
    lasting = {day for hours in desk.hours if hours.valid_to is None for day in hours.weekdays}
    if not lasting:
        yield (
            ("hours",),
            Complaint("hours_end", "have an end; without hours after it no date can be promised"),
        )
    elif desk.weekly_on not in lasting:
        yield ("weekly_on",), _off_day(desk.weekly_on)


def _hours_faults(hours: DeskHours) -> Iterator[tuple[Place, Complaint]]:
    if hours.valid_to is not None and hours.valid_to < hours.valid_from:
        yield ("valid_to",), Complaint("before_start", "is before valid_from")
    if len(set(hours.weekdays)) < len(hours.weekdays):
        yield ("weekdays",), Complaint("day_twice", "names a day twice")
    numbered: list[tuple[int, DeskWindow]] = list(enumerate(hours.windows))
    for (_, before), (number, after) in pairwise(numbered):
        if after.opens < before.closes:
            yield (
                ("windows", number, "opens"),
                Complaint("windows_overlap", "is before the window above has closed"),
            )


def _hold_together(one: DeskHours, other: DeskHours) -> bool:
    """True when there is a day on which both hold."""
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


def _target_faults(place: Place, target: Target) -> Iterator[tuple[Place, Complaint]]:
    soonest = min(target.first_response_minutes, target.next_response_minutes)
    if target.warn_minutes >= soonest:
        yield (
            (*place, "warn_minutes"),
            Complaint("warns_late", "is not shorter than the time for an answer"),
        )


def _twice(day: str) -> Complaint:
    return Complaint("stands_above", "has '{one}', which stands above already", one=day)


def _off_day(day: str) -> Complaint:
    return Complaint("off_day", "is '{one}', on which nobody is at the desk", one=day)
