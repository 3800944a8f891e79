"""What staff are told of their workshops once a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.workshops.model.workshop import Workshop


@dataclass(frozen=True, slots=True)
class WorkshopFigures:
    """A workshop that somebody has to look at, and why."""

    workshop: Workshop
    confirmed_count: int
    waiting_count: int
    owed_count: int  # make-ups without a date, or overdue
    is_deadline_near: bool

    @property
    def is_below_quorum(self) -> bool:
        """True while fewer take part than must."""
        return self.confirmed_count < self.workshop.quorum

    @property
    def is_notable(self) -> bool:
        """True where there is anything to say in a digest."""
        is_short = self.is_deadline_near and self.is_below_quorum
        return bool(is_short or self.is_deadline_near or self.waiting_count or self.owed_count)
