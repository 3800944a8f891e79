"""What a digest says of workshops."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.workshops.model import MakeUpState, RegistrationState, WorkshopFigures, WorkshopState
from bot.workshops.repository import RegistrationRepository, SessionRepository, WorkshopRepository
from bot.workshops.use_cases.looking import waiting_count

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction

_LOOKED_AT: Final = (
    WorkshopState.OPEN,
    WorkshopState.PAUSED,
    WorkshopState.CLOSED,
    WorkshopState.QUORUM_FAILED_PENDING,
    WorkshopState.CONFIRMED,
    WorkshopState.RUNNING,
    WorkshopState.CANCELLED_BY_OFFICE,
)
_REGISTERING: Final = (WorkshopState.OPEN, WorkshopState.PAUSED)
_OWED: Final = (MakeUpState.OWED, MakeUpState.OVERDUE)
_NEAR: Final = timedelta(days=3)
_MOST: Final = 50


async def notable(tx: Transaction, *, office_id: str, now: datetime) -> list[WorkshopFigures]:
    """List the workshops that staff have to look at: deadline near, people waiting, owed."""
    found = await WorkshopRepository(tx).of_office(office_id, _LOOKED_AT, after=0, limit=_MOST)
    listed = []
    for workshop in found:
        if workshop.settled_at is not None:
            continue
        counts = await RegistrationRepository(tx).count_by_state(workshop.id)
        owed = await SessionRepository(tx).make_ups(workshop.id)
        is_near = workshop.state is WorkshopState.QUORUM_FAILED_PENDING or (
            workshop.state in _REGISTERING and workshop.closes_at - now <= _NEAR
        )
        figures = WorkshopFigures(
            workshop=workshop,
            confirmed_count=counts.get(RegistrationState.CONFIRMED, 0),
            waiting_count=await waiting_count(tx, workshop_id=workshop.id),
            owed_count=sum(one.state in _OWED for one in owed),
            is_deadline_near=is_near,
        )
        if figures.is_notable:
            listed.append(figures)
    return listed
