"""What staff do with sessions: give them other dates, cancel them, and write down who was there.

Each raises NoSuchSession for a session of another office, and StepRefused where it has moved on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.workshops.errors import DeadlineUnfit, NoSuchSession, NoSuchWorkshop, StepRefused
from bot.workshops.model import (
    Actor,
    Attendance,
    CancelReason,
    Deed,
    Entity,
    MakeUpAct,
    RegistrationState,
    SessionAct,
    SessionState,
)
from bot.workshops.repository import RegistrationRepository, SessionRepository
from bot.workshops.rules import planning, publishing, states
from bot.workshops.rules.registering import is_visible
from bot.workshops.use_cases import ending, steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        MakeUp,
        NewDate,
        Policy,
        Presence,
        RegistrationId,
        Replan,
        Session,
        SessionId,
        Slot,
        Workshop,
        WorkshopId,
    )


async def propose_dates(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    actor: Staff,
    calendar: OfficeCalendar,
    now: datetime,
) -> Replan:
    """Find other dates for the displaced sessions of a workshop; nothing is kept.

    Raises NoSuchWorkshop, and PlanUnfit where no open day is near.
    """
    workshop = await steps.locked(tx, workshop_id, Actor.staff(actor))
    return await replanned(tx, of=workshop, calendar=calendar, now=now)


async def replanned(
    tx: Transaction, *, of: Workshop, calendar: OfficeCalendar, now: datetime
) -> Replan:
    """Find other dates for the displaced sessions, for whoever may look. Raises PlanUnfit."""
    meetings = SessionRepository(tx)
    made_up = [one.new_session_id for one in await meetings.make_ups(of.id)]
    return planning.replan(
        await meetings.of(of.id),
        calendar,
        now,
        make_up_ids={one for one in made_up if one is not None},
        is_on_days_off=of.details.is_on_days_off,
    )


@steps.whole
async def accept_dates(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    dates: Sequence[NewDate],
    actor: Staff,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> list[Session]:
    """Give displaced sessions the dates that were proposed; all of them or none.

    Raises NoSuchWorkshop, SessionOnClosedDay, SessionsClash, NoticeTooShort, and DeadlineUnfit.
    """
    deed = Deed(Actor.staff(actor), now)
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    there = {one.id: one for one in await SessionRepository(tx).of(workshop_id)}
    moved: list[Session] = []
    for date in dates:
        if date.session_id not in there:
            raise NoSuchSession
        session = there[date.session_id]
        states.SESSION.after(session.state, SessionAct.ACCEPT_DATE, deed.actor)
        ensure_dated(workshop, session, date.slot, calendar, policy, now=now)
        moved.append(await _put(tx, session, SessionAct.ACCEPT_DATE, date.slot, deed))
    return await _in_order(tx, workshop_id, {one.id for one in moved})


@steps.whole
async def reschedule(
    tx: Transaction,
    *,
    session_id: SessionId,
    slot: Slot,
    actor: Staff,
    reason: str,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> Session:
    """Give a planned session another date, with notice.

    Raises what `accept_dates` raises, and PartUnfit for a reason without words.
    """
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    workshop, session = await found(tx, session_id, deed.actor)
    states.SESSION.after(session.state, SessionAct.RESCHEDULE, deed.actor)
    ensure_dated(workshop, session, slot, calendar, policy, now=now)
    await _put(tx, session, SessionAct.RESCHEDULE, slot, deed)
    owed = await SessionRepository(tx).made_up_in(session_id)
    if owed is not None:
        await steps.move(tx, owed, MakeUpAct.RESCHEDULE, deed.consequence)
    (moved,) = await _in_order(tx, workshop.id, {session_id})
    return moved


@steps.whole
async def cancel_session(
    tx: Transaction,
    *,
    session_id: SessionId,
    why: CancelReason,
    actor: Staff,
    reason: str,
    now: datetime,
    policy: Policy,
) -> tuple[Session, tuple[MakeUp, ...]]:
    """Cancel a session: a make-up is owed to everybody with a confirmed place (KN-18).

    Where it was to make up for another one, that one is owed again. A live session that lasted
    too short a time is cancelled with the reason TOO_SHORT.
    """
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    workshop, session = await found(tx, session_id, deed.actor)
    act = SessionAct.CUT_SHORT if why is CancelReason.TOO_SHORT else SessionAct.CANCEL
    confirmed = await RegistrationRepository(tx).of_workshop(
        workshop.id, [RegistrationState.CONFIRMED]
    )
    debts = await ending.cancel_session(tx, session, confirmed, why, deed, act=act, policy=policy)
    after = await SessionRepository(tx).find(session_id)
    assert after is not None
    return after, tuple(debts)


@steps.whole
async def note_attendance(
    tx: Transaction,
    *,
    session_id: SessionId,
    presences: Mapping[RegistrationId, Presence],
    actor: Staff,
    now: datetime,
) -> None:
    """Write down who was there, while a session goes on and until its list is closed.

    After the last session the workshop may be completed already. Only who has a place in it, or
    took part to its end, is written down; NoSuchSession for anybody else.
    """
    by = Actor.staff(actor)
    workshop, session = await found(tx, session_id, by)
    if session.state not in (SessionState.LIVE, SessionState.HELD):
        raise StepRefused(Entity.SESSION, session.state, "note_attendance")
    placed = await RegistrationRepository(tx).of_workshop(
        workshop.id, [RegistrationState.CONFIRMED, RegistrationState.COMPLETED]
    )
    if not presences.keys() <= {one.id for one in placed}:
        raise NoSuchSession
    sessions = SessionRepository(tx)
    before = {one.registration_id: one.presence for one in await sessions.presences(session_id)}
    changed = {one: after for one, after in presences.items() if before.get(one) != after}
    for registration_id in sorted(changed):
        noted = Attendance(session_id, registration_id, changed[registration_id], by.name, now)
        await sessions.note(noted)
    for between in sorted({(before.get(one), after) for one, after in changed.items()}, key=str):
        those = [one for one in sorted(changed) if (before.get(one), changed[one]) == between]
        await citizens.record(
            tx,
            actor=actor,
            action="session.note_attendance",
            subject=f"workshop:{workshop.id}",
            note=" ".join([f"#{session_id}:", *(f"#{one}" for one in those)]),
            between=between,
            now=now,
        )


async def settle_session(
    tx: Transaction, *, session_id: SessionId, actor: Staff, now: datetime
) -> Session:
    """Close the list of who was there."""
    deed = Deed(Actor.staff(actor), now)
    _workshop, session = await found(tx, session_id, deed.actor)
    return await steps.move(tx, session, SessionAct.SETTLE, deed)


async def attendance(tx: Transaction, *, session_id: SessionId) -> list[Attendance]:
    """List what was written down about a session."""
    return await SessionRepository(tx).presences(session_id)


async def found(tx: Transaction, session_id: SessionId, actor: Actor) -> tuple[Workshop, Session]:
    """Find a session of the office of who asks, and lock its workshop.

    Raises NoSuchSession, and StepRefused for a session of a draft, which is planned anew instead.
    """
    sessions = SessionRepository(tx)
    session = await sessions.find(session_id)
    if session is None:
        raise NoSuchSession
    try:
        workshop = await steps.locked(tx, session.workshop_id, actor)
    except NoSuchWorkshop:
        raise NoSuchSession from None
    if not is_visible(workshop):
        raise StepRefused(Entity.WORKSHOP, workshop.state, "change_session")
    again = await sessions.find(session_id)
    assert again is not None
    return workshop, again


def ensure_dated(
    workshop: Workshop,
    session: Session | None,
    slot: Slot,
    calendar: OfficeCalendar,
    policy: Policy,
    *,
    now: datetime,
) -> None:
    """Refuse a date on a closed day, without notice, or before registration is over."""
    is_on_days_off = workshop.details.is_on_days_off
    planning.ensure_on_open_day(slot, calendar, is_on_days_off=is_on_days_off)
    planning.ensure_notice(session, slot, policy, now)
    if slot.starts_at < workshop.closes_at:
        raise DeadlineUnfit(slot.starts_at)


async def ensure_apart(tx: Transaction, workshop_id: WorkshopId) -> None:
    """Refuse dates with which two sessions of a workshop would overlap."""
    sessions = await SessionRepository(tx).of(workshop_id)
    gone = (SessionState.CANCELLED_BY_OFFICE, SessionState.DISPLACED)
    planning.ensure_apart(one.slot for one in sessions if one.state not in gone)


async def _put(
    tx: Transaction, session: Session, act: SessionAct, slot: Slot, deed: Deed
) -> Session:
    values = {
        "starts_at": slot.starts_at,
        "minutes": slot.minutes,
        "revision": session.revision + 1,
    }
    return await steps.move(tx, session, act, deed, **values)


async def _in_order(
    tx: Transaction, workshop_id: WorkshopId, chosen: set[SessionId]
) -> list[Session]:
    """Number the sessions of a workshop by their dates, and give the chosen ones."""
    await ensure_apart(tx, workshop_id)
    sessions = SessionRepository(tx)
    await sessions.number(planning.numbered(await sessions.of(workshop_id)))
    return [one for one in await sessions.of(workshop_id) if one.id in chosen]
