"""What must hold of what an office says: of its desk, and of what its staff write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalogue.errors import (
    AlreadyDecided,
    AnswerMissing,
    AnswerTooLong,
    PersonalDataInAnswer,
    SelfApproval,
)
from bot.catalogue.model import LearntState
from bot.catalogue.rules.desk import desk_faults
from bot.citizens.errors import StaffOnly
from bot.kit.identity import personal_data_in
from bot.kit.text import cut, strip_bidi

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.catalogue.model import LearntAnswer
    from bot.citizens.model import Role, Staff

__all__ = [
    "desk_faults",
    "ensure_decidable",
    "ensure_of",
    "ensure_second_person",
    "plain",
    "public_text",
]


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
