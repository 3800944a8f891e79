"""How a held place becomes a citizen's: paid from the wallet, or kept while a bank takes its time.

What was asked for under a key is done once: the same key again gives what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.errors import StepRefused
from bot.workshops.model import (
    Actor,
    Deed,
    Entity,
    RegistrationAct,
    RegistrationState,
    WaitingAct,
    WaitingState,
)
from bot.workshops.repository import RegistrationRepository, WaitingRepository
from bot.workshops.rules import deadlines, registering, states
from bot.workshops.use_cases import checks, fees, line, steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import Policy, Registration, RegistrationId


@steps.whole
async def confirm(
    tx: Transaction,
    *,
    registration_ids: Sequence[RegistrationId],
    payer_id: CitizenId,
    now: datetime,
    is_clash_accepted: bool = False,
    key: str | None = None,
) -> tuple[Registration, ...]:
    """Pay for held places from the wallet of the payer, all or none.

    Places that were offered to the line are paid for together, and with that the offer is
    accepted. Raises InsufficientFunds with what all cost, OfferOver, TermsNotAccepted where they
    changed meanwhile, TimesClash for an offer, StepRefused, and RegistrationNotOpen.
    """
    deed = Deed(Actor.citizen(payer_id), now, key=key)
    workshop, named = await steps.with_registrations(tx, registration_ids, deed.actor)
    found = await _with_companions(tx, named)
    if await steps.is_done(tx, key):
        return tuple(found)
    for one in found:
        states.REGISTRATION.after(one.state, RegistrationAct.PAY, deed.actor)
        registering.ensure_payable(workshop, one, now)
    sessions = await checks.ensure_meets(tx, workshop)
    entry_ids = {one.waiting_entry_id for one in found if one.waiting_entry_id is not None}
    await checks.ensure_consented(tx, workshop, found)
    if entry_ids and not is_clash_accepted:
        await checks.ensure_no_clash(tx, sessions, found)
    await fees.ensure_can_pay(tx, workshop, found)
    waiting = WaitingRepository(tx)
    for entry_id in sorted(entry_ids):
        entry = await waiting.find(entry_id)
        if entry is not None and entry.state is WaitingState.OFFERED:
            await steps.move(tx, entry, WaitingAct.ACCEPT, Deed(deed.actor, now))
    return tuple(
        [
            await line.confirm(tx, workshop, held, one)
            for held, one in zip(found, line.first_with_key(deed), strict=False)
        ]
    )


@steps.whole
async def await_bank(
    tx: Transaction,
    *,
    registration_ids: Sequence[RegistrationId],
    payer_id: CitizenId,
    calendar: OfficeCalendar,
    now: datetime,
    policy: Policy,
) -> tuple[Registration, ...]:
    """Keep held places longer, once, for somebody who sends the money by bank.

    They are kept for some working days, an offered one not past the deadline. Raises OfferOver
    and StepRefused.
    """
    deed = Deed(Actor.citizen(payer_id), now)
    workshop, named = await steps.with_registrations(tx, registration_ids, deed.actor)
    found = await _with_companions(tx, named)
    first = await checks.first_session_at(tx, workshop)
    kept: list[Registration] = []
    for one in found:
        act = RegistrationAct.AWAIT_BANK
        states.REGISTRATION.after(one.state, act, deed.actor)
        registering.ensure_payable(workshop, one, now)
        assert one.expires_at is not None
        latest = first if one.waiting_entry_id is None else workshop.closes_at
        until = deadlines.bank_hold_until(calendar, now, policy, latest=latest)
        if one.is_bank_awaited:
            raise StepRefused(Entity.REGISTRATION, one.state, act)
        values = {"is_bank_awaited": True, "expires_at": max(until, one.expires_at)}
        kept.append(await steps.move(tx, one, act, deed, **values))
    await _keep_offers(tx, kept)
    return tuple(kept)


async def _with_companions(tx: Transaction, named: Sequence[Registration]) -> list[Registration]:
    """Add those who wait together with the ones that were named; who left them is left out."""
    registrations = RegistrationRepository(tx)
    found = {one.id: one for one in named}
    for entry_id in {one.waiting_entry_id for one in named if one.waiting_entry_id is not None}:
        companions = await registrations.of_entry(entry_id)
        found |= {one.id: one for one in companions if one.state is RegistrationState.HELD}
    return [found[one] for one in sorted(found)]


async def _keep_offers(tx: Transaction, kept: Sequence[Registration]) -> None:
    """Let an offer last as long as the places that it keeps."""
    waiting = WaitingRepository(tx)
    for one in kept:
        entry = None
        if one.waiting_entry_id is not None:
            entry = await waiting.find(one.waiting_entry_id)
        if entry is not None and entry.state is WaitingState.OFFERED:
            await waiting.change(entry, expires_at=one.expires_at)
