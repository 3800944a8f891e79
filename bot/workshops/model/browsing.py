"""What people look for among workshops, and their wish to be told of new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.workshops.model.workshop import Workshop

SubscriptionId = NewType("SubscriptionId", int)

SUBSCRIPTIONS_MAX: Final = 10  # of one person


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which workshops somebody wants to see; what is None does not matter."""

    age: int | None = None
    province: str | None = None
    subject: str | None = None
    is_room_wanted: bool = False
    fee_rial_max: int | None = None  # 0 is free of charge

    def __post_init__(self) -> None:
        """Check that the numbers are some."""
        assert self.age is None or self.age >= 0
        assert self.fee_rial_max is None or self.fee_rial_max >= 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A workshop for which one can register now or soon, and when it begins."""

    workshop: Workshop
    first_session_at: datetime
    waiting_count: int = 0  # turns that wait without an offer

    @property
    def room_count(self) -> int:
        """How many places a newcomer finds: none where others wait for what is free."""
        return 0 if self.waiting_count else max(0, self.workshop.free_count)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish to be told of new workshops of an office; what is None does not matter."""

    id: SubscriptionId
    citizen_id: CitizenId
    office_id: str
    age: int | None
    province: str | None
    subject: str | None
    made_at: datetime

    @property
    def sieve(self) -> Sieve:
        """Which workshops are meant."""
        return Sieve(self.age, self.province, self.subject)
