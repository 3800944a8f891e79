"""The planner: no session lost, none on a closed day, none out of order, and a reason for each."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.model import HolidayState, OfficeCalendar
from bot.calendar.rules import with_closure, with_moves
from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day
from bot.workshops.errors import (
    NoticeTooShort,
    PlanFault,
    PlanUnfit,
    SessionOnClosedDay,
    SessionsClash,
)
from bot.workshops.model import ClosedWhy, Plan, Policy, Session, SessionState, Slot
from bot.workshops.rules import planning
from tests.calendar.support import (
    FRI,
    MON,
    SAT,
    SAT_TO_WED,
    SUN,
    THU,
    TUE,
    WED,
    at,
    closed,
    jalali,
    office,
    official,
    one_holiday,
    windows,
)
from tests.workshops.support import CALENDAR, NOW, session

UNKNOWN = OfficeCalendar("kanoon", (), official())
FIVE = time(17)


def plan(first: str, *weekdays: int, count: int = 4, **wanted: object) -> Plan:
    values = {"starts": FIVE, "minutes": 90, "session_count": count, **wanted}
    return Plan(jalali(first), frozenset(weekdays), **values)  # type: ignore[arg-type]


def days_of(slots: tuple[Slot, ...]) -> list[date]:
    return [tehran_day(slot.starts_at) for slot in slots]


def test_dates_follow_the_weekdays_and_leave_out_a_holiday_without_losing_a_session() -> None:
    soon = (one.day for one in official() if one.day > jalali("1405/08/02"))
    holiday = next(day for day in sorted(soon) if day.weekday() in SAT_TO_WED)
    proposal = planning.propose(plan("1405/08/02", holiday.weekday(), count=30), CALENDAR, NOW)
    assert len(proposal.slots) == 30
    assert holiday in {skipped.day for skipped in proposal.skipped}
    assert holiday not in days_of(proposal.slots)
    (why,) = [skipped for skipped in proposal.skipped if skipped.day == holiday]
    assert why.why is ClosedWhy.HOLIDAY
    assert why.occasions


def test_sessions_begin_at_the_hour_in_tehran_and_last_as_long_as_asked() -> None:
    proposal = planning.propose(plan("1405/08/02", SUN, TUE), CALENDAR, NOW)
    assert [slot.starts_at.astimezone(TEHRAN).time() for slot in proposal.slots] == [FIVE] * 4
    assert {slot.minutes for slot in proposal.slots} == {90}
    assert days_of(proposal.slots) == [
        jalali(f"1405/08/{day}") for day in ("03", "05", "10", "12")
    ]


def test_a_lunar_holiday_that_waits_for_the_moon_is_left_out_and_said_to_be_estimated() -> None:
    lunar = next(one for one in official() if one.state is HolidayState.ESTIMATED)
    calendar = replace(CALENDAR, holidays=(lunar,))
    found = planning.closed_day(calendar, lunar.day)
    assert found is not None
    assert found.is_estimated
    assert found.occasions == (lunar.occasion,)
    both = replace(CALENDAR, holidays=(lunar, one_holiday(lunar.day, 900_000)))
    certain = planning.closed_day(both, lunar.day)
    assert certain is not None
    assert not certain.is_estimated
    assert len(certain.occasions) == 2


def test_a_closure_is_left_out_with_its_reason_and_a_shortened_day_is_not() -> None:
    snow = office(closures=[closed("1405/08/03")])
    found = planning.closed_day(snow, jalali("1405/08/03"))
    assert found is not None
    assert (found.why, found.occasions) == (ClosedWhy.CLOSURE, ("سرمای شدید",))
    short = office(closures=[closed("1405/08/03", opened=windows("07:30-10:00"))])
    assert planning.closed_day(short, jalali("1405/08/03")) is None


def test_a_decision_to_open_on_a_holiday_opens_it_for_sessions_too() -> None:
    day = jalali("1405/08/03")
    calendar = office(holidays=[one_holiday(day)])
    assert planning.closed_day(calendar, day) is not None
    opened = with_closure(calendar, closed("1405/08/03", opened=windows("08:00-12:00")))
    assert planning.closed_day(opened, day) is None


def test_weekdays_off_are_closed_unless_the_office_means_them() -> None:
    thursday, friday = jalali("1405/08/07"), jalali("1405/08/08")
    for day in (thursday, friday):
        found = planning.closed_day(CALENDAR, day)
        assert found is not None
        assert found.why is ClosedWhy.DAY_OFF
        assert planning.closed_day(CALENDAR, day, is_on_days_off=True) is None
    asked = plan("1405/08/02", THU, FRI, is_on_days_off=True)
    assert len(planning.propose(asked, CALENDAR, NOW).slots) == 4
    with pytest.raises(PlanUnfit) as refused:
        planning.propose(plan("1405/08/02", THU), CALENDAR, NOW)
    assert refused.value.fault is PlanFault.NO_OPEN_DAYS


def test_where_nobody_knows_the_hours_only_fridays_holidays_and_closures_are_closed() -> None:
    thursday, friday = jalali("1405/08/07"), jalali("1405/08/08")
    assert planning.closed_day(UNKNOWN, thursday) is None
    assert planning.closed_day(UNKNOWN, friday) is not None
    nowruz = planning.closed_day(UNKNOWN, jalali("1405/01/01"))
    assert nowruz is not None
    assert nowruz.why is ClosedWhy.HOLIDAY
    shut = with_closure(UNKNOWN, closed("1405/08/07"))
    found = planning.closed_day(shut, thursday)
    assert found is not None
    assert found.why is ClosedWhy.CLOSURE
    assert planning.closed_day(shut, thursday, is_on_days_off=True) is not None


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ({"starts": time(8), "first_on": jalali("1405/08/01")}, PlanFault.FIRST_DAY_PAST),
        ({"first_on": jalali("1405/07/30")}, PlanFault.FIRST_DAY_PAST),
        ({"weekdays": frozenset()}, PlanFault.WEEKDAYS),
        ({"weekdays": frozenset({7})}, PlanFault.WEEKDAYS),
        ({"minutes": 14}, PlanFault.MINUTES),
        ({"minutes": 481}, PlanFault.MINUTES),
        ({"session_count": 0}, PlanFault.SESSION_COUNT),
        ({"session_count": 61}, PlanFault.SESSION_COUNT),
        ({"starts": time(23), "minutes": 61}, PlanFault.OVER_MIDNIGHT),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(
    wanted: dict[str, object], fault: PlanFault
) -> None:
    with pytest.raises(PlanUnfit) as refused:
        planning.propose(replace(plan("1405/08/02", SUN), **wanted), CALENDAR, NOW)  # type: ignore[arg-type]
    assert refused.value.fault is fault


def test_the_edges_of_what_can_be_planned_are_planned() -> None:
    for hour, minutes in ((17, 15), (9, 480), (23, 60)):
        asked = replace(plan("1405/08/02", SUN), starts=time(hour), minutes=minutes)
        assert len(planning.propose(asked, CALENDAR, NOW).slots) == 4
    later = replace(plan("1405/08/01", FRI, is_on_days_off=True), starts=time(9, 1))
    assert planning.propose(later, CALENDAR, NOW).slots[0].starts_at == at("1405/08/01 09:01")


plans = st.builds(
    Plan,
    first_on=st.dates(jalali("1405/08/02"), jalali("1406/01/20")),
    weekdays=st.frozensets(st.sampled_from([SAT, SUN, MON, TUE, WED]), min_size=1),
    starts=st.times(time(8), time(18)),
    minutes=st.integers(15, 120),
    session_count=st.integers(1, 25),
    is_on_days_off=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(plans, st.lists(st.integers(0, 120), max_size=6))
def test_whatever_is_planned_every_session_has_a_day_and_every_other_day_a_reason(
    asked: Plan, shut: list[int]
) -> None:
    draft = closed("1405/08/02")
    closures = [
        replace(draft, first_on=day, last_on=day)
        for day in (asked.first_on + timedelta(days=ahead) for ahead in shut)
    ]
    calendar = replace(CALENDAR, closures=tuple(closures))
    proposal = planning.propose(asked, calendar, NOW)
    days = days_of(proposal.slots)
    skipped = [one.day for one in proposal.skipped]
    assert len(days) == asked.session_count
    assert days == sorted(set(days))
    closed_days = {one.day for one in calendar.holidays} | {one.first_on for one in closures}
    assert not closed_days & set(days)
    assert set(skipped) <= closed_days
    every = (
        asked.first_on + timedelta(days=n) for n in range((days[-1] - asked.first_on).days + 1)
    )
    assert sorted(days + skipped) == [day for day in every if day.weekday() in asked.weekdays]
    for slot in proposal.slots:
        planning.ensure_on_open_day(slot, calendar)


def test_a_session_on_a_closed_day_is_refused_with_the_reason() -> None:
    with pytest.raises(SessionOnClosedDay) as refused:
        planning.ensure_on_open_day(Slot(at("1406/01/01 17:00"), 90), CALENDAR)
    assert refused.value.closed.why is ClosedWhy.HOLIDAY
    planning.ensure_on_open_day(Slot(at("1405/08/03 17:00"), 90), CALENDAR)


def test_sessions_of_one_workshop_do_not_overlap_but_may_touch() -> None:
    first, touching = Slot(at("1405/08/03 17:00"), 60), Slot(at("1405/08/03 18:00"), 60)
    planning.ensure_apart([touching, first])
    with pytest.raises(SessionsClash):
        planning.ensure_apart([touching, Slot(at("1405/08/03 17:00"), 61)])


def weekly(*days: str) -> list[Session]:
    return [session(f"{day} 17:00", number=number) for number, day in enumerate(days, start=1)]


def test_a_holiday_that_is_added_displaces_the_sessions_of_its_day_and_no_others() -> None:
    sessions = weekly("1405/08/03", "1405/08/05", "1405/08/10")
    calendar = with_closure(CALENDAR, closed("1405/08/05", "1405/08/09"))
    found = planning.displaced(sessions, calendar, NOW)
    assert [(one.number, why.why) for one, why in found] == [(2, ClosedWhy.CLOSURE)]
    assert planning.displaced(sessions, CALENDAR, NOW) == []
    held = [replace(sessions[1], state=SessionState.HELD)]
    assert planning.displaced(held, calendar, NOW) == []
    assert planning.displaced(sessions, calendar, at("1405/08/05 17:00")) == []


def test_a_weekday_off_displaces_nobody() -> None:
    assert planning.displaced(weekly("1405/08/07", "1405/08/08"), CALENDAR, NOW) == []


def test_a_displaced_session_takes_the_next_free_day_and_numbers_follow_the_dates() -> None:
    one, two, three = weekly("1405/08/03", "1405/08/05", "1405/08/10")
    two = replace(two, state=SessionState.DISPLACED)
    calendar = with_closure(CALENDAR, closed("1405/08/05"))
    calendar = with_closure(calendar, closed("1405/08/12"))
    found = planning.replan([one, two, three], calendar, NOW)
    (date_,) = found.dates
    assert date_.session_id == two.id
    assert date_.slot == Slot(at("1405/08/17 17:00"), 90)
    assert found.numbers == ((one.id, 1), (three.id, 2), (two.id, 3))
    assert [skipped.day for skipped in found.skipped] == [
        jalali("1405/08/05"),
        jalali("1405/08/12"),
    ]


def test_a_day_that_was_left_free_between_two_sessions_is_taken_first() -> None:
    one, two, three = weekly("1405/08/03", "1405/08/05", "1405/08/17")
    two = replace(two, state=SessionState.DISPLACED)
    calendar = with_closure(CALENDAR, closed("1405/08/05"))
    found = planning.replan([one, two, three], calendar, NOW)
    assert found.dates[0].slot.starts_at == at("1405/08/10 17:00")
    assert found.numbers == ((one.id, 1), (two.id, 2), (three.id, 3))


def test_the_day_of_a_cancelled_session_is_free_and_a_past_day_is_not() -> None:
    one, two, three = weekly("1405/08/03", "1405/08/05", "1405/08/10")
    lost = replace(one, state=SessionState.DISPLACED)
    gone = replace(two, state=SessionState.CANCELLED_BY_OFFICE)
    calendar = with_closure(CALENDAR, closed("1405/08/03"))
    found = planning.replan([lost, gone, three], calendar, NOW)
    assert found.dates[0].slot.starts_at == at("1405/08/05 17:00")
    later = planning.replan([lost, gone, three], calendar, at("1405/08/05 18:00"))
    assert later.dates[0].slot.starts_at == at("1405/08/12 17:00")


@settings(max_examples=60, deadline=None)
@given(plans, st.sets(st.integers(0, 24), max_size=8), st.integers(-2, 2))
def test_replanning_loses_no_session_moves_no_other_and_keeps_the_order(
    asked: Plan, chosen: set[int], moved_by: int
) -> None:
    proposal = planning.propose(asked, CALENDAR, NOW)
    sessions = [
        session(slot.starts_at, slot.minutes, number=number)
        for number, slot in enumerate(proposal.slots, start=1)
    ]
    # The moon is seen on another day, and some days are closed on top.
    lunar = [one for one in official() if one.lunar_year == 1448]
    calendar = with_moves(CALENDAR, {one.id: one.day + timedelta(days=moved_by) for one in lunar})
    draft = closed("1405/08/02")
    for number in chosen & set(range(len(sessions))):
        day = tehran_day(sessions[number].slot.starts_at)
        calendar = with_closure(calendar, replace(draft, first_on=day, last_on=day))
    lost = {one.id for one, _why in planning.displaced(sessions, calendar, NOW)}
    after = [
        replace(one, state=SessionState.DISPLACED) if one.id in lost else one for one in sessions
    ]
    found = planning.replan(after, calendar, NOW, is_on_days_off=True)
    assert {date_.session_id for date_ in found.dates} == lost
    slots = {one.id: one.slot for one in sessions if one.id not in lost}
    slots |= {date_.session_id: date_.slot for date_ in found.dates}
    assert len(slots) == asked.session_count
    days = [tehran_day(slot.starts_at) for slot in slots.values()]
    assert len(set(days)) == len(days)
    for slot in slots.values():
        planning.ensure_on_open_day(slot, calendar, is_on_days_off=True)
    in_order = sorted(slots, key=lambda identity: slots[identity].starts_at)
    assert found.numbers == tuple((identity, n) for n, identity in enumerate(in_order, start=1))
    if not lost:
        assert not found.skipped


def test_a_session_is_moved_with_notice_and_a_displaced_one_as_soon_as_there_is_a_date() -> None:
    policy = Policy(reschedule_notice_hours=24)
    planned = session("1405/08/03 17:00")
    slot = Slot(at("1405/08/12 17:00"), 90)
    planning.ensure_notice(planned, slot, policy, at("1405/08/02 17:00"))
    with pytest.raises(NoticeTooShort) as refused:
        planning.ensure_notice(planned, slot, policy, at("1405/08/02 17:01"))
    assert refused.value.hours == 24
    displaced = replace(planned, state=SessionState.DISPLACED)
    planning.ensure_notice(displaced, slot, policy, at("1405/08/03 12:00"))
    with pytest.raises(NoticeTooShort):
        planning.ensure_notice(displaced, slot, policy, at("1405/08/11 17:01"))
