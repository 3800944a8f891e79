"""Wakes whoever waits for something to happen, with no task of its own."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.simulator.wire import Json

EVENTS_MAX = 2_000


class Signal:
    """Rung by those who change something; waited for by those who watch."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        if not self._waiters:
            return
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, timeout_seconds: float | None = None) -> bool:
        """Sleep until the next ring; False when the time was up first."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout_seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True

    async def until(self, is_so: Callable[[], bool], timeout_seconds: float) -> bool:
        """Sleep until a condition holds; False when the time was up first."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while not is_so():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await self.wait(left):
                return is_so()
        return True


@dataclass(frozen=True, slots=True)
class Event:
    """One thing the page would like to know."""

    number: int
    kind: str
    chat_id: int
    content: Json


class Events:
    """The last things that happened, numbered, for pages that listen."""

    def __init__(self, stirred: Signal) -> None:
        self.last_number = 0
        self._stirred = stirred
        self.changed = Signal()
        self.is_closing = False
        self._recent: deque[Event] = deque(maxlen=EVENTS_MAX)

    def add(self, kind: str, chat_id: int, content: Json) -> None:
        """Write down an event and wake the listeners."""
        self.last_number += 1
        self._recent.append(Event(self.last_number, kind, chat_id, content))
        self.changed.ring()
        self._stirred.ring()

    def close(self) -> None:
        """Send the listeners home."""
        self.is_closing = True
        self.changed.ring()

    def after(self, number: int) -> list[Event] | None:
        """List what came after an event; None when some of it is already forgotten."""
        if number >= self.last_number:
            return [] if number == self.last_number else None
        if self._recent and self._recent[0].number > number + 1:
            return None
        count = self.last_number - number
        return [self._recent[position] for position in range(-count, 0)]
