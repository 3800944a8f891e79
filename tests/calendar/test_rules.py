"""When an office works, and what is promised on it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest

from bot.calendar import rules
from bot.calendar.errors import DayIsPast, NoWorkingTime
from bot.calendar.model import DayKind, HolidayState, Span
from bot.kit.clock import TEHRAN
from tests.calendar.support import (
    MORNING,
    SAT,
    SAT_TO_THU,
    SAT_TO_WED,
    SUN,
    THU,
    at,
    by_name,
    closed,
    hours,
    jalali,
    office,
    official,
    one_holiday,
    windows,
)


def shown(spans: tuple[Span, ...]) -> str:
    """Open spans as the clock on the wall shows them."""
    return " ".join(
        f"{span.starts_at.astimezone(TEHRAN):%H:%M}-{span.ends_at.astimezone(TEHRAN):%H:%M}"
        for span in spans
    )


class TestADay:
    def test_has_a_lunch_break(self) -> None:
        spans = rules.effective_windows(office(), jalali("1405/09/01"))
        assert shown(spans) == "07:30-12:30 13:00-14:30"
        assert spans[0].starts_at == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

    def test_is_not_worked_where_the_hours_leave_it_out(self) -> None:
        day = rules.day_of(office(), jalali("1405/09/06"))
        assert (day.kind, day.spans) == (DayKind.NOT_WORKED, ())

    def test_is_not_worked_before_any_hours_are_known(self) -> None:
        calendar = office(hours(valid_from="1405/09/02"))
        assert rules.day_of(calendar, jalali("1405/09/01")).kind is DayKind.NOT_WORKED
        assert rules.day_of(calendar, jalali("1405/09/02")).kind is DayKind.WORKED

    def test_that_is_an_official_holiday_is_closed_and_names_every_occasion(self) -> None:
        calendar = office(hours(SAT_TO_THU), holidays=official())
        day = rules.day_of(calendar, jalali("1405/03/14"))
        assert (day.kind, day.spans) == (DayKind.HOLIDAY, ())
        names = {holiday.occasion_en for holiday in day.holidays}
        assert names == {"Death of Imam Khomeini", "Eid al-Ghadir"}

    def test_that_is_no_longer_a_holiday_is_worked(self) -> None:
        day = jalali("1405/09/01")
        cancelled = replace(one_holiday(day), state=HolidayState.CANCELLED)
        assert rules.day_of(office(holidays=[cancelled]), day).kind is DayKind.WORKED

    def test_is_closed_by_a_decision_without_windows(self) -> None:
        calendar = office(closures=[closed("1405/09/03")])
        day = rules.day_of(calendar, jalali("1405/09/03"))
        assert (day.kind, day.spans) == (DayKind.CLOSURE, ())
        assert day.closure == closed("1405/09/03")
        assert rules.effective_windows(calendar, jalali("1405/09/04"))

    def test_is_shortened_by_a_decision_with_windows(self) -> None:
        calendar = office(closures=[closed("1405/09/03", opened=windows("07:30-10:00"))])
        assert shown(rules.effective_windows(calendar, jalali("1405/09/03"))) == "07:30-10:00"

    def test_can_be_worked_though_it_is_a_friday_or_a_holiday(self) -> None:
        friday, holiday = jalali("1405/09/06"), jalali("1405/08/22")
        calendar = office(
            holidays=official(),
            closures=[closed(day, opened=MORNING) for day in ("1405/09/06", "1405/08/22")],
        )
        assert shown(rules.effective_windows(calendar, friday)) == "07:30-12:30"
        assert shown(rules.effective_windows(calendar, holiday)) == "07:30-12:30"

    def test_off_stays_off_where_a_whole_week_is_shortened(self) -> None:
        week = closed("1405/09/01", "1405/09/07", opened=windows("08:00-10:00"))
        calendar = office(closures=[week])
        worked = [
            day.day
            for day in rules.days(calendar, week.first_on, week.last_on)
            if shown(day.spans) == "08:00-10:00"
        ]
        assert [day.weekday() for day in worked] == [SUN, 0, 1, 2, SAT]

    def test_off_is_no_closure_where_a_whole_week_is_closed(self) -> None:
        week = closed("1405/09/01", "1405/09/07")
        holiday = one_holiday(jalali("1405/09/03"))
        days = rules.days(office(closures=[week], holidays=[holiday]), week.first_on, week.last_on)
        closure, off = DayKind.CLOSURE, DayKind.NOT_WORKED
        assert [day.kind for day in days] == [
            *(closure, closure, DayKind.HOLIDAY, closure),
            *(off, off, closure),
        ]

    def test_follows_the_decision_made_last(self) -> None:
        whole, half = closed("1405/09/03"), closed("1405/09/03", opened=windows("10:00-12:00"))
        first = office(closures=[whole, half])
        second = office(closures=[half, whole])
        assert shown(rules.effective_windows(first, jalali("1405/09/03"))) == "10:00-12:00"
        assert rules.effective_windows(second, jalali("1405/09/03")) == ()

    def test_follows_the_hours_that_took_effect_last(self) -> None:
        calendar = office(
            hours(SAT_TO_WED),
            hours(SAT_TO_WED, windows("06:00-13:00"), valid_from="1405/03/15"),
        )
        assert shown(rules.effective_windows(calendar, jalali("1405/03/13")))[:5] == "07:30"
        assert shown(rules.effective_windows(calendar, jalali("1405/03/16"))) == "06:00-13:00"

    def test_has_windows_in_order_however_they_are_written(self) -> None:
        calendar = office(hours(SAT_TO_WED, windows("13:00-14:00 07:00-09:00 08:00-10:00")))
        spans = rules.effective_windows(calendar, jalali("1405/09/01"))
        assert shown(spans) == "07:00-10:00 13:00-14:00"

    def test_is_open_without_a_break_where_one_window_begins_as_another_ends(self) -> None:
        calendar = office(hours(SAT_TO_WED, windows("07:00-09:00 09:00-10:00")))
        spans = rules.effective_windows(calendar, jalali("1405/09/01"))
        assert shown(spans) == "07:00-10:00"

    @pytest.mark.parametrize(
        ("day", "opens"),
        [
            (date(2022, 7, 2), datetime(2022, 7, 2, 3, 0, tzinfo=UTC)),  # the last summer time
            (date(2023, 7, 2), datetime(2023, 7, 2, 4, 0, tzinfo=UTC)),
            (date(2026, 7, 4), datetime(2026, 7, 4, 4, 0, tzinfo=UTC)),
        ],
    )
    def test_opens_by_the_clock_on_the_wall_which_is_no_longer_turned(
        self, day: date, opens: datetime
    ) -> None:
        assert rules.effective_windows(office(), day)[0].starts_at == opens


class TestOpening:
    def test_begins_at_the_opening_minute_and_ends_with_the_closing_one(self) -> None:
        calendar = office()
        assert rules.is_open(calendar, at("1405/09/01 07:30"))
        assert not rules.is_open(calendar, at("1405/09/01 07:30") - timedelta(microseconds=1))
        assert not rules.is_open(calendar, at("1405/09/01 12:30"))
        assert rules.is_open(calendar, at("1405/09/01 12:30") - timedelta(microseconds=1))

    @pytest.mark.parametrize(
        ("now", "opens"),
        [
            ("1405/09/01 09:00", "1405/09/01 09:00"),
            ("1405/09/01 12:30", "1405/09/01 13:00"),
            ("1405/09/01 14:30", "1405/09/02 07:30"),
            ("1405/09/06 23:59", "1405/09/07 07:30"),  # a Friday night
            ("1404/12/27 14:30", "1405/01/05 07:30"),  # Nowruz, and Fitr within it
        ],
    )
    def test_is_found_across_lunch_nights_and_holidays(self, now: str, opens: str) -> None:
        assert rules.next_opening(office(holidays=official()), at(now)) == at(opens)

    def test_is_none_where_the_hours_have_ended(self) -> None:
        calendar = office(hours(valid_to="1405/08/30"))
        assert rules.next_opening(calendar, at("1405/09/01 09:00")) is None

    def test_is_found_for_400_days_and_no_longer(self) -> None:
        start = at("1405/09/01 09:00")
        in_400_days = jalali("1405/09/01") + timedelta(days=400)
        everyday = hours(frozenset(range(7)))
        soon = office(replace(everyday, valid_from=in_400_days))
        late = office(replace(everyday, valid_from=in_400_days + timedelta(days=1)))
        assert rules.next_opening(soon, start) is not None
        assert rules.next_opening(late, start) is None


class TestWorkingTime:
    @pytest.mark.parametrize(
        ("start", "minutes", "due"),
        [
            ("1405/09/01 07:30", 60, "1405/09/01 08:30"),
            ("1405/09/01 12:00", 60, "1405/09/01 13:30"),  # over lunch
            ("1405/09/01 12:45", 10, "1405/09/01 13:10"),  # begun in it
            ("1405/09/01 07:30", 300, "1405/09/01 12:30"),  # just fits: the closing moment
            ("1405/09/01 07:30", 390, "1405/09/01 14:30"),
            ("1405/09/01 07:30", 391, "1405/09/02 07:31"),
            ("1405/09/04 14:00", 60, "1405/09/07 08:00"),  # over Thursday and Friday
            ("1405/09/06 02:00", 30, "1405/09/07 08:00"),  # told on a Friday night
            ("1405/09/01 20:00", 3 * 390, "1405/09/04 14:30"),
        ],
    )
    def test_is_added(self, start: str, minutes: int, due: str) -> None:
        assert rules.add_working_time(office(), at(start), minutes) == at(due)
        assert rules.working_minutes(office(), at(start), at(due)) == minutes

    def test_of_none_is_the_start_itself(self) -> None:
        friday_night = at("1405/09/06 02:00")
        assert rules.add_working_time(office(), friday_night, 0) == friday_night

    def test_keeps_the_seconds(self) -> None:
        start = at("1405/09/01 09:00") + timedelta(seconds=17)
        due = rules.add_working_time(office(), start, 390)
        assert due == at("1405/09/02 09:00") + timedelta(seconds=17)

    def test_goes_by_each_day_s_own_hours_when_they_change_in_between(self) -> None:
        calendar = office(
            hours(valid_to="1405/09/02"),
            hours(SAT_TO_WED, windows("08:00-10:00"), valid_from="1405/09/03"),
        )
        due = rules.add_working_time(calendar, at("1405/09/02 14:00"), 30 + 120 + 60)
        assert due == at("1405/09/04 09:00")

    def test_is_not_worked_while_the_office_is_closed(self) -> None:
        open_days = office()
        calendar = rules.with_closure(open_days, closed("1405/09/02", "1405/09/03"))
        start = at("1405/09/01 14:00")
        assert rules.add_working_time(open_days, start, 60) == at("1405/09/02 08:00")
        assert rules.add_working_time(calendar, start, 60) == at("1405/09/04 08:00")
        again = rules.without_closure(calendar, closed("1405/09/02", "1405/09/03"))
        assert rules.add_working_time(again, start, 60) == at("1405/09/02 08:00")

    def test_pauses_count_once_though_they_run_through_closed_hours(self) -> None:
        """Added to the start instead, this pause of a night would have cost a whole day."""
        pause = Span(at("1405/09/01 14:00"), at("1405/09/02 08:00"))
        due = rules.add_working_time(office(), at("1405/09/01 13:30"), 60, [pause])
        assert due == at("1405/09/02 08:30")
        assert rules.working_minutes(office(), at("1405/09/01 13:30"), due, [pause]) == 60

    def test_pauses_that_overlap_count_once(self) -> None:
        pauses = [
            Span(at("1405/09/01 08:30"), at("1405/09/01 10:00")),
            Span(at("1405/09/01 08:00"), at("1405/09/01 09:00")),
        ]
        due = rules.add_working_time(office(), at("1405/09/01 07:30"), 60, pauses)
        assert due == at("1405/09/01 10:30")

    def test_a_pause_of_years_only_moves_the_promise(self) -> None:
        pause = Span(at("1403/09/03 08:00"), at("1405/09/01 08:00"))
        due = rules.add_working_time(office(), at("1403/09/03 07:45"), 60, [pause])
        assert due == at("1405/09/01 08:45")

    def test_counts_whole_minutes_only(self) -> None:
        start = at("1405/09/01 09:00")
        assert rules.working_minutes(office(), start, start + timedelta(seconds=119)) == 1

    def test_between_moments_out_of_order_is_none(self) -> None:
        assert rules.working_minutes(office(), at("1405/09/02 09:00"), at("1405/09/01 09:00")) == 0

    def test_that_never_comes_is_refused(self) -> None:
        calendar = office(hours(valid_to="1405/09/01"))
        with pytest.raises(NoWorkingTime) as refused:
            rules.add_working_time(calendar, at("1405/09/01 07:30"), 391)
        assert refused.value.office_id == "kanoon"
        with pytest.raises(NoWorkingTime):
            rules.add_working_time(rules.replace(calendar, hours=()), at("1405/09/01 07:30"), 1)

    def test_of_three_days_is_worked_out_in_a_millisecond(self) -> None:
        def once() -> float:
            calendar = office(holidays=official())
            begun = perf_counter()
            rules.add_working_time(calendar, at("1405/09/01 20:00"), 3 * 390)
            return perf_counter() - begun

        assert min(once() for _ in range(20)) < 0.001


def test_a_thursday_is_worked_where_the_office_says_so() -> None:
    calendar = office(hours(SAT_TO_WED), hours(frozenset({THU}), windows("07:30-12:00")))
    assert shown(rules.effective_windows(calendar, jalali("1405/09/05"))) == "07:30-12:00"
    assert rules.effective_windows(calendar, jalali("1405/09/06")) == ()


class TestAMovedHoliday:
    def test_takes_with_it_what_the_same_moon_decides(self) -> None:
        lunar = by_name(official(), 1448)
        fitr = lunar["Eid al-Fitr"]
        moves = rules.moves_of(official(), fitr, fitr.day + timedelta(days=1))
        names = {holiday.occasion_en for holiday in official() if holiday.id in moves}
        assert names == {"Eid al-Fitr", "Eid al-Fitr Holiday", "Martyrdom of Imam Ja'far al-Sadiq"}
        assert all(
            moves[holiday.id] == holiday.day + timedelta(days=1)
            for holiday in official()
            if holiday.id in moves
        )

    def test_leaves_alone_what_came_before_it_in_the_month(self) -> None:
        sadiq = by_name(official(), 1448)["Martyrdom of Imam Ja'far al-Sadiq"]
        moves = rules.moves_of(official(), sadiq, sadiq.day - timedelta(days=1))
        assert list(moves) == [sadiq.id]

    def test_leaves_alone_the_day_just_before_it(self) -> None:
        lunar = by_name(official(), 1448)
        second_day = lunar["Eid al-Fitr Holiday"]
        moves = rules.moves_of(official(), second_day, second_day.day + timedelta(days=1))
        assert second_day.id in moves
        moved = [holiday for holiday in official() if holiday.id in moves]
        assert {holiday.lunar_year for holiday in moved} == {1448}
        assert lunar["Eid al-Fitr"].id not in moves

    def test_leaves_alone_what_was_cancelled(self) -> None:
        lunar = by_name(official(), 1448)
        fitr = lunar["Eid al-Fitr"]
        after = replace(lunar["Eid al-Fitr Holiday"], state=HolidayState.CANCELLED)
        moves = rules.moves_of([fitr, after], fitr, fitr.day + timedelta(days=1))
        assert list(moves) == [fitr.id]

    def test_of_the_sun_moves_alone(self) -> None:
        nowruz = next(found for found in official() if found.occasion_en == "Nowruz")
        assert list(rules.moves_of(official(), nowruz, nowruz.day + timedelta(days=1))) == [
            nowruz.id
        ]

    def test_to_its_own_day_moves_nothing(self) -> None:
        fitr = by_name(official(), 1448)["Eid al-Fitr"]
        assert rules.moves_of(official(), fitr, fitr.day) == {}

    def test_is_worked_on_its_old_day_as_in_1401(self) -> None:
        """Fitr was announced a day later: a printed holiday was worked, and the next was not."""
        calendar = office(hours(SAT_TO_THU), holidays=official())
        fitr = by_name(official(), 1448)["Eid al-Fitr"]
        moved = rules.with_moves(
            calendar, rules.moves_of(official(), fitr, fitr.day + timedelta(days=1))
        )
        old, new = jalali("1405/12/19"), jalali("1405/12/22")
        assert rules.day_of(calendar, old).kind is DayKind.HOLIDAY
        assert rules.day_of(moved, old).kind is DayKind.WORKED
        (stands,) = rules.day_of(moved, jalali("1405/12/20")).holidays
        assert (stands.occasion_en, stands.state) == ("Eid al-Fitr", HolidayState.MOVED)
        assert rules.day_of(moved, jalali("1405/12/21")).holidays
        assert rules.day_of(moved, new).kind is DayKind.WORKED


def test_the_past_is_not_changed_but_today_is() -> None:
    today = jalali("1405/09/01")
    rules.ensure_changeable(today, today)
    with pytest.raises(DayIsPast):
        rules.ensure_changeable(today - timedelta(days=1), today)
