"""How staff steer a workshop that was shown: a pause, a decision about the quorum, an end.

Each raises NoSuchWorkshop for a workshop of another office, and StepRefused and NotTheirStep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.model import (
    Actor,
    CancelReason,
    Deed,
    RegistrationState,
    SessionAct,
    WorkshopAct,
)
from bot.workshops.repository import RegistrationRepository, SessionRepository
from bot.workshops.rules import deadlines, publishing, states
from bot.workshops.use_cases import checks, ending, line, steps

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        MakeUp,
        Policy,
        Promotion,
        Registration,
        RegistrationId,
        Workshop,
        WorkshopId,
    )


async def pause(
    tx: Transaction, *, workshop_id: WorkshopId, actor: Staff, reason: str, now: datetime
) -> Workshop:
    """Let nobody register for the time being; those who wait still get what is freed."""
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    return await steps.move(tx, workshop, WorkshopAct.PAUSE, deed)


@steps.whole
async def resume(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    actor: Staff,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> tuple[Workshop, tuple[Promotion, ...]]:
    """Let people register again."""
    deed = Deed(Actor.staff(actor), now)
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    resumed = await steps.move(tx, workshop, WorkshopAct.RESUME, deed)
    promoted = await line.promote(tx, workshop_id, calendar=calendar, policy=policy, now=now)
    return resumed, promoted


@steps.whole
async def extend(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    closes_at: datetime,
    actor: Staff,
    now: datetime,
) -> Workshop:
    """Give a workshop that fell short more time, once; the cutoff for dropping moves with it.

    Raises AlreadyExtended and DeadlineUnfit.
    """
    deed = Deed(Actor.staff(actor), now)
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    states.WORKSHOP.after(workshop.state, WorkshopAct.EXTEND, deed.actor)
    first = await checks.first_session_at(tx, workshop)
    publishing.ensure_extendable(workshop, closes_at, first, now)
    values = {
        "closes_at": closes_at,
        "drop_until": deadlines.drop_until(closes_at),
        "is_extended": True,
        "grace_until": None,
    }
    return await steps.move(tx, workshop, WorkshopAct.EXTEND, deed, **values)


async def run_anyway(
    tx: Transaction, *, workshop_id: WorkshopId, actor: Staff, now: datetime
) -> Workshop:
    """Let a workshop take place although too few people came together."""
    deed = Deed(Actor.staff(actor), now)
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    return await steps.move(tx, workshop, WorkshopAct.RUN_ANYWAY, deed)


@steps.whole
async def fail_quorum(
    tx: Transaction, *, workshop_id: WorkshopId, actor: Staff, now: datetime
) -> tuple[Workshop, tuple[Registration, ...]]:
    """Let a workshop fail before the grace is over; the fees go back (KN-16)."""
    deed = Deed(Actor.staff(actor), now)
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    return await ending.fail(tx, workshop, deed)


@steps.whole
async def cancel(
    tx: Transaction,
    *,
    workshop_id: WorkshopId,
    actor: Staff,
    reason: str,
    now: datetime,
    policy: Policy,
) -> tuple[Workshop, tuple[MakeUp, ...]]:
    """Cancel a whole workshop: every session that was not held is owed (KN-18).

    The line is closed and places that were not paid for are free; who has a confirmed place keeps
    it, with what is owed. Where nobody has, nothing is owed and nothing is left to settle.
    """
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    workshop = await steps.locked(tx, workshop_id, deed.actor)
    cancelled = await steps.move(tx, workshop, WorkshopAct.CANCEL, deed)
    await ending.close_line(tx, workshop_id, now)
    await ending.end_unpaid(tx, workshop_id, now)
    confirmed = await RegistrationRepository(tx).of_workshop(
        workshop_id, [RegistrationState.CONFIRMED]
    )
    owed: list[MakeUp] = []
    off = deed.consequence
    for session in await SessionRepository(tx).of(workshop_id):
        if states.SESSION.can(session.state, SessionAct.CANCEL):
            why = CancelReason.WORKSHOP_CANCELLED
            owed += await ending.cancel_session(tx, session, confirmed, why, off, policy=policy)
    settled = await ending.settle_if_nothing_is_owed(tx, cancelled, now)
    return settled, tuple(owed)


@steps.whole
async def credit(
    tx: Transaction,
    *,
    registration_id: RegistrationId,
    actor: Staff,
    reason: str,
    now: datetime,
) -> Registration:
    """Give a fee back instead of what is owed, because the citizen asks and a manager agrees.

    It is for workshops that the office cancelled; StepRefused for any other.
    """
    deed = Deed(Actor.staff(actor), now, publishing.fit_reason(reason))
    return await ending.credit_instead(tx, registration_id, deed)
