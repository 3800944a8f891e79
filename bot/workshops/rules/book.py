"""What a workbook may say of workshops, and how it is kept until somebody decides about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from bot.workshops.errors import Lack, SessionOnClosedDay, SessionsClash
from bot.workshops.model import SESSIONS_MAX, Details, Slot, WorkshopId, WorkshopState, Written
from bot.workshops.rules.planning import ensure_apart, ensure_on_open_day
from bot.workshops.rules.publishing import REVISABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.calendar.model import OfficeCalendar
    from bot.workshops.model import ClosedDay, Offered

TERMS: Final = "terms"
SLOTS: Final = "slots"
_COUNTED: Final = "session_count"  # follows from the sessions
_ORDERED: Final = (
    ("quorum", "places", Lack.QUORUM_ABOVE_PLACES),
    ("age_min", "age_max", Lack.AGES),
    ("opens_at", "closes_at", Lack.WINDOW_ORDER),
)
_MOMENTS: Final = ("opens_at", "closes_at")


@dataclass(frozen=True, slots=True)
class Misfit:
    """What cannot be so: in which part of a workshop, at which of its sessions, and why.

    Without a reason it is that people chose the workshop for it.
    """

    part: str
    why: Lack | ClosedDay | None = None
    number: int = 0


def changed_parts(written: Written, offered: Offered | None) -> tuple[str, ...]:
    """Name what a workbook says otherwise; of a new workshop all that it says."""
    before = Details("") if offered is None else offered.workshop.details
    parts = [
        field.name
        for field in fields(Details)
        if field.name != _COUNTED
        and getattr(written.details, field.name) != getattr(before, field.name)
    ]
    if written.terms and (offered is None or written.terms != offered.terms):
        parts.append(TERMS)
    if written.slots and (offered is None or written.slots != offered.slots):
        parts.append(SLOTS)
    return tuple(parts)


def misfits(
    written: Written, offered: Offered | None, calendar: OfficeCalendar
) -> Iterator[Misfit]:
    """Find what of a workbook's words the office cannot do, or promised otherwise."""
    parts = changed_parts(written, offered)
    if not parts:
        return
    if offered is not None and offered.workshop.state is not WorkshopState.DRAFT:
        yield from _promises(written, parts)
        return
    yield from _contradictions(written, offered)
    if SLOTS in parts:
        yield from _unfit_slots(written, calendar)


def _promises(written: Written, parts: Sequence[str]) -> Iterator[Misfit]:
    """People have read it, so that some of it stands; `written` has the new sessions alone."""
    if SLOTS in parts:
        yield from (Misfit(SLOTS, number=number) for number, _slot in enumerate(written.slots))
    yield from (Misfit(part) for part in parts if part not in (*REVISABLE, TERMS, SLOTS))
    if not (written.details.online_link or written.details.venue):
        yield Misfit("venue", Lack.WHERE)


def _contradictions(written: Written, offered: Offered | None) -> Iterator[Misfit]:
    details = written.details
    for less, more, lack in _ORDERED:
        least, most = getattr(details, less), getattr(details, more)
        if least is not None and most is not None and least > most:
            yield Misfit(less if lack is Lack.QUORUM_ABOVE_PLACES else more, lack)
    slots = written.slots or (() if offered is None else offered.slots)
    first = min((slot.starts_at for slot in slots), default=None)
    if first is not None and details.closes_at is not None and details.closes_at > first:
        yield Misfit("closes_at", Lack.DEADLINE_AFTER_FIRST_SESSION)


def _unfit_slots(written: Written, calendar: OfficeCalendar) -> Iterator[Misfit]:
    is_on_days_off = written.details.is_on_days_off
    for number, slot in enumerate(written.slots):
        try:
            ensure_on_open_day(slot, calendar, is_on_days_off=is_on_days_off)
        except SessionOnClosedDay as refused:
            yield Misfit(SLOTS, refused.closed, number)
    try:
        ensure_apart(written.slots)
    except SessionsClash as refused:
        starts = [slot.starts_at for slot in written.slots]
        later = len(starts) - 1 - starts[::-1].index(refused.starts_at)
        yield Misfit(SLOTS, Lack.SESSIONS_OVERLAP, later)
    if len(written.slots) > SESSIONS_MAX:
        yield Misfit(SLOTS, Lack.SESSIONS, SESSIONS_MAX)


def packed(written: Sequence[Written]) -> bytes:
    """Keep what a workbook says of workshops."""
    return orjson.dumps([asdict(one) for one in written])


def unpacked(content: bytes) -> list[Written]:
    """Read what was kept."""
    return [_written(one) for one in orjson.loads(content)]


def _written(kept: dict[str, Any]) -> Written:
    details = kept["details"]
    for name in _MOMENTS:
        if details[name] is not None:
            details[name] = datetime.fromisoformat(details[name])
    slots = [
        Slot(datetime.fromisoformat(one["starts_at"]), one["minutes"]) for one in kept["slots"]
    ]
    id_ = kept["workshop_id"]
    return Written(
        None if id_ is None else WorkshopId(id_),
        Details(**details),
        kept["terms"],
        tuple(slots),
        kept["seen"],
    )
