"""What is owed for sessions that the office cancelled: given a date, told, or waived (KN-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.errors import NoSuchSession, NoSuchWorkshop
from bot.workshops.model import CLOCK, Actor, Deed, MakeUpAct, by_clock
from bot.workshops.repository import SessionRepository
from bot.workshops.rules import planning, publishing, states
from bot.workshops.use_cases import ending, meetings, steps

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.workshops.model import MakeUp, MakeUpId, Policy, Session, Slot, Workshop


@steps.whole
async def schedule_make_up(
    tx: Transaction,
    *,
    make_up_id: MakeUpId,
    slot: Slot,
    actor: Staff,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> tuple[MakeUp, Session]:
    """Give what is owed a session of its own.

    Raises NoSuchSession for what another office owes, SessionOnClosedDay, SessionsClash,
    NoticeTooShort and StepRefused.
    """
    deed = Deed(Actor.staff(actor), now)
    workshop, owed = await found(tx, make_up_id, deed.actor)
    states.MAKE_UP.after(owed.state, MakeUpAct.SCHEDULE, deed.actor)
    meetings.ensure_dated(workshop, None, slot, calendar, policy, now=now)
    sessions = SessionRepository(tx)
    there = await sessions.of(workshop.id)
    added = await sessions.add(workshop.id, len(there) + 1, slot)
    await meetings.ensure_apart(tx, workshop.id)
    await sessions.number(planning.numbered([*there, added]))
    scheduled = await steps.move(tx, owed, MakeUpAct.SCHEDULE, deed, new_session_id=added.id)
    numbered = await sessions.find(added.id)
    assert numbered is not None
    return scheduled, numbered


async def mark_told(tx: Transaction, *, make_up_id: MakeUpId, now: datetime) -> MakeUp:
    """Note that those to whom it is owed were told the date."""
    _workshop, owed = await found(tx, make_up_id, CLOCK)
    return await steps.move(tx, owed, MakeUpAct.NOTIFY, by_clock(now))


@steps.whole
async def waive_make_up(
    tx: Transaction, *, make_up_id: MakeUpId, actor: Staff, reason: str, now: datetime
) -> MakeUp:
    """Note that nothing is owed any more, because all agreed to credit instead.

    A session that was to make up for it is cancelled.

    What they get for it is decided about each: a service credit, or the fee of a cancelled
    workshop (`credit`), which ends what is owed by itself.
    """
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    workshop, owed = await found(tx, make_up_id, deed.actor)
    waived = await ending.end_debt(tx, owed, deed)
    await ending.settle_if_nothing_is_owed(tx, workshop, now)
    return waived


async def found(tx: Transaction, make_up_id: MakeUpId, actor: Actor) -> tuple[Workshop, MakeUp]:
    """Find what the office of who asks owes, and lock its workshop. Raises NoSuchSession."""
    sessions = SessionRepository(tx)
    owed = await sessions.make_up(make_up_id)
    if owed is None:
        raise NoSuchSession
    try:
        workshop = await steps.locked(tx, owed.workshop_id, actor)
    except NoSuchWorkshop:
        raise NoSuchSession from None
    again = await sessions.make_up(make_up_id)
    assert again is not None
    return workshop, again
