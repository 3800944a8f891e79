"""The catalogue goes out as a workbook, and comes back as it was or with faults at their cells."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook  # type: ignore[import-untyped]

from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Catalogue, OfficeCatalogue
from bot.kit.words import Language, load_words
from handlers.views.workbook.columns import Kind
from handlers.views.workbook.layout import layout
from handlers.views.workbook.opening import opened
from handlers.views.workbook.writing import workbook
from tests.handlers.workbook_support import offices

ROOT = Path(__file__).parents[2]
WORDS = load_words(ROOT / "locale")
EVERY = tuple(WORDS.values())
CATALOGUE = load_catalogue(ROOT / "data" / "catalogue")
LANGUAGES: tuple[Language, ...] = ("fa", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office_id", ["kanoon", "mazandaran"])
def test_what_an_office_publishes_comes_back_as_it_went(
    language: Language, office_id: str
) -> None:
    published = CATALOGUE.published_by(office_id)
    came = opened(workbook(WORDS[language], published, 7, ()), published, CATALOGUE, EVERY)
    assert not came.wrong
    assert came.published == published
    assert came.made_after == 7


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(offices())
def test_whatever_an_office_may_publish_comes_back_as_it_went(published: OfficeCatalogue) -> None:
    catalogue = Catalogue((published,), "")
    for language in LANGUAGES:
        came = opened(workbook(WORDS[language], published, 0, ()), published, catalogue, EVERY)
        assert not came.wrong
        assert came.published == published


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_labels_and_no_two_choices_of_a_cell_are_alike(language: Language) -> None:
    laid = layout(WORDS[language])
    titles = [laid.guide, laid.lists, *(sheet.title for sheet in laid.sheets)]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
    for sheet in laid.sheets:
        labels = [column.label for column in sheet.columns]
        assert len(set(labels)) == len(labels), sheet.title
        for column in sheet.columns:
            assert len(set(column.choices.values())) == len(column.choices)
            if column.kind is Kind.CHOICES:
                assert not any(set(name) & set(",،;\n") for name in column.choices.values())


def test_each_text_reads_its_own_way_and_rows_are_as_high_as_their_texts() -> None:
    content = workbook(WORDS["fa"], CATALOGUE.published_by("kanoon"), 0, ())
    clauses = load_workbook(BytesIO(content))["بندها"]
    cells = {cell.value: clauses[f"{cell.column_letter}2"] for cell in clauses[1]}
    assert cells["متن (فارسی)"].alignment.readingOrder == 2
    assert cells["متن (انگلیسی)"].alignment.readingOrder == 1
    lines = len(str(cells["مردم چگونه می‌پرسند"].value).split("\n"))
    assert clauses.row_dimensions[2].height >= 15 * lines > 15
    assert all(cell.alignment.wrap_text for cell in cells.values() if cell.value)
