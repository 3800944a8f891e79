"""How a place is given back: dropped, moved, given up late, taken away, or left unpaid.

The place goes to the line in the same transaction. Each raises NoSuchRegistration for what is
somebody else's, and StepRefused where the registration has moved on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.errors import StepRefused
from bot.workshops.model import (
    Deed,
    Entity,
    Freed,
    Moved,
    RegistrationAct,
    RegistrationState,
    WorkshopState,
)
from bot.workshops.repository import (
    RegistrationRepository,
    SessionRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import publishing, registering, states
from bot.workshops.use_cases import checks, ending, fees, line, steps
from bot.workshops.use_cases.identifying import without_unrequired

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.kit.database import Transaction
    from bot.workshops.model import Actor, Policy, Registration, RegistrationId, Workshop

_MAY_GO_BACK = (WorkshopState.CANCELLED_BY_OFFICE, WorkshopState.QUORUM_FAILED_PENDING)


@steps.whole
async def drop(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    actor: Actor,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
    reason: str | None = None,
    key: str | None = None,
) -> Freed:
    """Give a place back in time (KN-27): the fee returns to the buckets that it came from.

    Raises TooLateToDrop from the cutoff on.
    """
    deed = Deed(actor, now, _said(reason, actor), key)
    workshop, (found,) = await steps.with_registrations(tx, [registration_id], actor)
    if await steps.is_done(tx, key):
        return Freed((found,))
    states.REGISTRATION.after(found.state, RegistrationAct.DROP, actor)
    registering.ensure_droppable(workshop, now)
    left = await _left(tx, workshop, found, RegistrationAct.DROP, deed)
    promoted = await line.release(tx, workshop.id, 1, calendar=calendar, policy=policy, now=now)
    return Freed((left,), promoted)


@steps.whole
async def withdraw(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    actor: Actor,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
    reason: str | None = None,
    key: str | None = None,
) -> Freed:
    """Give a place up when it is too late for the fee to go back; the office keeps it.

    Raises NotYetLate while it can still be dropped for its fee. In a workshop that the office
    cancelled nobody gives anything up, for what is owed to them stays owed; nor in one that fell
    short, while its fees may yet go back to everybody.
    """
    deed = Deed(actor, now, _said(reason, actor), key)
    workshop, (found,) = await steps.with_registrations(tx, [registration_id], actor)
    if await steps.is_done(tx, key):
        return Freed((found,))
    act = RegistrationAct.WITHDRAW
    states.REGISTRATION.after(found.state, act, actor)
    if workshop.state in _MAY_GO_BACK:
        raise StepRefused(Entity.REGISTRATION, found.state, act)
    registering.ensure_late(workshop, now)
    left = await _left(tx, workshop, found, act, deed)
    promoted = await line.release(tx, workshop.id, 1, calendar=calendar, policy=policy, now=now)
    return Freed((left,), promoted)


@steps.whole
async def remove(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    actor: Actor,
    reason: str,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
    is_refunded: bool = True,
) -> Freed:
    """Take a place away, as a manager with a reason; the fee goes back unless they say no."""
    deed = Deed(actor, now, publishing.fit_reason(reason))
    workshop, (found,) = await steps.with_registrations(tx, [registration_id], actor)
    act = RegistrationAct.REMOVE
    states.REGISTRATION.after(found.state, act, actor)
    left = await _left(tx, workshop, found, act, deed, is_refunded=is_refunded)
    promoted = await line.release(tx, workshop.id, 1, calendar=calendar, policy=policy, now=now)
    return Freed((left,), promoted)


@steps.whole
async def abandon(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    actor: Actor,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> Freed:
    """Leave a draft or an unpaid place; who waits or has an offer leaves the line instead."""
    deed = Deed(actor, now)
    workshop, (found,) = await steps.with_registrations(tx, [registration_id], actor)
    act = RegistrationAct.ABANDON
    states.REGISTRATION.after(found.state, act, actor)
    if found.waiting_entry_id is not None:
        entry = await WaitingRepository(tx).find(found.waiting_entry_id)
        if entry is not None and entry.is_active:
            raise StepRefused(Entity.REGISTRATION, found.state, act)
    left = await steps.move(tx, found, act, deed)
    promoted = await line.release(
        tx, workshop.id, int(found.has_place), calendar=calendar, policy=policy, now=now
    )
    return Freed((left,), promoted)


@steps.whole
async def move(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    to_registration_id: RegistrationId,
    actor: Actor,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
    is_clash_accepted: bool = False,
    key: str | None = None,
) -> Moved:
    """Change a confirmed place for one in another workshop, for which terms were accepted.

    The old fee goes back and the new one is paid, both or neither; the difference is with the
    wallet. Raises TooLateToDrop by the old workshop, RegistrationNotOpen and PlacesTaken by the
    new one, MoveToItself, TermsNotAccepted, NationalIdNeeded and NationalIdTaken, TimesClash, and
    InsufficientFunds.
    """
    deed = Deed(actor, now, key=key)
    old, new, from_, to = await _both(tx, registration_id, to_registration_id, actor)
    if await steps.is_done(tx, key):
        return Moved(old, new)
    states.REGISTRATION.after(old.state, RegistrationAct.MOVE, actor)
    registering.ensure_movable(old, new, from_, to, now)
    checks.ensure_drafts(to, [new], now)
    waiting_count = await WaitingRepository(tx).count_waiting(to.id)
    registering.ensure_room(to, waiting_count, 1)
    (new,) = await without_unrequired(tx, [new], policy)
    # The old place is about to be free: its hours are in nobody's way.
    besides = [from_.id]
    await checks.ensure_ready(
        tx, to, [new], policy=policy, is_clash_accepted=is_clash_accepted, besides=besides
    )
    moved = await _left(tx, from_, old, RegistrationAct.MOVE, deed)
    linked = await RegistrationRepository(tx).change(new, moved_from_id=old.id)
    assert linked is not None
    step = Deed(actor, now)
    (held,) = await line.hold(tx, to, [linked], until=to.closes_at, deed=step)
    confirmed = await line.confirm(tx, to, held, step)
    promoted = await line.release(tx, from_.id, 1, calendar=calendar, policy=policy, now=now)
    return Moved(moved, confirmed, promoted)


async def _both(
    tx: Transaction, old_id: RegistrationId, new_id: RegistrationId, actor: Actor
) -> tuple[Registration, Registration, Workshop, Workshop]:
    """Find both registrations of a move, with their workshops locked in one order."""
    found = await RegistrationRepository(tx).find_all([old_id, new_id])
    await WorkshopRepository(tx).lock({one.workshop_id for one in found})
    from_, (old,) = await steps.with_registrations(tx, [old_id], actor)
    to, (new,) = await steps.with_registrations(tx, [new_id], actor)
    return old, new, from_, to


async def _left(
    tx: Transaction,
    workshop: Workshop,
    found: Registration,
    act: RegistrationAct,
    deed: Deed,
    *,
    is_refunded: bool = True,
) -> Registration:
    """Settle the fee of a confirmed place, and end its registration and what was owed to it."""
    assert found.state is RegistrationState.CONFIRMED
    await SessionRepository(tx).end_entitlements([found.id], deed.at)
    await fees.settle(tx, workshop, found, act, deed, is_refunded=is_refunded)
    left = await steps.move(tx, found, act, deed)
    await ending.end_debts_to_nobody(tx, workshop, deed.at)
    return left


def _said(reason: str | None, actor: Actor) -> str | None:
    """Prepare a reason; staff who act for somebody always give one. Raises PartUnfit."""
    is_needed = actor.is_staff or reason is not None
    return publishing.fit_reason(reason or "") if is_needed else None
