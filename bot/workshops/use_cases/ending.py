"""How workshops end, and what ends with them: lines, unpaid places, sessions, what is owed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.workshops.errors import StepRefused
from bot.workshops.model import (
    CancelReason,
    Entity,
    MakeUpAct,
    RegistrationAct,
    RegistrationState,
    SessionAct,
    SessionState,
    WaitingAct,
    WorkshopAct,
    WorkshopState,
    by_clock,
)
from bot.workshops.repository import (
    RegistrationRepository,
    SessionRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import money, states
from bot.workshops.use_cases import fees, steps, waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Deed,
        MakeUp,
        Policy,
        Registration,
        RegistrationId,
        Session,
        Workshop,
        WorkshopId,
    )

_DELIVERED = (SessionState.HELD, SessionState.SETTLED)


async def close_line(tx: Transaction, workshop_id: WorkshopId, now: datetime) -> None:
    """End every turn in a line, and free the places that were offered."""
    deed = by_clock(now)
    for entry in await WaitingRepository(tx).line(workshop_id):
        ended = await waiting.end_turn(tx, entry, WaitingAct.CLOSE, RegistrationAct.EXPIRE, deed)
        await _free(tx, workshop_id, sum(before.has_place for before, _after in ended))


async def end_drafts(tx: Transaction, workshop_id: WorkshopId, now: datetime) -> None:
    """End what was begun and not brought to a place."""
    drafts = await RegistrationRepository(tx).of_workshop(workshop_id, [RegistrationState.DRAFT])
    for draft in drafts:
        await steps.move(tx, draft, RegistrationAct.ABANDON, by_clock(now))


async def end_unpaid(tx: Transaction, workshop_id: WorkshopId, now: datetime) -> None:
    """End every registration without a confirmed place, and free the places that were held."""
    await end_drafts(tx, workshop_id, now)
    held = await RegistrationRepository(tx).of_workshop(workshop_id, [RegistrationState.HELD])
    for one in held:
        await steps.move(tx, one, RegistrationAct.EXPIRE, by_clock(now))
    await _free(tx, workshop_id, len(held))


async def fail(
    tx: Transaction, workshop: Workshop, deed: Deed
) -> tuple[Workshop, tuple[Registration, ...]]:
    """Let a workshop fail for want of a quorum: each fee goes back, once, under a key of its own.

    Its sessions will not take place, and nothing is owed for them.
    """
    failed = await steps.move(tx, workshop, WorkshopAct.FAIL, deed)
    await close_line(tx, workshop.id, deed.at)
    await end_unpaid(tx, workshop.id, deed.at)
    confirmed = await RegistrationRepository(tx).of_workshop(
        workshop.id, [RegistrationState.CONFIRMED]
    )
    credited: list[Registration] = []
    for session in await SessionRepository(tx).of(workshop.id):
        if states.SESSION.can(session.state, SessionAct.CANCEL):
            why = CancelReason.WORKSHOP_CANCELLED
            off = deed.consequence
            await steps.move(tx, session, SessionAct.CANCEL, off, cancel_reason=why)
    for owed in await SessionRepository(tx).make_ups(workshop.id):
        if not owed.is_settled:
            await end_debt(tx, owed, by_clock(deed.at))
    for one in confirmed:
        act, key = RegistrationAct.CREDIT, money.quorum_key(one)
        await fees.settle(tx, workshop, one, act, deed, key=key)
        credited.append(await steps.move(tx, one, act, by_clock(deed.at)))
    await _free(tx, workshop.id, len(confirmed))
    return failed, tuple(credited)


async def cancel_session(
    tx: Transaction,
    session: Session,
    confirmed: Sequence[Registration],
    why: CancelReason,
    deed: Deed,
    *,
    act: SessionAct = SessionAct.CANCEL,
    policy: Policy,
) -> list[MakeUp]:
    """Cancel a session; a make-up is owed to those who have a place, if anybody has.

    Where it was to make up for another one, that one is owed again, and not twice.
    """
    owed_again = await SessionRepository(tx).made_up_in(session.id)
    if owed_again is not None and not owed_again.is_settled:
        act_of_debt = MakeUpAct.LOSE_DATE
        lost = deed.consequence
        owed_again = await steps.move(tx, owed_again, act_of_debt, lost, new_session_id=None)
    cancelled = await steps.move(tx, session, act, deed, cancel_reason=why)
    if owed_again is not None:
        return [] if owed_again.is_settled else [owed_again]
    if not confirmed:
        return []
    due_at = deed.at + timedelta(days=policy.make_up_within_days)
    owed = await SessionRepository(tx).owe(
        cancelled, [one.id for one in confirmed], owed_at=deed.at, due_at=due_at
    )
    about, between = (Entity.MAKE_UP, owed.id), (None, owed.state)
    await steps.note(tx, session.workshop_id, about, "owe", between, deed=deed.consequence)
    return [owed]


async def credit_instead(
    tx: Transaction, registration_id: RegistrationId, deed: Deed
) -> Registration:
    """Give the fee of a cancelled workshop back, with which nothing is owed any more."""
    workshop, (found,) = await steps.with_registrations(tx, [registration_id], deed.actor)
    act = RegistrationAct.CREDIT
    states.REGISTRATION.after(found.state, act, deed.actor)
    if workshop.state is not WorkshopState.CANCELLED_BY_OFFICE:
        raise StepRefused(Entity.REGISTRATION, found.state, act)
    await fees.settle(tx, workshop, found, act, deed)
    credited = await steps.move(tx, found, act, deed)
    sessions = SessionRepository(tx)
    await sessions.end_entitlements([found.id], deed.at)
    await _free(tx, workshop.id, 1)
    await end_debts_to_nobody(tx, workshop, deed.at)
    return credited


async def end_debts_to_nobody(tx: Transaction, workshop: Workshop, now: datetime) -> None:
    """End what a cancelled workshop owes to people who have all left; elsewhere nothing happens.

    Where the workshop goes on, whoever came later takes part in what makes up for a session.
    """
    if workshop.state is not WorkshopState.CANCELLED_BY_OFFICE:
        return
    sessions = SessionRepository(tx)
    for owed in await sessions.make_ups(workshop.id):
        if not owed.is_settled and not await sessions.entitled(owed.id):
            await end_debt(tx, owed, by_clock(now))
    await settle_if_nothing_is_owed(tx, workshop, now)


async def end_debt(tx: Transaction, owed: MakeUp, deed: Deed) -> MakeUp:
    """Note that a session is owed to nobody; the one that was to make up for it is off."""
    ended = await steps.move(tx, owed, MakeUpAct.CREDIT, deed)
    sessions = SessionRepository(tx)
    await sessions.end_entitlements_of(owed.id, deed.at)
    instead = None if owed.new_session_id is None else await sessions.find(owed.new_session_id)
    if instead is not None and instead.is_ahead:
        why = CancelReason.OTHER
        await steps.move(tx, instead, SessionAct.CANCEL, deed.consequence, cancel_reason=why)
    return ended


async def settle_if_nothing_is_owed(
    tx: Transaction, workshop: Workshop, now: datetime
) -> Workshop:
    """Settle a cancelled workshop when each thing owed was made up for or credited.

    The fees of those who kept their places are earned then, but for those who got nothing: no
    session was held, and none was ever owed to them. Elsewhere nothing happens.
    """
    is_cancelled = workshop.state is WorkshopState.CANCELLED_BY_OFFICE
    if not is_cancelled or workshop.settled_at is not None:
        return workshop
    owed = await SessionRepository(tx).make_ups(workshop.id)
    if any(not one.is_settled for one in owed):
        return workshop
    await _give_back_for_nothing(tx, workshop, now)
    await earn_all(tx, workshop, now)
    settled = await WorkshopRepository(tx).change(workshop, settled_at=now)
    assert settled is not None
    return settled


async def _give_back_for_nothing(tx: Transaction, workshop: Workshop, now: datetime) -> None:
    sessions = SessionRepository(tx)
    if any(one.state in _DELIVERED for one in await sessions.of(workshop.id)):
        return
    served = await sessions.ever_entitled(workshop.id)
    confirmed = await RegistrationRepository(tx).of_workshop(
        workshop.id, [RegistrationState.CONFIRMED]
    )
    for one in confirmed:
        if one.id not in served:
            act, deed = RegistrationAct.CREDIT, by_clock(now)
            await fees.settle(tx, workshop, one, act, deed)
            await steps.move(tx, one, act, deed)
            await _free(tx, workshop.id, 1)


async def earn_all(tx: Transaction, workshop: Workshop, now: datetime) -> list[Registration]:
    """Complete the registrations that are confirmed; their fees leave the escrow."""
    confirmed = await RegistrationRepository(tx).of_workshop(
        workshop.id, [RegistrationState.CONFIRMED]
    )
    completed: list[Registration] = []
    for one in confirmed:
        act, deed = RegistrationAct.COMPLETE, by_clock(now)
        await fees.settle(tx, workshop, one, act, deed)
        completed.append(await steps.move(tx, one, act, deed))
    await _free(tx, workshop.id, len(confirmed))
    return completed


async def _free(tx: Transaction, workshop_id: WorkshopId, count: int) -> None:
    if count:
        await WorkshopRepository(tx).release_places(workshop_id, count)
