"""Agreeing to what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.repository.consents import ConsentRepository
from bot.kit.keeping import KEPT_FOR, Kind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, Consent
    from bot.kit.database import Transaction


async def agree(tx: Transaction, *, given: Consent) -> None:
    """Keep that a person agreed to a text; a second time changes nothing."""
    await ConsentRepository(tx).add_new(given)


async def consents_of(tx: Transaction, *, citizen_id: CitizenId) -> list[Consent]:
    """List what a person agreed to."""
    return await ConsentRepository(tx).of_citizen(citizen_id)


async def forget_consents(tx: Transaction, *, now: datetime) -> int:
    """Forget who agreed long ago, and count them; they are asked again."""
    return await ConsentRepository(tx).forget_before(now - KEPT_FOR[Kind.CONSENT])
