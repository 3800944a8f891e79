"""A workshop: what is offered to whom, on which terms, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from datetime import datetime

WorkshopId = NewType("WorkshopId", int)

TITLE_LENGTH_MAX: Final = 120
NAME_LENGTH_MAX: Final = 80  # of an instructor, a subject, a province
PLACE_LENGTH_MAX: Final = 300  # of a link or a venue
DESCRIPTION_LENGTH_MAX: Final = 2000
TERMS_LENGTH_MAX: Final = 3000
PLACES_MAX: Final = 10_000
FEE_RIAL_MAX: Final = 10**10
AGE_MAX: Final = 120


class WorkshopState(StrEnum):
    """Where a workshop stands."""

    DRAFT = "draft"
    DELETED = "deleted"  # a draft that nobody ever saw
    PUBLISHED = "published"  # to be read, not yet registered for
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"  # the deadline is over, and the quorum is being counted
    QUORUM_FAILED_PENDING = "quorum_failed_pending"  # a manager may still decide otherwise
    QUORUM_FAILED = "quorum_failed"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


class WorkshopAct(StrEnum):
    """What can be done to a workshop."""

    PUBLISH = "publish"
    DELETE = "delete"
    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    CONFIRM = "confirm"  # enough people came together
    FALL_SHORT = "fall_short"  # too few did
    FAIL = "fail"
    EXTEND = "extend"
    RUN_ANYWAY = "run_anyway"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an office decided; each time is shown to citizens as its own decision."""

    hold_minutes: int = 30  # how long a place waits for who pays at once
    bank_grace_days: int = 2  # working days that a place waits for a bank transfer
    offer_open_hours: int = 12
    quorum_grace_hours: int = 24
    make_up_within_days: int = 30  # after which an owed make-up is overdue
    group_max: int = 4  # learners that are registered together
    reschedule_notice_hours: int = 24
    overdue_credit_rial: int | None = None  # for each place; None is said by staff each time
    requires_national_id: bool = False  # of the learner, before a place is taken or waited for

    def __post_init__(self) -> None:
        """Check that every stretch is one."""
        assert self.hold_minutes > 0
        assert self.bank_grace_days > 0
        assert self.offer_open_hours > 0
        assert self.quorum_grace_hours > 0
        assert self.make_up_within_days > 0
        assert self.group_max > 0
        assert self.reschedule_notice_hours >= 0
        assert self.overdue_credit_rial is None or self.overdue_credit_rial > 0

    @property
    def quorum_grace(self) -> timedelta:
        """How long a manager has before a workshop that fell short fails."""
        return timedelta(hours=self.quorum_grace_hours)


DEFAULT_POLICY: Final = Policy()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a registration accepts, in one version; a changed text is another version."""

    version: int
    text: str

    @property
    def sha256(self) -> str:
        """Digest of the very words that were shown."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Details:
    """What an office says of a workshop; what is None was not said yet, or does not apply.

    Registration is open from `opens_at` until `closes_at`, which does not belong to it.
    """

    title: str
    description: str = ""
    instructor: str | None = None
    subject: str | None = None
    province: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    fee_rial: int | None = None  # 0 is free; None was not said
    quorum: int | None = None
    places: int | None = None
    session_count: int | None = None  # announced (KN-14); the sessions must be as many
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    online_link: str | None = None
    venue: str | None = None
    is_on_days_off: bool = False  # sessions may lie on weekdays that the office does not work


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop. `taken_count` counts the places that are held or confirmed."""

    id: WorkshopId
    office_id: str
    state: WorkshopState
    details: Details
    terms_version: int  # 0 while there are none
    taken_count: int
    drop_until: datetime | None
    is_extended: bool
    is_sample: bool
    made_at: datetime
    grace_until: datetime | None = None
    settled_at: datetime | None = None  # a cancelled one, when nothing is owed any more

    @property
    def fee_rial(self) -> int:
        """What a place costs; said before anything is published."""
        assert self.details.fee_rial is not None
        return self.details.fee_rial

    @property
    def places(self) -> int:
        """How many can take part."""
        assert self.details.places is not None
        return self.details.places

    @property
    def quorum(self) -> int:
        """How many must take part."""
        assert self.details.quorum is not None
        return self.details.quorum

    @property
    def opens_at(self) -> datetime:
        """When registration begins."""
        assert self.details.opens_at is not None
        return self.details.opens_at

    @property
    def closes_at(self) -> datetime:
        """When registration is over; the moment itself is too late."""
        assert self.details.closes_at is not None
        return self.details.closes_at

    @property
    def free_count(self) -> int:
        """How many places nobody has."""
        return self.places - self.taken_count
