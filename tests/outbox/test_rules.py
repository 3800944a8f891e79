"""How long a message is tried, and whose chat is a group."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.outbox import rules

QUEUED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
A_DAY, AN_INSTANT = timedelta(hours=24), timedelta(microseconds=1)


def test_a_message_is_tried_until_a_day_is_over() -> None:
    assert not rules.is_too_old(QUEUED, QUEUED)
    assert not rules.is_too_old(QUEUED, QUEUED + A_DAY - AN_INSTANT)
    assert rules.is_too_old(QUEUED, QUEUED + A_DAY)


@pytest.mark.parametrize(
    ("chat_id", "is_group"), [(777_000_123_457, False), (1, False), (-1, True), (-1_001_234, True)]
)
def test_groups_have_numbers_below_nothing(chat_id: int, *, is_group: bool) -> None:
    assert rules.is_group(chat_id) is is_group
