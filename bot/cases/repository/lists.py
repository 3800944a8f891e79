"""Queries about many cases: the lists of the staff desk, and what is done to many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, bindparam, case, exists, func, literal, or_, select

from bot.cases.model import Action, CaseState, Ending, Queue, QueueItem
from bot.cases.repository.clocks import IS_OPEN, PROMISED_AT, RUNNING_OF_CASE
from bot.cases.repository.rows import case_of
from bot.cases.rules import RESPONSES
from bot.cases.tables import (
    case_clock,
    case_event,
    case_message,
    desk_case,
    is_answered,
    is_in_work,
    said_words,
)
from bot.citizens.model import CitizenId
from bot.kit.database import keyring_of
from bot.kit.text import cut

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.cases.model import Case
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction

_FIRST_WORDS_UNITS = 80
_AWAITED = select(desk_case.c.author_id).where(
    desk_case.c.author_id.in_(bindparam("ids", expanding=True)),
    desk_case.c.state == CaseState.WAITING,
)
_STAFF_ACTS = (
    Action.TAKEN,
    Action.REPLIED,
    Action.ASKED,
    Action.NOTED,
    Action.SNOOZED,
    Action.WOKEN,
    Action.TRANSFERRED,
    Action.WORDS_ADDED,  # Whoever waited for these words has the whole time again.
)
_IN_WORK = (CaseState.OPEN, CaseState.WAITING, CaseState.ANSWERED)
_IS_GOING_ON = desk_case.c.state.in_((CaseState.OPEN, CaseState.WAITING))
_NEXT_DUE_AT = case(
    (
        IS_OPEN,
        select(func.min(PROMISED_AT))
        .where(RUNNING_OF_CASE)
        .correlate(desk_case)
        .scalar_subquery(),
    ),
    else_=None,
)
_FIRST_MESSAGE_ID = (
    select(func.min(case_message.c.id))
    .where(case_message.c.case_id == desk_case.c.id)
    .correlate(desk_case)
    .scalar_subquery()
)
_LAST_ACT_AT = (
    select(func.max(case_event.c.at))
    .where(case_event.c.case_id == desk_case.c.id, case_event.c.action.in_(_STAFF_ACTS))
    .correlate(desk_case)
    .scalar_subquery()
)


class CaseLists:
    """Cases of an office, or of a person, by where they stand."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def items(
        self,
        office_id: str,
        condition: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]],
        *,
        limit: int,
        offset: int = 0,
    ) -> list[QueueItem]:
        """List cases of an office that have not been closed."""
        is_listed = (desk_case.c.office_id == office_id) & is_in_work(desk_case) & condition
        return await self._items(is_listed, order, limit, offset)

    async def page(
        self,
        office_id: str,
        queue: Queue,
        *,
        actor_id: CitizenId | None,
        now: datetime,
        today_ends_at: datetime,
        limit: int,
        offset: int,
    ) -> list[QueueItem]:
        """Turn to a page of a list: what is promised next comes first."""
        condition = _is_in(queue, actor_id, now, today_ends_at)
        order = [_NEXT_DUE_AT.is_(None), _NEXT_DUE_AT, desk_case.c.id]
        return await self.items(office_id, condition, order, limit=limit, offset=offset)

    async def counts(
        self, office_id: str, *, actor_id: CitizenId | None, now: datetime, today_ends_at: datetime
    ) -> dict[Queue, int]:
        """Count every list of an office at once."""
        sums = [
            func.sum(case((_is_in(queue, actor_id, now, today_ends_at), 1), else_=0)).label(queue)
            for queue in Queue
        ]
        is_listed = (desk_case.c.office_id == office_id) & is_in_work(desk_case)
        # The states are named besides, or SQLite reads the cases of all years by another index.
        query = select(*sums).where(is_listed, desk_case.c.state.in_(_IN_WORK))
        row = (await self._tx.execute(query)).one()
        return {queue: getattr(row, queue) or 0 for queue in Queue}

    async def of_author(self, author_id: CitizenId, *, limit: int) -> list[QueueItem]:
        """List a person's cases, those that go on first, then the latest."""
        condition = desk_case.c.author_id == author_id
        order = [~_IS_GOING_ON, desk_case.c.id.desc()]
        return await self._items(condition, order, limit, 0)

    async def awaited_authors(self, author_ids: Collection[CitizenId]) -> set[CitizenId]:
        """Say of which of these people an office waits for an answer."""
        found = await self._tx.execute(_AWAITED, {"ids": list(author_ids)})
        return {CitizenId(author_id) for author_id in found.scalars()}

    async def longest_waiting(self, office_id: str, *, limit: int) -> list[QueueItem]:
        """List where the citizen has waited longest for an answer."""
        since = (
            select(func.min(case_clock.c.started_at))
            .where(RUNNING_OF_CASE, case_clock.c.kind.in_(RESPONSES))
            .correlate(desk_case)
            .scalar_subquery()
        )
        order = [since, desk_case.c.id]
        return await self.items(office_id, IS_OPEN & since.is_not(None), order, limit=limit)

    async def due_after(self, office_id: str, now: datetime, *, limit: int) -> list[QueueItem]:
        """List what is promised next and not late yet."""
        order = [_NEXT_DUE_AT, desk_case.c.id]
        return await self.items(office_id, IS_OPEN & (now < _NEXT_DUE_AT), order, limit=limit)

    async def untouched(
        self, office_id: str, *, before: datetime, now: datetime, limit: int
    ) -> list[tuple[Case, datetime]]:
        """List the taken cases with which nothing was done since, and since when."""
        is_taken_later = desk_case.c.assigned_at > _LAST_ACT_AT
        since = case((is_taken_later, desk_case.c.assigned_at), else_=_LAST_ACT_AT).label("since")
        query = (
            select(desk_case, since)
            .where(
                desk_case.c.office_id == office_id,
                is_in_work(desk_case),
                IS_OPEN,
                desk_case.c.assignee_id.is_not(None),
                ~_is_snoozed(now),
                desk_case.c.assigned_at <= before,
                before >= _LAST_ACT_AT,
            )
            .order_by(since, desk_case.c.id)
            .limit(limit)
        )
        return [(case_of(row, self._keyring), row.since) for row in await self._tx.execute(query)]

    async def sleepers(self, office_id: str, now: datetime, *, limit: int) -> list[Case]:
        """List the cases whose snooze is over, the longest first."""
        query = (
            select(desk_case)
            .where(desk_case.c.office_id == office_id, is_in_work(desk_case), _IS_GOING_ON)
            .where(desk_case.c.snoozed_until <= now)
            .order_by(desk_case.c.snoozed_until, desk_case.c.id)
            .limit(limit)
        )
        return [case_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def answered_by(self, ended_by: datetime, *, limit: int) -> list[Case]:
        """List the answered cases that ended no later than this, the earliest first."""
        query = (
            select(desk_case)
            .where(is_answered(desk_case), desk_case.c.ended_at <= ended_by)
            .order_by(desk_case.c.ended_at, desk_case.c.id)
            .limit(limit)
        )
        return [case_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def claims(self, office_id: str) -> dict[CitizenId, int]:
        """Count the cases that each member of staff has taken."""
        query = (
            select(desk_case.c.assignee_id, func.count())
            .where(
                desk_case.c.office_id == office_id,
                is_in_work(desk_case),
                _IS_GOING_ON,
                desk_case.c.assignee_id.is_not(None),
            )
            .group_by(desk_case.c.assignee_id)
        )
        return {row[0]: row[1] for row in await self._tx.execute(query)}

    async def _items(
        self,
        condition: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]],
        limit: int,
        offset: int,
    ) -> list[QueueItem]:
        first = case_message.alias("first")
        query = (
            select(
                desk_case,
                _NEXT_DUE_AT.label("next_due_at"),
                first.c.id.label("first_id"),
                first.c.text.label("first_words"),
            )
            .select_from(desk_case)
            .outerjoin(first, first.c.id == _FIRST_MESSAGE_ID)
            .where(condition)
            .order_by(*order)
            .limit(limit)
            .offset(offset)
        )
        return [_item(row, self._keyring) for row in await self._tx.execute(query)]


