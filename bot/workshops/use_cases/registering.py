"""How a citizen registers: learners are named, terms accepted, and places held or waited for.

What was asked for under a key is done once: the same key again gives what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.workshops.errors import AlreadyRegistered, TermsNotAccepted
from bot.workshops.model import Actor, Consent, Deed, Entity, RegistrationAct
from bot.workshops.repository import (
    RegistrationRepository,
    SessionRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import deadlines, registering
from bot.workshops.use_cases import checks, line, steps
from bot.workshops.use_cases.identifying import without_unrequired

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.citizens.model import CitizenId, Learner
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Policy,
        Registration,
        RegistrationId,
        Terms,
        Workshop,
        WorkshopId,
    )


@steps.whole
async def begin(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    learners: Sequence[Learner],
    payer_id: CitizenId,
    now: datetime,
    policy: Policy,
) -> tuple[Registration, ...]:
    """Begin to register learners together; who began before goes on where they were.

    Raises NoSuchWorkshop, RegistrationNotOpen, Banned, GroupUnfit, NotGuardian, AgeOutside, and
    AlreadyRegistered.
    """
    actor = Actor.citizen(payer_id)
    workshop = await steps.locked(tx, workshop_id, actor)
    registering.ensure_open(workshop, now)
    office_id = workshop.office_id
    await citizens.ensure_welcome(tx, citizen_id=payer_id, office_id=office_id, now=now)
    registering.ensure_group([learner.id for learner in learners], policy)
    first_on = registering.first_day(await SessionRepository(tx).of(workshop_id))
    deed = Deed(actor, now)
    return tuple([await _begun(tx, workshop, one, first_on, deed) for one in learners])


async def _begun(
    tx: Transaction, workshop: Workshop, learner: Learner, first_on: date, deed: Deed
) -> Registration:
    payer_id = deed.actor.id
    assert payer_id is not None
    registering.ensure_guardian(learner, payer_id)
    registering.ensure_age(workshop.details, learner, first_on)
    registrations = RegistrationRepository(tx)
    there = await registrations.active_of(workshop.id, learner.id)
    if there is not None:
        if not checks.is_mere_draft(there) or there.payer_id != payer_id:
            raise AlreadyRegistered(there.id, there.state)
        return there
    begun = await registrations.add(
        workshop.id, learner.id, payer_id, fee_rial=workshop.fee_rial, made_at=deed.at
    )
    about = (Entity.REGISTRATION, begun.id)
    await steps.note(tx, workshop.id, about, "begin", (None, begun.state), deed=deed)
    return begun


@steps.whole
async def accept_terms(
    tx: Transaction,
    *,
    registration_ids: Sequence[RegistrationId],
    payer_id: CitizenId,
    terms_version: int,
    message_id: int | None,
    now: datetime,
) -> Terms:
    """Keep that the terms were accepted, in the version that was shown (KN-23).

    Raises TermsNotAccepted where another version holds by now, which must be shown first.
    """
    deed = Deed(Actor.citizen(payer_id), now)
    workshop, found = await steps.with_registrations(tx, registration_ids, deed.actor)
    terms = await WorkshopRepository(tx).terms(workshop.id, workshop.terms_version)
    if terms is None or terms.version != terms_version:
        raise TermsNotAccepted(workshop.terms_version)
    registrations = RegistrationRepository(tx)
    accepted = await registrations.consents(registration_ids, terms.version)
    for one in found:
        if one.id not in accepted:
            await steps.move(tx, one, RegistrationAct.ACCEPT_TERMS, deed)
            given = Consent(one.id, terms.version, terms.sha256, message_id, now)
            await registrations.add_consent(given)
    return terms


@steps.whole
async def take_places(
    tx: Transaction,
    *,
    registration_ids: Sequence[RegistrationId],
    payer_id: CitizenId,
    now: datetime,
    is_clash_accepted: bool = False,
    policy: Policy,
    key: str | None = None,
) -> tuple[Registration, ...]:
    """Hold a place for each, all or none; free places are confirmed at once.

    Raises RegistrationNotOpen, TermsNotAccepted, NationalIdNeeded and NationalIdTaken, TimesClash
    unless it is accepted, and PlacesTaken, after which one can wait.
    """
    deed = Deed(Actor.citizen(payer_id), now, key=key)
    workshop, found = await steps.with_registrations(tx, registration_ids, deed.actor)
    if await steps.is_done(tx, key):
        return tuple(found)
    checks.ensure_drafts(workshop, found, now)
    waiting_count = await WaitingRepository(tx).count_waiting(workshop.id)
    registering.ensure_room(workshop, waiting_count, len(found))
    found = await without_unrequired(tx, found, policy)
    sessions = await checks.ensure_ready(
        tx, workshop, found, policy=policy, is_clash_accepted=is_clash_accepted
    )
    until = deadlines.hold_until(now, policy, latest=checks.first_of(sessions))
    held = await line.hold(tx, workshop, found, until=until, deed=deed)
    paid = Deed(deed.actor, now)
    return tuple(
        [one if one.fee_rial else await line.confirm(tx, workshop, one, paid) for one in held]
    )


@steps.whole
async def join_line(
    tx: Transaction,
    *,
    registration_ids: Sequence[RegistrationId],
    payer_id: CitizenId,
    is_auto_accept: bool,
    policy: Policy,
    now: datetime,
    is_clash_accepted: bool = False,
) -> tuple[Registration, ...]:
    """Wait for places, all together, at the end of the line.

    Raises PlacesFree where nobody needs to wait, and what `take_places` raises but PlacesTaken.
    """
    deed = Deed(Actor.citizen(payer_id), now)
    workshop, found = await steps.with_registrations(tx, registration_ids, deed.actor)
    checks.ensure_drafts(workshop, found, now)
    waiting = WaitingRepository(tx)
    size = len(found)
    registering.ensure_full(workshop, await waiting.count_waiting(workshop.id), size)
    found = await without_unrequired(tx, found, policy)
    await checks.ensure_ready(
        tx, workshop, found, policy=policy, is_clash_accepted=is_clash_accepted
    )
    entry = await waiting.add(
        workshop.id, payer_id, size, is_auto_accept=is_auto_accept, joined_at=now
    )
    about = (Entity.WAITING_ENTRY, entry.id)
    await steps.note(tx, workshop.id, about, "join", (None, entry.state), deed=deed)
    registrations = RegistrationRepository(tx)
    waits = [await registrations.change(one, waiting_entry_id=entry.id) for one in found]
    return tuple(one for one in waits if one is not None)
