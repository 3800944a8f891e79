"""What a digest says of workshops."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.workshops.model import WorkshopFigures, WorkshopState
from bot.workshops.repository import FiguresRepository, WorkshopRepository

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction
    from bot.workshops.model import Workshop

_LOOKED_AT: Final = (
    WorkshopState.OPEN,
    WorkshopState.PAUSED,
    WorkshopState.CLOSED,
    WorkshopState.QUORUM_FAILED_PENDING,
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
    WorkshopState.CANCELLED_BY_OFFICE,
)
_UNDER_WAY: Final = (
    WorkshopState.PUBLISHED,
    *(state for state in _LOOKED_AT if state is not WorkshopState.CANCELLED_BY_OFFICE),
)
_REGISTERING: Final = (WorkshopState.OPEN, WorkshopState.PAUSED)
_NEAR: Final = timedelta(days=3)
_MOST: Final = 50


async def notable(tx: Transaction, *, office_id: str, now: datetime) -> list[WorkshopFigures]:
    """List the workshops that staff have to look at: deadline near, people waiting, owed."""
    latest = await WorkshopRepository(tx).of_office(office_id, _LOOKED_AT, limit=_MOST)
    unsettled = [workshop for workshop in reversed(latest) if workshop.settled_at is None]
    if not unsettled:
        return []
    ids = [workshop.id for workshop in unsettled]
    counting = FiguresRepository(tx)
    confirmed = await counting.confirmed(ids)
    waiting = await counting.waiting(ids)
    owed = await counting.owed(ids)
    figures = [
        WorkshopFigures(
            workshop=workshop,
            confirmed_count=confirmed.get(workshop.id, 0),
            waiting_count=waiting.get(workshop.id, 0),
            owed_count=owed.get(workshop.id, 0),
            is_deadline_near=_is_deadline_near(workshop, now),
        )
        for workshop in unsettled
    ]
    return [one for one in figures if one.is_notable]


def _is_deadline_near(workshop: Workshop, now: datetime) -> bool:
    return workshop.state is WorkshopState.QUORUM_FAILED_PENDING or (
        workshop.state in _REGISTERING and workshop.closes_at - now <= _NEAR
    )


async def offices_with_workshops(tx: Transaction) -> list[str]:
    """Name the offices whose workshops are under way, whether they are known or not."""
    return await FiguresRepository(tx).offices_with(_UNDER_WAY)
