from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.kit.jalali import jalali_day, jalali_months_before, read_jalali, tehran_day


def squeezed(text: str) -> str:
    """Libraries differ in the half-space of weekday names."""
    return text.replace("\u200c", "")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 3, 19), "۲۹ اسفند ۱۴۰۲"),
        (date(2024, 3, 20), "۱ فروردین ۱۴۰۳"),
        (date(2025, 3, 20), "۳۰ اسفند ۱۴۰۳"),  # 1403 is a leap year, which one library denies
        (date(2025, 3, 21), "۱ فروردین ۱۴۰۴"),
        (date(2026, 11, 22), "۱ آذر ۱۴۰۵"),
        (date(2021, 3, 20), "۳۰ اسفند ۱۳۹۹"),
        (date(2030, 3, 20), "۳۰ اسفند ۱۴۰۸"),
        (date(2034, 3, 20), "۳۰ اسفند ۱۴۱۲"),
        (date(2029, 3, 20), "۱ فروردین ۱۴۰۸"),  # 1407 has no 30 Esfand
    ],
)
def test_a_day_is_said_as_iranians_write_it(day: date, said: str) -> None:
    assert jalali_day(day, "fa") == said


def test_the_weekday_is_said_where_it_matters() -> None:
    said = jalali_day(date(2024, 3, 19), "fa", with_weekday=True)
    assert squeezed(said) == "سهشنبه ۲۹ اسفند ۱۴۰۲"
    said = jalali_day(date(2026, 11, 21), "fa", with_weekday=True)
    assert said == "شنبه ۳۰ آبان ۱۴۰۵"


def test_in_english_the_gregorian_day_stands_beside_it() -> None:
    assert jalali_day(date(2024, 3, 19), "en") == "29 Esfand 1402 (19 March 2024)"
    with_weekday = jalali_day(date(2024, 3, 19), "en", with_weekday=True)
    assert with_weekday == "Tuesday 29 Esfand 1402 (19 March 2024)"


def test_every_day_of_forty_years_follows_the_one_before() -> None:
    """Months have 31, 30 or, at the end of a year, 29 days; nothing is left out or said twice."""
    months = dict[str, set[int]]()
    day, end = date(1997, 3, 21), date(2037, 3, 21)
    before = ""
    while day < end:
        number, month, _year = jalali_day(day, "fa").split(" ")
        if number == "۱" and before:
            length, previous, _ = before.split(" ")
            months.setdefault(previous, set()).add(int(length))
        before = f"{number} {month} {_year}"
        day += timedelta(days=1)
    assert set(map(frozenset, list(months.values())[:6])) == {frozenset({31})}
    assert set(map(frozenset, list(months.values())[6:11])) == {frozenset({30})}
    assert months["اسفند"] == {29, 30}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 21, 20, 29, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 20, 30, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 7, 1, 20, 30, tzinfo=UTC), date(2026, 7, 2)),  # no summer time since 1401
        (datetime(2022, 7, 1, 19, 30, tzinfo=UTC), date(2022, 7, 2)),  # the last one
        (datetime(2022, 7, 1, 19, 29, tzinfo=UTC), date(2022, 7, 1)),
        (datetime(2024, 3, 20, 1, 0, tzinfo=timezone(timedelta(hours=9))), date(2024, 3, 19)),
    ],
)
def test_a_day_begins_when_it_begins_in_tehran(moment: datetime, day: date) -> None:
    assert tehran_day(moment) == day


def test_a_moment_without_a_zone_is_a_defect() -> None:
    naive = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(AssertionError):
        tehran_day(naive)


@pytest.mark.parametrize(
    ("typed", "months", "found"),
    [
        ("1405/09/01", 1, "1405/08/01"),
        ("1405/09/01", 9, "1404/12/01"),
        ("1405/06/31", 3, "1405/03/31"),
        ("1405/07/30", 5, "1405/02/30"),
        ("1405/01/31", 1, "1404/12/29"),
        ("1405/02/31", 0, "1405/02/31"),
    ],
)
def test_months_back_end_on_the_same_day_or_the_last_of_a_shorter_month(
    typed: str, months: int, found: str
) -> None:
    day, expected = read_jalali(typed), read_jalali(found)
    assert day is not None
    assert jalali_months_before(day, months) == expected
