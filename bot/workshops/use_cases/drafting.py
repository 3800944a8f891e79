"""How staff make a workshop: a draft, its parts, its terms, its dates, and then it is shown.

Each raises NoSuchWorkshop for a workshop of another office, and StepRefused where it is no draft
any more.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot.workshops.errors import StepRefused
from bot.workshops.model import (
    Actor,
    Deed,
    Entity,
    Terms,
    WorkshopAct,
    WorkshopState,
    by_clock,
)
from bot.workshops.repository import SessionRepository, WorkshopRepository
from bot.workshops.rules import deadlines, planning, publishing
from bot.workshops.use_cases import steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.workshops.model import Details, Plan, Proposal, Session, Slot, Workshop, WorkshopId


async def draft(
    tx: Transaction, *, details: Details, actor: Staff, now: datetime, is_sample: bool = False
) -> Workshop:
    """Begin a workshop of the office of who asks. Raises PartUnfit."""
    publishing.ensure_fits(details)
    begun = await WorkshopRepository(tx).add(
        actor.office_id, details, is_sample=is_sample, made_at=now
    )
    about, deed = (Entity.WORKSHOP, begun.id), Deed(Actor.staff(actor), now)
    await steps.note(tx, begun.id, about, "draft", (None, begun.state), deed=deed)
    return begun


async def set_details(
    tx: Transaction, *, workshop_id: WorkshopId, details: Details, actor: Staff, now: datetime
) -> Workshop:
    """Say the parts of a draft anew; of a workshop that was shown, the revisable ones alone.

    Raises PartUnfit, and StepRefused where people chose it for what would change.
    """
    publishing.ensure_fits(details)
    workshop = await steps.locked(tx, workshop_id, Actor.staff(actor))
    if workshop.state is not WorkshopState.DRAFT:
        kept = {name: getattr(details, name) for name in publishing.REVISABLE}
        if (
            workshop.state not in publishing.NOT_OVER
            or replace(workshop.details, **kept) != details
        ):
            raise StepRefused(Entity.WORKSHOP, workshop.state, "set_details")
        if not (details.online_link or details.venue):
            raise StepRefused(Entity.WORKSHOP, workshop.state, "set_details")
    changed = await _changed(tx, workshop, **asdict(details))
    await _noted(tx, changed, "set_details", actor, now)
    return changed


async def set_terms(
    tx: Transaction, *, workshop_id: WorkshopId, text: str, actor: Staff, now: datetime
) -> Workshop:
    """Say the terms in a new version, which whoever has no place yet accepts anew (KN-23).

    The same words again change nothing. Raises PartUnfit.
    """
    fit = publishing.fit_terms(text)
    workshop = await steps.locked(tx, workshop_id, Actor.staff(actor))
    if workshop.state not in publishing.NOT_OVER:
        raise StepRefused(Entity.WORKSHOP, workshop.state, "set_terms")
    workshops = WorkshopRepository(tx)
    held = await workshops.terms(workshop_id, workshop.terms_version)
    if held is not None and held.text == fit:
        return workshop
    terms = Terms(workshop.terms_version + 1, fit)
    changed = await workshops.add_terms(workshop, terms, now)
    assert changed is not None, "it is locked"
    await _noted(tx, changed, "set_terms", actor, now)
    return changed


def propose_sessions(plan: Plan, *, calendar: OfficeCalendar, now: datetime) -> Proposal:
    """Find dates for the sessions of a plan; nothing is kept. Raises PlanUnfit."""
    return planning.propose(plan, calendar, now)


@steps.whole
async def set_sessions(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    slots: Sequence[Slot],
    calendar: OfficeCalendar,
    actor: Staff,
    now: datetime,
    is_on_days_off: bool = False,
) -> list[Session]:
    """Give a draft its sessions, in the place of those that it had; they are announced so many.

    Raises SessionOnClosedDay (KN-20) and SessionsClash.
    """
    workshop = await steps.locked(tx, workshop_id, Actor.staff(actor))
    if workshop.state is not WorkshopState.DRAFT:
        raise StepRefused(Entity.WORKSHOP, workshop.state, "set_sessions")
    for slot in slots:
        planning.ensure_on_open_day(slot, calendar, is_on_days_off=is_on_days_off)
    planning.ensure_apart(slots)
    sessions = SessionRepository(tx)
    await sessions.clear(workshop_id)
    in_order = sorted(slots, key=lambda slot: slot.starts_at)
    added = [
        await sessions.add(workshop_id, number, slot)
        for number, slot in enumerate(in_order, start=1)
    ]
    counted = {"session_count": len(added) or None, "is_on_days_off": is_on_days_off}
    changed = await _changed(tx, workshop, **counted)
    await _noted(tx, changed, "set_sessions", actor, now)
    return added


@steps.whole
async def publish(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    calendar: OfficeCalendar,
    actor: Staff,
    now: datetime,
) -> Workshop:
    """Show a workshop to everybody; it opens by itself when its time comes, or at once.

    Raises NotPublishable with all that is lacking, and SessionOnClosedDay.
    """
    by = Actor.staff(actor)
    workshop = await steps.locked(tx, workshop_id, by)
    sessions = await SessionRepository(tx).of(workshop_id)
    if workshop.state is WorkshopState.DRAFT:
        publishing.ensure_publishable(workshop, sessions, calendar, now)
    until = None
    if workshop.details.closes_at is not None:
        until = deadlines.drop_until(workshop.details.closes_at)
    shown = await steps.move(tx, workshop, WorkshopAct.PUBLISH, Deed(by, now), drop_until=until)
    if shown.opens_at <= now:
        return await steps.move(tx, shown, WorkshopAct.OPEN, by_clock(now))
    return shown


async def delete(
    tx: Transaction, *, workshop_id: WorkshopId, actor: Staff, now: datetime
) -> Workshop:
    """Throw a draft away; nobody has seen it."""
    by = Actor.staff(actor)
    workshop = await steps.locked(tx, workshop_id, by)
    return await steps.move(tx, workshop, WorkshopAct.DELETE, Deed(by, now))


async def _changed(tx: Transaction, workshop: Workshop, **values: object) -> Workshop:
    changed = await WorkshopRepository(tx).change(workshop, **values)
    assert changed is not None, "it is locked"
    return changed


async def _noted(
    tx: Transaction, workshop: Workshop, act: str, actor: Staff, now: datetime
) -> None:
    about, between = (Entity.WORKSHOP, workshop.id), (workshop.state, workshop.state)
    deed = Deed(Actor.staff(actor), now)
    await steps.note(tx, workshop.id, about, act, between, deed=deed)
