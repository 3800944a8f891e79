"""What an update is before anybody has looked inside it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

LetterId = NewType("LetterId", int)


class LetterState(StrEnum):
    """Where a letter stands."""

    NEW = "new"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Owner:
    """The bot whose updates and messages a database keeps; it keeps no other's."""

    platform: str
    bot_id: int


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came: its exact id at this bot, the chat it belongs to, and its bytes."""

    bot_id: int
    update_id: int
    chat_key: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A received update that waits its turn; `id` is the order of arrival at this desk.

    In its chat the turn is that of `update_id`.
    """

    id: LetterId
    update_id: int
    chat_key: int
    payload: bytes
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An update that was given up, with the class of the defect and never its words."""

    id: LetterId
    update_id: int
    chat_key: int
    attempts: int
    error: str
    received_at: datetime
