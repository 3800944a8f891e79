"""The sessions of a workshop as a calendar file, which a phone puts in its own calendar.

Each session keeps its name in every file, and each change of it has a higher number, so that a
calendar that is given a later file moves and cancels what it has.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.text import strip_bidi
from bot.workshops.model import SessionState
from handlers.reply import FileToMake

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from icalendar import Alarm, Event

    from bot.kit.words import Words
    from bot.workshops.model import RegistrationId, Session, Workshop

CALENDAR_FILE: Final = "workshop_calendar"
_MADE_BY: Final = "-//Mizban//Workshops//FA"
_ALARMS: Final = (timedelta(days=-1), timedelta(hours=-1))
_STATUSES: Final = {
    SessionState.DISPLACED: "TENTATIVE",
    SessionState.CANCELLED_BY_OFFICE: "CANCELLED",
}


def calendar_file(
    words: Words,
    workshop: Workshop,
    sessions: Iterable[Session],
    *,
    now: datetime,
    with_place: bool,
) -> bytes:
    """Write the sessions as a calendar file; `with_place` is for who is registered."""
    from icalendar import Calendar  # noqa: PLC0415 - 3 MB and 0.1 s that most desks never need

    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _title(words, workshop))
    for session in sessions:
        calendar.add_component(_event(words, workshop, session, now, with_place=with_place))
    written: bytes = calendar.to_ical()
    return written


def calendar_to_make(
    words: Words, workshop: Workshop, registration_id: RegistrationId
) -> FileToMake:
    """Attach the calendar of a registration; it is made when it is sent, as things stand then."""
    return FileToMake(
        name=f"workshop-{workshop.id}.ics",
        kind=CALENDAR_FILE,
        id=registration_id,
        more={"language": words.language},
    )


def _event(
    words: Words, workshop: Workshop, session: Session, now: datetime, *, with_place: bool
) -> Event:
    from icalendar import Event  # noqa: PLC0415 - as above

    _ = words.gettext
    event = Event()
    event.add("uid", f"workshop-session-{session.id}@mizban")
    event.add("dtstamp", now)
    event.add("dtstart", session.slot.starts_at)
    event.add("dtend", session.slot.ends_at)
    summary = _("{title}, session {number}").format(
        title=_title(words, workshop), number=number(session.number, words.language)
    )
    event.add("summary", summary)
    event.add("sequence", _sequence(session))
    event.add("status", _STATUSES.get(session.state, "CONFIRMED"))
    if with_place:
        for place in (workshop.details.venue, workshop.details.online_link):
            if place and "location" not in event:
                event.add("location", strip_bidi(place).strip())
    if session.state is SessionState.PLANNED:
        for before in _ALARMS:
            event.add_component(_alarm(summary, before))
    return event


def _sequence(session: Session) -> int:
    """Count the changes: a lost or cancelled date is one more than the date itself."""
    return session.revision * 2 + (session.state in _STATUSES)


def _alarm(text: str, before: timedelta) -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415 - as above

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", before)
    return alarm


def _title(words: Words, workshop: Workshop) -> str:
    _ = words.gettext
    title = strip_bidi(workshop.details.title).strip()
    return _("{workshop} (sample)").format(workshop=title) if workshop.is_sample else title
