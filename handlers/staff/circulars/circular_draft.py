"""A circular while it is entered: kept with the officer's flow, and read from what they type."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final

from bot.calendar.errors import DayUnreadable
from bot.kit.clock import TEHRAN
from bot.kit.digits import latin_digits
from bot.kit.jalali import read_jalali, tehran_day
from handlers.views.office.circulars import CircularDraft

if TYPE_CHECKING:
    from datetime import date

    from bot.citizens.model import Dialogue

FLOW: Final = "circular"
_STOPS: Final = " ,\u060c"  # the last is the Persian comma
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})\s*$")


def draft_of(talk: Dialogue) -> CircularDraft:
    """Read what waits in an officer's flow."""
    kept: dict[str, Any] = dict(talk.draft)
    moment = kept.pop("dispatched_at")
    return CircularDraft(
        **{**kept, "service_ids": tuple(kept["service_ids"])},
        dispatched_at=None if moment is None else datetime.fromisoformat(moment),
    )


def kept(draft: CircularDraft) -> dict[str, object]:
    """Write a draft as it waits in the officer's flow."""
    moment = None if draft.dispatched_at is None else draft.dispatched_at.isoformat()
    return {**asdict(draft), "service_ids": list(draft.service_ids), "dispatched_at": moment}


def moment_in(typed: str, now: datetime) -> datetime:
    """Read a day with or without an hour, which are Tehran's; raises DayUnreadable.

    A day alone counts from its beginning: what was registered on it is then looked at.
    """
    plain = latin_digits(typed)
    found = _CLOCK.search(plain)
    day = _day(plain if found is None else plain[: found.start()], tehran_day(now))
    if day is None:
        raise DayUnreadable(typed)
    try:
        at = time() if found is None else time(int(found[1]), int(found[2]))
    except ValueError:
        raise DayUnreadable(typed) from None
    return datetime.combine(day, at, TEHRAN).astimezone(UTC)


def _day(typed: str, today: date) -> date | None:
    """Read a day, after which there may be a word that leads to the hour."""
    words = typed.rstrip(_STOPS).split()
    for said in (words, words[:-1]):
        day = read_jalali(" ".join(said).rstrip(_STOPS), today=today)
        if day is not None:
            return day
    return None
