"""What the planner says of days that are closed, and where sessions go that lost theirs."""

from dataclasses import replace
from datetime import time

import pytest

from bot.workshops.errors import PlanFault, PlanUnfit, SessionOnClosedDay, SessionsClash
from bot.workshops.model import SESSIONS_MAX, ClosedDay, ClosedWhy, Plan, SessionState, Slot
from bot.workshops.rules import planning
from tests.calendar.support import SAT, at, closed, hours, jalali, office
from tests.workshops.support import NOW, session

OPEN = office(hours())  # Saturday to Wednesday
LOST = SessionState.DISPLACED


def test_a_weekday_off_is_closed_by_name() -> None:
    thursday = jalali("1405/08/07")
    assert planning.closed_day(OPEN, thursday) == ClosedDay(thursday, ClosedWhy.DAY_OFF)


def test_a_session_on_a_weekday_off_is_refused_unless_it_is_meant_so() -> None:
    thursday = Slot(at("1405/08/07 17:00"), 90)
    with pytest.raises(SessionOnClosedDay) as refused:
        planning.ensure_on_open_day(thursday, OPEN)
    assert refused.value.closed.day == jalali("1405/08/07")
    planning.ensure_on_open_day(thursday, OPEN, is_on_days_off=True)


def test_of_two_sessions_that_overlap_the_later_is_named() -> None:
    first, second = Slot(at("1405/08/03 17:00"), 90), Slot(at("1405/08/03 18:00"), 90)
    with pytest.raises(SessionsClash) as refused:
        planning.ensure_apart([second, first])
    assert refused.value.starts_at == second.starts_at


def test_sessions_that_are_over_hide_none_that_lost_its_day() -> None:
    over = session("1405/08/03 17:00", state=SessionState.HELD)
    past = session("1405/07/30 17:00")
    ahead = session("1405/08/05 17:00")
    calendar = office(hours(), closures=[closed("1405/08/03", "1405/08/05")])
    found = planning.displaced([past, over, ahead], calendar, NOW)
    because = ClosedDay(jalali("1405/08/05"), ClosedWhy.CLOSURE, ("سرمای شدید",))
    assert found == [(ahead, because)]


def test_a_session_that_began_on_a_weekday_off_finds_another_only_where_it_is_meant_so() -> None:
    calendar = office(hours(), closures=[closed("1405/08/07")])
    lost = session("1405/08/07 17:00", state=LOST)
    found = planning.replan([lost], calendar, NOW, is_on_days_off=True)
    assert [one.slot.starts_at for one in found.dates] == [at("1405/08/14 17:00")]
    with pytest.raises(PlanUnfit) as refused:
        planning.replan([lost], calendar, NOW)
    assert refused.value.fault is PlanFault.NO_OPEN_DAYS


def test_the_weekday_of_a_make_up_class_is_none_of_the_workshops_own() -> None:
    lost, make_up = session("1405/08/03 17:00", state=LOST), session("1405/08/06 17:00")
    calendar = office(hours(), closures=[closed("1405/08/03")])
    found = planning.replan([lost, make_up], calendar, NOW, make_up_ids={make_up.id})
    assert [one.slot.starts_at for one in found.dates] == [at("1405/08/10 17:00")]
    calendar = office(hours(), closures=[closed("1405/08/06")])
    gone = replace(make_up, state=LOST)
    found = planning.replan([gone], calendar, NOW, make_up_ids={make_up.id})
    assert [one.slot.starts_at for one in found.dates] == [at("1405/08/13 17:00")]


def test_sessions_that_lost_their_days_share_none_and_keep_their_length_and_hour() -> None:
    first = session("1405/08/03 17:00", 60, LOST)
    second = session("1405/08/05 10:30", 120, LOST)
    calendar = office(hours(), closures=[closed("1405/08/03", "1405/08/05")])
    found = planning.replan([second, first], calendar, NOW)
    assert [(one.session_id, one.slot) for one in found.dates] == [
        (first.id, Slot(at("1405/08/10 17:00"), 60)),
        (second.id, Slot(at("1405/08/12 10:30"), 120)),
    ]
    assert found.numbers == ((first.id, 1), (second.id, 2))
    assert [one.day for one in found.skipped] == [jalali("1405/08/03"), jalali("1405/08/05")]


def test_a_day_that_is_today_is_taken_until_the_hour_of_the_session() -> None:
    lost = session("1405/08/03 17:00", state=LOST)
    other = session("1405/08/05 17:00", state=SessionState.CANCELLED_BY_OFFICE)
    calendar = office(hours(), closures=[closed("1405/08/03")])
    for now, starts_at in (
        ("1405/08/05 16:59", "1405/08/05 17:00"),
        ("1405/08/05 17:00", "1405/08/10 17:00"),
    ):
        found = planning.replan([lost, other], calendar, at(now))
        assert [one.slot.starts_at for one in found.dates] == [at(starts_at)]


def test_a_plan_may_name_every_weekday_and_as_many_sessions_as_there_can_be() -> None:
    every_day = frozenset(range(7))
    asked = Plan(jalali("1405/08/02"), every_day, time(17), 90, SESSIONS_MAX, is_on_days_off=True)
    assert len(planning.propose(asked, OPEN, NOW).slots) == SESSIONS_MAX


def test_a_plan_does_not_begin_at_this_very_moment() -> None:
    asked = Plan(jalali("1405/08/02"), frozenset({SAT}), time(17), 90, 1)
    at_once, before = at("1405/08/02 17:00"), at("1405/08/02 16:59")
    assert [slot.starts_at for slot in planning.propose(asked, OPEN, before).slots] == [at_once]
    with pytest.raises(PlanUnfit) as refused:
        planning.propose(asked, OPEN, at_once)
    assert refused.value.fault is PlanFault.FIRST_DAY_PAST
