"""The seed of holidays against what DOMAIN.md C.2 verified by hand."""

from collections import Counter
from datetime import date, timedelta

import pytest

from bot.kit.jalali import jalali_numbers, read_jalali
from bot.kit.official_holidays import SeededHoliday, seed_of

SEEDS = [seed for year in range(2023, 2029) for seed in seed_of(year)]


def named(name: str) -> list[SeededHoliday]:
    return [seed for seed in SEEDS if seed.occasion_en == name]


def on(written: str) -> set[str]:
    day = read_jalali(written)
    return {seed.occasion_en for seed in SEEDS if seed.day == day}


@pytest.mark.parametrize(
    ("year", "count"), [(1402, 29), (1403, 27), (1404, 33), (1405, 26), (1406, 27)]
)
def test_a_year_has_so_many_holidays(year: int, count: int) -> None:
    days = {seed.day for seed in SEEDS if jalali_numbers(seed.day)[0] == year}
    assert len(days) == count


FITR, ADHA, GHADIR = "Eid al-Fitr", "Eid al-Adha", "Eid al-Ghadir"
PROPHET = "Death of Prophet Muhammad and Martyrdom of Hasan ibn Ali"


@pytest.mark.parametrize(
    ("name", "year", "days"),
    [
        (FITR, 1402, "02/02"),
        (ADHA, 1402, "04/08"),
        (GHADIR, 1402, "04/16"),
        ("Ashura", 1402, "05/06"),
        ("Arbaeen", 1402, "06/15"),
        (PROPHET, 1402, "06/23"),
        ("Birthday of Mahdi", 1402, "12/06"),
        (FITR, 1403, "01/22"),
        (ADHA, 1403, "03/28"),
        (GHADIR, 1403, "04/05"),
        ("Ashura", 1403, "04/26"),
        ("Arbaeen", 1403, "06/04"),
        (PROPHET, 1403, "06/12"),
        ("Birthday of Mahdi", 1403, "11/26"),
        ("Last Day of Year", 1403, "12/30"),
        (FITR, 1404, "01/11"),
        (ADHA, 1404, "03/16"),
        (GHADIR, 1404, "03/24"),
        ("Tasua", 1404, "04/14"),
        ("Arbaeen", 1404, "05/23"),
        (PROPHET, 1404, "05/31"),
        ("Birthday of Mahdi", 1404, "11/15"),
        (FITR, 1405, "01/01 12/19"),
        ("Eid al-Fitr Holiday", 1405, "01/02 12/20"),
        (ADHA, 1405, "03/06"),
        (GHADIR, 1405, "03/14"),
        ("Tasua", 1405, "04/03"),
        ("Arbaeen", 1405, "05/13"),
        (PROPHET, 1405, "05/21"),
        ("Martyrdom of Fatima", 1405, "08/22"),
        ("Birthday of Imam Ali", 1405, "10/02"),
        ("Isra' and Mi'raj", 1405, "10/16"),
        ("Birthday of Mahdi", 1405, "11/04"),
        ("Martyrdom of Imam Ali", 1405, "12/10"),
        (FITR, 1406, "12/08"),
        (ADHA, 1406, "02/27"),
        ("Ashura", 1406, "03/26"),
        ("Arbaeen", 1406, "05/03"),
    ],
)
def test_key_days_stand_where_the_official_calendar_has_them(
    name: str, year: int, days: str
) -> None:
    found = [
        f"{month:02}/{day:02}"
        for found_year, month, day in (jalali_numbers(seed.day) for seed in named(name))
        if found_year == year
    ]
    assert found == days.split()


def test_only_lunar_days_from_2027_on_are_estimated() -> None:
    for seed in SEEDS:
        expected = seed.lunar_month is not None and seed.day >= date(2027, 1, 1)
        assert seed.is_estimated == expected, seed
    assert sum(seed.is_estimated for seed in SEEDS) > 30


def test_the_mark_of_an_estimate_is_no_part_of_a_name() -> None:
    assert not [seed for seed in SEEDS if "تخمینی" in seed.occasion or "est" in seed.key]


@pytest.mark.parametrize(
    ("day", "occasions"),
    [
        ("1405/03/14", {"Death of Imam Khomeini", "Eid al-Ghadir"}),
        ("1405/01/01", {"Nowruz", "Eid al-Fitr"}),
        ("1405/01/02", {"Nowruz Holiday", "Eid al-Fitr Holiday"}),
        ("1405/03/16", set()),
        ("1405/09/06", set()),  # an ordinary Friday is no holiday
    ],
)
def test_two_occasions_on_one_day_are_two(day: str, occasions: set[str]) -> None:
    assert on(day) == occasions


def test_a_key_names_one_occasion_of_one_year() -> None:
    (twice,) = Counter(seed.key for seed in SEEDS).most_common(1)
    assert twice[1] == 1
    by_key = {seed.key: seed for seed in SEEDS}
    assert by_key["eid-al-fitr/1448"].day == read_jalali("1405/12/19")
    assert by_key["eid-al-fitr/1447"].day == read_jalali("1405/01/01")
    assert by_key["nowruz-holiday/1405-01-02"].occasion == "عید نوروز"


def test_lunar_days_of_one_year_stand_as_far_apart_as_the_moon_says() -> None:
    """A wrong year or month in the table would put two of them weeks apart or out of order."""
    lunar = [seed for seed in SEEDS if seed.lunar_year in range(1445, 1450)]
    lunar.sort(key=lambda seed: (seed.lunar_year, seed.lunar_month, seed.lunar_day))
    assert [seed.day for seed in lunar] == sorted(seed.day for seed in lunar)
    assert len(lunar) == 5 * 17
    first = lunar[0]
    for seed in lunar:
        assert seed.lunar_year is not None
        assert seed.lunar_month is not None
        assert seed.lunar_day is not None
        months = (seed.lunar_year - 1445) * 12 + seed.lunar_month - 1
        days = months * 29.530588 + seed.lunar_day - 9
        assert abs((seed.day - first.day).days - days) < 2.5, seed


def test_general_closures_are_known() -> None:
    assert on("1402/05/10") == on("1402/05/11") == {"Public Holiday"}
    start = read_jalali("1404/12/10")
    assert start is not None
    week = {start + timedelta(days=ahead) for ahead in range(7)}
    assert week <= {seed.day for seed in named("Public Holiday")}
