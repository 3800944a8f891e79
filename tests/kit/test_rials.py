"""An amount in rials and the words after it, as officers type them."""

import pytest

from bot.kit.rials import read_rials


@pytest.mark.parametrize(
    ("typed", "amount_rial", "words"),
    [
        ("500000 کلاس دو جلسه برگزار نشد", 500_000, "کلاس دو جلسه برگزار نشد"),
        ("۵۰۰۰۰۰ کلاس برگزار نشد", 500_000, "کلاس برگزار نشد"),
        ("۵۰۰٬۰۰۰ ریال: کلاس برگزار نشد", 500_000, "کلاس برگزار نشد"),
        ("500,000ریال کلاس", 500_000, "کلاس"),
        ("500.000 rials\nthe class", 500_000, "the class"),
        ("500000، صدور گواهی دیر شد", 500_000, "صدور گواهی دیر شد"),
        ("0 هیچ", 0, "هیچ"),
        ("500000 تاخیر کلاس", 500_000, "تاخیر کلاس"),
        ("500000 to 12: no class", 500_000, "to 12: no class"),
    ],
)
def test_an_amount_is_read_in_any_digits(typed: str, amount_rial: int, words: str) -> None:
    assert read_rials(typed) == (amount_rial, words)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "کلاس برگزار نشد",
        "500000",
        "500000 ریال",
        "-500000 کلاس",
        "50000 تومان کلاس",
        "۵۰ هزار تومان کلاس",
        "۵۰ هزارتومان کلاس",
        "5 میلیون ریال کلاس",
        "500 000 کلاس",
        "12.5 کلاس",
        "1,00 کلاس",
        "1/5 کلاس",
        "9" * 30 + " کلاس",
        "1,500.000 کلاس",
        "0.500 کلاس",
        "2 و نیم میلیون کلاس",
        "2 and a half million, the class",
        "20000 ت کلاس",
        "5 تا 10 هزار کلاس",
    ],
)
def test_what_could_be_another_amount_is_not_read_at_all(typed: str) -> None:
    assert read_rials(typed) is None
