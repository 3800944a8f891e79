"""A case: who told what to which office, where it stands, and what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import CaseKind, Target
    from bot.citizens.model import CitizenId, Role
    from bot.kit.words import Language

CaseId = NewType("CaseId", int)
MessageId = NewType("MessageId", int)

TEXT_UNITS_MAX = 2000  # UTF-16 units of one message in a case
REOPENED_WITHIN = timedelta(days=10)  # an answered case is closed after this, and can be reopened
OPEN_CASES_MAX = 20  # of one person at a time
REGISTRATIONS_PER_HOUR = 6
WORDS_PER_HOUR = 30  # messages of one person about cases, and edits of them
CODES_TRIED_PER_HOUR = 10  # wrong ones


class CaseState(StrEnum):
    """Where a case stands. Answered is not closed: the citizen may still say it is not solved."""

    OPEN = "open"  # the office has the next word
    WAITING = "waiting"  # the citizen was asked something
    ANSWERED = "answered"  # the office has ended it with an outcome; ten days to object
    CLOSED = "closed"


class Ending(StrEnum):
    """How a case ended."""

    DONE = "done"
    ANSWERED = "answered"
    CANNOT_BE_DONE = "cannot_be_done"  # with a reason, and a way to object
    WITHDRAWN = "withdrawn"  # by the citizen
    MERGED = "merged"  # into another case of the same matter


class MessageKind(StrEnum):
    """Who says it to whom."""

    WORDS = "words"  # the citizen to the office
    ANSWER = "answer"  # the office to the citizen
    ASKED = "asked"  # the office asks the citizen; clocks pause until words come
    NOTE = "note"  # among staff; a citizen never sees it


class ClockKind(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"  # one for each message of the citizen that waits
    RESOLUTION = "resolution"


class Action(StrEnum):
    """What happened to a case: its history, from which pauses are rebuilt."""

    REGISTERED = "registered"
    WORDS_ADDED = "words_added"
    WORDS_REVISED = "words_revised"
    TAKEN = "taken"
    RELEASED = "released"  # given back, or taken back when nothing was done
    REPLIED = "replied"
    ASKED = "asked"
    NOTED = "noted"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    TRANSFERRED = "transferred"
    ENDED = "ended"
    CLOSED = "closed"  # ten days after its ending
    OBJECTED = "objected"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    MERGED = "merged"
    PROCESS_CHANGED = "process_changed"  # MZ-12
    DEADLINE_MOVED = "deadline_moved"
    LATE = "late"
    PRIVATE = "private"  # the author's account was detached


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's own targets in working minutes, as they were when the case was registered."""

    first_response_minutes: int
    next_response_minutes: int
    resolution_minutes: int
    warn_minutes: int  # how long before a deadline, in working minutes, staff are reminded

    def __post_init__(self) -> None:
        """Check that an answer is promised no later than the solution (DESK.md's rule)."""
        assert 0 < self.first_response_minutes <= self.resolution_minutes
        assert 0 < self.next_response_minutes <= self.resolution_minutes
        assert self.warn_minutes > 0

    @classmethod
    def of(cls, target: Target) -> Policy:
        """Take what an office wrote into its desk.yaml."""
        return cls(**target.model_dump())


@dataclass(frozen=True, slots=True)
class Case:
    """One matter. `author_id` is None where the citizen chose to stay anonymous."""

    id: CaseId
    tracking_code: str
    office_id: str
    service_id: str | None
    service_version: int  # what held on the day of registration, and goes on holding (MZ-25)
    kind: CaseKind
    author_id: CitizenId | None
    language: Language
    state: CaseState
    policy: Policy
    registered_at: datetime
    ending: Ending | None = None
    ending_reason: str | None = None
    ended_at: datetime | None = None
    assignee_id: CitizenId | None = None
    assigned_at: datetime | None = None
    snoozed_until: datetime | None = None
    is_snoozed_until_reply: bool = False
    is_process_changed: bool = False
    merged_into: CaseId | None = None
    question_id: int | None = None  # the asked question it grew from
    escalated_at: datetime | None = None

    @property
    def is_anonymous(self) -> bool:
        """True where the code alone leads to the case."""
        return self.author_id is None

    @property
    def is_over(self) -> bool:
        """True once the office or the citizen has ended it."""
        return self.state in (CaseState.ANSWERED, CaseState.CLOSED)

    @property
    def reopenable_until(self) -> datetime | None:
        """When the days for disagreeing are over; None while there is no ending to disagree with.

        At this very moment it is too late.
        """
        if self.state is not CaseState.ANSWERED or self.ended_at is None:
            return None
        return self.ended_at + REOPENED_WITHIN


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One message of a case in its latest version; `version` counts from 1.

    `author_id` is of staff: a citizen's words are those of the author of the case.
    """

    id: MessageId
    case_id: CaseId
    kind: MessageKind
    author_id: CitizenId | None
    text: str
    said_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise. `met_at` is when it was kept, `breached_at` when it was found late.

    `due_at` is what was promised first; a late one has a new date, counted from `extended_at`, and
    a longer one each of the `late_count` times.
    """

    id: int
    case_id: CaseId
    kind: ClockKind
    started_at: datetime
    due_at: datetime
    met_at: datetime | None = None
    breached_at: datetime | None = None
    warned_at: datetime | None = None
    new_due_at: datetime | None = None
    extended_at: datetime | None = None
    late_count: int = 0

    @property
    def is_running(self) -> bool:
        """True while the promise is neither kept nor overtaken by the end of the case."""
        return self.met_at is None

    @property
    def promised_at(self) -> datetime:
        """The date that was last promised."""
        return self.new_due_at or self.due_at


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history; `note` is for staff, such as a reason."""

    case_id: CaseId
    at: datetime
    action: Action
    actor_id: CitizenId | None
    role: Role | None
    note: str | None = None
