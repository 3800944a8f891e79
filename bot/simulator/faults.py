"""Misfortunes on order: what a test or a storm wants to go wrong with the next calls."""

from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """The ways in which a call can go wrong."""

    TOO_MANY_REQUESTS = "too_many_requests"
    SERVER_ERROR = "server_error"
    BAD_JSON = "bad_json"
    CUT_BEFORE = "cut_before"  # The connection breaks and nothing has happened.
    CUT_AFTER = "cut_after"  # The message is delivered, its reply never arrives.
    DELAY = "delay"
    CONFLICT = "conflict"
    UNAUTHORIZED = "unauthorized"


@dataclass(slots=True)
class Fault:
    """A misfortune, whom it meets and how often."""

    kind: FaultKind
    method: str = "*"
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 1
    code: int = 502
    delay_seconds: float = 0.0

    def meets(self, method: str, chat_id: int | None) -> bool:
        """True when a call is one of those ordered to go wrong."""
        if self.method not in {"*", method}:
            return False
        return self.chat_id is None or self.chat_id == chat_id


@dataclass(slots=True)
class Faults:
    """The misfortunes still to come, in the order they were asked for."""

    waiting: list[Fault] = field(default_factory=list)

    def order(
        self,
        kind: FaultKind | str,
        method: str = "*",
        *,
        times: int = 1,
        chat_id: int | None = None,
        retry_after: int = 1,
        code: int = 502,
        delay_seconds: float = 0.0,
    ) -> None:
        """Let the next calls of a method go wrong."""
        assert times >= 1
        fault = Fault(
            FaultKind(kind), method.lower(), times, chat_id, retry_after, code, delay_seconds
        )
        self.waiting.append(fault)

    def next(self, method: str, chat_id: int | None) -> Fault | None:
        """Take the misfortune meant for this call, if there is one."""
        for fault in self.waiting:
            if fault.meets(method, chat_id):
                fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Let everything go well again."""
        self.waiting.clear()
