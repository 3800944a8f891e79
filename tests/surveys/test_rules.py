"""How long a remark may be, and which ratings name a service."""

import pytest

from bot.surveys import rules
from bot.surveys.errors import CommentTooLong
from bot.surveys.model import COMMENT_UNITS_MAX, Satisfaction


def test_a_remark_is_counted_as_the_messenger_counts_and_refused_with_both_numbers() -> None:
    rules.ensure_short("🎨" * (COMMENT_UNITS_MAX // 2))
    with pytest.raises(CommentTooLong) as refused:
        rules.ensure_short("🎨" * (COMMENT_UNITS_MAX // 2) + "آ")
    assert (refused.value.units, refused.value.units_max) == (501, COMMENT_UNITS_MAX)
    assert isinstance(refused.value.units, int)


@pytest.mark.parametrize(
    ("count", "mean", "is_named"),
    [(0, None, False), (1, 1.0, False), (2, 3.9, True), (2, 4.0, False), (9, 5.0, False)],
)
def test_a_service_is_named_for_two_ratings_or_more_below_four(
    count: int, mean: float | None, *, is_named: bool
) -> None:
    assert rules.is_worth_naming(Satisfaction(count, mean)) is is_named
