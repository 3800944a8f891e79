"""What can be done to the calendar: seed it, read it for an office, close days, move holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar import rules
from bot.calendar.errors import NoSuchClosure, NoSuchHoliday
from bot.calendar.model import Closure, HolidayId, HolidayState, OfficeCalendar
from bot.calendar.repository import CalendarRepository
from bot.kit.official_holidays import SeededHoliday, seed_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.calendar.model import ClosureDraft, ClosureId, Holiday, HoursPeriod
    from bot.kit.database import Transaction

_KNOWN_BEFORE: Final = timedelta(days=400)
_KNOWN_AFTER: Final = timedelta(days=500)
_HOLIDAYS_MAX: Final = 500
_CLOSURES_MAX: Final = 500
REASON_CHARACTERS_MAX: Final = 300


async def seed_holidays(tx: Transaction, *, today: date) -> int:
    """Add the holidays from last year to the year after next that are not there yet.

    What is there stays as it is: staff may have moved or cancelled it, and it is known by its
    occasion and year, wherever it stands now. Says how many were added.
    """
    years = range(today.year - 1, today.year + 3)
    seeds = {seed.key: seed for year in years for seed in seed_of(year)}
    calendar = CalendarRepository(tx)
    known = await calendar.seed_keys(list(seeds))
    missing = [_as_values(seed) for key, seed in seeds.items() if key not in known]
    return await calendar.add_new_holidays(missing)


async def calendar_of(
    tx: Transaction, *, office_id: str, hours: tuple[HoursPeriod, ...], today: date
) -> OfficeCalendar:
    """Read all that decides when an office works, a year back and more than a year ahead."""
    first, last = today - _KNOWN_BEFORE, today + _KNOWN_AFTER
    repository = CalendarRepository(tx)
    holidays = await repository.holidays_between(first, last, limit=_HOLIDAYS_MAX)
    closures = await repository.closures_between(office_id, first, last, limit=_CLOSURES_MAX)
    drafts = tuple(kept.draft for kept in closures)
    return OfficeCalendar(office_id, hours, tuple(holidays), drafts)


async def decide_closure(
    tx: Transaction, *, draft: ClosureDraft, actor_id: int, today: date, now: datetime
) -> Closure:
    """Close or shorten days of an office; deciding what holds already changes nothing.

    Where another decision has come between, this one is made anew, for the last one holds. Raises
    DayIsPast where a day of it is over.
    """
    assert draft.reason
    assert len(draft.reason) <= REASON_CHARACTERS_MAX
    rules.ensure_changeable(draft.first_on, today)
    calendar = CalendarRepository(tx)
    same = await calendar.same_closure(draft)
    if same is not None:
        if not await calendar.is_overruled(same):
            return same
        await calendar.put_closure(replace(same, withdrawn_at=now))
    closure_id = await calendar.add_closure(draft, actor_id, now)
    return Closure(closure_id, draft, actor_id, now)


async def closure(tx: Transaction, *, closure_id: ClosureId, office_id: str) -> Closure:
    """Find a closure of an office that holds; raises NoSuchClosure."""
    found = await CalendarRepository(tx).closure(closure_id, office_id)
    if found is None or found.withdrawn_at is not None:
        raise NoSuchClosure
    return found


async def withdraw_closure(
    tx: Transaction,
    *,
    closure_id: ClosureId,
    calendar: OfficeCalendar,
    today: date,
    now: datetime,
) -> Closure:
    """Take a closure of an office back from today on; days of it that are over stay as they were.

    Raises NoSuchClosure, and DayIsPast where nothing is left of it.
    """
    found = await closure(tx, closure_id=closure_id, office_id=calendar.office_id)
    kept = rules.withdrawn(found, calendar, today, now)
    closures = CalendarRepository(tx)
    if kept.withdrawn_at is None and await closures.same_closure(kept.draft) is not None:
        kept = replace(kept, withdrawn_at=now)  # What is left of it was decided besides.
    await closures.put_closure(kept)
    return kept


async def closures_of(
    tx: Transaction, *, office_id: str, first: date, last: date
) -> list[Closure]:
    """List the closures of an office that touch a period, in the order of their first days."""
    calendar = CalendarRepository(tx)
    found = await calendar.closures_between(office_id, first, last, limit=_CLOSURES_MAX)
    return sorted(found, key=lambda kept: (kept.draft.first_on, kept.id))


async def holidays_between(tx: Transaction, *, first: date, last: date) -> list[Holiday]:
    """List the holidays of a period by day, without those that were cancelled."""
    found = await CalendarRepository(tx).holidays_between(first, last, limit=_HOLIDAYS_MAX)
    return [holiday for holiday in found if holiday.state is not HolidayState.CANCELLED]


async def holiday(tx: Transaction, holiday_id: HolidayId) -> Holiday:
    """Find a holiday that holds; raises NoSuchHoliday."""
    found = await CalendarRepository(tx).holiday(holiday_id)
    if found is None or found.state is HolidayState.CANCELLED:
        raise NoSuchHoliday
    return found


async def moves_of(
    tx: Transaction, *, holiday_id: HolidayId, new_day: date, today: date
) -> dict[HolidayId, date]:
    """Say which holidays would move where; raises NoSuchHoliday and DayIsPast."""
    moved = await holiday(tx, holiday_id)
    rules.ensure_changeable(moved.day, today)
    rules.ensure_changeable(new_day, today)
    if moved.lunar_year is None or moved.lunar_month is None:
        return rules.moves_of([], moved, new_day)
    month = await CalendarRepository(tx).holidays_of_lunar_month(
        moved.lunar_year, moved.lunar_month
    )
    return rules.moves_of(month, moved, new_day)


async def move_holiday(
    tx: Transaction, *, holiday_id: HolidayId, new_day: date, today: date
) -> dict[HolidayId, date]:
    """Put a holiday on another day, and with it what the same moon decides.

    Raises NoSuchHoliday, and DayIsPast where the old or the new day is over.
    """
    moves = await moves_of(tx, holiday_id=holiday_id, new_day=new_day, today=today)
    repository = CalendarRepository(tx)
    for id_, day in moves.items():
        await repository.put_holiday(id_, day, HolidayState.MOVED)
    return moves


async def confirm_holiday(tx: Transaction, *, holiday_id: HolidayId, today: date) -> Holiday:
    """Take the day of an estimated holiday for certain, now that it was announced.

    Raises NoSuchHoliday, and DayIsPast where it is over.
    """
    found = await holiday(tx, holiday_id)
    rules.ensure_changeable(found.day, today)
    if found.state is HolidayState.ESTIMATED:
        await CalendarRepository(tx).put_holiday(found.id, found.day, HolidayState.CONFIRMED)
    return await holiday(tx, found.id)


def _as_values(seed: SeededHoliday) -> dict[str, object]:
    state = HolidayState.ESTIMATED if seed.is_estimated else HolidayState.CONFIRMED
    return {
        "seed_key": seed.key,
        "day": seed.day,
        "occasion": seed.occasion,
        "occasion_en": seed.occasion_en,
        "state": state.value,
        "lunar_month": seed.lunar_month,
        "lunar_day": seed.lunar_day,
        "lunar_year": seed.lunar_year,
    }
