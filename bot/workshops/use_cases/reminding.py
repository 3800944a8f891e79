"""What time has people told of: a session that is near, and the last day to drop a place.

Each marks what it gives in the same transaction, so that whoever asks again is given nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.workshops.errors import NoSuchRegistration, NoSuchSession, StepRefused
from bot.workshops.model import (
    Check,
    Entity,
    RegistrationState,
    Reminder,
    ReminderKind,
    SessionState,
    WorkshopState,
)
from bot.workshops.repository import (
    NoticeRepository,
    RegistrationRepository,
    SessionRepository,
    WorkshopRepository,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        CheckItem,
        Registration,
        RegistrationId,
        Session,
        SessionId,
        Workshop,
    )

_AHEAD: Final = {ReminderKind.DAY: timedelta(hours=24), ReminderKind.HOUR: timedelta(hours=1)}
_BEFORE_THE_CUTOFF: Final = timedelta(hours=36)  # From noon of the day before the last one.
_TAKING_PLACE: Final = (
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
    WorkshopState.CANCELLED_BY_OFFICE,  # Of which make-ups are still held.
)
_GETTING_READY: Final = (SessionState.PLANNED, SessionState.LIVE)


async def reminders_due(tx: Transaction, *, office_id: str, now: datetime) -> list[Reminder]:
    """Say of which sessions people are to be reminded, and count them as reminded.

    Each date of a session has two reminders; where the desk was away, the later one is enough. A
    session that is cancelled or has lost its date has none.
    """
    until = now + _AHEAD[ReminderKind.DAY]
    found = await SessionRepository(tx).beginning(office_id, [SessionState.PLANNED], until)
    ahead = [one for one in found if one.slot.starts_at > now]
    if not ahead:
        return []
    notices = NoticeRepository(tx)
    wanted = {_mark(kind, one): (kind, one) for one in ahead for kind in _due_kinds(one, now)}
    told = await notices.told(wanted)
    workshops = await WorkshopRepository(tx).find_all({one.workshop_id for one in ahead})
    due: dict[SessionId, Reminder] = {}
    for mark, (kind, session) in wanted.items():
        workshop = workshops[session.workshop_id]
        if mark in told or workshop.state not in _TAKING_PLACE:
            continue
        if await notices.mark(mark, now):
            due[session.id] = Reminder(kind, workshop, session)
    return list(due.values())


def _due_kinds(session: Session, now: datetime) -> list[ReminderKind]:
    """Name the reminders whose time has come, the later one last, which is then the one told."""
    return [kind for kind in ReminderKind if session.slot.starts_at - now <= _AHEAD[kind]]


def _mark(kind: ReminderKind, session: Session) -> str:
    return f"{kind}:{session.id}:{session.revision}"


async def cutoffs_due(tx: Transaction, *, office_id: str, now: datetime) -> list[Workshop]:
    """Say of which workshops the last day to drop or move is near (KN-27), once for each cutoff.

    A deadline that is extended has a cutoff of its own.
    """
    states = [WorkshopState.OPEN, WorkshopState.PAUSED]
    found = [
        one
        for one in await WorkshopRepository(tx).in_states(office_id, states)
        if one.drop_until is not None and now < one.drop_until <= now + _BEFORE_THE_CUTOFF
    ]
    notices = NoticeRepository(tx)
    told = await notices.told([_cutoff(one) for one in found]) if found else set()
    return [
        one for one in found if _cutoff(one) not in told and await notices.mark(_cutoff(one), now)
    ]


def _cutoff(workshop: Workshop) -> str:
    assert workshop.drop_until is not None
    return f"cutoff:{workshop.id}:{int(workshop.drop_until.timestamp())}"


async def participants(tx: Transaction, *, of: Session) -> list[Registration]:
    """List for whom a session is: everybody with a place, or those to whom it is owed."""
    confirmed = await RegistrationRepository(tx).of_workshop(
        of.workshop_id, [RegistrationState.CONFIRMED]
    )
    sessions = SessionRepository(tx)
    owed = await sessions.made_up_in(of.id)
    if owed is None:
        return confirmed
    entitled = set(await sessions.entitled(owed.id))
    return [one for one in confirmed if one.id in entitled] if entitled else confirmed


async def note_check(
    tx: Transaction,
    *,
    session_id: SessionId,
    registration_id: RegistrationId,
    item: CheckItem,
    is_ready: bool,
    payer_id: CitizenId,
    now: datetime,
) -> tuple[Workshop, Session, list[Check]]:
    """Keep that somebody is ready in one point, or needs help; gives all that they have said.

    Raises NoSuchRegistration for somebody else's, NoSuchSession for one that is not theirs, and
    StepRefused once a session is cancelled, moved away or over.
    """
    found = await RegistrationRepository(tx).find_all([registration_id])
    if not found or found[0].payer_id != payer_id:
        raise NoSuchRegistration
    session = await SessionRepository(tx).find(session_id)
    if session is None or session.workshop_id != found[0].workshop_id:
        raise NoSuchSession
    if found[0].state is not RegistrationState.CONFIRMED:
        raise StepRefused(Entity.REGISTRATION, found[0].state, "check")
    if session.state not in _GETTING_READY:
        raise StepRefused(Entity.SESSION, session.state, "check")
    workshop = await WorkshopRepository(tx).find(session.workshop_id)
    assert workshop is not None
    notices = NoticeRepository(tx)
    await notices.note_check(Check(session_id, registration_id, item, is_ready, now))
    return workshop, session, await notices.checks(session_id, registration_id)


async def checks_before(tx: Transaction, *, session_id: SessionId) -> list[Check]:
    """List what people said of their getting ready for a session: evidence beside absences."""
    return await NoticeRepository(tx).checks(session_id)
