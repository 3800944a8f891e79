"""Ways to wait that end early when there is news."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_FIRST_PAUSE_SECONDS: Final = 0.5
_PAUSE_MAX_SECONDS: Final = 30.0


async def news(event: asyncio.Event, seconds: float | None) -> None:
    """Wait until the event is set, but no longer than this; None waits for it alone."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Bell(asyncio.Event):
    """An event that is told elsewhere when it is set; what is heard from there rings it here."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell

    def set(self) -> None:
        """Wake whoever waits here, and tell the others."""
        super().set()
        self._tell()

    def ring(self) -> None:
        """Wake whoever waits here."""
        super().set()


class Backoff:
    """Pauses that double from half a second to half a minute, and start over after a success."""

    def __init__(self) -> None:
        self.failures = 0

    def succeeded(self) -> None:
        """Forget the failures."""
        self.failures = 0

    def failed(self) -> float:
        """Count a failure and return the seconds to pause after it."""
        pause = _FIRST_PAUSE_SECONDS * 2.0 ** min(self.failures, 10)
        self.failures += 1
        return min(pause, _PAUSE_MAX_SECONDS)
