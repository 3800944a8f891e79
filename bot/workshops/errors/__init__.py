"""How workshops refuse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from bot.workshops.model import (
        By,
        ClosedDay,
        Entity,
        FormField,
        RegistrationState,
        WorkshopState,
    )


class Lack(StrEnum):
    """What keeps a workshop from being published."""

    TITLE = "title"
    DESCRIPTION = "description"
    TERMS = "terms"
    FEE = "fee"
    PLACES = "places"
    QUORUM = "quorum"
    QUORUM_ABOVE_PLACES = "quorum_above_places"
    AGES = "ages"  # the youngest is older than the oldest
    WHERE = "where"  # neither a link nor a venue
    WINDOW = "window"  # when registration begins or ends
    WINDOW_ORDER = "window_order"
    WINDOW_PAST = "window_past"
    DEADLINE_AFTER_FIRST_SESSION = "deadline_after_first_session"
    SESSION_COUNT = "session_count"  # not announced (KN-14)
    SESSIONS = "sessions"  # fewer or more than were announced
    SESSIONS_OVERLAP = "sessions_overlap"


class PlanFault(StrEnum):
    """What is wrong with what the planner was asked."""

    FIRST_DAY_PAST = "first_day_past"
    WEEKDAYS = "weekdays"
    MINUTES = "minutes"
    OVER_MIDNIGHT = "over_midnight"
    SESSION_COUNT = "session_count"
    NO_OPEN_DAYS = "no_open_days"


class TextFault(StrEnum):
    """What is wrong with a part of a workshop that was typed."""

    TITLE = "title"
    DESCRIPTION = "description"
    TERMS = "terms"
    INSTRUCTOR = "instructor"
    SUBJECT = "subject"
    PROVINCE = "province"
    ONLINE_LINK = "online_link"
    VENUE = "venue"
    AGES = "ages"
    FEE = "fee"
    PLACES = "places"
    QUORUM = "quorum"
    SESSION_COUNT = "session_count"
    REASON = "reason"


@dataclass(eq=False)
class NoSuchWorkshop(NotFound):
    """There is no such workshop, or it is not for this person to see."""


@dataclass(eq=False)
class NoSuchSession(NotFound):
    """The workshop has no such session."""


@dataclass(eq=False)
class NoSuchRegistration(NotFound):
    """There is no such registration, or it is somebody else's."""


@dataclass(eq=False)
class NoSuchTurn(NotFound):
    """There is no such turn in a waiting list, or it is somebody else's."""


@dataclass(eq=False)
class StepRefused(Conflict):
    """It stands where this cannot be done to it; nothing has changed."""

    entity: Entity
    state: str
    act: str


@dataclass(eq=False)
class NotTheirStep(NotAllowed):
    """It can be done, but by others."""

    act: str
    by: tuple[By, ...]


@dataclass(eq=False)
class NotPublishable(Conflict):
    """What keeps a workshop from being published, all of it."""

    lacks: tuple[Lack, ...]


@dataclass(eq=False)
class PartUnfit(InvalidInput):
    """A part of a workshop is missing, too long or out of range; `most` is the limit."""

    part: TextFault
    most: int


@dataclass(eq=False)
class FormUnreadable(InvalidInput):
    """Lines of the form that could not be read, or are not of it; nothing of it was kept."""

    lines: tuple[FormField, ...]
    unknown: tuple[str, ...] = ()


@dataclass(eq=False)
class PlanUnfit(InvalidInput):
    """The planner cannot do what was asked."""

    fault: PlanFault


@dataclass(eq=False)
class SessionOnClosedDay(Conflict):
    """No session takes place on this day."""

    closed: ClosedDay


@dataclass(eq=False)
class SessionsClash(Conflict):
    """Two sessions of one workshop would overlap."""

    starts_at: datetime


@dataclass(eq=False)
class NoticeTooShort(Conflict):
    """A session is moved no later than some hours before it, and not into the past."""

    hours: int


@dataclass(eq=False)
class RegistrationNotOpen(Conflict):
    """Nobody can register now: not yet, no longer, or while it is paused."""

    state: WorkshopState
    opens_at: datetime
    closes_at: datetime


@dataclass(eq=False)
class TermsNotAccepted(Conflict):
    """The terms in their latest version were not accepted yet."""

    terms_version: int


@dataclass(eq=False)
class AgeOutside(Conflict):
    """The workshop is for others: the learner's age on its first day is outside."""

    age: int
    age_min: int | None
    age_max: int | None


@dataclass(eq=False)
class NotGuardian(NotAllowed):
    """The learner is in somebody else's care."""


@dataclass(eq=False)
class AlreadyRegistered(Conflict):
    """The learner has a registration there already."""

    registration_id: int
    state: RegistrationState


@dataclass(eq=False)
class TimesClash(Conflict):
    """A session overlaps one that the learner has elsewhere; they may want it all the same."""

    title: str
    starts_at: datetime


@dataclass(eq=False)
class GroupUnfit(InvalidInput):
    """Nobody, the same learner twice, or more learners at once than are registered together."""

    count_max: int


@dataclass(eq=False)
class PlacesTaken(Conflict):
    """There are not enough free places, or others wait for them; there is a waiting list."""

    free_count: int
    waiting_count: int


@dataclass(eq=False)
class PlacesFree(Conflict):
    """Nobody needs to wait: there are places."""

    free_count: int


@dataclass(eq=False)
class OfferOver(Conflict):
    """The place was kept until this moment, and then given on."""

    expired_at: datetime


@dataclass(eq=False)
class TooLateToDrop(Conflict):
    """A place is given back or changed until this moment (KN-27); it can still be given up."""

    drop_until: datetime


@dataclass(eq=False)
class NotYetLate(Conflict):
    """A place is not given up for nothing while it can be dropped for its fee."""

    drop_until: datetime


@dataclass(eq=False)
class MoveToItself(InvalidInput):
    """A registration moves to another workshop of the same office, for the same learner."""


@dataclass(eq=False)
class AlreadyExtended(Conflict):
    """The deadline is extended once."""


@dataclass(eq=False)
class DeadlineUnfit(InvalidInput):
    """A new deadline lies ahead and not after the first session."""

    first_session_at: datetime


@dataclass(eq=False)
class TooManySubscriptions(Conflict):
    """Somebody wants to be told of more kinds of workshops than are kept for one person."""

    count_max: int
