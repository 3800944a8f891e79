"""How fast a platform lets us speak: overall, to a person, to a group.

Pure but for its memory: the caller brings the time, so a test needs no clock and no patience.
"""

from collections import deque
from typing import Final

_WINDOW_SECONDS: Final = 1.02
"""A little more than the platform's second, for what the network bunches together."""

_LATE_SECONDS_MAX: Final = 0.1
"""A notice that goes a little late keeps nobody behind it: the next ones make up for so much."""

_PRIVATE_SECONDS, _PRIVATE_BURST = 1.0, 3
_GROUP_SECONDS, _GROUP_BURST = 3.2, 2
_CHATS_MAX: Final = 4096
_GLOBAL_SIGN_SECONDS: Final = 2.0


class Limiter:
    """Says for each message whether it may go now, or how long it has to wait.

    Without pacing only the overall rate counts: for measurements and for a platform's own double.
    """

    def __init__(self, overall_per_second: int = 30, *, is_paced: bool = True) -> None:
        self._is_paced = is_paced
        self._sent: deque[float] = deque(maxlen=overall_per_second)
        self._notice_seconds = _WINDOW_SECONDS / overall_per_second
        self._notice_at = float("-inf")
        self._free_at: dict[int, float] = {}
        self._paused: dict[int, float] = {}
        self._last_paused: tuple[int, float] | None = None
        self.paused_until = float("-inf")

    def delay(self, chat_id: int, now: float, *, is_notice: bool = False) -> float:
        """Return 0 and count the message as sent, or the seconds to wait before asking again."""
        go_at = max(
            self.paused_until,
            self._paused.get(chat_id, now),
            self._chat_at(chat_id),
            self._overall_at(is_notice=is_notice),
        )
        if go_at > now:
            return go_at - now
        self._count(chat_id, now)
        return 0.0

    def pause(self, chat_id: int, until: float, now: float) -> None:
        """Obey a 429. It does not say whose it is: two chats in a row mean it is everybody's."""
        last = self._last_paused
        self._last_paused = (chat_id, now)
        self._paused[chat_id] = max(until, self._paused.get(chat_id, until))
        if last is not None and last[0] != chat_id and now - last[1] < _GLOBAL_SIGN_SECONDS:
            self.paused_until = max(until, self.paused_until)

    def _chat_at(self, chat_id: int) -> float:
        if not self._is_paced:
            return float("-inf")
        interval, burst = _pace(chat_id)
        return self._free_at.get(chat_id, float("-inf")) - interval * (burst - 1)

    def _overall_at(self, *, is_notice: bool) -> float:
        if not self._sent:
            return float("-inf")
        is_full = len(self._sent) == self._sent.maxlen
        room_at = self._sent[0] + _WINDOW_SECONDS if is_full else float("-inf")
        # Notices come evenly, so that an answer finds room within one of their steps.
        return max(room_at, self._notice_at) if is_notice else room_at

    def _count(self, chat_id: int, now: float) -> None:
        self._sent.append(now)
        is_late = 0 <= now - self._notice_at <= _LATE_SECONDS_MAX
        planned = self._notice_at if is_late else max(now, self._notice_at)
        self._notice_at = planned + self._notice_seconds
        self._free_at[chat_id] = max(self._free_at.get(chat_id, now), now) + _pace(chat_id)[0]
        if len(self._free_at) > _CHATS_MAX:
            self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
            self._paused = {chat: at for chat, at in self._paused.items() if at > now}


def _pace(chat_id: int) -> tuple[float, int]:
    is_group = chat_id < 0
    return (_GROUP_SECONDS, _GROUP_BURST) if is_group else (_PRIVATE_SECONDS, _PRIVATE_BURST)
