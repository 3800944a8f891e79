"""What staff are told of their desk: a digest of a period, and alerts about the agreement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.calendar.model import Day
    from bot.cases.model import CaseKind, Ending, Queue, QueueItem
    from bot.catalogue.model import QuestionGroup
    from bot.surveys.model import Opinions, Satisfaction, ServiceScore
    from bot.wallet.model import MoneyWaiting
    from bot.workshops.model import WorkshopFigures

ALERT_DAYS = (60, 30, 7, 0)  # before an agreement ends (KN-48)


class DigestKind(StrEnum):
    """How much a digest covers."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that a digest covers; its end belongs to the next one."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Check the order of its ends."""
        assert self.since < self.until


class ReportSpan(StrEnum):
    """The stretches of days that a report is offered for; months are Jalali."""

    THIS_MONTH = "month"
    LAST_MONTH = "last"
    WEEK = "week"  # the seven days before today


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many cases came and ended on one day in Tehran; a bar of the picture."""

    day: date
    registered: int
    ended: int
    is_worked: bool = True


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A member of staff and how many open cases are theirs; `name` is for colleagues only."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class AgreementStanding:
    """An agreement that needs somebody: it ends soon, or ended without a successor (KN-48)."""

    agreement_id: str
    last_day: date
    days_left: int

    @property
    def is_over(self) -> bool:
        """True once its last day has passed."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class AgreementAlert:
    """One alert: the standing, and which of the moments to tell of it has come.

    `mark` is 60, 30, 7 or 0 days before the end, or None for the end itself.
    """

    office_id: str
    standing: AgreementStanding
    mark: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a digest says; what stands on a date is of the moment `made_at`."""

    office_id: str
    kind: DigestKind
    period: Period
    made_at: datetime
    registered: Mapping[CaseKind, int]
    ended: Mapping[Ending, int]
    queues: Mapping[Queue, int]
    due_next: tuple[QueueItem, ...]
    longest_waiting: tuple[QueueItem, ...]
    satisfaction: Satisfaction
    opinions: Opinions
    worst_service: ServiceScore | None
    unanswered: tuple[QuestionGroup, ...]
    money: MoneyWaiting
    workshops: tuple[WorkshopFigures, ...]
    agreement: AgreementStanding | None
    days_ahead: tuple[Day, ...]  # of the next seven, those that are not as usual
    on_duty: tuple[OnDuty, ...]
    days: tuple[DayCount, ...]  # the last seven, oldest first
