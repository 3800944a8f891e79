"""Until when what can be done: to the minute, over midnights, holidays and days off."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.clock import TEHRAN
from bot.workshops.model import Policy
from bot.workshops.rules import deadlines
from tests.calendar.support import at, closed, hours, jalali, office, official, windows
from tests.workshops.support import CALENDAR

POLICY = Policy()
FAR = at("1407/01/01 00:00")
NO_HOURS = office(hours(frozenset(), windows("08:00-12:00")), holidays=official())
UNKNOWN = type(CALENDAR)("kanoon", (), official())


@pytest.mark.parametrize(
    ("closes_at", "until"),
    [
        ("1405/09/01 14:00", "1405/09/01 00:00"),
        ("1405/09/01 23:59", "1405/09/01 00:00"),
        ("1405/09/01 00:01", "1405/09/01 00:00"),
        ("1405/09/02 00:00", "1405/09/01 00:00"),  # the last day of registration is the first
        ("1404/01/01 12:00", "1404/01/01 00:00"),  # the day before is the 30th, in a leap year
    ],
)
def test_a_place_is_dropped_until_the_last_day_of_registration_begins(
    closes_at: str, until: str
) -> None:
    assert deadlines.drop_until(at(closes_at)) == at(until)


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_cutoff_is_a_midnight_in_tehran_at_most_a_day_before_the_deadline(
    moment: datetime,
) -> None:
    closes_at = moment.replace(tzinfo=TEHRAN)
    until = deadlines.drop_until(closes_at)
    local = until.astimezone(TEHRAN)
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    assert timedelta() < closes_at - until <= timedelta(days=1)


def test_a_place_waits_half_an_hour_for_who_pays_at_once_and_never_past_the_first_session() -> (
    None
):
    now = at("1405/08/05 10:00")
    assert deadlines.hold_until(now, POLICY, latest=FAR) == at("1405/08/05 10:30")
    soon = at("1405/08/05 10:10")
    assert deadlines.hold_until(now, POLICY, latest=soon) == soon


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("1405/08/03 10:00", "1405/08/06 00:00"),  # Sunday: Monday and Tuesday
        ("1405/08/05 23:00", "1405/08/10 00:00"),  # Tuesday: Wednesday, then Saturday
        ("1405/08/07 10:00", "1405/08/11 00:00"),  # Thursday: Saturday and Sunday
        ("1404/12/27 10:00", "1405/01/09 00:00"),  # Nowruz and two weekends
    ],
)
def test_a_bank_transfer_has_two_working_days_that_are_over(now: str, until: str) -> None:
    found = deadlines.bank_hold_until(CALENDAR, at(now), POLICY, latest=FAR)
    assert found == at(until)


def test_a_bank_transfer_waits_over_a_closure_and_not_past_the_first_session() -> None:
    calendar = office(hours(), holidays=official(), closures=[closed("1405/08/04")])
    now = at("1405/08/03 10:00")
    assert deadlines.bank_hold_until(calendar, now, POLICY, latest=FAR) == at("1405/08/07 00:00")
    soon = at("1405/08/04 17:00")
    assert deadlines.bank_hold_until(calendar, now, POLICY, latest=soon) == soon


def test_where_nobody_knows_the_hours_banks_rest_on_thursdays_fridays_and_holidays() -> None:
    working = [
        day
        for day in range(1, 15)
        if deadlines.is_working_day(UNKNOWN, jalali(f"1405/01/{day:02}"))
    ]
    assert working == [5, 8, 9, 10, 11]  # 12 and 13 are holidays, 14 is a Friday
    assert deadlines.is_working_day(CALENDAR, jalali("1405/01/05"))
    assert not deadlines.is_working_day(CALENDAR, jalali("1405/01/06"))


def test_an_offer_counts_open_hours_over_a_weekend() -> None:
    # Six and a half open hours a day: on Wednesday at 9:00 are left 5, on Saturday 6.5.
    now = at("1405/08/06 09:00")
    assert deadlines.offer_until(CALENDAR, now, POLICY, latest=FAR) == at("1405/08/10 08:00")


def test_an_offer_ends_with_the_deadline_at_the_latest() -> None:
    now, latest = at("1405/08/06 09:00"), at("1405/08/06 12:00")
    assert deadlines.offer_until(CALENDAR, now, POLICY, latest=latest) == latest


@pytest.mark.parametrize("calendar", [UNKNOWN, NO_HOURS])
def test_an_office_without_hours_keeps_an_offer_for_a_day(calendar: type(CALENDAR)) -> None:  # type: ignore[valid-type]
    now = at("1405/08/06 09:00")
    assert deadlines.offer_until(calendar, now, POLICY, latest=FAR) == at("1405/08/07 09:00")


@settings(deadline=None)
@given(st.integers(0, 400 * 24 * 60))
def test_no_offer_ends_before_it_begins_or_while_the_office_is_shut(minutes: int) -> None:
    now = at("1405/02/01 00:00") + timedelta(minutes=minutes)
    until = deadlines.offer_until(CALENDAR, now, POLICY, latest=FAR)
    assert until > now
    assert deadlines.is_working_day(CALENDAR, until.astimezone(TEHRAN).date())
    assert until - now >= timedelta(hours=POLICY.offer_open_hours)


def test_a_manager_has_a_day_and_not_longer_than_until_the_first_session() -> None:
    now = at("1405/08/20 18:00")
    first = at("1405/08/23 17:00")
    assert deadlines.grace_until(now, POLICY, first_session_at=first) == at("1405/08/21 18:00")
    first = at("1405/08/21 10:00")
    assert deadlines.grace_until(now, POLICY, first_session_at=first) == first
    assert deadlines.grace_until(now, POLICY, first_session_at=at("1405/08/01 10:00")) == now
