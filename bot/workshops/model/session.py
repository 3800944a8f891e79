"""A session, who was there, and the make-up that is owed for one that the office cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.workshops.model.registration import RegistrationId
    from bot.workshops.model.workshop import WorkshopId

SessionId = NewType("SessionId", int)
MakeUpId = NewType("MakeUpId", int)

SESSIONS_MAX: Final = 60  # of one workshop
MINUTES_MIN: Final = 15
MINUTES_MAX: Final = 480


class SessionState(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    DISPLACED = "displaced"  # its day became a closed one; it waits for another date
    LIVE = "live"
    HELD = "held"  # it took place, and who was there is being written down
    SETTLED = "settled"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


class SessionAct(StrEnum):
    """What can be done to a session."""

    DISPLACE = "displace"
    ACCEPT_DATE = "accept_date"
    RESCHEDULE = "reschedule"
    START = "start"
    END = "end"
    SETTLE = "settle"
    CANCEL = "cancel"
    CUT_SHORT = "cut_short"  # too little of it took place


class CancelReason(StrEnum):
    """Why the office cancelled a session."""

    TEACHER_ABSENT = "teacher_absent"
    PLATFORM_DOWN = "platform_down"
    TOO_SHORT = "too_short"
    WORKSHOP_CANCELLED = "workshop_cancelled"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Slot:
    """When a session takes place."""

    starts_at: datetime
    minutes: int

    def __post_init__(self) -> None:
        """Check that the moment says where its clock hangs, and that time passes."""
        assert self.starts_at.tzinfo is not None
        assert self.minutes > 0

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def overlaps(self, other: Slot) -> bool:
        """True where one person cannot be at both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a workshop. `revision` counts its dates, as a calendar file needs it."""

    id: SessionId
    workshop_id: WorkshopId
    number: int  # from 1, in the order of time
    slot: Slot
    state: SessionState
    revision: int = 0
    cancel_reason: CancelReason | None = None

    @property
    def is_ahead(self) -> bool:
        """True while it has not begun, whether or not its date stands."""
        return self.state in (SessionState.PLANNED, SessionState.DISPLACED)


class MakeUpState(StrEnum):
    """Where a make-up stands."""

    OWED = "owed"
    OVERDUE = "overdue"
    SCHEDULED = "scheduled"
    NOTIFIED = "notified"
    HELD = "held"
    CREDITED = "credited"


class MakeUpAct(StrEnum):
    """What can be done about a make-up."""

    SCHEDULE = "schedule"
    NOTIFY = "notify"
    RESCHEDULE = "reschedule"
    LOSE_DATE = "lose_date"  # the session that was to make up for it was cancelled too
    HOLD = "hold"
    CREDIT = "credit"
    FALL_DUE = "fall_due"


@dataclass(frozen=True, slots=True)
class MakeUp:
    """What the office owes for a session that it cancelled (KN-18), and until when."""

    id: MakeUpId
    workshop_id: WorkshopId
    session_id: SessionId  # the cancelled one
    state: MakeUpState
    owed_at: datetime
    due_at: datetime
    new_session_id: SessionId | None = None  # in which it is made up

    @property
    def is_settled(self) -> bool:
        """True once it was made up for, or is owed to nobody any more."""
        return self.state in (MakeUpState.HELD, MakeUpState.CREDITED)


class Presence(StrEnum):
    """Whether a learner took part in a session."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"
    TECHNICAL_FAULT_OFFICE = "technical_fault_office"


@dataclass(frozen=True, slots=True)
class Attendance:
    """What was written down about a learner at a session, by staff or by the clock."""

    session_id: SessionId
    registration_id: RegistrationId
    presence: Presence
    noted_by: str
    noted_at: datetime
