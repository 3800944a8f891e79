"""The time of day, read in one place so that everything else can be told it."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")

Clock = Callable[[], datetime]


def now() -> datetime:
    """Say what time it is, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the reader of the clock that others are sent to
