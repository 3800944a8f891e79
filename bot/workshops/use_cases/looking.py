"""What can be seen of workshops: by everybody, by who registered, and by staff of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.workshops.errors import (
    Lack,
    NoSuchRegistration,
    NoSuchSession,
    NoSuchWorkshop,
    NotPublishable,
    SessionOnClosedDay,
)
from bot.workshops.model import By, RegistrationState, WaitingState, WorkshopState
from bot.workshops.repository import (
    EventRepository,
    RegistrationRepository,
    SessionRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import publishing
from bot.workshops.use_cases import steps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Actor,
        Consent,
        Entity,
        Event,
        MakeUp,
        MakeUpId,
        Presence,
        Registration,
        RegistrationId,
        Session,
        SessionId,
        Terms,
        WaitingEntry,
        Workshop,
        WorkshopId,
    )

SHOWN: Final = frozenset(WorkshopState) - {WorkshopState.DRAFT, WorkshopState.DELETED}
_PAGE_MAX: Final = 100


async def workshop(tx: Transaction, *, workshop_id: WorkshopId, actor: Actor) -> Workshop:
    """Find a workshop. Raises NoSuchWorkshop, to citizens for a draft too."""
    found = await WorkshopRepository(tx).find(workshop_id)
    if found is None or not steps.is_theirs(found, actor):
        raise NoSuchWorkshop
    return found


async def workshops(
    tx: Transaction,
    *,
    office_id: str,
    states: Collection[WorkshopState] = SHOWN,
    before: int = 0,
    limit: int,
) -> list[Workshop]:
    """List workshops of an office, the latest first; `before` is the last number shown."""
    assert 0 < limit <= _PAGE_MAX
    return await WorkshopRepository(tx).of_office(office_id, states, before=before, limit=limit)


async def count(
    tx: Transaction, *, office_id: str, states: Collection[WorkshopState] = SHOWN
) -> int:
    """Count workshops of an office."""
    return await WorkshopRepository(tx).count(office_id, states)


async def workshops_named(
    tx: Transaction, *, ids: Collection[WorkshopId]
) -> dict[WorkshopId, Workshop]:
    """Find the workshops of registrations that are being shown."""
    return await WorkshopRepository(tx).find_all(ids)


async def sessions(tx: Transaction, *, workshop_id: WorkshopId) -> list[Session]:
    """List the sessions of a workshop in the order of time."""
    return await SessionRepository(tx).of(workshop_id)


async def terms(tx: Transaction, *, of: Workshop) -> Terms | None:
    """Read the terms that hold; None where a draft has none."""
    return await WorkshopRepository(tx).terms(of.id, of.terms_version)


async def consent(tx: Transaction, *, of: Registration, version: int) -> Consent | None:
    """Find whether a version of the terms was accepted in a registration."""
    return (await RegistrationRepository(tx).consents([of.id], version)).get(of.id)


async def registration(
    tx: Transaction, *, registration_id: RegistrationId, actor: Actor
) -> tuple[Workshop, Registration]:
    """Find a registration with its workshop. Raises NoSuchRegistration for somebody else's."""
    found = await RegistrationRepository(tx).find_all([registration_id])
    if not found or (actor.by is By.CITIZEN and found[0].payer_id != actor.id):
        raise NoSuchRegistration
    of = await WorkshopRepository(tx).find(found[0].workshop_id)
    if of is None or not steps.is_theirs(of, actor):
        raise NoSuchRegistration
    return of, found[0]


async def registrations_of(
    tx: Transaction,
    *,
    payer_id: CitizenId,
    states: Collection[RegistrationState] = tuple(RegistrationState),
    before: int | None = None,
    limit: int,
) -> list[Registration]:
    """List what somebody registered, the latest first; `before` is the last one shown."""
    assert 0 < limit <= _PAGE_MAX
    return await RegistrationRepository(tx).of_payer(payer_id, states, before=before, limit=limit)


async def kept_for(
    tx: Transaction, *, payer_id: CitizenId, office_id: str
) -> list[tuple[Registration, Workshop]]:
    """List the places of an office that wait for somebody's money, one for each workshop."""
    held = await registrations_of(
        tx, payer_id=payer_id, states=[RegistrationState.HELD], limit=_PAGE_MAX
    )
    of = await workshops_named(tx, ids={one.workshop_id for one in held})
    first = {one.workshop_id: one for one in held}
    return [(one, of[id_]) for id_, one in first.items() if of[id_].office_id == office_id]


