"""What all conversations about registering need: who presses where, and what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.constants import ChatType

from bot.citizens import use_cases as citizens
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import Actor, RegistrationState
from handlers.callback_data import StaleButton
from handlers.views.workshops.registering_words import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Update

    from bot.calendar.model import OfficeCalendar
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Learner, LearnerId
    from bot.workshops.model import (
        Registration,
        RegistrationId,
        WaitingEntryId,
        Workshop,
    )
    from handlers.context import DeskContext

_LOOKED_AT: Final = 100
_TOGETHER: Final = (RegistrationState.DRAFT, RegistrationState.HELD)


def ensure_private(update: Update) -> None:
    """Say nothing of anybody's learners where others read. Raises StaleButton."""
    chat = update.effective_chat
    if chat is not None and chat.type != ChatType.PRIVATE:
        raise StaleButton


def citizen(context: DeskContext) -> Actor:
    """Whoever presses, as a citizen."""
    return Actor.citizen(context.unit.citizen.id)


def published_by(context: DeskContext, workshop: Workshop) -> OfficeCatalogue:
    """Find the office of a workshop. Raises StaleButton where it has left the desk."""
    published = context.unit.desk.catalogue.find(workshop.office_id)
    if published is None:
        raise StaleButton
    return published


async def calendar_of(context: DeskContext, workshop: Workshop) -> OfficeCalendar:
    """Read the calendar of the office of a workshop. Raises StaleButton as `published_by`."""
    return await context.calendar(published_by(context, workshop).office.id)


async def own_learners(context: DeskContext) -> dict[LearnerId, Learner]:
    """List those whom this person registers."""
    unit = context.unit
    found = await citizens.learners_of(
        unit.tx, guardian_id=unit.citizen.id, keyring=unit.desk.keyring
    )
    return {one.id: one for one in found}


async def sheet_of(
    context: DeskContext, workshop: Workshop, registrations: Sequence[Registration]
) -> Sheet:
    """Collect all that the pages about some registrations of one's own say."""
    unit, published = context.unit, published_by(context, workshop)
    office_id, citizen_id = published.office.id, unit.citizen.id
    assert registrations
    assert all(one.payer_id == citizen_id for one in registrations)
    return Sheet(
        words=context.words,
        published=published,
        workshop=workshop,
        registrations=tuple(registrations),
        learners=await own_learners(context),
        sessions=await workshops.sessions(unit.tx, workshop_id=workshop.id),
        balance=await wallet.balance(unit.tx, office_id=office_id, citizen_id=citizen_id),
        now=unit.now,
        turn=await workshops.turn_of(unit.tx, registration=registrations[0]),
        national_ids=workshops.masked_national_ids(registrations, unit.desk.keyring),
        claimed_rial=await wallet.claimed_rial(
            unit.tx, office_id=office_id, citizen_id=citizen_id
        ),
    )


async def own_sheet(context: DeskContext, registration_id: RegistrationId) -> Sheet:
    """Find a registration of one's own, with those that go together with it.

    Raises NoSuchRegistration.
    """
    workshop, found = await workshops.registration(
        context.unit.tx, registration_id=registration_id, actor=citizen(context)
    )
    return await sheet_of(context, workshop, await _together(context, found))


async def own_sheet_of_all(context: DeskContext, ids: Sequence[RegistrationId]) -> Sheet:
    """Find registrations of one's own in one workshop. Raises NoSuchRegistration, StaleButton."""
    found: list[Registration] = []
    of: dict[int, Workshop] = {}
    for one in ids:
        workshop, registration = await workshops.registration(
            context.unit.tx, registration_id=one, actor=citizen(context)
        )
        found.append(registration)
        of[workshop.id] = workshop
    if len(of) != 1:
        raise StaleButton
    return await sheet_of(context, next(iter(of.values())), found)


async def turn_sheet(context: DeskContext, entry_id: WaitingEntryId) -> Sheet:
    """Find what waits in a turn of one's own. Raises NoSuchTurn, StaleButton."""
    unit = context.unit
    workshop, entry, _standing = await workshops.explain_standing(
        unit.tx, entry_id=entry_id, actor=citizen(context)
    )
    own = await workshops.registrations_of(unit.tx, payer_id=unit.citizen.id, limit=_LOOKED_AT)
    found = [one for one in own if one.waiting_entry_id == entry.id]
    if not found:
        raise StaleButton
    return await sheet_of(context, workshop, sorted(found, key=lambda one: one.id))


async def _together(context: DeskContext, found: Registration) -> list[Registration]:
    """Add those that were begun or are kept together with one; an ended one stands alone."""
    if found.state not in _TOGETHER:
        return [found]
    own = await workshops.registrations_of(
        context.unit.tx, payer_id=found.payer_id, states=[found.state], limit=_LOOKED_AT
    )
    mates = [one for one in own if _go_together(one, found) or one.id == found.id]
    return sorted(mates, key=lambda one: (one.id != found.id, one.id))


def _go_together(one: Registration, other: Registration) -> bool:
    if one.workshop_id != other.workshop_id or one.waiting_entry_id != other.waiting_entry_id:
        return False
    if one.waiting_entry_id is not None or one.state is RegistrationState.HELD:
        return one.expires_at == other.expires_at
    return one.made_at == other.made_at
