"""Queries about the promises of many cases: which run, which are due soon, which stood still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, literal, select

from bot.cases.model import Action, CaseState
from bot.cases.repository.rows import case_of, clock_of, event_of
from bot.cases.rules import PAUSING
from bot.cases.tables import case_clock, case_event, desk_case, is_in_work, is_running
from bot.kit.database import keyring_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case, CaseId, Clock, Event
    from bot.kit.database import Transaction

IS_OPEN = desk_case.c.state == CaseState.OPEN
PROMISED_AT = func.coalesce(case_clock.c.new_due_at, case_clock.c.due_at)
RUNNING_OF_CASE = (case_clock.c.case_id == desk_case.c.id) & is_running(case_clock)
_CLOCK_COLUMNS = [column.label(f"clock_{column.name}") for column in case_clock.c]


class CaseClocks:
    """The promises of an office."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def running(
        self, office_id: str, *, due_by: datetime | None = None, limit: int | None = None
    ) -> list[tuple[Case, Clock]]:
        """List the promises of open cases, or those whose last date is not after a moment."""
        condition = (desk_case.c.office_id == office_id) & IS_OPEN
        if due_by is not None:
            condition &= due_by >= PROMISED_AT
        return await self._clocks(condition, limit)

    async def waits(self, office_id: str) -> dict[CaseId, list[Event]]:
        """Tell when the open cases waited for their citizens, of those that ever did."""
        asked = case_event.alias("asked")
        has_waited = exists(
            select(literal(1))
            .where(asked.c.case_id == desk_case.c.id, asked.c.action == Action.ASKED)
            .correlate(desk_case)
        )
        query = (
            select(case_event)
            .join(desk_case, desk_case.c.id == case_event.c.case_id)
            .where(desk_case.c.office_id == office_id, is_in_work(desk_case), IS_OPEN, has_waited)
            .where(case_event.c.action.in_(PAUSING))
            .order_by(case_event.c.id)
        )
        events: dict[CaseId, list[Event]] = {}
        for row in await self._tx.execute(query):
            events.setdefault(row.case_id, []).append(event_of(row, self._keyring))
        return events

    async def unwarned(
        self, office_id: str, warn_minutes: int, *, after: datetime, due_by: datetime, limit: int
    ) -> list[tuple[Case, Clock]]:
        """List promises of one policy that are due soon, and of which staff were not told."""
        condition = (
            (desk_case.c.office_id == office_id)
            & IS_OPEN
            & (desk_case.c.warn_minutes == warn_minutes)
            & case_clock.c.warned_at.is_(None)
            & (case_clock.c.due_at > after)
            & (case_clock.c.due_at <= due_by)
        )
        return await self._clocks(condition, limit)

    async def warn_minutes(self, office_id: str) -> list[int]:
        """List the different times before a deadline at which staff are told."""
        query = (
            select(desk_case.c.warn_minutes)
            .where(desk_case.c.office_id == office_id, IS_OPEN, is_in_work(desk_case))
            .distinct()
        )
        return sorted(await self._tx.scalars(query))

    async def _clocks(
        self, condition: ColumnElement[bool], limit: int | None
    ) -> list[tuple[Case, Clock]]:
        query = (
            select(desk_case, *_CLOCK_COLUMNS)
            .join(case_clock, RUNNING_OF_CASE)
            .where(condition, is_in_work(desk_case))
            .order_by(PROMISED_AT, case_clock.c.id)
            .limit(limit)
        )
        return [
            (case_of(row, self._keyring), clock_of(row, prefix="clock_"))
            for row in await self._tx.execute(query)
        ]
