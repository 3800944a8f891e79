"""Every query about holidays and closures."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from bot.calendar.model import (
    Closure,
    ClosureDraft,
    ClosureId,
    ClosureScope,
    Holiday,
    HolidayId,
    HolidayState,
    Window,
)
from bot.calendar.tables import closure, official_holiday
from bot.kit.database import insert_new

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row

    from bot.kit.database import Transaction

# Built once: they are asked whenever something is promised.
_HOLIDAYS_BETWEEN = (
    select(official_holiday)
    .where(official_holiday.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(official_holiday.c.day, official_holiday.c.id)
    .limit(bindparam("limit"))
)
_CLOSURES_BETWEEN = (
    select(closure)
    .where(
        closure.c.office_id == bindparam("office_id"),
        closure.c.withdrawn_at.is_(None),
        closure.c.last_on >= bindparam("first"),
        closure.c.first_on <= bindparam("last"),
    )
    .order_by(closure.c.id)
    .limit(bindparam("limit"))
)


class CalendarRepository:
    """Holidays of the country, and closures by office."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add_new_holidays(self, holidays: Sequence[Mapping[str, object]]) -> int:
        """Add the holidays whose keys are not there yet; say how many those were."""
        query = insert_new(official_holiday).returning(official_holiday.c.id)
        added = 0
        for holiday in holidays:
            added += len((await self._tx.execute(query, holiday)).all())
        return added

    async def seed_keys(self, keys: Sequence[str]) -> set[str]:
        """Say which of these keys are there."""
        query = select(official_holiday.c.seed_key).where(official_holiday.c.seed_key.in_(keys))
        return set((await self._tx.execute(query)).scalars())

    async def holidays_between(self, first: date, last: date, *, limit: int) -> list[Holiday]:
        """List the holidays of a period by day, cancelled ones too."""
        period = {"first": first, "last": last, "limit": limit}
        return [_holiday(row) for row in await self._tx.execute(_HOLIDAYS_BETWEEN, period)]

    async def holidays_of_lunar_month(self, year: int, month: int) -> list[Holiday]:
        """List the holidays that one sighting of the moon decides."""
        query = (
            select(official_holiday)
            .where(
                official_holiday.c.lunar_year == year,
                official_holiday.c.lunar_month == month,
            )
            .order_by(official_holiday.c.day, official_holiday.c.id)
            .limit(30)
        )
        return [_holiday(row) for row in await self._tx.execute(query)]

    async def holiday(self, holiday_id: HolidayId) -> Holiday | None:
        """Find a holiday."""
        query = select(official_holiday).where(official_holiday.c.id == holiday_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _holiday(row)

    async def put_holiday(self, holiday_id: HolidayId, day: date, state: HolidayState) -> None:
        """Put a holiday on a day, in a state."""
        await self._tx.execute(
            update(official_holiday)
            .where(official_holiday.c.id == holiday_id)
            .values(day=day, state=state.value)
        )

    async def closures_between(
        self, office_id: str, first: date, last: date, *, limit: int
    ) -> list[Closure]:
        """List the closures that hold in a period, in the order in which they were decided."""
        period = {"office_id": office_id, "first": first, "last": last, "limit": limit}
        return [_closure(row) for row in await self._tx.execute(_CLOSURES_BETWEEN, period)]

    async def closure(self, closure_id: ClosureId, office_id: str) -> Closure | None:
        """Find a closure of an office."""
        query = select(closure).where(closure.c.id == closure_id, closure.c.office_id == office_id)
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _closure(row)

    async def same_closure(self, draft: ClosureDraft) -> Closure | None:
        """Find a closure that holds and changes the same days in the same way."""
        query = select(closure).where(
            closure.c.office_id == draft.office_id,
            closure.c.first_on == draft.first_on,
            closure.c.last_on == draft.last_on,
            closure.c.scope == draft.scope.value,
            closure.c.windows == _written(draft.windows),
            closure.c.withdrawn_at.is_(None),
        )
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _closure(row)

    async def is_overruled(self, earlier: Closure) -> bool:
        """True where a later decision holds on a day of this one."""
        draft = earlier.draft
        period = {"office_id": draft.office_id, "first": draft.first_on, "last": draft.last_on}
        query = _CLOSURES_BETWEEN.where(closure.c.id > earlier.id)
        return (await self._tx.execute(query, {**period, "limit": 1})).first() is not None

    async def add_closure(self, draft: ClosureDraft, made_by: int, made_at: datetime) -> ClosureId:
        """Keep a closure that was decided."""
        query = insert(closure).values(
            office_id=draft.office_id,
            scope=draft.scope.value,
            first_on=draft.first_on,
            last_on=draft.last_on,
            windows=_written(draft.windows),
            reason=draft.reason,
            source=draft.source,
            made_by=made_by,
            made_at=made_at,
        )
        (key,) = (await self._tx.execute(query)).inserted_primary_key or (None,)
        assert isinstance(key, int)
        return ClosureId(key)

    async def put_closure(self, kept: Closure) -> None:
        """Write down what is left of a closure, or that it was withdrawn."""
        await self._tx.execute(
            update(closure)
            .where(closure.c.id == kept.id)
            .values(
                last_on=kept.draft.last_on,
                windows=_written(kept.draft.windows),
                withdrawn_at=kept.withdrawn_at,
            )
        )


def _written(windows: Sequence[Window]) -> str:
    return " ".join(f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in windows)


def _windows(written: str) -> tuple[Window, ...]:
    pairs = (pair.partition("-") for pair in written.split())
    return tuple(Window(time.fromisoformat(a), time.fromisoformat(b)) for a, _, b in pairs)


def _holiday(row: Row[Any]) -> Holiday:
    return Holiday(
        id=HolidayId(row.id),
        seed_key=row.seed_key,
        day=row.day,
        occasion=row.occasion,
        occasion_en=row.occasion_en,
        state=HolidayState(row.state),
        lunar_month=row.lunar_month,
        lunar_day=row.lunar_day,
        lunar_year=row.lunar_year,
    )


def _closure(row: Row[Any]) -> Closure:
    draft = ClosureDraft(
        office_id=row.office_id,
        scope=ClosureScope(row.scope),
        first_on=row.first_on,
        last_on=row.last_on,
        windows=_windows(row.windows),
        reason=row.reason,
        source=row.source,
    )
    return Closure(ClosureId(row.id), draft, row.made_by, row.made_at, row.withdrawn_at)
