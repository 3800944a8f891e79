"""What a change of terms leaves as it is: cases keep the version of their day (MZ-25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.repository.terms import CaseTerms

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.cases.model import QueueItem
    from bot.kit.database import Transaction


async def count_under_old_terms(
    tx: Transaction, *, office_id: str, service_ids: Collection[str]
) -> int:
    """Count the cases that go on about services which are about to change."""
    return await CaseTerms(tx).count_going_on(office_id, service_ids)


async def registered_meanwhile(
    tx: Transaction,
    *,
    office_id: str,
    service_ids: Collection[str],
    since: datetime,
    limit: int,
) -> list[QueueItem]:
    """List the cases that came after a circular was dispatched and before it was entered here.

    They have the terms of their day; staff look at each of them (AMB-02).
    """
    assert limit > 0
    return await CaseTerms(tx).registered_since(office_id, service_ids, since, limit=limit)
