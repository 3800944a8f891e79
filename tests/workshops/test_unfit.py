"""What a workshop's parts and deadlines are refused for, with what would have been allowed."""

from typing import Any

import pytest

from bot.workshops.errors import AlreadyExtended, DeadlineUnfit, PartUnfit, TextFault
from bot.workshops.model import (
    AGE_MAX,
    FEE_RIAL_MAX,
    NAME_LENGTH_MAX,
    PLACES_MAX,
    REASON_LENGTH_MAX,
    TERMS_LENGTH_MAX,
    TITLE_LENGTH_MAX,
)
from bot.workshops.rules import publishing
from tests.refusing import refuses
from tests.workshops.support import CLOSES, FIRST, HOUR, details, workshop


@pytest.mark.parametrize(
    ("unfit", "part", "most"),
    [
        ({"title": " "}, TextFault.TITLE, TITLE_LENGTH_MAX),
        ({"title": "آ" * (TITLE_LENGTH_MAX + 1)}, TextFault.TITLE, TITLE_LENGTH_MAX),
        ({"subject": "آ" * (NAME_LENGTH_MAX + 1)}, TextFault.SUBJECT, NAME_LENGTH_MAX),
        ({"age_min": -1}, TextFault.AGES, AGE_MAX),
        ({"age_max": AGE_MAX + 1}, TextFault.AGES, AGE_MAX),
        ({"fee_rial": FEE_RIAL_MAX + 1}, TextFault.FEE, FEE_RIAL_MAX),
        ({"places": 0}, TextFault.PLACES, PLACES_MAX),
        ({"quorum": PLACES_MAX + 1}, TextFault.QUORUM, PLACES_MAX),
    ],
)
def test_a_part_that_does_not_fit_says_what_is_the_most(
    unfit: dict[str, Any], part: TextFault, most: int
) -> None:
    with pytest.raises(PartUnfit) as refused:
        publishing.ensure_fits(details(**unfit))
    assert (refused.value.part, refused.value.most) == (part, most)


@pytest.mark.parametrize(
    "fit",
    [
        {"title": "آ" * TITLE_LENGTH_MAX, "fee_rial": FEE_RIAL_MAX},
        {"age_min": 0, "age_max": AGE_MAX, "places": PLACES_MAX, "quorum": 0},
        {"places": 1, "age_min": None, "fee_rial": 0},
    ],
)
def test_the_edges_of_what_fits_fit(fit: dict[str, Any]) -> None:
    assert not refuses(publishing.ensure_fits, details(**fit))


@pytest.mark.parametrize(
    ("fit", "part", "most"),
    [
        (publishing.fit_terms, TextFault.TERMS, TERMS_LENGTH_MAX),
        (publishing.fit_reason, TextFault.REASON, REASON_LENGTH_MAX),
    ],
)
def test_terms_and_reasons_are_as_long_as_they_may_be(
    fit: Any, part: TextFault, most: int
) -> None:
    assert fit(f" {'آ' * most}\0\n") == "آ" * most
    for typed in ("آ" * (most + 1), " \u200c\u200f "):
        with pytest.raises(PartUnfit) as refused:
            fit(typed)
        assert (refused.value.part, refused.value.most) == (part, most)


def test_a_deadline_is_put_off_once_and_to_the_first_session_at_the_latest() -> None:
    publishing.ensure_extendable(workshop(), FIRST, FIRST, CLOSES)
    for closes_at in (CLOSES, FIRST + HOUR):
        with pytest.raises(DeadlineUnfit) as refused:
            publishing.ensure_extendable(workshop(), closes_at, FIRST, CLOSES)
        assert refused.value.first_session_at == FIRST
    with pytest.raises(AlreadyExtended):
        publishing.ensure_extendable(workshop(is_extended=True), FIRST, FIRST, CLOSES)
