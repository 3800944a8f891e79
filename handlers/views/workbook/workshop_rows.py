"""Workshops as the rows of the workbook's sheets. Nobody who takes part is in them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from bot.kit.clock import TEHRAN
from bot.kit.digits import number
from bot.workshops.model import WorkshopState
from handlers.views.workbook.layout_workshops import SESSIONS, STATE, TAKEN, TITLE, WORKSHOPS
from handlers.views.workshops.workshop_words import workshop_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.kit.words import Words
    from bot.workshops.model import Offered, WorkshopId

Record = dict[Any, Any]
_SAID = (
    *("title", "description", "subject", "instructor", "province", "age_min", "age_max"),
    *("fee_rial", "places", "quorum", "online_link", "venue", "is_on_days_off"),
)


def workshop_code(workshop_id: WorkshopId) -> str:
    """Name a workshop as links and commands do."""
    return f"w{workshop_id}"


def workshop_records(words: Words, offered: Sequence[Offered]) -> dict[str, list[Record]]:
    """Write workshops and their sessions as plain values, by the sheets that they stand on."""
    return {
        WORKSHOPS: [_workshop(words, one) for one in offered],
        SESSIONS: [record for one in offered for record in _sessions(one)],
    }


def _workshop(words: Words, one: Offered) -> Record:
    workshop, details = one.workshop, one.workshop.details
    opens_on, opens_at = _day_and_hour(details.opens_at, is_end=False)
    closes_on, closes_at = _day_and_hour(details.closes_at, is_end=True)
    is_draft = workshop.state is WorkshopState.DRAFT
    return {
        "code": workshop_code(workshop.id),
        STATE: workshop_state(workshop.state, words),
        **{name: getattr(details, name) for name in _SAID},
        "opens_on": opens_on,
        "opens_at": opens_at,
        "closes_on": closes_on,
        "closes_at": closes_at,
        "terms": one.terms or None,
        TAKEN: "" if is_draft else number(workshop.taken_count, words.language),
    }


def _sessions(one: Offered) -> Iterator[Record]:
    for slot in one.slots:
        day, starts = _day_and_hour(slot.starts_at, is_end=False)
        ends = slot.ends_at.astimezone(TEHRAN)
        yield {
            "workshop": workshop_code(one.workshop.id),
            TITLE: one.workshop.details.title,
            "day": day,
            "starts": starts or "00:00",
            "ends": f"{ends:%H:%M}",
        }


def _day_and_hour(at: datetime | None, *, is_end: bool) -> tuple[str | None, str | None]:
    """Say a moment of registration; midnight is a whole day, and an end that of the day before."""
    if at is None:
        return None, None
    local = at.astimezone(TEHRAN).replace(second=0, microsecond=0)
    if local.time() == time():
        return (local.date() - timedelta(days=is_end)).isoformat(), None
    return local.date().isoformat(), f"{local:%H:%M}"
