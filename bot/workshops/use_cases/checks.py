"""What is checked before a place is held, waited for, or moved to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.errors import StepRefused, TimesClash
from bot.workshops.model import Entity, RegistrationAct, RegistrationState
from bot.workshops.repository import (
    RegistrationRepository,
    SessionRepository,
    WorkshopRepository,
)
from bot.workshops.rules import identifying, publishing, registering
from bot.workshops.use_cases import line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.kit.database import Transaction
    from bot.workshops.model import Policy, Registration, Session, Workshop, WorkshopId


def ensure_drafts(workshop: Workshop, found: Sequence[Registration], now: datetime) -> None:
    """Refuse places, and a turn in the line, to what is no draft or comes at the wrong time."""
    registering.ensure_open(workshop, now)
    for one in found:
        if not is_mere_draft(one):
            raise StepRefused(Entity.REGISTRATION, one.state, RegistrationAct.HOLD)


async def ensure_ready(
    tx: Transaction,
    workshop: Workshop,
    found: Sequence[Registration],
    *,
    policy: Policy,
    is_clash_accepted: bool,
    besides: Collection[WorkshopId] = (),
) -> Sequence[Session]:
    """Refuse places, and a turn in the line, to drafts that lack something; give the sessions."""
    sessions = await ensure_meets(tx, workshop)
    await ensure_consented(tx, workshop, found)
    identifying.ensure_identified(found, policy)
    await ensure_one_each(tx, workshop, found)
    if not is_clash_accepted:
        await ensure_no_clash(tx, sessions, found, besides=besides)
    return sessions


async def ensure_consented(
    tx: Transaction, workshop: Workshop, found: Sequence[Registration]
) -> None:
    """Refuse those for whom the terms that hold now were not accepted."""
    terms = await WorkshopRepository(tx).terms(workshop.id, workshop.terms_version)
    assert terms is not None
    ids = [one.id for one in found]
    consents = await RegistrationRepository(tx).consents(ids, terms.version)
    for one in found:
        registering.ensure_consented(consents.get(one.id), terms)


async def ensure_one_each(
    tx: Transaction, workshop: Workshop, found: Sequence[Registration]
) -> None:
    """Refuse a second place to a person who is known by their national ID."""
    indexes = [one.national_id_index for one in found if one.national_id_index is not None]
    if indexes:
        placed = await RegistrationRepository(tx).placed_with(workshop.id, indexes)
        identifying.ensure_one_each(found, placed)


async def ensure_no_clash(
    tx: Transaction,
    sessions: Sequence[Session],
    found: Sequence[Registration],
    *,
    besides: Collection[WorkshopId] = (),
) -> None:
    """Refuse hours at which a learner is elsewhere."""
    clash = await line.find_clash(tx, sessions, found, besides=besides)
    if clash is not None:
        other = await WorkshopRepository(tx).find(clash[1].workshop_id)
        assert other is not None
        raise TimesClash(other.details.title, clash[1].slot.starts_at)


async def first_session_at(tx: Transaction, workshop: Workshop) -> datetime:
    """Say when the first session of a workshop begins, or would have if all are cancelled."""
    return first_of(await SessionRepository(tx).of(workshop.id))


def first_of(sessions: Sequence[Session]) -> datetime:
    """Say when the first of these sessions begins, or would have if all are cancelled."""
    found = publishing.first_session_at(sessions)
    return min(one.slot.starts_at for one in sessions) if found is None else found


async def ensure_meets(tx: Transaction, workshop: Workshop) -> Sequence[Session]:
    """Refuse a place where every session was cancelled and nothing is owed for them.

    Gives the sessions.
    """
    sessions = await SessionRepository(tx).of(workshop.id)
    if not await line.is_meeting(tx, workshop, sessions):
        raise StepRefused(Entity.WORKSHOP, workshop.state, "register")
    return sessions


def is_mere_draft(registration: Registration) -> bool:
    """True for a draft that waits in no line."""
    return registration.state is RegistrationState.DRAFT and registration.waiting_entry_id is None
