"""Who may act, how names and birth dates are read, and what those who are refused hear."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.citizens import rules
from bot.citizens.errors import BirthDateUnreadable, GuardianNeeded, NameUnreadable, StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from tests.calendar.support import jalali

TODAY = jalali("1405/09/01")
A_DAY = timedelta(days=1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def staff(role: Role, office_id: str = "kanoon") -> Staff:
    return Staff(CitizenId(7), office_id, role, "Mina")


def test_who_is_refused_hears_which_roles_may() -> None:
    wanted = (Role.OFFICER, Role.FINANCE)
    with pytest.raises(StaffOnly) as refused:
        rules.ensure_role([staff(Role.MANAGER, "mazandaran")], "kanoon", wanted)
    assert refused.value.roles == wanted


@pytest.mark.parametrize("typed", ["X", "Xara4", "سارا!", "-" * 41])
def test_a_name_is_two_to_forty_letters(typed: str) -> None:
    with pytest.raises(NameUnreadable):
        rules.given_name(typed)


@pytest.mark.parametrize("typed", ["Xi", "نی", "آ" * 40, "می\u200cنا", "Anne-Marie", "D'Arcy"])
def test_any_name_of_letters_is_one(typed: str) -> None:
    assert rules.given_name(typed) == typed


def test_who_was_born_today_is_no_day_old_and_nobody_is_born_tomorrow() -> None:
    assert rules.birth_date("1405/09/01", TODAY) == TODAY
    with pytest.raises(BirthDateUnreadable):
        rules.birth_date("1405/09/02", TODAY)


def test_the_oldest_were_born_a_hundred_and_ten_years_ago() -> None:
    today = jalali("1415/09/01")
    assert rules.birth_date("1305/09/01", today) == jalali("1305/09/01")
    assert rules.birth_date("1304/09/02", today) == jalali("1304/09/02")
    with pytest.raises(BirthDateUnreadable):
        rules.birth_date("1304/09/01", today)


def test_who_is_not_of_age_hears_at_which_age_they_are() -> None:
    rules.ensure_of_age(jalali("1387/09/01"), TODAY)
    with pytest.raises(GuardianNeeded) as refused:
        rules.ensure_of_age(jalali("1387/09/02"), TODAY)
    assert refused.value.age_min == 18


class TestHowOften:
    def test_nothing_was_done_so_it_can_be_done_now(self) -> None:
        assert rules.free_at({}, 1, HOUR, NOON) is None

    def test_what_was_done_a_window_ago_no_longer_counts(self) -> None:
        assert rules.free_at({NOON - HOUR: 5}, 1, HOUR, NOON) is None
        later = NOON - HOUR + MINUTE
        assert rules.free_at({later: 1}, 1, HOUR, NOON) == NOON + MINUTE

    def test_one_more_is_free_when_enough_of_it_is_over(self) -> None:
        spent = {NOON - 50 * MINUTE: 1, NOON - 40 * MINUTE: 1, NOON - 30 * MINUTE: 2}
        assert rules.free_at(spent, 5, HOUR, NOON) is None
        assert rules.free_at(spent, 4, HOUR, NOON) == NOON + 10 * MINUTE
        assert rules.free_at(spent, 3, HOUR, NOON) == NOON + 20 * MINUTE
        assert rules.free_at(spent, 2, HOUR, NOON) == NOON + 30 * MINUTE
        assert rules.free_at(spent, 1, HOUR, NOON) == NOON + 30 * MINUTE
