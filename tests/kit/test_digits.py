import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.digits import latin_digits, number, persian_digits


def test_latin_and_arabic_digits_become_persian() -> None:
    assert persian_digits("KN-27: 30٣۰") == "KN-۲۷: ۳۰۳۰"


def test_decimal_digits_of_any_script_become_latin_and_superscripts_stay() -> None:
    assert latin_digits("۱۲۳ ٤٥٦ ７８９ m²") == "123 456 789 m²"


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert len(latin_digits(persian_digits(text))) == len(text)


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (0, "۰", "0"),
        (999, "۹۹۹", "999"),
        (1_250_000, "۱٬۲۵۰٬۰۰۰", "1,250,000"),
        (-4500, "\u200e\u2212۴٬۵۰۰", "-4,500"),
    ],
)
def test_numbers_are_parted_in_thousands(value: int, fa: str, en: str) -> None:
    assert number(value, "fa") == fa
    assert number(value, "en") == en
