"""How a case refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import CaseState
    from bot.citizens.model import CitizenId


@dataclass(eq=False)
class NoSuchCase(NotFound):
    """No case has this code, or it is not theirs: the two are never told apart."""


@dataclass(eq=False)
class CodeUnreadable(InvalidInput):
    """What was typed is no tracking code: a character is missing or mistyped."""


@dataclass(eq=False)
class TextMissing(InvalidInput):
    """There are no words in it."""


@dataclass(eq=False)
class TextTooLongForCase(InvalidInput):
    """The text is longer than one message of a case may be."""

    units: int
    units_max: int


@dataclass(eq=False)
class TooManyOpenCases(Conflict):
    """The person has as many open cases as the desk keeps for one person."""

    count_max: int


@dataclass(eq=False)
class CaseIsOver(Conflict):
    """The case has ended; it may be reopened until `until`, if that is still ahead."""

    tracking_code: str
    until: datetime | None


@dataclass(eq=False)
class CaseNotOver(Conflict):
    """The case has not ended, so there is nothing to reopen or to object to."""

    tracking_code: str


@dataclass(eq=False)
class TooLateToReopen(Conflict):
    """The ten days are over."""

    tracking_code: str
    closed_at: datetime


@dataclass(eq=False)
class NotLate(Conflict):
    """Only a late case can be escalated."""

    tracking_code: str


@dataclass(eq=False)
class AlreadyEscalated(Conflict):
    """It has been escalated already."""

    tracking_code: str


@dataclass(eq=False)
class TakenByOther(Conflict):
    """A colleague has taken the case."""

    assignee_id: CitizenId


@dataclass(eq=False)
class NotYours(NotAllowed):
    """Only whoever took the case, or a manager, may do that."""

    assignee_id: CitizenId | None


@dataclass(eq=False)
class WrongState(Conflict):
    """The case has moved on, so this can no longer be done to it."""

    state: CaseState


@dataclass(eq=False)
class ReasonMissing(InvalidInput):
    """A rejection needs a reason that the citizen can read."""


@dataclass(eq=False)
class MergeIntoItself(InvalidInput):
    """A case cannot be merged into itself, into one of another office or one that is over."""
