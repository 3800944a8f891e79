"""A learner's national ID, where an office requires it: how it is read, and one place each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import latin_digits
from bot.kit.identity import read_national_id
from bot.workshops.errors.identifying import (
    NationalIdNeeded,
    NationalIdTaken,
    NationalIdUnreadable,
    NobodyToVouchFor,
    OwnLearner,
)
from bot.workshops.model import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.workshops.model import Policy, Registration, Workshop


def national_id_of(typed: str) -> str:
    """Read a national ID however its digits are typed. Raises NationalIdUnreadable."""
    found = read_national_id(typed)
    if found is None:
        raise NationalIdUnreadable(sum(sign.isdecimal() for sign in latin_digits(typed)))
    return found


def can_be_given(registration: Registration) -> bool:
    """True for what is under way: in a mere draft it can be changed, later only be given."""
    is_missing = registration.national_id is None
    return registration.is_active and (_is_mere_draft(registration) or is_missing)


def can_be_corrected(registration: Registration, workshop: Workshop, now: datetime) -> bool:
    """True for a number that was given for a place, while the place itself can be given back."""
    is_placed = registration.state is RegistrationState.CONFIRMED
    is_in_time = workshop.drop_until is not None and now < workshop.drop_until
    return is_placed and is_in_time and registration.national_id is not None


def gives_way(one: Registration, to: Registration, index: bytes) -> bool:
    """True for a draft with the number that another one is corrected to.

    Who wrote the numbers of two children the wrong way round mends one, and is asked for the
    other again. The same number for a second child is a slip, and is refused.
    """
    is_correction = to.national_id is not None
    is_same = one.id != to.id and one.national_id_index == index
    return is_correction and is_same and _is_mere_draft(one)


def unidentified(registrations: Iterable[Registration], policy: Policy) -> list[Registration]:
    """List those whose learner's national ID the office requires, and who are not known yet."""
    if not policy.requires_national_id:
        return []
    return [one for one in registrations if not one.is_identified]


def ensure_to_vouch_for(registration: Registration, policy: Policy, actor: CitizenId) -> None:
    """Refuse to vouch for whom nobody asks about any more, and for whom one registers oneself."""
    if registration.payer_id == actor:
        raise OwnLearner
    if not (registration.is_active and unidentified([registration], policy)):
        raise NobodyToVouchFor


def ensure_identified(registrations: Iterable[Registration], policy: Policy) -> None:
    """Refuse a place before its learner's national ID was given, where the office requires it."""
    for one in unidentified(registrations, policy):
        raise NationalIdNeeded(one.id)


def ensure_one_each(wanted: Sequence[Registration], placed: Iterable[Registration]) -> None:
    """Refuse a second place to a person, whoever registers them under whatever name."""
    ours = {one.id for one in wanted}
    seen = {one.national_id_index: one.payer_id for one in placed if one.id not in ours}
    for one in wanted:
        if one.national_id_index is None:
            continue
        if one.national_id_index in seen:
            is_own = seen[one.national_id_index] == one.payer_id
            raise NationalIdTaken(one.id, is_own)
        seen[one.national_id_index] = one.payer_id


def _is_mere_draft(registration: Registration) -> bool:
    return not (registration.has_place or registration.waiting_entry_id)
