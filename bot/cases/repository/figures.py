"""Queries for digests and reports: how many, how they ended, how long they took."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, literal, or_, select, union_all

from bot.cases.model import Action, CaseKind, CaseState, ClockKind, Ending, ExportRow
from bot.cases.tables import case_clock, case_event, desk_case

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.kit.database import Transaction

_OUTCOMES = (Ending.DONE, Ending.ANSWERED, Ending.CANNOT_BE_DONE)
_OF_CASE = case_clock.c.case_id == desk_case.c.id
_FIRST_ANSWERED_AT = (
    select(func.min(case_event.c.at))
    .where(
        case_event.c.case_id == desk_case.c.id,
        case_event.c.actor_id.is_not(None),
        case_event.c.action.in_((Action.REPLIED, Action.ASKED, Action.ENDED)),
    )
    .correlate(desk_case)
    .scalar_subquery()
)
_REOPENED_COUNT = (
    select(func.count())
    .where(
        case_event.c.case_id == desk_case.c.id,
        case_event.c.action.in_((Action.REOPENED, Action.OBJECTED)),
    )
    .correlate(desk_case)
    .scalar_subquery()
)
_RESOLUTION_DUE_AT = (
    select(func.max(case_clock.c.due_at))
    .where(_OF_CASE, case_clock.c.kind == ClockKind.RESOLUTION)
    .correlate(desk_case)
    .scalar_subquery()
)
_ENDS_SHOWN = 2


class CaseFigures:
    """What is counted over a period: from its first moment to before its last."""

    def __init__(self, tx: Transaction, office_id: str, since: datetime, until: datetime) -> None:
        self._tx = tx
        of_office = desk_case.c.office_id == office_id
        at, ended_at = desk_case.c.registered_at, desk_case.c.ended_at
        self._is_registered = of_office & (at >= since) & (at < until)
        self._has_ended = of_office & (ended_at >= since) & (ended_at < until)

    async def registered_by_kind(self) -> dict[CaseKind, int]:
        """Count what was registered."""
        counts = await self._counts(desk_case.c.kind, self._is_registered)
        return {CaseKind(kind): count for kind, count in counts.items()}

    async def ended_by_ending(self) -> dict[Ending, int]:
        """Count what ended and was not reopened since."""
        counts = await self._counts(desk_case.c.ending, self._has_ended)
        return {Ending(ending): count for ending, count in counts.items()}

    async def lifetimes(self) -> list[tuple[str | None, datetime, datetime]]:
        """List from when to when the cases with an outcome took, with their service."""
        query = (
            select(desk_case.c.service_id, desk_case.c.registered_at, desk_case.c.ended_at)
            .where(self._has_ended, desk_case.c.ending.in_(_OUTCOMES))
            .order_by(desk_case.c.id)
        )
        rows = await self._tx.execute(query)
        return [(row.service_id, row.registered_at, row.ended_at) for row in rows]

    async def export_rows(self, now: datetime) -> list[ExportRow]:
        """List what was registered, without anything that names a person."""
        is_late = or_(
            case_clock.c.breached_at.is_not(None),
            case_clock.c.met_at > case_clock.c.due_at,
            case_clock.c.met_at.is_(None)
            & (case_clock.c.due_at <= now)
            & (desk_case.c.state == CaseState.OPEN),
        )
        was_late = exists(select(literal(1)).where(_OF_CASE, is_late))
        query = (
            select(
                desk_case,
                _FIRST_ANSWERED_AT.label("first_answered_at"),
                _RESOLUTION_DUE_AT.label("resolution_due_at"),
                _REOPENED_COUNT.label("reopened_count"),
                was_late.label("was_late"),
            )
            .where(self._is_registered)
            .order_by(desk_case.c.registered_at, desk_case.c.id)
        )
        return [
            ExportRow(
                masked_code=masked_code(row.tracking_code),
                service_id=row.service_id,
                service_version=row.service_version,
                kind=CaseKind(row.kind),
                state=CaseState(row.state),
                ending=None if row.ending is None else Ending(row.ending),
                registered_at=row.registered_at,
                first_answered_at=row.first_answered_at,
                ended_at=row.ended_at,
                resolution_due_at=row.resolution_due_at,
                is_late=bool(row.was_late),
                is_anonymous=row.author_id is None,
                is_process_changed=row.is_process_changed,
                reopened_count=row.reopened_count,
            )
            for row in await self._tx.execute(query)
        ]

    async def _counts(
        self, column: ColumnElement[str], condition: ColumnElement[bool]
    ) -> dict[str, int]:
        query = select(column, func.count()).where(condition).group_by(column)
        return {row[0]: row[1] for row in sorted(await self._tx.execute(query))}


async def came_and_went(
    tx: Transaction, office_id: str, moments: Sequence[datetime]
) -> list[tuple[int, int]]:
    """Count what was registered and what ended from each moment to before the next."""
    places = (
        (at, since, until)
        for since, until in pairwise(moments)
        for at in (desk_case.c.registered_at, desk_case.c.ended_at)
    )
    query = union_all(
        *(
            select(literal(place), func.count()).where(
                desk_case.c.office_id == office_id, at >= since, at < until
            )
            for place, (at, since, until) in enumerate(places)
        )
    )
    counts = [row[1] for row in sorted(await tx.execute(query))]
    return list(zip(counts[::2], counts[1::2], strict=True))


async def offices_with_open(tx: Transaction) -> list[str]:
    """Name the offices that have cases which are not closed."""
    query = select(desk_case.c.office_id).where(desk_case.c.state != CaseState.CLOSED).distinct()
    return list(await tx.scalars(query.order_by(desk_case.c.office_id)))


def masked_code(code: str) -> str:
    """Show the ends of a code, which for an anonymous case is the only key."""
    dots = "\u2022" * (len(code) - 2 * _ENDS_SHOWN)
    return f"{code[:_ENDS_SHOWN]}{dots}{code[-_ENDS_SHOWN:]}"
