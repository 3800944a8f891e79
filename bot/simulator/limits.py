"""The messenger's sending limits: so many a second overall, per chat, and a minute per group."""

import math
from collections import OrderedDict
from collections.abc import Callable

from bot.simulator.errors import too_many_requests

OVERALL_PER_SECOND = 30
CHAT_BURST = 3
GROUP_PER_MINUTE = 20
CHATS_REMEMBERED_MAX = 50_000


class _Bucket:
    """Fills at a steady rate up to its size; each message takes one."""

    __slots__ = ("level", "per_second", "size", "touched_at")

    def __init__(self, size: float, per_second: float, now: float) -> None:
        self.size = size
        self.per_second = per_second
        self.level = size
        self.touched_at = now

    def wait_seconds(self, now: float) -> float:
        """Fill up to now and say how long until one can be taken."""
        self.level = min(self.size, self.level + (now - self.touched_at) * self.per_second)
        self.touched_at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.per_second


class Limits:
    """Refuses what is sent too fast, when it is told to be strict."""

    def __init__(self, clock: Callable[[], float], *, is_strict: bool) -> None:
        self.is_strict = is_strict
        self._clock = clock
        self._overall = _Bucket(OVERALL_PER_SECOND, OVERALL_PER_SECOND, clock())
        self._chats: OrderedDict[int, _Bucket] = OrderedDict()

    def take(self, chat_id: int, *, is_group: bool) -> None:
        """Count a message to a chat, or refuse it and say when to come back."""
        if not self.is_strict:
            return
        now = self._clock()
        chat = self._bucket(chat_id, now, is_group=is_group)
        wait_seconds = max(chat.wait_seconds(now), self._overall.wait_seconds(now))
        if wait_seconds > 0:
            raise too_many_requests(max(1, math.ceil(wait_seconds)))
        chat.level -= 1
        self._overall.level -= 1

    def _bucket(self, chat_id: int, now: float, *, is_group: bool) -> _Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            size, rate = (GROUP_PER_MINUTE, GROUP_PER_MINUTE / 60) if is_group else (CHAT_BURST, 1)
            bucket = self._chats[chat_id] = _Bucket(size, rate, now)
        self._chats.move_to_end(chat_id)
        if len(self._chats) > CHATS_REMEMBERED_MAX:
            self._chats.popitem(last=False)
        return bucket
