"""What a case allows when, and what its history says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.model import Span
from bot.cases import rules
from bot.cases.errors import TextMissing, TextTooLongForCase
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
from bot.citizens.model import CitizenId
from tests.cases.support import CALENDAR, NOW, POLICY, tehran

MINUTE = timedelta(minutes=1)
ENDINGS_OF_PAUSES = (Action.WORDS_ADDED, Action.REPLIED, Action.ENDED)


def event(action: Action, minutes: int) -> Event:
    return Event(CaseId(1), NOW + minutes * MINUTE, action, None, None)


def span(start: int, end: int) -> Span:
    return Span(NOW + start * MINUTE, NOW + end * MINUTE)


class TestPauses:
    def test_begin_with_a_question_and_end_with_an_answer(self) -> None:
        events = [
            event(Action.REGISTERED, 0),
            event(Action.ASKED, 10),
            event(Action.NOTED, 20),
            event(Action.WORDS_ADDED, 30),
            event(Action.WORDS_ADDED, 40),
        ]
        assert rules.pauses_from(events, NOW + 50 * MINUTE) == [span(10, 30)]

    def test_last_until_now_while_nobody_has_answered(self) -> None:
        events = [event(Action.ASKED, 10), event(Action.ASKED, 20)]
        assert rules.pauses_from(events, NOW + 50 * MINUTE) == [span(10, 50)]
        assert rules.pauses_from(events, NOW + 10 * MINUTE) == []

    @pytest.mark.parametrize("action", [Action.ENDED, Action.MERGED, Action.REPLIED])
    def test_end_with_whatever_leaves_the_next_word_to_the_office(self, action: Action) -> None:
        events = [event(Action.ASKED, 10), event(action, 30), event(Action.REOPENED, 60)]
        assert rules.pauses_from(events, NOW + 90 * MINUTE) == [span(10, 30)]

    def test_are_not_what_staff_do_among_themselves(self) -> None:
        among = (Action.NOTED, Action.TAKEN, Action.RELEASED, Action.SNOOZED, Action.TRANSFERRED)
        events = [event(Action.ASKED, 10), *(event(action, 20) for action in among)]
        assert rules.pauses_from(events, NOW + 30 * MINUTE) == [span(10, 30)]

    def test_of_no_length_are_none(self) -> None:
        events = [event(Action.ASKED, 10), event(Action.WORDS_ADDED, 10)]
        assert rules.pauses_from(events, NOW + 30 * MINUTE) == []

    def test_of_an_earlier_round_do_not_count_for_a_later_promise(self) -> None:
        events = [
            event(Action.ASKED, 10),
            event(Action.ENDED, 30),
            event(Action.REOPENED, 60),
            event(Action.ASKED, 70),
            event(Action.WORDS_ADDED, 80),
        ]
        case = a_case()
        clock = a_clock(ClockKind.NEXT_RESPONSE, started_at=NOW + 60 * MINUTE)
        pauses = rules.pauses_from(events, NOW + 80 * MINUTE)
        counted = rules.recounted(case, clock, CALENDAR, pauses)
        # From 10:30 to 12:30 there are 110 minutes left, and 70 more after lunch.
        assert counted.due_at == tehran(1, 14, 10)


def a_clock(kind: ClockKind, *, started_at: datetime) -> Clock:
    return Clock(1, CaseId(1), kind, started_at, started_at + MINUTE)


def a_case() -> Case:
    return Case(
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


def slow_due(start: datetime, minutes: int, waits: list[tuple[datetime, datetime]]) -> datetime:
    """Count minute by minute on the clock of the wall, knowing nothing of spans."""
    at = start
    while True:
        wall = at + timedelta(hours=3, minutes=30)
        of_day = wall.hour * 60 + wall.minute
        is_worked = wall.weekday() in {5, 6, 0, 1, 2} and (
            7 * 60 + 30 <= of_day < 12 * 60 + 30 or 13 * 60 <= of_day < 14 * 60 + 30
        )
        at += MINUTE
        if is_worked and not any(asked < at <= answered for asked, answered in waits):
            minutes -= 1
            if not minutes:
                return at


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(min_value=0, max_value=7 * 24 * 60),
    steps=st.lists(st.integers(min_value=1, max_value=2000), max_size=8),
    answers=st.lists(st.sampled_from(ENDINGS_OF_PAUSES), min_size=8, max_size=8),
    kind=st.sampled_from(ClockKind),
)
def test_a_deadline_is_what_is_counted_minute_by_minute(
    start: int, steps: list[int], answers: list[Action], kind: ClockKind
) -> None:
    moments = [start]
    for step in steps[: len(steps) // 2 * 2]:
        moments.append(moments[-1] + step)
    events = [event(Action.REGISTERED, start)]
    waits = []
    for place, (asked, answered) in enumerate(pairwise(moments[1:])):
        if place % 2 == 0:
            events += [event(Action.ASKED, asked), event(answers[place], answered)]
            waits.append((NOW + asked * MINUTE, NOW + answered * MINUTE))
    started_at = NOW + start * MINUTE
    pauses = rules.pauses_from(events, NOW + moments[-1] * MINUTE)
    counted = rules.recounted(a_case(), a_clock(kind, started_at=started_at), CALENDAR, pauses)
    target = rules.target_minutes(POLICY, kind)
    assert counted.due_at == slow_due(started_at, target, waits)


class TestALatePromise:
    def test_gets_a_new_date_that_is_twice_as_far_each_time(self) -> None:
        clock = a_clock(ClockKind.NEXT_RESPONSE, started_at=NOW)
        first = rules.late(a_case(), clock, CALENDAR, tehran(1, 12, 30))
        assert first.new_due_at == slow_due(tehran(1, 12, 30), 180, [])
        assert first.due_at == clock.due_at
        assert (first.breached_at, first.late_count) == (tehran(1, 12, 30), 1)
        second = rules.late(a_case(), first, CALENDAR, tehran(3, 12, 30))
        assert second.new_due_at == slow_due(tehran(3, 12, 30), 360, [])
        assert (second.breached_at, second.late_count) == (tehran(1, 12, 30), 2)

    def test_has_a_new_date_that_moves_by_what_the_citizen_was_waited_for(self) -> None:
        clock = a_clock(ClockKind.NEXT_RESPONSE, started_at=NOW)
        broken = rules.late(a_case(), clock, CALENDAR, tehran(1, 12, 30))
        wait = (tehran(2, 8), tehran(2, 9))
        counted = rules.recounted(a_case(), broken, CALENDAR, [Span(*wait)])
        assert counted.new_due_at == slow_due(tehran(1, 12, 30), 180, [wait])
        assert counted.due_at == clock.due_at

    def test_is_over_once_it_is_kept_or_the_case_has_ended(self) -> None:
        clock = a_clock(ClockKind.FIRST_RESPONSE, started_at=NOW)
        broken = rules.late(a_case(), clock, CALENDAR, tehran(1, 12, 30))
        later = tehran(4, 12)
        assert rules.is_late(a_case(), [broken], later)
        assert not rules.is_late(a_case(), [replace(broken, met_at=later)], later)
        ended = replace(a_case(), state=CaseState.ANSWERED)
        assert not rules.is_late(ended, [broken], later)

    def test_begins_at_its_due_minute_and_not_while_the_citizen_was_asked(self) -> None:
        clock = a_clock(ClockKind.FIRST_RESPONSE, started_at=NOW)
        assert rules.is_late(a_case(), [clock], clock.due_at)
        assert not rules.is_late(a_case(), [clock], clock.due_at - MINUTE)
        asked = replace(a_case(), state=CaseState.WAITING)
        assert not rules.is_late(asked, [clock], clock.due_at)

    def test_is_explained_from_where_its_new_date_counts_with_the_pauses_in_between(self) -> None:
        clock = a_clock(ClockKind.NEXT_RESPONSE, started_at=NOW)
        broken = rules.late(a_case(), clock, CALENDAR, tehran(1, 12, 30))
        moments = ((1, 9), (1, 12, 30), (2, 8), (2, 9), (4, 8), (4, 9))
        actions = (Action.ASKED, Action.WORDS_ADDED) * 3
        events = [
            Event(CaseId(1), tehran(*moment), action, None, None)
            for moment, action in zip(moments, actions, strict=True)
        ]
        pauses = rules.pauses_from(events, tehran(5, 8))
        moved = rules.recounted(a_case(), broken, CALENDAR, pauses)
        dossier = Dossier(a_case(), (), (moved,), tuple(events))
        told = rules.explain(dossier, moved, CALENDAR, tehran(5, 8))
        assert (told.starts_at, told.due_at) == (tehran(1, 12, 30), moved.new_due_at)
        assert told.pauses == (Span(tehran(2, 8), tehran(2, 9)),)
        assert [day.minutes for day in told.days] == [90, 90]
        assert told.minutes == 180

    def test_is_never_put_off_for_ever(self) -> None:
        clock = a_clock(ClockKind.NEXT_RESPONSE, started_at=NOW)
        for _ in range(40):
            clock = rules.late(a_case(), clock, CALENDAR, NOW)
        assert rules.extension_minutes(POLICY, clock) == 180 * 16


class TestAText:
    def test_is_kept_as_it_was_written_but_for_what_turns_the_line(self) -> None:
        assert rules.fit_text(" سلام\u202e می\u200cشود\0 ") == "سلام می\u200cشود"

    @pytest.mark.parametrize("text", ["", "  \n", "\u200c\u200f", "\u0640"])
    def test_without_words_is_refused(self, text: str) -> None:
        with pytest.raises(TextMissing):
            rules.fit_text(text)

    def test_is_measured_as_messengers_measure(self) -> None:
        assert rules.fit_text("🙂" * 1000)
        with pytest.raises(TextTooLongForCase) as refused:
            rules.fit_text("🙂" * 1000 + "a")
        assert (refused.value.units, refused.value.units_max) == (2001, 2000)

    def test_loses_numbers_that_name_a_person_and_not_those_the_office_publishes(self) -> None:
        text = "کد 0013542419"
        assert rules.fit_words(text, frozenset()) == "کد •••"
        assert rules.fit_words(text, frozenset({"0013542419"})) == text


def test_a_stranger_learns_where_a_case_stands_and_nothing_else() -> None:
    case = replace(
        a_case(),
        service_id="virtual",
        author_id=CitizenId(7),
        assignee_id=CitizenId(8),
        assigned_at=NOW,
        ending_reason="بودجه نیست",
        question_id=9,
        merged_into=CaseId(10),
    )
    clock = a_clock(ClockKind.RESOLUTION, started_at=NOW)
    message = CaseMessage(MessageId(1), case.id, MessageKind.WORDS, None, "راز", NOW)
    whole = Dossier(case, (message,), (clock,), (event(Action.REGISTERED, 0),))
    sight = rules.for_stranger(whole)
    assert sight.dossier == Dossier(a_case(), (), (clock,), ())
    assert not sight.is_whole


def test_a_day_ends_at_midnight_in_tehran() -> None:
    assert rules.end_of_day(tehran(1, 0)) == rules.end_of_day(tehran(1, 23, 59)) == tehran(2, 0)
    assert tehran(1, 12).date() == date(2026, 11, 22)