def _item(row: Row[Any], keyring: Keyring) -> QueueItem:
    words = said_words.open_any(keyring, row.first_words, row.first_id) or ""
    return QueueItem(case_of(row, keyring), row.next_due_at, cut(words, _FIRST_WORDS_UNITS))


def _is_snoozed(now: datetime) -> ColumnElement[bool]:
    is_later = func.coalesce(desk_case.c.snoozed_until > now, False)
    return desk_case.c.is_snoozed_until_reply.is_(True) | is_later


def _has_clock(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(literal(1)).where(RUNNING_OF_CASE, *conditions).correlate(desk_case))


def _is_in(
    queue: Queue, actor_id: CitizenId | None, now: datetime, today_ends_at: datetime
) -> ColumnElement[bool]:
    is_awake = ~_is_snoozed(now)
    is_theirs = desk_case.c.assignee_id.is_not(None) & (desk_case.c.assignee_id == actor_id)
    is_broken = case_clock.c.breached_at.is_not(None)
    is_soon = (case_clock.c.due_at < today_ends_at) | case_clock.c.warned_at.is_not(None)
    return {
        Queue.NEW: IS_OPEN & desk_case.c.assignee_id.is_(None) & is_awake,
        Queue.MINE: _IS_GOING_ON & is_theirs,
        Queue.OPEN: IS_OPEN & is_awake,
        Queue.DUE: IS_OPEN & _has_clock(~is_broken, case_clock.c.due_at > now, is_soon),
        Queue.LATE: _IS_GOING_ON
        & _has_clock(or_(is_broken, IS_OPEN & (case_clock.c.due_at <= now))),
        Queue.WAITING: desk_case.c.state == CaseState.WAITING,
        Queue.SNOOZED: _IS_GOING_ON & ~is_awake,
        Queue.ANSWERED: (desk_case.c.state == CaseState.ANSWERED)
        & (desk_case.c.ending != Ending.MERGED),
        Queue.ESCALATED: _IS_GOING_ON & desk_case.c.escalated_at.is_not(None),
        Queue.RECENT: desk_case.c.registered_at > now - timedelta(days=7),
    }[queue]
