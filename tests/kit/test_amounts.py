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
        "1.5 میلیون",
        "500 و",
        "500 هزار و 2 میلیون",
        "500 هزار و 300 هزار",
        "500 60",
        "5 یورو",
        "یک میلیون",
        "IR062960000000100324200001",
        "062960000000100324200001",
        "5" * 16,
    ],
)
def test_what_is_not_understood_in_full_is_no_sum(typed: str) -> None:
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


@given(st.text())
def test_whatever_is_typed_has_an_answer(text: str) -> None:
    read = read_amount(text)
    assert read is None or read.value >= 0
