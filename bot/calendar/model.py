"""Hours, holidays, closures, and the calendar of one office that they make together."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import date, datetime, time

HolidayId = NewType("HolidayId", int)
ClosureId = NewType("ClosureId", int)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of a day in Tehran, from the opening to the closing minute."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Check that it opens before it closes."""
        assert self.opens < self.closes


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time between two moments; the end does not belong to it."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Check the order of its ends."""
        assert self.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class HoursPeriod:
    """The windows of some weekdays (Monday is 0) while a decision about hours holds.

    A day without a period is not worked. `valid_to` is the last day, or None for no end.
    """

    valid_from: date
    valid_to: date | None
    weekdays: frozenset[int]
    windows: tuple[Window, ...]

    def covers(self, day: date) -> bool:
        """True for a day on which these windows hold."""
        return (
            self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
            and day.weekday() in self.weekdays
        )


class HolidayState(StrEnum):
    """How sure the day of a holiday is."""

    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"  # a lunar day that waits for the sighting of the moon
    MOVED = "moved"  # staff put it on another day than the one it was seeded on
    CANCELLED = "cancelled"  # no longer a holiday; the row stays, so that seeding does not add it


@dataclass(frozen=True, slots=True)
class Holiday:
    """An official holiday. Two occasions on one day are two holidays."""

    id: HolidayId
    seed_key: str  # the occasion and its year: what the seed knows it by, wherever it was moved
    day: date
    occasion: str  # in Persian, as the official calendar names it
    occasion_en: str
    state: HolidayState
    lunar_month: int | None = None  # 1 to 12 for a lunar occasion
    lunar_day: int | None = None
    lunar_year: int | None = None


class ClosureScope(StrEnum):
    """Who decided for whom."""

    OFFICE = "office"
    PROVINCE = "province"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class ClosureDraft:
    """Days that are worked otherwise than usual: no windows mean closed, any replace the day's."""

    office_id: str
    scope: ClosureScope
    first_on: date
    last_on: date
    windows: tuple[Window, ...]
    reason: str
    source: str | None = None

    def __post_init__(self) -> None:
        """Check the order of its days."""
        assert self.first_on <= self.last_on

    def covers(self, day: date) -> bool:
        """True for a day that it changes."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure that was decided, by whom and when; a withdrawn one no longer changes a day."""

    id: ClosureId
    draft: ClosureDraft
    made_by: int
    made_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """All that decides when one office works; a value, read once for a unit of work."""

    office_id: str
    hours: tuple[HoursPeriod, ...]
    holidays: tuple[Holiday, ...] = ()
    closures: tuple[ClosureDraft, ...] = ()
    holidays_on: dict[date, tuple[Holiday, ...]] = field(init=False, repr=False, compare=False)
    days_known: dict[date, Day] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the holidays by day, for they are looked up by day; days are worked out once."""
        object.__setattr__(self, "days_known", {})
        by_day: dict[date, tuple[Holiday, ...]] = {}
        for holiday in self.holidays:
            if holiday.state is not HolidayState.CANCELLED:
                by_day[holiday.day] = (*by_day.get(holiday.day, ()), holiday)
        object.__setattr__(self, "holidays_on", by_day)


class DayKind(StrEnum):
    """Why a day is as long as it is."""

    WORKED = "worked"
    NOT_WORKED = "not_worked"  # a weekday that the hours leave out, or no hours are known
    HOLIDAY = "holiday"
    CLOSURE = "closure"  # closed or shortened by a decision


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an office: its open spans, and why they are what they are."""

    day: date
    spans: tuple[Span, ...]
    kind: DayKind
    holidays: tuple[Holiday, ...] = ()
    closure: ClosureDraft | None = None
