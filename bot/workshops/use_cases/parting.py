"""What becomes of a person's registrations when they are forgotten: places stay counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.model import Actor, Deed, RegistrationAct, RegistrationState
from bot.workshops.repository.parting import PartingRepository
from bot.workshops.use_cases import steps
from bot.workshops.use_cases.checks import is_mere_draft

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.workshops.model import Registration
    from bot.workshops.model.parting import KeptBesides


async def places_left(
    tx: Transaction, *, citizen_id: CitizenId
) -> tuple[list[Registration], bool]:
    """List the places that a person has, and say whether they wait for others.

    Who has a place is expected there, and is told when it is moved: so it is given back first.
    """
    repository = PartingRepository(tx, citizen_id)
    placed = await repository.in_states(RegistrationState.HELD, RegistrationState.CONFIRMED)
    return placed, await repository.is_in_line()


async def registrations_of_payer(tx: Transaction, *, citizen_id: CitizenId) -> list[Registration]:
    """List all that a person ever registered, the first one first."""
    return await PartingRepository(tx, citizen_id).in_states(*RegistrationState)


async def kept_besides(tx: Transaction, *, citizen_id: CitizenId) -> KeptBesides:
    """Gather what is kept of a person's places besides the registrations themselves."""
    return await PartingRepository(tx, citizen_id).besides()


@steps.whole
async def forget_payer(
    tx: Transaction, *, citizen_id: CitizenId, number: int, now: datetime
) -> None:
    """Leave the drafts, and write a number that leads to nobody on all registrations.

    Nobody has a place any more by then, or waits for one: see `places_left`.
    """
    repository = PartingRepository(tx, citizen_id)
    deed = Deed(Actor.citizen(citizen_id), now)
    for draft in await repository.in_states(RegistrationState.DRAFT):
        if is_mere_draft(draft):
            await steps.move(tx, draft, RegistrationAct.ABANDON, deed)
    await repository.renumber(number)
