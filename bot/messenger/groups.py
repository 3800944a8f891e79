"""Updates that are answered in one transaction: a group, and how it is tried, whole or apart."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.inbox import use_cases as inbox
from bot.inbox.model import Letter
from bot.kit.database import Transaction, is_storage_trouble
from bot.messenger.contract import DirectCall, Outcome, RawUpdate
from bot.outbox import use_cases as outbox
from bot.outbox.model import Packed

Pair = tuple[Letter, RawUpdate]


class Raced(Exception):  # noqa: N818 - named for what happened
    """Another process has finished one of these updates."""


@dataclass(slots=True)
class Group:
    """A transaction for some updates, and what they lead to, to be written in few statements."""

    tx: Transaction
    now: datetime
    packed: list[Packed] = field(default_factory=list)
    direct: list[DirectCall] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)
    done: list[Letter] = field(default_factory=list)

    def add(self, letter: Letter, outcome: Outcome) -> None:
        """Take in what an update led to."""
        self.packed += outbox.pack(f"u{letter.id}", outcome.messages)
        self.direct += outcome.direct
        self.notes += outcome.notes
        self.done.append(letter)

    async def write(self) -> None:
        """Queue what is to be said, and mark the updates as done. Raises Raced."""
        await outbox.queue_packed(self.tx, self.packed, self.now)
        ids = [letter.id for letter in self.done]
        if ids and not await inbox.finish(self.tx, ids, self.now):
            raise Raced


class Choice(Protocol):
    """A way to list letters that may be worked on."""

    async def __call__(
        self, tx: Transaction, now: datetime, limit: int, /, *, of: frozenset[int] | None = None
    ) -> list[Letter]:
        """List them; only of certain chats, if some are named."""
        ...


class Unit(Protocol):
    """A transaction for some letters, with a savepoint for each of them or without."""

    def __call__(self, *, is_guarded: bool) -> Awaitable[Group | None]:
        """Answer them; nothing where there are none."""
        ...


async def whole_or_apart(unit: Unit) -> Group | None:
    """Answer a group without savepoints, and where that fails once more with them."""
    try:
        return await unit(is_guarded=False)
    except Exception as error:
        if isinstance(error, Raced) or is_storage_trouble(error):
            raise
    return await unit(is_guarded=True)
