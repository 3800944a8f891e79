"""How a call of the Bot API fails. None of these names the address, which contains the token.

CallFailed
├── Unreachable   nobody can say whether it happened: network, timeout, 5xx, no JSON
├── Refused       the platform understood the call and said no
└── FileTooBig    a file is larger than whoever asked for it would take
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.kit.logs import redact

_ADDRESS: Final = re.compile(r"https?://\S+|\S*/[A-Za-z0-9_-]{24,}\S*")
_SAID_MAX: Final = 200


def unaddressed(said: object) -> str:
    """Write what a platform says of a failure without addresses: ours lets in who knows it."""
    return _ADDRESS.sub("[address]", redact(str(said)))[:_SAID_MAX]


class CallFailed(Exception):  # noqa: N818 - named for what happened
    """A call of the Bot API did not bring a result."""


@dataclass(eq=False)
class Unreachable(CallFailed):
    """The platform gave no usable answer; the call may or may not have happened."""

    reason: str
    is_timeout: bool = False

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class Refused(CallFailed):
    """The platform said no, and why."""

    code: int
    description: str
    retry_after_seconds: float | None = None
    migrate_to_chat_id: int | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


@dataclass(eq=False)
class FileTooBig(CallFailed):
    """A file is larger than whoever asked for it would take."""

    bytes_max: int

    def __str__(self) -> str:
        return f"the file is larger than {self.bytes_max} bytes"
