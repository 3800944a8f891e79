"""Freed places go to the line at once, in the very transaction that frees them."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.kit.savepoints import whole
from bot.wallet.errors import InsufficientFunds
from bot.workshops.model import (
    Promotion,
    RegistrationAct,
    RegistrationState,
    SessionState,
    WaitingAct,
    by_clock,
)
from bot.workshops.repository import (
    RegistrationRepository,
    SessionRepository,
    WaitingRepository,
    WorkshopRepository,
)
from bot.workshops.rules import deadlines, registering
from bot.workshops.use_cases import fees, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.kit.database import Transaction
    from bot.workshops.model import (
        Deed,
        Policy,
        Registration,
        Session,
        WaitingEntry,
        Workshop,
        WorkshopId,
    )


async def release(
    tx: Transaction,
    workshop_id: WorkshopId,
    count: int,
    *,
    calendar: OfficeCalendar,
    policy: Policy,
    now: datetime,
) -> tuple[Promotion, ...]:
    """Give places back, and on to whoever comes next."""
    if count:
        await WorkshopRepository(tx).release_places(workshop_id, count)
    return await promote(tx, workshop_id, calendar=calendar, policy=policy, now=now)


async def promote(
    tx: Transaction,
    workshop_id: WorkshopId,
    *,
    calendar: OfficeCalendar,
    policy: Policy,
    now: datetime,
) -> tuple[Promotion, ...]:
    """Give free places to the line, first come first served; a group gets all of its places.

    Who asked for it and can pay has them at once, anybody else is asked. Whose learner has grown
    out of the workshop meanwhile is passed over, whole group and all, and the next one comes.
    """
    promoted: list[Promotion] = []
    line = await WaitingRepository(tx).line(workshop_id)
    sessions = await SessionRepository(tx).of(workshop_id) if line else []
    while True:
        workshop = await WorkshopRepository(tx).find(workshop_id)
        assert workshop is not None
        first = registering.first_in_line(line)
        if first is None or not (workshop.free_count and registering.can_promote(workshop, now)):
            return tuple(promoted)
        drafts = await waiting_drafts(tx, first)
        if not await _fit(tx, workshop, sessions, drafts):
            promoted.append(await _passed_over(tx, first, drafts, now))
        elif registering.next_in_line(line, workshop.free_count) is not None:
            until = deadlines.offer_until(calendar, now, policy, latest=workshop.closes_at)
            promoted.append(await _promoted(tx, workshop, first, drafts, until=until, now=now))
        else:
            return tuple(promoted)
        line = [entry for entry in line if entry.id != first.id]


async def _fit(
    tx: Transaction,
    workshop: Workshop,
    sessions: Sequence[Session],
    drafts: Sequence[Registration],
) -> bool:
    """Count ages again: dates move, and with them the day on which ages are counted."""
    births = await citizens.births_of(tx, learner_ids={one.learner_id for one in drafts})
    first_on = registering.first_day(sessions)
    details = workshop.details
    return all(registering.fits_age(details, born, first_on) for born in births.values())


async def _passed_over(
    tx: Transaction, entry: WaitingEntry, drafts: Sequence[Registration], now: datetime
) -> Promotion:
    """End a turn for which there is no place any more; nothing was held for it."""
    deed = by_clock(now)
    ended = await steps.move(tx, entry, WaitingAct.SKIP, deed)
    gone = [await steps.move(tx, one, RegistrationAct.ABANDON, deed) for one in drafts]
    return Promotion(ended, tuple(gone))


async def _promoted(
    tx: Transaction,
    workshop: Workshop,
    entry: WaitingEntry,
    drafts: Sequence[Registration],
    *,
    until: datetime,
    now: datetime,
) -> Promotion:
    deed = by_clock(now)
    held = await hold(tx, workshop, drafts, until=until, deed=deed)
    if entry.is_auto_accept and await _is_taken_at_once(tx, workshop, drafts):
        taken = await _taken(tx, workshop, entry, held, deed)
        if taken is not None:
            return taken
    offered = await steps.move(tx, entry, WaitingAct.OFFER, deed, expires_at=until)
    return Promotion(offered, tuple(held))


async def _taken(
    tx: Transaction,
    workshop: Workshop,
    entry: WaitingEntry,
    held: Sequence[Registration],
    deed: Deed,
) -> Promotion | None:
    """Pay for places at once; None where the money went elsewhere since it was looked at.

    What somebody spends in another workshop is no reason to refuse who just gave a place back.
    """
    try:
        async with whole(tx):
            taken = await steps.move(tx, entry, WaitingAct.AUTO_ACCEPT, deed)
            paid = [await confirm(tx, workshop, one, deed) for one in held]
    except InsufficientFunds:
        return None
    return Promotion(taken, tuple(paid))


async def waiting_drafts(tx: Transaction, entry: WaitingEntry) -> list[Registration]:
    """List the registrations that wait in a turn; they are as many as its places."""
    found = await RegistrationRepository(tx).of_entry(entry.id)
    drafts = [one for one in found if one.state is RegistrationState.DRAFT]
    assert len(drafts) == entry.size, entry
    return drafts


async def hold(
    tx: Transaction,
    workshop: Workshop,
    drafts: Sequence[Registration],
    *,
    until: datetime,
    deed: Deed,
) -> list[Registration]:
    """Take a place for each draft until a moment; there is room, and the workshop is locked."""
    are_taken = await WorkshopRepository(tx).take_places(workshop.id, len(drafts))
    assert are_taken, workshop
    act = RegistrationAct.HOLD
    return [
        await steps.move(tx, draft, act, one, expires_at=until)
        for draft, one in zip(drafts, first_with_key(deed), strict=False)
    ]


def first_with_key(deed: Deed) -> Iterator[Deed]:
    """Let the first of several steps bear the key of what was asked for, and the others none."""
    return chain([deed], repeat(replace(deed, key=None)))


async def confirm(
    tx: Transaction, workshop: Workshop, held: Registration, deed: Deed
) -> Registration:
    """Pay for a held place from the wallet, and confirm it. Raises InsufficientFunds."""
    act = RegistrationAct.PAY
    journal_id = await fees.settle(tx, workshop, held, act, deed)
    return await steps.move(tx, held, act, deed, journal_id=journal_id)


async def find_clash(
    tx: Transaction,
    sessions: Sequence[Session],
    registrations: Sequence[Registration],
    *,
    besides: Collection[WorkshopId] = (),
) -> tuple[Session, Session] | None:
    """Find one of the sessions of a workshop that overlaps one that a learner has in another."""
    learner_ids = {one.learner_id for one in registrations}
    elsewhere = {one.workshop_id for one in registrations} | set(besides)
    others = await SessionRepository(tx).of_learners(learner_ids, besides=elsewhere)
    return registering.clash(sessions, others)


async def is_meeting(tx: Transaction, workshop: Workshop, sessions: Sequence[Session]) -> bool:
    """True where one of its sessions stands, or is owed for one that was cancelled."""
    gone = SessionState.CANCELLED_BY_OFFICE
    if any(one.state is not gone for one in sessions):
        return True
    return any(not one.is_settled for one in await SessionRepository(tx).make_ups(workshop.id))


async def is_consented(
    tx: Transaction, workshop: Workshop, registrations: Sequence[Registration]
) -> bool:
    """True where the terms that hold now were accepted for each of them."""
    ids = {one.id for one in registrations}
    consents = await RegistrationRepository(tx).consents(ids, workshop.terms_version)
    return consents.keys() == ids


async def _is_taken_at_once(
    tx: Transaction, workshop: Workshop, drafts: Sequence[Registration]
) -> bool:
    """Check again what was right when they joined: the money, the terms, and the hours."""
    sessions = await SessionRepository(tx).of(workshop.id)
    return (
        await fees.can_pay(tx, workshop, drafts)
        and await is_meeting(tx, workshop, sessions)
        and await is_consented(tx, workshop, drafts)
        and await find_clash(tx, sessions, drafts) is None
    )
