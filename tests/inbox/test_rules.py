"""How often an update is tried, and how long it waits in between."""

from datetime import timedelta

import pytest

from bot.inbox import rules


def test_what_was_never_tried_is_not_given_up_and_what_failed_five_times_is() -> None:
    assert [rules.is_given_up(attempts) for attempts in range(7)] == [False] * 5 + [True] * 2


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0.5), (2, 1.5), (3, 4.5), (4, 13.5)])
def test_each_pause_is_three_times_the_last(attempts: int, seconds: float) -> None:
    assert rules.pause_after(attempts) == timedelta(seconds=seconds)