async def registrations_in(
    tx: Transaction, *, workshop_id: WorkshopId, states: Collection[RegistrationState]
) -> list[Registration]:
    """List the registrations of a workshop, for staff and for notices."""
    return await RegistrationRepository(tx).of_workshop(workshop_id, states)


async def counts(tx: Transaction, *, workshop_id: WorkshopId) -> dict[RegistrationState, int]:
    """Count the registrations of a workshop by where they stand."""
    return await RegistrationRepository(tx).count_by_state(workshop_id)


async def turn_of(tx: Transaction, *, registration: Registration) -> WaitingEntry | None:
    """Find the turn in which a registration waits or has an offer; None for a past one."""
    if registration.waiting_entry_id is None:
        return None
    entry = await WaitingRepository(tx).find(registration.waiting_entry_id)
    return entry if entry is not None and entry.is_active else None


async def waiting_line(tx: Transaction, *, workshop_id: WorkshopId) -> list[WaitingEntry]:
    """List who waits or has an offer, in the order in which they came."""
    return await WaitingRepository(tx).line(workshop_id)


async def waiting_count(tx: Transaction, *, workshop_id: WorkshopId) -> int:
    """Count how many turns wait without an offer."""
    line: Sequence[WaitingEntry] = await WaitingRepository(tx).line(workshop_id)
    return sum(entry.state is WaitingState.WAITING for entry in line)


async def make_ups(tx: Transaction, *, workshop_id: WorkshopId) -> list[MakeUp]:
    """List what is or was owed for the sessions of a workshop."""
    return await SessionRepository(tx).make_ups(workshop_id)


async def session(
    tx: Transaction, *, session_id: SessionId, actor: Actor
) -> tuple[Workshop, Session]:
    """Find a session with its workshop. Raises NoSuchSession for one of another office."""
    found = await SessionRepository(tx).find(session_id)
    of = None if found is None else await WorkshopRepository(tx).find(found.workshop_id)
    if found is None or of is None or not steps.is_theirs(of, actor):
        raise NoSuchSession
    return of, found


async def make_up(
    tx: Transaction, *, make_up_id: MakeUpId, actor: Actor
) -> tuple[Workshop, MakeUp]:
    """Find what is owed, with its workshop. Raises NoSuchSession for what another office owes."""
    found = await SessionRepository(tx).make_up(make_up_id)
    of = None if found is None else await WorkshopRepository(tx).find(found.workshop_id)
    if found is None or of is None or not steps.is_theirs(of, actor):
        raise NoSuchSession
    return of, found


async def entitled(tx: Transaction, *, of: MakeUp) -> list[RegistrationId]:
    """List the registrations to which a session is still owed."""
    return await SessionRepository(tx).entitled(of.id)


async def presences_of(tx: Transaction, *, of: Registration) -> dict[SessionId, Presence]:
    """Say what was written down about a learner, by session."""
    return await SessionRepository(tx).presences_of(of.id)


async def history(tx: Transaction, *, entity: Entity, entity_id: int) -> list[Event]:
    """Tell what happened to one thing, in order."""
    return await EventRepository(tx).of(entity, entity_id)


async def history_of_workshop(
    tx: Transaction, *, workshop_id: WorkshopId, limit: int
) -> list[Event]:
    """Tell what happened to a workshop and all that belongs to it, the latest first."""
    return await EventRepository(tx).of_workshop(workshop_id, limit=limit)


async def lacks_of(
    tx: Transaction, *, of: Workshop, calendar: OfficeCalendar, now: datetime
) -> tuple[Lack, ...]:
    """Say what a draft still needs before it can be shown."""
    if of.state is not WorkshopState.DRAFT:
        return ()
    try:
        publishing.ensure_publishable(of, await SessionRepository(tx).of(of.id), calendar, now)
    except NotPublishable as refusal:
        return refusal.lacks
    except SessionOnClosedDay:
        return (Lack.SESSIONS,)
    return ()
