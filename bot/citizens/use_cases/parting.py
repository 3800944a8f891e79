"""Being forgotten: what this room keeps of a person is deleted, for good."""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.citizens import rules
from bot.citizens.repository.parting import PartingRepository
from bot.kit.jalali import tehran_day

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


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
