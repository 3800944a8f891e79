"""What must be said of a workshop before anybody can see it, and what fits where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.identity import masked
from bot.kit.text import normalise, strip_bidi
from bot.workshops.errors import (
    AlreadyExtended,
    DeadlineUnfit,
    Lack,
    NotPublishable,
    PartUnfit,
    SessionsClash,
    TextFault,
)
from bot.workshops.model import (
    AGE_MAX,
    DESCRIPTION_LENGTH_MAX,
    FEE_RIAL_MAX,
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    PLACES_MAX,
    REASON_LENGTH_MAX,
    SESSIONS_MAX,
    TERMS_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    SessionState,
    WorkshopState,
)
from bot.workshops.rules.planning import ensure_apart, ensure_on_open_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.workshops.model import Details, Session, Workshop

_TEXTS: Final = {
    "title": (TextFault.TITLE, TITLE_LENGTH_MAX),
    "description": (TextFault.DESCRIPTION, DESCRIPTION_LENGTH_MAX),
    "instructor": (TextFault.INSTRUCTOR, NAME_LENGTH_MAX),
    "subject": (TextFault.SUBJECT, NAME_LENGTH_MAX),
    "province": (TextFault.PROVINCE, NAME_LENGTH_MAX),
    "online_link": (TextFault.ONLINE_LINK, PLACE_LENGTH_MAX),
    "venue": (TextFault.VENUE, PLACE_LENGTH_MAX),
}
_NUMBERS: Final = {
    "age_min": (TextFault.AGES, 0, AGE_MAX),
    "age_max": (TextFault.AGES, 0, AGE_MAX),
    "fee_rial": (TextFault.FEE, 0, FEE_RIAL_MAX),
    "places": (TextFault.PLACES, 1, PLACES_MAX),
    "quorum": (TextFault.QUORUM, 0, PLACES_MAX),
    "session_count": (TextFault.SESSION_COUNT, 1, SESSIONS_MAX),
}

# What may still be said otherwise once people have read it: nothing that they chose it for.
REVISABLE: Final = ("description", "instructor", "subject", "province", "online_link", "venue")
NOT_OVER: Final = frozenset(WorkshopState) - {
    WorkshopState.QUORUM_FAILED,
    WorkshopState.COMPLETED,
    WorkshopState.CANCELLED_BY_OFFICE,
    WorkshopState.DELETED,
}


def ensure_fits(details: Details) -> None:
    """Refuse parts that are too long or out of range; what is still missing may be. PartUnfit."""
    if not normalise(details.title):
        raise PartUnfit(TextFault.TITLE, TITLE_LENGTH_MAX)
    for name, (part, most) in _TEXTS.items():
        if len(getattr(details, name) or "") > most:
            raise PartUnfit(part, most)
    for name, (part, least, most) in _NUMBERS.items():
        value = getattr(details, name)
        if value is not None and not least <= value <= most:
            raise PartUnfit(part, most)


def fit_terms(text: str) -> str:
    """Prepare the terms to be kept, word for word; raises PartUnfit."""
    return _fit(text, TextFault.TERMS, TERMS_LENGTH_MAX)


def fit_reason(text: str) -> str:
    """Prepare a reason to be kept, without numbers that name a person; raises PartUnfit."""
    return masked(_fit(text, TextFault.REASON, REASON_LENGTH_MAX))


def ensure_publishable(
    workshop: Workshop, sessions: Sequence[Session], calendar: OfficeCalendar, now: datetime
) -> None:
    """Refuse to publish what lacks something (KN-14) or meets on a closed day (KN-20).

    Raises NotPublishable with all that is lacking, and SessionOnClosedDay.
    """
    lacks = [*_lacks_of(workshop.details), *_lacks_of_sessions(workshop.details, sessions)]
    if not workshop.terms_version:
        lacks.append(Lack.TERMS)
    lacks += _lacks_of_window(workshop.details, sessions, now)
    if lacks:
        raise NotPublishable(tuple(lacks))
    for session in sessions:
        ensure_on_open_day(session.slot, calendar, is_on_days_off=workshop.details.is_on_days_off)


def first_session_at(sessions: Sequence[Session]) -> datetime | None:
    """Say when the first session begins that is not cancelled, if one is planned."""
    starts = (
        one.slot.starts_at for one in sessions if one.state is not SessionState.CANCELLED_BY_OFFICE
    )
    return min(starts, default=None)


def ensure_extendable(
    workshop: Workshop, closes_at: datetime, first_session: datetime, now: datetime
) -> None:
    """Refuse a second extension, and a deadline in the past or after the first session."""
    if workshop.is_extended:
        raise AlreadyExtended
    if not now < closes_at <= first_session:
        raise DeadlineUnfit(first_session)


def _lacks_of(details: Details) -> Iterator[Lack]:
    checks = {
        Lack.TITLE: not normalise(details.title),
        Lack.DESCRIPTION: not normalise(details.description),
        Lack.FEE: details.fee_rial is None,
        Lack.PLACES: details.places is None,
        Lack.QUORUM: details.quorum is None,
        Lack.QUORUM_ABOVE_PLACES: _is_above(details.quorum, details.places),
        Lack.AGES: _is_above(details.age_min, details.age_max),
        Lack.WHERE: not (details.online_link or details.venue),
    }
    return (lack for lack, is_there in checks.items() if is_there)


def _lacks_of_sessions(details: Details, sessions: Sequence[Session]) -> Iterator[Lack]:
    if details.session_count is None:
        yield Lack.SESSION_COUNT
    elif details.session_count != len(sessions):
        yield Lack.SESSIONS
    try:
        ensure_apart(session.slot for session in sessions)
    except SessionsClash:
        yield Lack.SESSIONS_OVERLAP


def _lacks_of_window(
    details: Details, sessions: Sequence[Session], now: datetime
) -> Iterator[Lack]:
    if details.opens_at is None or details.closes_at is None:
        yield Lack.WINDOW
        return
    if details.opens_at >= details.closes_at:
        yield Lack.WINDOW_ORDER
    if details.closes_at <= now:
        yield Lack.WINDOW_PAST
    first = first_session_at(sessions)
    if first is not None and details.closes_at > first:
        yield Lack.DEADLINE_AFTER_FIRST_SESSION


def _is_above(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other


def _fit(text: str, part: TextFault, most: int) -> str:
    fit = strip_bidi(text).replace("\0", "").strip()
    if not normalise(fit) or len(fit) > most:
        raise PartUnfit(part, most)
    return fit
