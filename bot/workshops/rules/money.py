"""What each act does to the money, and the keys under which it is done once."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.workshops.model import RegistrationAct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.workshops.model import MakeUpId, Registration, RegistrationId


class Effect(StrEnum):
    """What becomes of a fee."""

    NONE = "none"
    PAY = "pay"  # from the wallet into the escrow of the workshop
    REVERSE = "reverse"  # exactly, into the buckets that it came from
    EARN = "earn"  # out of the escrow: the office keeps it


_EFFECTS: Final[Mapping[RegistrationAct, Effect]] = {
    RegistrationAct.PAY: Effect.PAY,
    RegistrationAct.DROP: Effect.REVERSE,
    RegistrationAct.MOVE: Effect.REVERSE,  # Then the other workshop is paid for.
    RegistrationAct.REMOVE: Effect.REVERSE,  # Unless a manager decides otherwise.
    RegistrationAct.CREDIT: Effect.REVERSE,
    RegistrationAct.WITHDRAW: Effect.EARN,  # Too late for the fee to go back.
    RegistrationAct.COMPLETE: Effect.EARN,
}


def effect_of(
    act: RegistrationAct, registration: Registration, *, is_refunded: bool = True
) -> Effect:
    """Say what an act does to the fee of a registration; a free one has no money.

    `is_refunded` is what a manager decided about somebody who is removed.
    """
    effect = _EFFECTS.get(act, Effect.NONE)
    if not registration.fee_rial or effect is Effect.NONE:
        return Effect.NONE
    assert (registration.journal_id is None) == (effect is Effect.PAY), registration
    if act is RegistrationAct.REMOVE and not is_refunded:
        return Effect.EARN
    return effect


def reference_of(registration_id: RegistrationId) -> str:
    """Name in the ledger what money is about."""
    return f"registration:{registration_id}"


def key_of(effect: Effect, registration: Registration) -> str:
    """Name what is done to the fee of a registration, so that it is done once.

    A workshop that fell short is named in the key, so that the proof of each person says why.
    """
    return f"workshop:{registration.workshop_id}:registration:{registration.id}:{effect.value}"


def quorum_key(registration: Registration) -> str:
    """Name the return of a fee for want of a quorum (KN-16): once for each registration."""
    return f"quorum:{registration.workshop_id}:{registration.id}"


def late_matter(make_up_id: MakeUpId) -> str:
    """Name the matter of which each place has a part: a make-up class that is overdue."""
    return f"makeup:{make_up_id}"


def late_subject(make_up_id: MakeUpId, registration_id: RegistrationId) -> str:
    """Name for what service credit is proposed when a make-up class is overdue."""
    return f"{late_matter(make_up_id)}:{registration_id}"
