"""Workshops of an office as a workbook has them: as they stand, and entered as it says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.text import normalise
from bot.workshops.model import Offered, SessionState, WorkshopState
from bot.workshops.repository import SessionRepository, WorkshopRepository
from bot.workshops.rules import book as rules
from bot.workshops.rules.publishing import NOT_OVER
from bot.workshops.use_cases import steps
from bot.workshops.use_cases.drafting import draft, set_details, set_sessions, set_terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.workshops.model import Workshop, Written


async def offered(tx: Transaction, *, office_id: str) -> list[Offered]:
    """List the workshops of an office that are not over, drafts too, the first one first."""
    return await _as_they_stand(tx, await WorkshopRepository(tx).in_states(office_id, NOT_OVER))


@steps.whole
async def enter(
    tx: Transaction,
    *,
    written: Sequence[Written],
    calendar: OfficeCalendar,
    actor: Staff,
    now: datetime,
) -> list[Workshop] | None:
    """Make a draft of each new workshop and say of others what is said otherwise; all or none.

    The new drafts are the answer; None, and nothing is done, where what stands is no longer what
    was seen: for a new one, that no draft has its title. Raises what the use cases of drafting
    raise.
    """
    ids = {one.workshop_id for one in written if one.workshop_id is not None}
    locked = (await WorkshopRepository(tx).lock(ids)).values() if ids else ()
    stand = {one.workshop.id: one for one in await _as_they_stand(tx, list(locked))}
    before = [None if one.workshop_id is None else stand.get(one.workshop_id) for one in written]
    pairs = list(zip(written, before, strict=True))
    if any(one.seen != ("" if old is None else old.digest) for one, old in pairs):
        return None
    if await _is_drafted(tx, actor.office_id, [one for one in written if not one.seen]):
        return None
    drafts = []
    for one, old in pairs:
        if old is None:
            at_hand = await draft(tx, details=one.details, actor=actor, now=now)
            drafts.append(at_hand)
        else:
            at_hand = old.workshop
            if one.details != at_hand.details:
                await set_details(
                    tx, workshop_id=at_hand.id, details=one.details, actor=actor, now=now
                )
        parts = rules.changed_parts(one, old)
        if rules.TERMS in parts:
            await set_terms(tx, workshop_id=at_hand.id, text=one.terms, actor=actor, now=now)
        if rules.SLOTS in parts:
            await set_sessions(
                tx,
                workshop_id=at_hand.id,
                slots=one.slots,
                calendar=calendar,
                actor=actor,
                now=now,
                is_on_days_off=one.details.is_on_days_off,
            )
    return drafts


async def _is_drafted(tx: Transaction, office_id: str, new: Sequence[Written]) -> bool:
    """True where a draft has the title of a new workshop: the same workbook may be sent twice."""
    titles = {normalise(one.details.title) for one in new}
    drafts = await WorkshopRepository(tx).in_states(office_id, {WorkshopState.DRAFT})
    return any(normalise(one.details.title) in titles for one in drafts)


async def _as_they_stand(tx: Transaction, workshops: Sequence[Workshop]) -> list[Offered]:
    terms = await WorkshopRepository(tx).terms_of([one.id for one in workshops])
    sessions = await SessionRepository(tx).of_all([one.id for one in workshops])
    return [
        Offered(
            one,
            terms.get(one.id, ""),
            tuple(
                session.slot
                for session in sessions.get(one.id, ())
                if session.state is not SessionState.CANCELLED_BY_OFFICE
            ),
        )
        for one in workshops
    ]
