"""Which sides of services were asked for in vain, counted: what a card should say next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.catalogue import use_cases
from handlers.staff.learning.answers_at_hand import asked_since

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import Facet
    from bot.catalogue.search import Answerer
    from bot.kit.database import Transaction

_GROUPS_MAX: Final = 200


async def asked_sides(
    tx: Transaction, *, answerer: Answerer, office_id: str, now: datetime
) -> Counter[Facet]:
    """Count by side what had no answer, as far as it is kept."""
    groups = await use_cases.question_groups(
        tx,
        answerer=answerer,
        office_id=office_id,
        since=asked_since(now),
        limit=_GROUPS_MAX,
    )
    counts: Counter[Facet] = Counter()
    for group in groups:
        for facet in answerer.sides_asked(group.text):
            counts[facet] += group.count
    return counts
