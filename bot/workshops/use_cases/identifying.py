"""The national ID of a learner, where the office requires it: given, taken over, and shown masked.

It is sealed for the row of its registration, with a keyed digest by which the same person is
found. Where the office does not require it, nothing is kept of it, whatever is typed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.kit.identity import masked_national_id
from bot.workshops.errors import StepRefused
from bot.workshops.model import Actor, Deed, Entity, RegistrationState
from bot.workshops.repository import RegistrationRepository, WorkshopRepository
from bot.workshops.rules import identifying, publishing
from bot.workshops.use_cases import checks, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.citizens.model import CitizenId, Staff
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.workshops.model import Policy, Registration, RegistrationId

_COLUMN: Final = "registration.national_id"
_CORRECTED: Final = "correct_national_id"
_VOUCHED_FOR: Final = "vouch_for"
_INDEX_COLUMN: Final = "registration.national_id_index"
_ACTIVE: Final = (
    RegistrationState.DRAFT,
    RegistrationState.HELD,
    RegistrationState.CONFIRMED,
)
_LOOKED_AT: Final = 100


@steps.whole
async def give_national_id(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    payer_id: CitizenId,
    typed: str,
    policy: Policy,
    keyring: Keyring,
    now: datetime,
) -> Registration:
    """Keep the national ID of the learner of a registration, or another one as long as it can be.

    In a mere draft it can be changed, and of a place corrected until the last moment to drop it;
    the history says that it was, with no number. Another draft of the same person that had the
    number gives it up, and is to get its own.
    Raises NationalIdUnreadable, NationalIdTaken, NoSuchRegistration and StepRefused.
    """
    national_id = identifying.national_id_of(typed)
    workshop, (found,) = await steps.with_registrations(
        tx, [registration_id], Actor.citizen(payer_id)
    )
    is_correction = identifying.can_be_corrected(found, workshop, now)
    if not (identifying.can_be_given(found) or is_correction):
        raise StepRefused(Entity.REGISTRATION, found.state, "identify")
    if not policy.requires_national_id:
        return found
    index = keyring.index(national_id, column=_INDEX_COLUMN)
    registrations = RegistrationRepository(tx)
    own = await registrations.of_payer(payer_id, _ACTIVE, limit=_LOOKED_AT)
    here = [one for one in own if one.workshop_id == workshop.id]
    mixed_up = [one for one in here if identifying.gives_way(one, found, index)]
    others = [one for one in here if one not in mixed_up]
    others += await registrations.placed_with(workshop.id, [index])
    identifying.ensure_one_each([replace(found, national_id_index=index)], others)
    for one in mixed_up:
        await _blanked(tx, one)
    if is_correction:
        deed = Deed(Actor.citizen(payer_id), now)
        about, between = (Entity.REGISTRATION, found.id), (found.state, found.state)
        await steps.note(tx, workshop.id, about, _CORRECTED, between, deed=deed)
    return await _kept(tx, found, national_id, keyring)


@steps.whole
async def recall_national_ids(
    tx: Transaction,
    *,
    begun: Sequence[Registration],
    payer_id: CitizenId,
    policy: Policy,
    keyring: Keyring,
) -> tuple[Registration, ...]:
    """Take over what was given for the same learners at the office, so that nobody is asked twice.

    Raises NoSuchRegistration.
    """
    if not identifying.unidentified(begun, policy):
        return tuple(begun)
    ids = [one.id for one in begun]
    workshop, found = await steps.with_registrations(tx, ids, Actor.citizen(payer_id))
    known = {one.id: one for one in found}
    for one in identifying.unidentified(found, policy):
        earlier = await RegistrationRepository(tx).last_identified(
            workshop.office_id, one.learner_id, payer_id
        )
        if earlier is None or not checks.is_mere_draft(one):
            continue
        if earlier.national_id is None:
            known[one.id] = await _vouched(tx, one)
        else:
            known[one.id] = await _kept(tx, one, _opened(earlier, keyring), keyring)
    return tuple(known[id_] for id_ in ids)


@steps.whole
async def vouch_for(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    actor: Staff,
    reason: str,
    policy: Policy,
    now: datetime,
) -> Registration:
    """Note that the office saw in another way who takes part, who has no national ID.

    Raises NoSuchRegistration, PartUnfit, OwnLearner, and NobodyToVouchFor.
    """
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    workshop, (found,) = await steps.with_registrations(tx, [registration_id], deed.actor)
    identifying.ensure_to_vouch_for(found, policy, actor.id)
    about, between = (Entity.REGISTRATION, found.id), (found.state, found.state)
    await steps.note(tx, workshop.id, about, _VOUCHED_FOR, between, deed=deed)
    return await _vouched(tx, found)


async def to_vouch_for(
    tx: Transaction, *, payer_id: CitizenId, office_id: str, policy: Policy
) -> list[Registration]:
    """List what a person has begun at an office and could not end without a national ID."""
    begun = await RegistrationRepository(tx).of_payer(payer_id, _ACTIVE, limit=_LOOKED_AT)
    found = identifying.unidentified(begun, policy)
    of_each = await WorkshopRepository(tx).find_all({one.workshop_id for one in found})
    return [one for one in found if of_each[one.workshop_id].office_id == office_id]


async def without_unrequired(
    tx: Transaction, drafts: Sequence[Registration], policy: Policy
) -> list[Registration]:
    """Blank in drafts what the office requires no more: then it keeps nobody away either."""
    if policy.requires_national_id:
        return list(drafts)
    return [one if one.national_id is None else await _blanked(tx, one) for one in drafts]


def masked_national_ids(
    registrations: Iterable[Registration], keyring: Keyring
) -> dict[RegistrationId, str]:
    """Show of each national ID its last digits, and nothing of those that were not given."""
    return {
        one.id: masked_national_id(_opened(one, keyring))
        for one in registrations
        if one.national_id is not None
    }


async def _kept(
    tx: Transaction, found: Registration, national_id: str, keyring: Keyring
) -> Registration:
    kept = await RegistrationRepository(tx).change(
        found,
        national_id=keyring.seal(national_id, column=_COLUMN, row=found.id),
        national_id_index=keyring.index(national_id, column=_INDEX_COLUMN),
    )
    assert kept is not None, "its workshop is locked"
    return kept


async def _vouched(tx: Transaction, found: Registration) -> Registration:
    vouched = await RegistrationRepository(tx).change(found, is_vouched=True)
    assert vouched is not None, "its workshop is locked"
    return vouched


async def _blanked(tx: Transaction, draft: Registration) -> Registration:
    nothing = {"national_id": None, "national_id_index": None}
    blanked = await RegistrationRepository(tx).change(draft, **nothing)
    assert blanked is not None, "its workshop is locked"
    return blanked


def _opened(registration: Registration, keyring: Keyring) -> str:
    assert registration.national_id is not None
    return keyring.open(registration.national_id, column=_COLUMN, row=registration.id)
