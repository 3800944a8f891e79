"""What is read out of cases: one with all that belongs to it, lists, reasons, reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.cases.model.case import Action, CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import Day, Span
    from bot.cases.model.case import Case, CaseMessage, Clock, Ending, Event
    from bot.catalogue.model import CaseKind


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with all that belongs to it, oldest first; `messages` with notes only for staff."""

    case: Case
    messages: tuple[CaseMessage, ...]
    clocks: tuple[Clock, ...]
    events: tuple[Event, ...]

    @property
    def next_clock(self) -> Clock | None:
        """The promise to be kept next; none while the office waits for the citizen."""
        if self.case.state is not CaseState.OPEN:
            return None
        running = [clock for clock in self.clocks if clock.is_running]
        return min(running, key=lambda clock: (clock.promised_at, clock.id), default=None)

    @property
    def resolution(self) -> int:
        """How often the office has ended it: 1 for the first outcome."""
        return sum(
            event.action is Action.ENDED and event.actor_id is not None for event in self.events
        )


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person may see of a case by its code: all of it, or only where it stands."""

    dossier: Dossier
    is_whole: bool  # False for somebody else's case: status and due date only


@dataclass(frozen=True, slots=True)
class Shift:
    """A promise whose date moves, because the calendar changed."""

    case: Case
    clock: Clock
    due_at: datetime  # the new one; clock.promised_at is the old one


class Queue(StrEnum):
    """The lists of the staff desk; each number of a digest leads to one."""

    NEW = "new"  # open and nobody has taken it
    MINE = "mine"
    OPEN = "open"  # every case in which the office has the next word, snoozed ones left out
    DUE = "due"  # due within the warning time, or today
    LATE = "late"
    WAITING = "waiting"  # for the citizen
    SNOOZED = "snoozed"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    RECENT = "recent"  # registered in the last seven days, ended or not


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A line of a list: the case, its next running promise, and its first words."""

    case: Case
    due_at: datetime | None
    first_words: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A promise found broken: the citizen is told first, with the new date."""

    case: Case
    clock: Clock
    new_due_at: datetime


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day on the way to a deadline, and how many working minutes of it count."""

    day: Day
    minutes: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deadline is when it is: from where it counts, how much, which days, which pauses."""

    clock: Clock
    starts_at: datetime
    due_at: datetime
    minutes: int
    days: tuple[CountedDay, ...]
    pauses: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """How long cases of a service took to their outcome, in working minutes (KN-02)."""

    service_id: str | None
    median_minutes: int
    count: int


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A case in a report: no words of a citizen, no ids of people, and of the code only ends."""

    masked_code: str
    service_id: str | None
    service_version: int
    kind: CaseKind
    state: CaseState
    ending: Ending | None
    registered_at: datetime
    first_answered_at: datetime | None
    ended_at: datetime | None
    resolution_due_at: datetime | None
    is_late: bool
    is_anonymous: bool
    is_process_changed: bool
    reopened_count: int
