"""A kind of case is described wherever a citizen or an officer meets it."""

import pytest

from bot.cases.model import CaseKind
from handlers.views.cases.case_words import kind_icon, kind_meaning, kind_name, kind_prompt
from tests.handlers.conftest import Shipped


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_kind_has_a_name_a_meaning_and_a_prompt(
    shipped: Shipped, language: str, kind: CaseKind
) -> None:
    words = shipped.words[language]
    said = {describe(kind, words) for describe in (kind_name, kind_meaning, kind_prompt)}
    assert len(said) == 3


def test_no_two_kinds_have_one_icon() -> None:
    assert len({kind_icon(kind) for kind in CaseKind}) == len(CaseKind)
