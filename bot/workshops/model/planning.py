"""What is asked of the planner, and the dates that it proposes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time

    from bot.workshops.model.session import SessionId, Slot


class ClosedWhy(StrEnum):
    """Why no session takes place on a day."""

    HOLIDAY = "holiday"
    CLOSURE = "closure"
    DAY_OFF = "day_off"  # the office does not work on this weekday


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which no session takes place, and why: its occasions, or the reason decided."""

    day: date
    why: ClosedWhy
    occasions: tuple[str, ...] = ()
    is_estimated: bool = False  # a lunar holiday that may still move


@dataclass(frozen=True, slots=True)
class Plan:
    """Weekly sessions: so many from a first day on, on these weekdays (Monday is 0)."""

    first_on: date
    weekdays: frozenset[int]
    starts: time
    minutes: int
    session_count: int
    is_on_days_off: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Dates for every session, and the days that were left out on the way."""

    slots: tuple[Slot, ...]
    skipped: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True)
class NewDate:
    """Another date for a session whose day became a closed one."""

    session_id: SessionId
    slot: Slot


@dataclass(frozen=True, slots=True)
class Replan:
    """Other dates for some sessions, and how all sessions ahead are numbered then."""

    dates: tuple[NewDate, ...]
    numbers: tuple[tuple[SessionId, int], ...]
    skipped: tuple[ClosedDay, ...]
