from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.rules import effective_windows
from bot.digests import rules
from bot.digests.model import DigestKind, Period
from bot.kit.jalali import tehran_day
from tests.digests.support import desk_policy, office_calendar, tehran

DESK, CALENDAR = desk_policy(), office_calendar()
DAILY, WEEKLY = DigestKind.DAILY, DigestKind.WEEKLY


def due(
    now: datetime, covered_until: datetime | None = None, kind: DigestKind = DAILY
) -> Period | None:
    return rules.due_period(kind, DESK, CALENDAR, covered_until, now)


def test_nothing_is_due_before_the_hour_of_the_office() -> None:
    assert due(tehran(22, 7, 59)) is None
    assert due(tehran(22, 8, 0)) == Period(tehran(21, 8), tehran(22, 8))


def test_a_digest_that_comes_late_in_the_day_covers_what_it_would_have_covered() -> None:
    assert due(tehran(22, 14, 29)) == Period(tehran(21, 8), tehran(22, 8))


def test_nobody_is_told_at_night_and_the_next_digest_covers_both_days() -> None:
    assert due(tehran(22, 14, 30), tehran(21, 8)) is None
    assert due(tehran(23, 8), tehran(21, 8)) == Period(tehran(21, 8), tehran(23, 8))


def test_a_period_that_was_covered_is_not_due_again() -> None:
    assert due(tehran(22, 9), tehran(22, 8)) is None


@pytest.mark.parametrize("day", [26, 27])  # Thursday and Friday
def test_no_digest_comes_on_a_day_off(day: int) -> None:
    assert due(tehran(day, 9), tehran(25, 8)) is None


def test_the_first_digest_after_days_off_covers_them_all() -> None:
    assert due(tehran(28, 8), tehran(25, 8)) == Period(tehran(25, 8), tehran(28, 8))


def test_an_office_that_was_closed_by_decision_is_not_told_either() -> None:
    closed = office_calendar(date(2026, 11, 22))
    assert rules.due_period(DAILY, DESK, closed, tehran(21, 8), tehran(22, 9)) is None


def test_an_hour_after_closing_still_has_two_hours() -> None:
    evening = desk_policy(digest_at=time(18, 0))
    found = rules.due_period(DAILY, evening, CALENDAR, None, tehran(22, 19, 59))
    assert found == Period(tehran(21, 18), tehran(22, 18))
    assert rules.due_period(DAILY, evening, CALENDAR, None, tehran(22, 20)) is None


def test_the_weekly_one_comes_on_its_day_once() -> None:
    assert due(tehran(21, 8), kind=WEEKLY) == Period(tehran(14, 8), tehran(21, 8))
    assert due(tehran(21, 9), tehran(21, 8), WEEKLY) is None
    assert due(tehran(25, 9), tehran(21, 8), WEEKLY) is None


def test_the_weekly_one_comes_on_the_next_worked_day_after_a_day_off() -> None:
    closed = office_calendar(date(2026, 11, 21))
    assert rules.due_period(WEEKLY, DESK, closed, tehran(14, 8), tehran(21, 9)) is None
    late = rules.due_period(WEEKLY, DESK, closed, tehran(14, 8), tehran(22, 9))
    assert late == Period(tehran(14, 8), tehran(22, 8))
    first = rules.due_period(WEEKLY, DESK, closed, None, tehran(22, 9))
    assert first == Period(tehran(15, 8), tehran(22, 8))


def test_a_desk_that_was_down_on_the_weekday_tells_the_week_when_it_is_back() -> None:
    assert due(tehran(24, 9), tehran(14, 8), WEEKLY) == Period(tehran(14, 8), tehran(24, 8))
    assert due(tehran(28, 8), tehran(24, 8), WEEKLY) == Period(tehran(24, 8), tehran(28, 8))


def test_a_new_office_waits_for_its_first_weekday() -> None:
    assert due(tehran(24, 9), kind=WEEKLY) is None


JUMPS = st.one_of(
    st.timedeltas(timedelta(minutes=-90), timedelta(hours=20)),
    st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    st.just(timedelta()),
)
STEPS = st.lists(st.tuples(JUMPS, st.booleans()), min_size=5, max_size=80)
CLOSED = st.sets(st.dates(date(2026, 11, 1), date(2027, 1, 20)), max_size=25)
AT = st.sampled_from([time(0, 0), time(6, 30), time(8, 0), time(17, 45), time(23, 59)])


@given(steps=STEPS, closed=CLOSED, at=AT, kind=st.sampled_from(DigestKind))
def test_periods_follow_one_another_whatever_happens_to_the_clock(
    steps: list[tuple[timedelta, bool]], closed: set[date], at: time, kind: DigestKind
) -> None:
    """A step is a look at the clock; without its flag the desk dies before it can record."""
    calendar, desk = office_calendar(*closed), desk_policy(digest_at=at)
    now = tehran(21, 8)
    told: list[Period] = []
    for jump, survives in steps:
        now = min(now + jump, tehran(10, 12, month=12) + timedelta(days=30))
        covered_until = told[-1].until if told else None
        period = rules.due_period(kind, desk, calendar, covered_until, now)
        assert period == rules.due_period(kind, desk, calendar, covered_until, now)
        if period is None:
            continue
        assert period.until <= now
        assert effective_windows(calendar, tehran_day(now))
        if survives:
            told.append(period)
            assert rules.due_period(kind, desk, calendar, period.until, now) is None
    assert all(earlier.until == later.since for earlier, later in pairwise(told))
    if kind is WEEKLY:
        weeks = [(period.until - tehran(14, 0)) // timedelta(weeks=1) for period in told]
        assert len(set(weeks)) == len(weeks)


@given(closed=CLOSED, at=AT)
def test_a_desk_that_always_runs_tells_on_every_worked_day(closed: set[date], at: time) -> None:
    calendar, desk = office_calendar(*closed), desk_policy(digest_at=at)
    told: list[Period] = []
    now = tehran(21, 0)
    while now < tehran(5, 0, month=12):
        covered_until = told[-1].until if told else None
        period = rules.due_period(DAILY, desk, calendar, covered_until, now)
        told += [] if period is None else [period]
        now += timedelta(minutes=15) if at != time(23, 59) else timedelta(minutes=1)
    days = [date(2026, 11, 21) + timedelta(days=ahead) for ahead in range(14)]
    worked = [day for day in days if effective_windows(calendar, day)]
    assert [tehran_day(period.until) for period in told] == worked
