"""How long a message is tried, and how long its sender may keep it."""

from datetime import datetime, timedelta
from typing import Final

LEASE: Final = timedelta(seconds=30)
"""A message claimed and not accounted for is anybody's again after this."""

TRIED_FOR: Final = timedelta(hours=24)
ABOUT_MAX: Final = 64
_PAUSE_MAX: Final = timedelta(minutes=2)


def pause_after(attempts: int) -> timedelta:
    """Say how long to wait after this many failures: 1, 2, 4 … seconds, at most two minutes."""
    assert attempts >= 1
    return min(timedelta(seconds=2 ** min(attempts - 1, 10)), _PAUSE_MAX)


def is_too_old(created_at: datetime, now: datetime) -> bool:
    """True when a message has waited so long that nobody expects it any more."""
    return now - created_at >= TRIED_FOR


def is_group(chat_id: int) -> bool:
    """True for the number of a group, a supergroup or a channel."""
    return chat_id < 0
