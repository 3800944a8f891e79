"""What must hold of an office's own decisions: of its desk.yaml, and of what its staff write."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from bot.catalogue.errors import (
    AlreadyDecided,
    AnswerMissing,
    AnswerTooLong,
    PersonalDataInAnswer,
    SelfApproval,
)
from bot.catalogue.model import LearntState
from bot.citizens.errors import StaffOnly
from bot.kit.identity import personal_data_in
from bot.kit.text import cut, strip_bidi

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from bot.catalogue.model import DeskHours, DeskPolicy, DeskWindow, LearntAnswer, Target
    from bot.citizens.model import Role, Staff

Place = tuple[str | int, ...]


def ensure_of(actor: Staff, office_id: str, *roles: Role) -> None:
    """Refuse whoever acts for another office or in another role."""
    if actor.office_id != office_id or actor.role not in roles:
        raise StaffOnly(roles)


def ensure_decidable(learnt: LearntAnswer) -> None:
    """Refuse to decide twice about one version."""
    if learnt.state is not LearntState.DRAFT:
        raise AlreadyDecided(learnt.state)


def ensure_second_person(learnt: LearntAnswer, approver: Staff) -> None:
    """Refuse an approval by the author, manager or not."""
    if approver.id == learnt.author_id:
        raise SelfApproval


def plain(text: str, units_max: int) -> str:
    """Take out what cannot be kept or would turn a line around, and cut; may leave nothing."""
    kept = strip_bidi(text).encode(errors="replace").decode().strip()
    return cut(kept, units_max) if kept else ""


def public_text(
    text: str, units_max: int, *, published_codes: AbstractSet[str] = frozenset()
) -> str:
    """Check a text that everybody will read; an office's own landline may stand in it.

    Raises AnswerMissing, AnswerTooLong and PersonalDataInAnswer (MZ-18).
    """
    kept = strip_bidi(text).encode(errors="replace").decode().strip()
    if not any(map(str.isalnum, kept)):
        raise AnswerMissing
    units = len(kept.encode("utf-16-le")) // 2
    if units > units_max:
        raise AnswerTooLong(units, units_max)
    kinds = personal_data_in(kept, known=published_codes)
    if kinds:
        raise PersonalDataInAnswer(kinds)
    return kept


def desk_faults(desk: DeskPolicy) -> Iterator[tuple[Place, str]]:
    """Find what contradicts itself in a desk.yaml, and at which of its fields."""
    for number, hours in enumerate(desk.hours):
        for place, complaint in _hours_faults(hours):
            yield ("hours", number, *place), complaint
    yield from _week_faults(desk)
    yield from _target_faults(("default",), desk.default)
    for kind, target in desk.targets.items():
        yield from _target_faults(("targets", kind), target)
    if desk.wallet is not None and desk.wallet.top_up_rial_max < desk.wallet.top_up_rial_min:
        yield ("wallet", "top_up_rial_max"), "is less than top_up_rial_min"
    ids = [answer.id for answer in desk.ready_answers]
    for number, one in enumerate(ids):
        if one in ids[:number]:
            yield ("ready_answers", number, "id"), f"is taken: '{one}' stands above"


def _week_faults(desk: DeskPolicy) -> Iterator[tuple[Place, str]]:
    for (_, earlier), (number, later) in combinations(enumerate(desk.hours), 2):
        both = [day for day in later.weekdays if day in earlier.weekdays]
        if both and _hold_together(earlier, later):
            yield ("hours", number, "weekdays"), f"has '{both[0]}', which stands above already"
    lasting = {day for hours in desk.hours if hours.valid_to is None for day in hours.weekdays}
    if not lasting:
        yield ("hours",), "have an end; without hours after it no date can be promised"
    elif desk.weekly_on not in lasting:
        yield ("weekly_on",), f"is '{desk.weekly_on}', on which nobody is at the desk"


def _hours_faults(hours: DeskHours) -> Iterator[tuple[Place, str]]:
    if hours.valid_to is not None and hours.valid_to < hours.valid_from:
        yield ("valid_to",), "is before valid_from"
    if len(set(hours.weekdays)) < len(hours.weekdays):
        yield ("weekdays",), "names a day twice"
    numbered: list[tuple[int, DeskWindow]] = list(enumerate(hours.windows))
    for (_, before), (number, after) in pairwise(numbered):
        if after.opens < before.closes:
            yield ("windows", number, "opens"), "is before the window above has closed"


def _hold_together(one: DeskHours, other: DeskHours) -> bool:
    """True when there is a day on which both hold."""
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


def _target_faults(place: Place, target: Target) -> Iterator[tuple[Place, str]]:
    soonest = min(target.first_response_minutes, target.next_response_minutes)
    if target.warn_minutes >= soonest:
        yield (*place, "warn_minutes"), "is not shorter than the time for an answer"
