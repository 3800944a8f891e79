"""A message that waits to be said, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NewType

OutboxId = NewType("OutboxId", int)


class Priority(IntEnum):
    """Who is waiting: a person in front of the screen, or nobody."""

    ANSWER = 0
    NOTICE = 1


class Invariant(StrEnum):
    """What an audit of the outbox looks at; the names go on where those of the audit end."""

    SAID_OR_GIVEN_UP = "I20"
    SAID_ONCE = "I21"


class OutboxState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as a person sees it: its words, and what it sends or where it leads."""

    label: str
    sends: str | None = None
    address: str | None = None
    number: int | None = None  # under which the message lists it


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A Bot API call to be made for a chat; `params` need not repeat the chat.

    Of several messages to one chat with the same `once`, whatever update led to them, only the
    first is ever sent: an album of ten pictures is ten updates and deserves one answer.

    What a message is `about` ("case:12", at most 64 characters) is remembered for ever with the
    number that the platform gives it, so that a reply to it can be understood. The `choices` that
    it offers to a person are kept for a day, for whoever writes the words of a button.
    """

    chat_id: int
    method: str
    params: dict[str, object]
    priority: Priority = Priority.ANSWER
    once: str | None = None
    about: str | None = None
    choices: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """A message with its dedupe key, written out as it will be kept."""

    dedupe_key: str
    chat_id: int
    method: str
    params: bytes
    priority: Priority
    about: str | None = None
    choices: bytes = b""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message handed to the sender for the length of a lease."""

    id: OutboxId
    chat_id: int
    method: str
    params: dict[str, object]
    priority: Priority
    attempts: int
    created_at: datetime
    unreachable: str | None = None
    moved_to: int | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a message in a chat is about."""

    chat_id: int
    message_id: int
    about: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message about something that was given up, and why."""

    id: OutboxId
    chat_id: int
    about: str
    reason: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """What became of messages that came back together, to be written down at once.

    `unreachable` and `moved` are facts about chats, learnt on the way.
    """

    sent: list[OutboxId] = field(default_factory=list)
    dead: dict[OutboxId, str] = field(default_factory=dict)
    retry_at: dict[OutboxId, datetime] = field(default_factory=dict)
    unreachable: dict[int, str] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
