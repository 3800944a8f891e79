"""What those in a line can do: see where they stand, decline what is offered, and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.errors import NoSuchTurn, NoSuchWorkshop
from bot.workshops.model import (
    By,
    Deed,
    Freed,
    RegistrationAct,
    RegistrationState,
    WaitingAct,
)
from bot.workshops.repository import (
    RegistrationRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import registering, states
from bot.workshops.use_cases import line, steps

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Actor,
        Policy,
        Registration,
        Standing,
        WaitingEntry,
        WaitingEntryId,
        Workshop,
    )


async def explain_standing(
    tx: Transaction, *, entry_id: WaitingEntryId, actor: Actor
) -> tuple[Workshop, WaitingEntry, Standing]:
    """Say why somebody is not promoted yet: who stands before them. Raises NoSuchTurn."""
    waiting = WaitingRepository(tx)
    entry = await waiting.find(entry_id)
    if entry is None or (actor.by is By.CITIZEN and entry.payer_id != actor.id):
        raise NoSuchTurn
    workshop = await WorkshopRepository(tx).find(entry.workshop_id)
    if workshop is None or not steps.is_theirs(workshop, actor):
        raise NoSuchTurn
    turns = await waiting.line(workshop.id)
    return workshop, entry, registering.standing(turns, entry, workshop)


@steps.whole
async def leave_line(
    tx: Transaction,
    *,
    entry_id: WaitingEntryId,
    actor: Actor,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> Freed:
    """Leave a line, with an offer or without. Raises NoSuchTurn and StepRefused."""
    workshop, entry = await _turn(tx, entry_id, actor)
    deed = Deed(actor, now)
    ended = await end_turn(tx, entry, WaitingAct.LEAVE, RegistrationAct.ABANDON, deed)
    return await _freed(tx, workshop, ended, calendar=calendar, policy=policy, now=now)


@steps.whole
async def decline_offer(
    tx: Transaction,
    *,
    entry_id: WaitingEntryId,
    actor: Actor,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> Freed:
    """Say no to what was offered; the next in line is asked. Raises NoSuchTurn, StepRefused."""
    workshop, entry = await _turn(tx, entry_id, actor)
    deed = Deed(actor, now)
    ended = await end_turn(tx, entry, WaitingAct.DECLINE, RegistrationAct.ABANDON, deed)
    return await _freed(tx, workshop, ended, calendar=calendar, policy=policy, now=now)


async def end_turn(
    tx: Transaction, entry: WaitingEntry, act: WaitingAct, then: RegistrationAct, deed: Deed
) -> list[tuple[Registration, Registration]]:
    """End a turn, and what waited in it: gives each registration before and after.

    A place that was held can expire, a draft cannot: nobody kept anything for it.
    """
    await steps.move(tx, entry, act, deed)
    found = await RegistrationRepository(tx).of_entry(entry.id)
    ended: list[tuple[Registration, Registration]] = []
    for one in found:
        if one.state in (RegistrationState.DRAFT, RegistrationState.HELD):
            can = states.REGISTRATION.can(one.state, then)
            step = then if can else RegistrationAct.ABANDON
            ended.append((one, await steps.move(tx, one, step, deed.consequence)))
    return ended


async def _turn(
    tx: Transaction, entry_id: WaitingEntryId, actor: Actor
) -> tuple[Workshop, WaitingEntry]:
    """Find a turn that somebody may act on, and lock its workshop. Raises NoSuchTurn."""
    waiting = WaitingRepository(tx)
    entry = await waiting.find(entry_id)
    if entry is None or (actor.by is By.CITIZEN and entry.payer_id != actor.id):
        raise NoSuchTurn
    try:
        workshop = await steps.locked(tx, entry.workshop_id, actor)
    except NoSuchWorkshop:
        raise NoSuchTurn from None
    again = await waiting.find(entry_id)
    assert again is not None
    return workshop, again


async def _freed(
    tx: Transaction,
    workshop: Workshop,
    ended: list[tuple[Registration, Registration]],
    *,
    calendar: OfficeCalendar,
    policy: Policy,
    now: datetime,
) -> Freed:
    count = sum(before.has_place for before, _after in ended)
    promoted = await line.release(
        tx, workshop.id, count, calendar=calendar, policy=policy, now=now
    )
    return Freed(tuple(after for _before, after in ended), promoted)
