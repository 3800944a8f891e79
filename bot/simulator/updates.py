"""The queue of updates for the bot: numbered, kept until confirmed, handed out by long poll."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from bot.simulator.errors import conflict
from bot.simulator.profiles import Profile
from bot.simulator.signals import Signal
from bot.simulator.wire import Json, dumps

UPDATES_A_SECOND = 100
BATCH_MAX = 100
POLL_SECONDS_MAX = 50

_OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(frozen=True, slots=True)
class Queued:
    """An update as it will travel; its lane keeps the order within a chat or of a presser."""

    update_id: int
    lane: str
    body: bytes


class UpdateQueue:
    """Updates not yet confirmed by the bot."""

    def __init__(self, profile: Profile, now: float, stirred: Signal) -> None:
        self.pending: deque[Queued] = deque(maxlen=profile.pending_updates_max)
        self.arrived = Signal()
        self.allowed = profile.default_kinds
        self.is_closing = False
        self._profile = profile
        self._stirred = stirred
        # A bot remembers the ids it has seen, so a new messenger goes on where the last one ended.
        self._next_id = int(now * UPDATES_A_SECOND)
        self._poll: asyncio.Future[bool] | None = None  # True means another poll took over.
        self._held: list[Queued] = []
        self._hold_count = 0
        self._duplicate_count = 0

    @property
    def last_id(self) -> int:
        """Give the number of the last update that was numbered here."""
        return self._next_id - 1

    @property
    def is_polled(self) -> bool:
        """True while a poll waits."""
        return self._poll is not None

    def add(self, kind: str, content: Json, lane: str) -> int | None:
        """Queue an update under the next number; None when the bot has not asked for its kind."""
        if kind not in self.allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._put(Queued(update_id, lane, dumps({"update_id": update_id, kind: content})))
        return update_id

    def push(self, update: Json | bytes) -> None:
        """Queue an update as it is, however odd; without a number it gets the next one."""
        if isinstance(update, bytes):
            self._put(Queued(self._next_id, "raw", update))
            self._next_id += 1
            return
        if "update_id" not in update:
            update = {"update_id": self._next_id, **update}
            self._next_id += 1
        self._put(Queued(int(update["update_id"]), "raw", dumps(update)))

    def duplicate_next(self, count: int) -> None:
        """Deliver each of the next updates twice."""
        self._duplicate_count += count

    def reverse_next(self, count: int) -> None:
        """Hold the next updates back until there are so many, then deliver the last one first."""
        self._hold_count = count

    def set_allowed(self, kinds: Iterable[str] | None) -> None:
        """Remember which kinds the bot asks for; an empty list asks for the usual ones."""
        if kinds is None:
            return
        wanted = frozenset(kinds) & self._profile.update_kinds
        self.allowed = wanted or self._profile.default_kinds

    def confirm(self, offset: int) -> None:
        """Forget what lies before the offset; a negative one keeps only so many of the last."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
            return
        while self.pending and self.pending[0].update_id < offset:
            self.pending.popleft()
        if any(queued.update_id < offset for queued in self.pending):
            kept = [queued for queued in self.pending if queued.update_id >= offset]
            self.pending.clear()
            self.pending.extend(kept)

    async def poll(self, offset: int, limit: int, timeout_seconds: int) -> list[Queued]:
        """Hand out what waits, or wait for it; a second poll ends the first with 409."""
        if not 1 <= limit <= BATCH_MAX:
            limit = BATCH_MAX
        self.confirm(offset)
        self._end_poll(taken_over=True)
        if self.pending or timeout_seconds <= 0 or self.is_closing:
            return self._first(limit)
        self._poll = poll = asyncio.get_running_loop().create_future()
        self._stirred.ring()
        try:
            async with asyncio.timeout(min(timeout_seconds, POLL_SECONDS_MAX)):
                is_taken_over = await poll
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        if is_taken_over:
            raise conflict(_OTHER_POLL)
        return self._first(limit)

    def close(self) -> None:
        """Let the waiting poll go home."""
        self.is_closing = True
        self._end_poll(taken_over=False)

    def _first(self, limit: int) -> list[Queued]:
        if len(self.pending) <= limit:
            return list(self.pending)
        return [self.pending[position] for position in range(limit)]

    def _put(self, queued: Queued) -> None:
        copies = [queued]
        if self._duplicate_count:
            self._duplicate_count -= 1
            copies.append(queued)
        if self._hold_count:
            self._held = [*copies, *self._held]
            self._hold_count -= 1
            if self._hold_count:
                return
            copies, self._held = self._held, []
        self.pending.extend(copies)
        self._end_poll(taken_over=False)
        self.arrived.ring()
        self._stirred.ring()

    def _end_poll(self, *, taken_over: bool) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(taken_over)
