"""How long an update waits before the next try, and when it is given up."""

from datetime import timedelta
from typing import Final

ATTEMPTS_MAX: Final = 5


def is_given_up(attempts: int) -> bool:
    """True when an update has failed as often as we are ready to try."""
    assert attempts >= 0
    return attempts >= ATTEMPTS_MAX


def pause_after(attempts: int) -> timedelta:
    """Say how long to wait after this many failures: 0.5, 1.5, 4.5 and 13.5 seconds."""
    assert 1 <= attempts < ATTEMPTS_MAX
    return timedelta(seconds=0.5 * 3.0 ** (attempts - 1))
