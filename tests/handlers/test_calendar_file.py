"""The calendar file of a workshop, read back as a phone reads it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from icalendar import Calendar, Event

from bot.kit.clock import now
from bot.workshops.model import Session, SessionState
from handlers.files.rendering import Files
from handlers.views.workshops.calendar_file import CALENDAR_FILE, calendar_file, calendar_to_make
from tests.handlers.conftest import Shipped
from tests.handlers.support import DeskUnderTest
from tests.handlers.workshop_support import given_certain
from tests.workshops.support import NOW, session, workshop

PLANNED, DISPLACED, CANCELLED = (
    SessionState.PLANNED,
    SessionState.DISPLACED,
    SessionState.CANCELLED_BY_OFFICE,
)


def events(content: bytes) -> list[Event]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def written(shipped: Shipped, sessions: Sequence[Session], *, with_place: bool = True) -> bytes:
    words = shipped.words["fa"]
    return calendar_file(words, workshop(), sessions, now=NOW, with_place=with_place)


def test_a_session_is_an_instant_with_two_alarms(shipped: Shipped) -> None:
    one = session("1405/08/23 17:00", number=3)
    content = written(shipped, [one])
    (event,) = events(content)
    assert event["dtstart"].dt == one.slot.starts_at
    assert event["dtend"].dt == one.slot.starts_at + timedelta(minutes=90)
    assert b"DTSTART:20261114T133000Z" in content
    assert (str(event["status"]), int(event["sequence"])) == ("CONFIRMED", 0)
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [
        timedelta(days=-1),
        timedelta(hours=-1),
    ]
    assert "۳" in str(event["summary"])
    assert str(event["location"]) == "https://class.example.ir/12"


def test_where_it_meets_is_for_those_who_are_in(shipped: Shipped) -> None:
    assert b"class.example.ir" not in written(shipped, [session(NOW)], with_place=False)


def test_every_change_of_a_session_has_the_same_name_and_a_higher_number(
    shipped: Shipped,
) -> None:
    planned = session("1405/08/23 17:00")
    life = [
        planned,
        replace(planned, state=DISPLACED),
        replace(planned, revision=1),
        replace(planned, revision=1, state=CANCELLED),
    ]
    told = [events(written(shipped, [one]))[0] for one in life]
    assert len({str(one["uid"]) for one in told}) == 1
    assert [int(one["sequence"]) for one in told] == [0, 1, 2, 3]
    assert [str(one["status"]) for one in told] == [
        "CONFIRMED",
        "TENTATIVE",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert not told[-1].walk("VALARM")


async def test_the_file_is_made_when_it_is_sent_from_what_stands_then(
    desk: DeskUnderTest,
) -> None:
    found, sara, _reza = await given_certain(desk)
    words = desk.shared.words["fa"]
    made = calendar_to_make(words, found, sara.id).as_params()["document"]
    assert isinstance(made, dict)
    assert "class.example.ir" not in str(made)
    files = Files(desk.shared, desk.database)
    content = await files.make(CALENDAR_FILE, made["id"], made)
    assert content is not None
    assert len(events(content)) == 4
    assert b"class.example.ir" in content
    assert events(content)[0]["dtstamp"].dt <= now()
    assert await files.make(CALENDAR_FILE, 99, made) is None
