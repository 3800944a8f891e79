"""Remembers the last calls a bot has made, for tests, storms and curious people."""

from collections import deque
from dataclasses import dataclass, field

from bot.simulator.wire import Json

CALLS_MAX = 5_000


@dataclass(slots=True)
class Call:
    """One call of the Bot API; the token is not kept."""

    method: str
    params: Json
    at: float
    status: int = 0
    description: str = ""
    update_ids: list[int] = field(default_factory=list)


class Journal:
    """A bounded list of calls, and counts of all there ever were."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=CALLS_MAX)
        self.counts: dict[str, int] = {}

    def begin(self, method: str, params: Json, at: float) -> Call:
        """Write down a call that has just arrived."""
        call = Call(method, params, at)
        self.calls.append(call)
        self.counts[method] = self.counts.get(method, 0) + 1
        return call

    def of(self, method: str) -> list[Call]:
        """List the remembered calls of one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]
