"""What the desk and the messenger ask of each other; nothing here knows a feature."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.inbox.model import DeadLetter
from bot.kit.database import Transaction
from bot.kit.errors import DeskError
from bot.outbox.model import OutgoingMessage

RawUpdate = dict[str, Any]
PRE_CHECKOUT: Final = "pre_checkout_query"
"""The kind of update by which a platform asks, for ten seconds, whether a bill may be paid."""


class Unreadable(Exception):  # noqa: N818 - named for what it says of the update
    """An update is misshapen and will be so at every further try: it is given up at once."""


@dataclass(frozen=True, slots=True)
class DirectCall:
    """A call made once after the commit, at best: a typing sign, the end of a button's spin.

    A pressing one, whose moment passes within seconds, waits behind no other, and is made again
    when the network fails.
    """

    method: str
    params: dict[str, object]
    is_pressing: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an update leads to: messages that will be said, and calls that may be made.

    `notes` are what the desk writes down of it, and nothing in the same group asks for.
    """

    messages: Sequence[OutgoingMessage] = ()
    direct: Sequence[DirectCall] = field(default=())
    notes: Sequence[object] = ()


Answer = Callable[[Transaction, RawUpdate, datetime], Awaitable[Outcome]]
"""Answer one update. It may be called again for the same update after a rollback."""

Refuse = Callable[[Transaction, RawUpdate, DeskError, datetime], Awaitable[Outcome]]
"""Put a refusal into words, after everything that the update had changed is undone."""

Prepare = Callable[[Sequence[RawUpdate]], Awaitable[None]]
"""Do slow, pure work ahead of the transaction; if it fails, the answer does without it."""

Gather = Callable[[Transaction, Sequence[RawUpdate]], Awaitable[None]]
"""Read in few statements what a group will need, and forget what the last one needed.

It is called first in every transaction, with no updates where they are answered one by one.
"""

Note = Callable[[Transaction, Sequence[object], datetime], Awaitable[None]]
"""Write the notes of a group down in few statements, at the end of its transaction."""

Alarm = Callable[[Transaction, DeadLetter, RawUpdate, datetime], Awaitable[Outcome]]
"""Say to whom it is told that an update was given up; the update may be misshapen anywhere."""

SlowDown = Callable[[Transaction, RawUpdate, datetime], Awaitable[Sequence[OutgoingMessage]]]
"""Say to whoever sent this update that it is too much at once; the update itself is dropped."""

Render = Callable[[str, str | int, Mapping[str, object]], Awaitable[bytes | None]]
"""Make a file just before it is sent: its kind, of what, and all that its message says of it.

None means that there is nothing to make it of any more. It may be called again for the same file,
and what takes longer than a moment is done in a thread.
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """The help desk, as far as the messenger knows it."""

    answer: Answer
    refuse: Refuse
    prepare: Prepare | None = None
    alarm: Alarm | None = None
    gather: Gather | None = None
    note: Note | None = None
    render: Render | None = None
    slow_down: SlowDown | None = None
