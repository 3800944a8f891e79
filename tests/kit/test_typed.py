"""Days and hours that a line begins with."""

from datetime import date, time
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.typed import spelled_hours, take_days, take_hours

TODAY = date(2026, 11, 22)  # 1 Azar 1405
THIRD, FIFTH = date(2026, 11, 24), date(2026, 11, 26)


@pytest.mark.parametrize(
    ("line", "first", "last", "rest"),
    [
        ("1405/09/03 سرمای شدید", THIRD, THIRD, "سرمای شدید"),
        ("۳ آذر سرمای شدید", THIRD, THIRD, "سرمای شدید"),
        ("سه‌شنبه ۳ آذر ۱۴۰۵ سرما", THIRD, THIRD, "سرما"),
        ("فردا آلودگی هوا", date(2026, 11, 23), date(2026, 11, 23), "آلودگی هوا"),
        ("1405/09/03-1405/09/05 سرما", THIRD, FIFTH, "سرما"),
        ("1405-09-03 - 1405-09-05 سرما", THIRD, FIFTH, "سرما"),
        ("1405/09/03 تا 1405/09/05", THIRD, FIFTH, ""),
        ("۳ تا ۵ آذر سرما تا شنبه", THIRD, FIFTH, "سرما تا شنبه"),
        ("سه‌شنبه ۳ آذر تا پنج‌شنبه ۵ آذر ۱۴۰۵ سرما", THIRD, FIFTH, "سرما"),
        ("1405/09/03 07:30-10:00 سرما", THIRD, THIRD, "07:30-10:00 سرما"),
    ],
)
def test_days_are_parted_from_what_follows(line: str, first: date, last: date, rest: str) -> None:
    assert take_days(line, TODAY) == (first, last, rest)


@pytest.mark.parametrize("line", ["", "سرما", "1405/09/31 سرما", "1405/09/05-1405/09/03 سرما"])
def test_a_line_may_begin_with_no_day(line: str) -> None:
    assert take_days(line, TODAY) is None


@pytest.mark.parametrize(
    ("line", "stretches", "rest"),
    [
        ("سرما", [], "سرما"),
        ("07:30-10:00 سرما", [(time(7, 30), time(10))], "سرما"),
        ("۷:۳۰ تا ۱۰:۰۰ سرما", [(time(7, 30), time(10))], "سرما"),
        ("از ساعت ۷:۳۰ تا ساعت ۱۰:۰۰", [(time(7, 30), time(10))], ""),
        (
            "07:30-10:00، 11:00-12:00 سرما",
            [(time(7, 30), time(10)), (time(11), time(12))],
            "سرما",
        ),
        ("7 نفر بیمارند", [], "7 نفر بیمارند"),
        ("از سرما", [], "از سرما"),
    ],
)
def test_hours_are_parted_from_what_follows(
    line: str, stretches: list[tuple[time, time]], rest: str
) -> None:
    assert take_hours(line) == (stretches, rest)


@pytest.mark.parametrize("line", ["10:00-07:30", "07:30-07:30", "07:30-25:00", "07:99-10:00"])
def test_hours_that_are_no_stretch_of_a_day_are_unreadable(line: str) -> None:
    assert take_hours(line) is None


@pytest.mark.parametrize(
    ("line", "opens", "closes"),
    [
        ("17 تا 18:30", time(17), time(18, 30)),
        ("۵ تا ۶ و نیم عصر", time(17), time(18, 30)),
        ("۱۰ صبح تا ۱ بعدازظهر", time(10), time(13)),
        ("۱۰ تا ۱ بعد از ظهر", time(10), time(13)),
        ("05:00 تا 06:00", time(5), time(6)),
        ("8am to 2 pm", time(8), time(14)),
    ],
)
def test_hours_may_be_typed_as_they_are_spoken(line: str, opens: time, closes: time) -> None:
    assert take_hours(spelled_hours(line)) == ([(opens, closes)], "")


@pytest.mark.parametrize(
    "line", ["۱۲ شب", "12:00 شب", "۲ شب", "۱:۳۰ شب", "12 am", "۱۲ بامداد", "۱۰ تا ۱۲ شب"]
)
def test_an_hour_after_midnight_is_not_taken_for_one_after_noon(line: str) -> None:
    spelled = spelled_hours(line)
    assert "12:" not in spelled
    assert "13:" not in spelled
    assert "14:" not in spelled


def test_what_is_said_of_an_evening_or_a_noon_is_read() -> None:
    assert spelled_hours("۸ تا ۱۰ شب") == "20:00 تا 22:00"
    assert spelled_hours("۱ بامداد") == "01:00"
    assert spelled_hours("12 pm") == "12:00"
    assert spelled_hours("20 شب") == "20:00"


@pytest.mark.parametrize("line", ["۵ تا ۶", "ساعت 5"])
def test_a_bare_small_hour_is_not_guessed(line: str) -> None:
    read = take_hours(spelled_hours(line))
    assert read is not None
    assert not read[0]


STARTS = st.sampled_from(["", "1405/09/03 ", "۳ تا ۵ آذر ", "07:30-10:00 ", "از ۷:۳۰ تا ۱۰:۰۰ "])


@given(st.builds(add, STARTS, st.text(max_size=60)))
def test_what_is_read_is_in_order_and_what_is_left_ends_the_line(line: str) -> None:
    days, hours = take_days(line, TODAY), take_hours(line)
    if days is not None:
        first, last, rest = days
        assert first <= last
        assert line.split()[len(line.split()) - len(rest.split()) :] == rest.split()
    if hours is not None:
        stretches, rest = hours
        assert all(opens < closes for opens, closes in stretches)
        assert line.rstrip().endswith(rest)
