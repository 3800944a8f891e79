"""Reading when a session is to begin."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from bot.kit.clock import TEHRAN
from bot.kit.jalali import tehran_day
from bot.workshops.rules import form as forms

if TYPE_CHECKING:
    from datetime import datetime


def read_start(typed: str, now: datetime) -> datetime | None:
    """Read when a session begins; a day without an hour is not enough, nor is midnight."""
    moment = forms.read_moment(typed, tehran_day(now))
    if moment is None or moment.astimezone(TEHRAN).time() == time():
        return None
    return moment
