"""Figures of a period for digests and reports."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bot.calendar.rules import working_minutes
from bot.cases.model import ServiceTime
from bot.cases.repository import CaseFigures
from bot.cases.repository import figures as repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import CaseKind, Ending, ExportRow
    from bot.kit.database import Transaction


async def registered_by_kind(
    tx: Transaction, *, office_id: str, since: datetime, until: datetime
) -> dict[CaseKind, int]:
    """Count what was registered from a moment to before another."""
    return await CaseFigures(tx, office_id, since, until).registered_by_kind()


async def ended_by_ending(
    tx: Transaction, *, office_id: str, since: datetime, until: datetime
) -> dict[Ending, int]:
    """Count what ended in a period; what was reopened since has not ended."""
    return await CaseFigures(tx, office_id, since, until).ended_by_ending()


async def came_and_went(
    tx: Transaction, *, office_id: str, moments: Sequence[datetime]
) -> list[tuple[int, int]]:
    """Count what was registered and what ended from each moment to before the next."""
    return await repository.came_and_went(tx, office_id, moments)


async def offices_with_open(tx: Transaction) -> list[str]:
    """Name the offices that have cases which are not closed, whether they are known or not."""
    return await repository.offices_with_open(tx)


async def median_minutes_by_service(
    tx: Transaction,
    *,
    office_id: str,
    since: datetime,
    until: datetime,
    calendar: OfficeCalendar,
) -> list[ServiceTime]:
    """Say how long the cases of each service took that had their outcome in a period (KN-02)."""
    minutes: dict[str | None, list[int]] = {}
    for service_id, start, end in await CaseFigures(tx, office_id, since, until).lifetimes():
        minutes.setdefault(service_id, []).append(working_minutes(calendar, start, end))
    return [
        ServiceTime(service_id, round(median(minutes[service_id])), len(minutes[service_id]))
        for service_id in sorted(minutes, key=lambda service_id: service_id or "")
    ]


async def export_rows(
    tx: Transaction, *, office_id: str, since: datetime, until: datetime, now: datetime
) -> list[ExportRow]:
    """List what was registered in a period, without words of citizens and without ids."""
    return await CaseFigures(tx, office_id, since, until).export_rows(now)
