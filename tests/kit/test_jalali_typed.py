"""Days as people type them, and moments as they read them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.jalali import (
    clock_time,
    jalali_day,
    jalali_moment,
    jalali_month_day,
    jalali_numbers,
    read_jalali,
    weekday_name,
)

TODAY = date(2026, 11, 22)  # 1 Azar 1405, a Sunday


@pytest.mark.parametrize(
    "typed",
    [
        "1405/09/01",
        "1405/9/1",
        "۱۴۰۵-۹-۱",
        "١٤٠٥.٠٩.٠١",
        " 1405 / 09 / 01 ",
        "01/09/1405",
        "۱ آذر ۱۴۰۵",
        "یک‌شنبه ۱ آذر ۱۴۰۵",
        "۱ اذر ماه 1405",
        "1 Azar 1405",
    ],
)
def test_a_day_with_its_year_is_read_however_it_is_typed(typed: str) -> None:
    assert read_jalali(typed) == TODAY


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("۱ آذر", TODAY),
        ("یکشنبه ۱ آذر", TODAY),
        ("۳۰ آبان", date(2027, 11, 21)),  # this year's is over
        ("۲ آذرماه", date(2026, 11, 23)),
        ("۳۰ اسفند", date(2030, 3, 20)),  # the next leap year
        ("امروز", TODAY),
        ("فردا", TODAY + timedelta(days=1)),
        ("پس‌فردا", TODAY + timedelta(days=2)),
        ("tomorrow", TODAY + timedelta(days=1)),
    ],
)
def test_a_day_without_a_year_is_the_next_one(typed: str, day: date) -> None:
    assert read_jalali(typed, today=TODAY) == day
    assert read_jalali(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1405/07/31",
        "1402/12/30",
        "1405/13/01",
        "1405/00/00",
        "2026-11-22",
        "05/09/01",
        "1405/09",
        "۱ سنبله",
        "۳۲ فروردین",
        "1405/09/01 سرد",
        "9" * 4000,
        "دیروز",
        "\u202e1405",
    ],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_jalali(typed, today=TODAY) is None


@given(st.dates(date(1990, 1, 1), date(2059, 12, 31)))
def test_a_day_that_is_written_is_read_back(day: date) -> None:
    assert read_jalali(jalali_day(day, "fa", with_weekday=True)) == day
    year, month, day_of_month = jalali_numbers(day)
    assert read_jalali(f"{year}/{month}/{day_of_month}") == day


@given(st.text(max_size=30))
def test_nothing_typed_is_a_defect(typed: str) -> None:
    read = read_jalali(typed, today=TODAY)
    assert read is None or isinstance(read, date)


def test_a_moment_is_said_in_tehran() -> None:
    moment = datetime(2026, 10, 3, 21, 0, tzinfo=UTC)
    assert jalali_moment(moment, "fa") == "یک‌شنبه ۱۲ مهر ۱۴۰۵، ساعت ۰۰:۳۰"
    assert jalali_moment(moment, "fa", with_weekday=False) == "۱۲ مهر ۱۴۰۵، ساعت ۰۰:۳۰"
    assert jalali_moment(moment, "en") == "Sunday 12 Mehr 1405 (4 October 2026), 00:30"


def test_parts_of_a_day_are_said_alone() -> None:
    assert clock_time(time(7, 5), "fa") == "۰۷:۰۵"
    assert clock_time(time(7, 5), "en") == "07:05"
    assert jalali_month_day(TODAY, "fa") == "۱ آذر"
    assert jalali_month_day(TODAY, "en") == "1 Azar"
    assert weekday_name(date(2026, 11, 24), "fa") == "سه‌شنبه"
    assert weekday_name(date(2026, 11, 24), "en") == "Tuesday"
