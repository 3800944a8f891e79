"""What stands of workshops, and what a workbook says of them instead."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.workshops.model.session import Slot
    from bot.workshops.model.workshop import Details, Workshop, WorkshopId


@dataclass(frozen=True, slots=True)
class Offered:
    """A workshop that is not over: its terms, empty where there are none, and when it meets."""

    workshop: Workshop
    terms: str
    slots: tuple[Slot, ...]

    @property
    def digest(self) -> str:
        """Name what stands of it, so that a change meanwhile is known."""
        said = (self.workshop.state, self.workshop.details, self.terms, self.slots)
        return sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Written:
    """What a workbook says of a workshop; one without a number is new.

    Of terms and sessions it may say nothing, and then they stay. `seen` is the digest of what
    stood there when it was read, empty for a new one.
    """

    workshop_id: WorkshopId | None
    details: Details
    terms: str = ""
    slots: tuple[Slot, ...] = ()
    seen: str = ""
