"""Who does something to a workshop or to what belongs to it, and the history that it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.citizens.model import Role

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, Staff
    from bot.workshops.model.workshop import WorkshopId

REASON_LENGTH_MAX: Final = 200


class Entity(StrEnum):
    """What has states, and a history of them."""

    WORKSHOP = "workshop"
    SESSION = "session"
    REGISTRATION = "registration"
    WAITING_ENTRY = "waiting_entry"
    MAKE_UP = "make_up"


class By(StrEnum):
    """In which part somebody acts."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    MANAGER = "manager"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts; `id` is None for the clock, `member` for all but staff."""

    by: By
    id: CitizenId | None = None
    member: Staff | None = None

    def __post_init__(self) -> None:
        """Check that everybody but the clock is somebody, and that staff act for an office."""
        assert (self.by is By.CLOCK) == (self.id is None)
        assert self.is_staff == (self.member is not None)

    @classmethod
    def citizen(cls, citizen_id: CitizenId) -> Actor:
        """Act as a citizen."""
        return cls(By.CITIZEN, citizen_id)

    @classmethod
    def staff(cls, staff: Staff) -> Actor:
        """Act as a member of staff; the part follows their role."""
        return cls(By.MANAGER if staff.role is Role.MANAGER else By.OFFICER, staff.id, staff)

    @property
    def is_staff(self) -> bool:
        """True for who acts for the office."""
        return self.by in (By.OFFICER, By.MANAGER)

    @property
    def office_id(self) -> str | None:
        """Name the office for which staff act."""
        return None if self.member is None else self.member.office_id

    @property
    def name(self) -> str:
        """What a history says, which is kept for ever: staff by number, never which citizen."""
        return f"staff:{self.id}" if self.is_staff else self.by.value

    @property
    def booked_as(self) -> str:
        """What the ledger says: a citizen by number too."""
        return self.by.value if self.id is None else f"{self.name.partition(':')[0]}:{self.id}"


CLOCK: Final = Actor(By.CLOCK)


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something when, why if they say so, and under which key if they ask with one.

    What follows from a deed by itself is in the history; the audit of staff has the deed alone.
    """

    actor: Actor
    at: datetime
    reason: str | None = None
    key: str | None = None
    is_consequence: bool = False

    @property
    def consequence(self) -> Deed:
        """What follows from it, by the same person and for the same reason."""
        return replace(self, is_consequence=True)


def by_clock(at: datetime) -> Deed:
    """Let time do it."""
    return Deed(CLOCK, at)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history; never changed, never removed.

    `key` names what was asked for, so that the same request that comes again is known.
    """

    workshop_id: WorkshopId
    entity: Entity
    entity_id: int
    act: str
    state_from: str | None  # None where it began
    state_to: str
    actor: str
    at: datetime
    reason: str | None = None
    key: str | None = None
