"""Agreeing to what is kept, and being forgotten: what this room keeps is deleted, for good."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.citizens import rules
from bot.citizens.repository.parting import ConsentRepository, PartingRepository
from bot.kit.jalali import tehran_day
from bot.kit.keeping import KEPT_FOR, Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
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


@asynccontextmanager
async def parting_of(
    tx: Transaction, *, citizen_id: CitizenId, now: datetime
) -> AsyncIterator[int]:
    """Forget a person: in the block other rooms put the number that it gives in place of theirs.

    The number is drawn at random and leads to nobody, for whose it was is written down nowhere.
    """
    repository = PartingRepository(tx, citizen_id)
    number = rules.nobodys_number(secrets.randbits)
    await repository.begin(number)
    yield number
    await repository.forget(number)
    await repository.end(number, tehran_day(now))
