"""How often a person may do what costs others work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import rules
from bot.citizens.errors import SlowDown
from bot.citizens.repository import LimitRepository

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


async def spend(
    tx: Transaction,
    *,
    citizen_id: CitizenId,
    kind: str,
    most: int,
    window: timedelta,
    now: datetime,
) -> None:
    """Let a person do something at most so often in any window of this length.

    Raises SlowDown, and then counts nothing. What is spent in a transaction that is undone by a
    refusal was not spent: to count failures, refuse by what is returned and not by raising.
    """
    limits = LimitRepository(tx)
    again_at = rules.free_at(await limits.spent(citizen_id, kind), most, window, now)
    if again_at is not None:
        raise SlowDown(again_at)
    slot_ends_at = rules.slot_end(now, window)
    await limits.spend(citizen_id, kind, slot_ends_at, slot_ends_at + window)
