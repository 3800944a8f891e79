"""The lists of the staff desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.repository import CaseLists
from bot.cases.rules import end_of_day

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Queue, QueueItem
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


async def queue_page(
    tx: Transaction,
    *,
    office_id: str,
    queue: Queue,
    actor_id: CitizenId | None,
    now: datetime,
    limit: int = 8,
    offset: int = 0,
) -> tuple[list[QueueItem], int]:
    """Turn to a page of a list, and say how many lines the list has."""
    lists, today_ends_at = CaseLists(tx), end_of_day(now)
    items = await lists.page(
        office_id,
        queue,
        actor_id=actor_id,
        now=now,
        today_ends_at=today_ends_at,
        limit=limit,
        offset=offset,
    )
    sizes = await counts(tx, office_id=office_id, actor_id=actor_id, now=now)
    return items, sizes[queue]


async def counts(
    tx: Transaction, *, office_id: str, actor_id: CitizenId | None, now: datetime
) -> dict[Queue, int]:
    """Say how many lines each list has; without an actor nobody's own list is empty."""
    return await CaseLists(tx).counts(
        office_id, actor_id=actor_id, now=now, today_ends_at=end_of_day(now)
    )


async def longest_waiting(tx: Transaction, *, office_id: str, limit: int = 5) -> list[QueueItem]:
    """List where citizens have waited longest for an answer."""
    return await CaseLists(tx).longest_waiting(office_id, limit=limit)


async def due_next(
    tx: Transaction, *, office_id: str, now: datetime, limit: int = 5
) -> list[QueueItem]:
    """List what is promised next and is not late."""
    return await CaseLists(tx).due_after(office_id, now, limit=limit)


async def claims(tx: Transaction, *, office_id: str) -> dict[CitizenId, int]:
    """Count the cases that each member of staff has taken."""
    return await CaseLists(tx).claims(office_id)
