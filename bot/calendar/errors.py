"""How the calendar refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from datetime import date


@dataclass(eq=False)
class NoWorkingTime(Conflict):
    """The calendar knows no open hour in the next 400 days, so nothing can be promised."""

    office_id: str


@dataclass(eq=False)
class NoSuchHoliday(NotFound):
    """There is no such holiday, or it was cancelled meanwhile."""


@dataclass(eq=False)
class NoSuchClosure(NotFound):
    """There is no such closure, or it was withdrawn meanwhile."""


@dataclass(eq=False)
class DayIsPast(Conflict):
    """The past is not changed: clocks have counted it."""

    day: date


@dataclass(eq=False)
class DayUnreadable(InvalidInput):
    """A day, a period or a time could not be read from what was typed."""

    typed: str
