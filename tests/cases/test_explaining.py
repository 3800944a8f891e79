"""Why a promise falls on its minute, and how much of a case a citizen sees."""

from dataclasses import replace

from bot.calendar.model import Span
from bot.cases import rules
from bot.cases.model import (
    Action,
    Case,
    CaseId,
    CaseKind,
    CaseMessage,
    CaseState,
    Clock,
    ClockKind,
    Dossier,
    Event,
    MessageId,
    MessageKind,
)
from bot.citizens.model import CitizenId, Role
from tests.cases.support import CALENDAR, NOW, POLICY, tehran

CASE = Case(
    CaseId(1),
    "K7M29QXFAT",
    "kanoon",
    None,
    1,
    CaseKind.OUTAGE,
    None,
    "fa",
    CaseState.OPEN,
    POLICY,
    NOW,
)
BEGUN, DUE = tehran(1, 13, 30), tehran(2, 9, 30)  # an hour, and two more in the morning
CLOCK = Clock(7, CaseId(1), ClockKind.NEXT_RESPONSE, BEGUN, DUE)


def event(action: Action, day: int, hour: int, minute: int = 0) -> Event:
    return Event(CaseId(1), tehran(day, hour, minute), action, None, None)


def test_each_day_says_what_was_counted_on_it() -> None:
    told = rules.explain(Dossier(CASE, (), (CLOCK,), ()), CLOCK, CALENDAR, DUE)
    assert told.clock == CLOCK
    counted = [(day.day.day.isoformat(), day.minutes) for day in told.days]
    assert counted == [("2026-11-22", 60), ("2026-11-23", 120)]
    assert (told.starts_at, told.due_at, told.minutes, told.pauses) == (BEGUN, DUE, 180, ())


def test_a_question_that_nobody_answered_yet_is_a_pause_until_now() -> None:
    events = (event(Action.ASKED, 2, 8),)
    told = rules.explain(Dossier(CASE, (), (CLOCK,), events), CLOCK, CALENDAR, tehran(2, 9))
    assert told.pauses == (Span(tehran(2, 8), tehran(2, 9)),)
    assert told.minutes == 120


def test_a_pause_that_only_touches_the_promise_is_not_named() -> None:
    events = (
        event(Action.ASKED, 1, 12),
        event(Action.WORDS_ADDED, 1, 13, 30),
        event(Action.ASKED, 2, 9, 30),
        event(Action.WORDS_ADDED, 2, 10),
    )
    told = rules.explain(Dossier(CASE, (), (CLOCK,), events), CLOCK, CALENDAR, tehran(2, 11))
    assert told.pauses == ()


def test_a_citizen_sees_what_happened_and_not_who_of_the_staff_did_it() -> None:
    noted = replace(event(Action.NOTED, 1, 10), note="بین خودمان")
    taken = replace(
        event(Action.TAKEN, 1, 11), actor_id=CitizenId(41), role=Role.OFFICER, note="x"
    )
    answer = CaseMessage(MessageId(1), CASE.id, MessageKind.ANSWER, CitizenId(41), "سلام", NOW)
    note = replace(answer, kind=MessageKind.NOTE)
    seen = rules.for_citizen(Dossier(CASE, (note, answer), (CLOCK,), (noted, taken)))
    assert seen.messages == (replace(answer, author_id=None),)
    assert seen.events == (event(Action.TAKEN, 1, 11),)
    assert (seen.case, seen.clocks) == (CASE, (CLOCK,))


def test_any_key_has_a_digest_of_its_own_even_one_that_is_half_a_sign() -> None:
    keys = ["u:1", "u:2", "\ud83d", "سلام"]
    digests = [rules.key_digest(key) for key in keys]
    assert len(set(digests)) == len(keys)
    assert digests == [rules.key_digest(key) for key in keys]
    assert not any(key in digest for key, digest in zip(keys, digests, strict=True))
