"""The rules against a slow calculation that looks at every minute and shares nothing with them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import rules
from bot.calendar.model import (
    ClosureDraft,
    ClosureScope,
    HoursPeriod,
    OfficeCalendar,
    Span,
    Window,
)
from tests.calendar.support import one_holiday

MINUTE = timedelta(minutes=1)
BASE = date(2026, 11, 20)  # a Friday
FIRST_MINUTE = datetime(2026, 11, 19, 20, 30, tzinfo=UTC)  # Tehran's midnight
DAYS = 12
Stretch = tuple[int, int]  # minutes of a day


@dataclass(frozen=True)
class Slow:
    """An office written down minute by minute: windows by weekday, before and after a change."""

    before: dict[int, list[Stretch]]
    after: dict[int, list[Stretch]]
    change_on: int  # days after BASE
    holidays: frozenset[int]
    closures: list[tuple[int, int, list[Stretch]]]
    pauses: list[Stretch]  # minutes after the first one

    def stretches(self, day: int) -> list[Stretch]:
        weekday = (4 + day) % 7  # BASE is a Friday, and Monday is 0
        regime = self.after if day >= self.change_on else self.before
        usual = [] if day in self.holidays else regime.get(weekday, [])
        for first, last, stretches in reversed(self.closures):
            if first <= day <= last:
                return stretches if first == last or usual else []
        return usual

    def is_worked(self, minute: int, *, with_pauses: bool = True) -> bool:
        if with_pauses and any(start <= minute < end for start, end in self.pauses):
            return False
        day, of_day = divmod(minute, 24 * 60)
        return any(start <= of_day < end for start, end in self.stretches(day))

    def as_calendar(self) -> OfficeCalendar:
        change = BASE + timedelta(days=self.change_on)
        periods = [
            HoursPeriod(first, last, frozenset({weekday}), _windows(stretches))
            for regime, first, last in (
                (self.before, BASE - timedelta(days=900), change - timedelta(days=1)),
                (self.after, change, None),
            )
            for weekday, stretches in regime.items()
        ]
        holidays = [
            one_holiday(BASE + timedelta(days=day), number)
            for number, day in enumerate(sorted(self.holidays), start=1)
        ]
        closures = [
            ClosureDraft(
                "o",
                ClosureScope.OFFICE,
                BASE + timedelta(days=first),
                BASE + timedelta(days=last),
                _windows(stretches),
                "reason",
            )
            for first, last, stretches in self.closures
        ]
        return OfficeCalendar("o", tuple(periods), tuple(holidays), tuple(closures))

    def breaks(self) -> list[Span]:
        return [Span(moment(start), moment(end)) for start, end in self.pauses]


def _windows(stretches: list[Stretch]) -> tuple[Window, ...]:
    return tuple(
        Window(time(start // 60, start % 60), time(end // 60, end % 60))
        for start, end in stretches
    )


def moment(minute: int) -> datetime:
    return FIRST_MINUTE + minute * MINUTE


def stretch(last: int, at_least: int = 1) -> st.SearchStrategy[Stretch]:
    return st.tuples(st.integers(0, last), st.integers(0, last)).map(
        lambda ends: (min(ends), max(min(ends) + at_least, *ends))
    )


day_stretches = st.lists(stretch(24 * 60 - 2), min_size=1, max_size=3)
regimes = st.dictionaries(st.integers(0, 6), day_stretches, min_size=3, max_size=7)
day_numbers = st.integers(0, DAYS)
closures = st.tuples(day_numbers, st.integers(0, 3), st.just([]) | day_stretches).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])
)
offices = st.builds(
    Slow,
    before=regimes,
    after=regimes,
    change_on=day_numbers,
    holidays=st.frozensets(day_numbers, max_size=4),
    closures=st.lists(closures, max_size=3),
    pauses=st.lists(stretch(6 * 24 * 60), max_size=3),
)
minutes = st.integers(0, 5 * 24 * 60)
patiently = settings(max_examples=60, deadline=None)


@patiently
@given(offices, minutes, st.integers(1, 900))
def test_a_promise_falls_on_the_first_minute_at_which_so_much_was_worked(
    slow: Slow, start: int, wanted: int
) -> None:
    due = rules.add_working_time(slow.as_calendar(), moment(start), wanted, slow.breaks())
    minute, worked = start, 0
    while worked < wanted:
        worked += slow.is_worked(minute)
        minute += 1
    assert due == moment(minute)


@patiently
@given(offices, minutes, minutes)
def test_worked_minutes_are_those_that_are_counted_one_by_one(
    slow: Slow, start: int, end: int
) -> None:
    counted = sum(slow.is_worked(minute) for minute in range(start, end))
    calendar = slow.as_calendar()
    found = rules.working_minutes(calendar, moment(start), moment(end), slow.breaks())
    assert found == counted


@patiently
@given(offices, minutes)
def test_an_office_opens_at_the_first_open_minute(slow: Slow, start: int) -> None:
    calendar = slow.as_calendar()
    minute = start
    while not slow.is_worked(minute, with_pauses=False):
        minute += 1
    assert rules.next_opening(calendar, moment(start)) == moment(minute)
    assert rules.is_open(calendar, moment(start)) == (minute == start)


@patiently
@given(offices, minutes, st.integers(0, 900), st.integers(0, 900))
def test_parts_of_a_promise_add_up(slow: Slow, start: int, first: int, second: int) -> None:
    calendar, breaks = slow.as_calendar(), slow.breaks()
    halfway = rules.add_working_time(calendar, moment(start), first, breaks)
    due = rules.add_working_time(calendar, halfway, second, breaks)
    assert due == rules.add_working_time(calendar, moment(start), first + second, breaks)
    assert rules.working_minutes(calendar, moment(start), due, breaks) == first + second
