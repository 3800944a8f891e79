"""Closures that are taken back, the past that stays, and how far ahead is promised."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.calendar import rules
from bot.calendar.errors import DayIsPast, NoWorkingTime
from bot.calendar.model import Closure, ClosureDraft, ClosureId, DayKind
from bot.kit.clock import TEHRAN
from tests.calendar.support import at, closed, hours, jalali, office, one_holiday, windows

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
TODAY = jalali("1405/09/01")
A_DAY = timedelta(days=1)


def decided(draft: ClosureDraft) -> Closure:
    return Closure(ClosureId(1), draft, made_by=41, made_at=NOW)


def test_a_closure_is_imagined_away_and_the_others_stay() -> None:
    gone, stays = closed("1405/09/02"), closed("1405/09/09")
    calendar = office(closures=[gone, stays])
    assert rules.without_closure(calendar, gone).closures == (stays,)
    left = closed("1405/09/03")
    assert rules.without_closure(calendar, gone, left).closures == (left, stays)


def test_who_changes_the_past_hears_which_day_is_over() -> None:
    with pytest.raises(DayIsPast) as refused:
        rules.ensure_changeable(TODAY - A_DAY, TODAY)
    assert refused.value.day == TODAY - A_DAY


@pytest.mark.parametrize("first", ["1405/09/01", "1405/09/02"])
def test_a_closure_that_begins_today_or_later_is_withdrawn_whole(first: str) -> None:
    closure = decided(closed(first, "1405/09/05"))
    gone = rules.withdrawn(closure, office(), TODAY, NOW)
    assert gone.withdrawn_at == NOW
    assert gone.draft == closure.draft


def test_of_a_closure_that_began_the_days_before_today_stay() -> None:
    closure = decided(closed("1405/08/26", "1405/09/05"))
    gone = rules.withdrawn(closure, office(), TODAY, NOW)
    assert (gone.withdrawn_at, gone.draft) == (None, closed("1405/08/26", "1405/08/30"))


def test_a_closure_that_ends_today_can_still_be_withdrawn_and_one_that_ended_cannot() -> None:
    ends = decided(closed("1405/08/30", "1405/09/01"))
    gone = rules.withdrawn(ends, office(), TODAY, NOW)
    assert gone.draft == closed("1405/08/30")
    with pytest.raises(DayIsPast) as refused:
        rules.withdrawn(decided(closed("1405/08/26", "1405/08/30")), office(), TODAY, NOW)
    assert refused.value.day == jalali("1405/08/30")


def test_one_day_that_is_left_keeps_its_hours_only_where_it_was_worked() -> None:
    short = windows("09:00-11:00")
    saturday = decided(closed("1405/08/30", "1405/09/05", opened=short))
    calendar = office(closures=[saturday.draft])
    left = rules.withdrawn(saturday, calendar, TODAY, NOW).draft
    assert left == closed("1405/08/30", opened=short)
    friday = decided(closed("1405/08/29", "1405/09/05", opened=short))
    calendar = office(closures=[friday.draft])
    left = rules.withdrawn(friday, calendar, jalali("1405/08/30"), NOW).draft
    assert left == closed("1405/08/29"), "windows would open the Friday"
    two_days = rules.withdrawn(friday, calendar, TODAY, NOW).draft
    assert two_days == closed("1405/08/29", "1405/08/30", opened=short)


@pytest.mark.parametrize(("idle", "is_promised"), [(400, True), (401, False)])
def test_nothing_is_promised_over_more_than_four_hundred_idle_days(
    idle: int, *, is_promised: bool
) -> None:
    last, morning = jalali("1405/09/01"), windows("08:00-10:00")
    again = last + timedelta(days=idle + 1)
    every_day = frozenset(range(7))
    calendar = office(
        replace(hours(every_day, morning), valid_to=last),
        replace(hours(every_day, morning), valid_from=again),
    )
    start = at("1405/09/01 09:00")
    assert rules.add_working_time(calendar, start, 60) == at("1405/09/01 10:00")
    if is_promised:
        due = rules.add_working_time(calendar, start, 90)
        assert due == datetime.combine(again, time(8, 30), TEHRAN)
        return
    with pytest.raises(NoWorkingTime):
        rules.add_working_time(calendar, start, 90)


def test_a_closure_on_a_holiday_names_both_and_one_on_another_day_only_itself() -> None:
    shut, holiday = closed("1405/09/02", "1405/09/03"), one_holiday(jalali("1405/09/03"))
    calendar = office(
        hours(), holidays=[holiday], closures=[replace(shut, windows=windows("08:00-10:00"))]
    )
    other = rules.day_of(calendar, jalali("1405/09/02"))
    assert (other.kind, other.holidays) == (DayKind.CLOSURE, ())
    both = rules.day_of(calendar, jalali("1405/09/03"))
    assert (both.kind, both.holidays, both.spans) == (DayKind.HOLIDAY, (holiday,), ())
    assert both.closure == other.closure
    opened = office(
        hours(), holidays=[holiday], closures=[closed("1405/09/03", opened=windows("08:00-10:00"))]
    )
    day = rules.day_of(opened, jalali("1405/09/03"))
    assert (day.kind, day.holidays, len(day.spans)) == (DayKind.CLOSURE, (holiday,), 1)


def test_a_day_says_which_it_is_and_what_decided() -> None:
    sunday, friday = jalali("1405/09/01"), jalali("1405/09/06")
    worked = rules.day_of(office(), sunday)
    assert (worked.day, worked.kind, worked.closure) == (sunday, DayKind.WORKED, None)
    off = rules.day_of(office(), friday)
    assert (off.day, off.kind, off.closure) == (friday, DayKind.NOT_WORKED, None)
    shut = closed("1405/09/01", "1405/09/06")
    calendar = office(closures=[shut])
    assert rules.day_of(calendar, sunday).day == sunday
    assert rules.day_of(calendar, friday).closure == shut, "though it is not worked anyway"
    holiday = rules.day_of(office(holidays=[one_holiday(sunday)]), sunday)
    assert (holiday.day, holiday.kind) == (sunday, DayKind.HOLIDAY)
