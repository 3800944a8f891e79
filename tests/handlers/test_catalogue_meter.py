"""The meter of the catalogue begins each line at the side of its language."""

from pathlib import Path

import pytest

from bot.catalogue.rules.completeness import Meter
from bot.kit.words import load_words
from handlers.views.office.catalogue_meter import meter_line

LOCALE = Path(__file__).parents[2] / "locale"


@pytest.mark.parametrize(("language", "mark"), [("fa", "\u200f"), ("en", "\u200e")])
def test_a_bar_stands_where_a_line_of_its_language_begins(language: str, mark: str) -> None:
    words = load_words(LOCALE)[language]  # type: ignore[index]
    card = Meter("", {"fa": "کانون", "en": "Kanoon"}, 9, ())
    assert meter_line(words, card).startswith((f"{mark}▓", f"{mark}░"))
