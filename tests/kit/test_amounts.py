"""Sums of money as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.amounts import Amount, Unit, read_amount
from bot.kit.digits import number, persian_digits


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("500000", Amount(500_000)),
        ("۵۰۰٬۰۰۰", Amount(500_000)),
        (" 5,000,000 ریال ", Amount(5_000_000, Unit.RIAL)),
        ("۵۰۰ هزار تومان", Amount(500_000, Unit.TOMAN)),
        ("۵۰۰هزار تومن", Amount(500_000, Unit.TOMAN)),
        ("۲ میليون و ۵۰۰ هزار تومان", Amount(2_500_000, Unit.TOMAN)),
        ("2 million and 500 thousand rials", Amount(2_500_000, Unit.RIAL)),
        ("۱٬۲۰۰٬۰۰۰تومان", Amount(1_200_000, Unit.TOMAN)),
        ("1 میلیارد", Amount(10**9)),
        ("2 000 000 Rial", Amount(2_000_000, Unit.RIAL)),
        ("0", Amount(0)),
        ("۱٫۵ میلیون", Amount(1_500_000)),
        ("1.5 million", Amount(1_500_000)),
        ("۲/۵ میلیون تومان", Amount(2_500_000, Unit.TOMAN)),
        ("2 میلیون 500 هزار", Amount(2_500_000)),
        ("یک میلیون و دویست هزار تومان", Amount(1_200_000, Unit.TOMAN)),
        ("دویست هزار", Amount(200_000)),
        ("دویست\u200cهزار ریال", Amount(200_000, Unit.RIAL)),
        ("پونصد هزارتومن", Amount(500_000, Unit.TOMAN)),
        ("چهار\u200cصد و بیست و پنج هزار", Amount(425_000)),
        ("یک و نیم میلیون تومان", Amount(1_500_000, Unit.TOMAN)),
        ("نیم میلیون", Amount(500_000)),
        ("هزار و پانصد تومان", Amount(1_500, Unit.TOMAN)),
        ("3 هزار و 500 تومان", Amount(3_500, Unit.TOMAN)),
        ("0.5 میلیون", Amount(500_000)),
        ("1,500،000", Amount(1_500_000)),
    ],
)
def test_a_sum_is_read_with_its_unit_or_without(typed: str, read: Amount) -> None:
    assert read_amount(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "تومان",
        "همه",
        "-500",
        "1.5",
        "1.5 تومان",
        "1.2345 هزار",
        "1.5 میلیون و 200 هزار",
        "1..5 میلیون",
        "5/6/7 میلیون",
        "500 و",
        "500 هزار و 2 میلیون",
        "500 هزار و 300 هزار",
        "500 60",
        "5 یورو",
        "میلیون تومان",
        "بیست و سی هزار",
        "بیست پنج هزار",
        "دویست و 50 هزار",
        "سی و دوازده هزار",
        "دویست و همه هزار",
        "نیم",
        "هفتاد هزار و",
        "و هزار",
        "صفر",
        "IR062960000000100324200001",
        "062960000000100324200001",
        "5" * 16,
        "۰۹۱۲۳۴۵۶۷۸۹",  # a telephone
        "0500 هزار",
    ],
)
def test_what_is_not_understood_in_full_is_no_sum(typed: str) -> None:
    assert read_amount(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "یک میلیون و پانصد تومان",  # a million and a half, or five hundred tomans more
        "2 million and 500 tomans",
        "یک میلیارد و دویست",
        "1.500 میلیون",  # one and a half, or fifteen hundred
        "۱٫۵۰۰ میلیون تومان",
        "1/500 هزار",
        "1,500.000",  # fifteen hundred, or a thousand times as much
        "1.500,000 تومان",
        "1.500/000",
        "0.500 تومان",  # half of something, or five hundred
        "0,500",
        "100 500 هزار",  # a hundred thousand to five hundred thousand
        "3 هزار و 1500 تومان",  # 4,500, or 1,500 with what comes before it mistyped
        "2 میلیون و 1500 هزار",
        "1 هزار و 1000",
    ],
)
def test_what_people_read_in_two_ways_is_not_guessed(typed: str) -> None:
    assert read_amount(typed) is None


def test_a_bare_number_counts_what_its_author_says_afterwards() -> None:
    bare = Amount(500)
    assert bare.rials is None
    assert (bare.counted_in(Unit.RIAL), bare.counted_in(Unit.TOMAN)) == (500, 5_000)
    assert Amount(500, Unit.TOMAN).rials == 5_000


@given(st.integers(0, 10**14), st.sampled_from(["fa", "en"]))
def test_every_amount_is_read_as_it_is_shown(value: int, language: str) -> None:
    assert read_amount(number(value, language)) == Amount(value)
    assert read_amount(persian_digits(str(value))) == Amount(value)


UNITS = ["", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"]
TEENS = ["ده", "یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده"]
TENS = ["", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"]
HUNDREDS = ["", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"]


def in_words(value: int) -> str:
    """Say a number below a thousand millions, as it is taught at school."""
    millions, rest = divmod(value, 10**6)
    thousands, units = divmod(rest, 1000)
    parts = [
        f"{_group(count)} {name}".strip()
        for count, name in ((millions, "میلیون"), (thousands, "هزار"), (units, ""))
        if count
    ]
    return " و ".join(parts)


def _group(count: int) -> str:
    hundreds, rest = divmod(count, 100)
    if 10 <= rest < 20:
        said = [HUNDREDS[hundreds], TEENS[rest - 10]]
    else:
        said = [HUNDREDS[hundreds], TENS[rest // 10], UNITS[rest % 10]]
    return " و ".join(one for one in said if one)


@given(st.integers(1, 10**9 - 1), st.sampled_from([("", None), (" تومان", Unit.TOMAN)]))
def test_every_number_in_words_is_read_unless_it_has_two_meanings(
    value: int, unit: tuple[str, Unit | None]
) -> None:
    typed, counted = unit
    is_doubtful = value > 10**6 and value % 10**6 < 1000 and value % 1000 > 0
    expected = None if is_doubtful else Amount(value, counted)
    assert read_amount(in_words(value) + typed) == expected


@given(st.text())
def test_whatever_is_typed_has_an_answer(text: str) -> None:
    read = read_amount(text)
    assert read is None or read.value >= 0


@pytest.mark.parametrize(
    ("amount", "readings"),
    [
        (Amount(100, Unit.TOMAN), (Unit.TOMAN, Unit.THOUSAND_TOMANS)),
        (Amount(100), (Unit.TOMAN, Unit.THOUSAND_TOMANS)),
        (Amount(10, Unit.TOMAN), (Unit.TOMAN, Unit.THOUSAND_TOMANS)),
        (Amount(9, Unit.TOMAN), (Unit.TOMAN,)),  # too little either way
        (Amount(9), (Unit.RIAL, Unit.TOMAN)),
        (Amount(100, Unit.RIAL), (Unit.RIAL,)),  # nobody says so of thousands
        (Amount(9_999, Unit.TOMAN), (Unit.TOMAN,)),  # nobody leaves the word out there
        (Amount(10_000, Unit.TOMAN), (Unit.TOMAN,)),  # enough as it stands
        (Amount(10_000), (Unit.RIAL, Unit.TOMAN)),
    ],
)
def test_few_tomans_may_be_thousands_where_more_is_expected(
    amount: Amount, readings: tuple[Unit, ...]
) -> None:
    assert amount.readings(100_000) == readings
