"""What a refusal says of a case: which it is, where it stands, and until when."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cases import rules
from bot.cases.errors import (
    AlreadyEscalated,
    CaseIsOver,
    CaseNotOver,
    NotLate,
    TooLateToReopen,
    WrongState,
)
from bot.cases.model import Action, Case, CaseId, CaseKind, CaseState, Clock, ClockKind, Ending
from bot.cases.model import Event as Line
from tests.cases.support import DAY, NOW, POLICY

CODE = "K7M29QXFAT"
TEN_DAYS = NOW + 10 * DAY


def case(**wanted: Any) -> Case:
    going_on = Case(
        CaseId(1),
        CODE,
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
    return replace(going_on, **wanted)


def ended(ending: Ending = Ending.DONE, **wanted: Any) -> Case:
    return case(**{"state": CaseState.ANSWERED, "ending": ending, "ended_at": NOW, **wanted})


def clock(due_at: Any = NOW, **wanted: Any) -> Clock:
    return replace(Clock(1, CaseId(1), ClockKind.RESOLUTION, NOW - DAY, due_at), **wanted)


def line(action: Action) -> Line:
    return Line(CaseId(1), NOW, action, None, None)


@pytest.mark.parametrize("state", CaseState)
def test_what_does_not_move_a_case_leaves_it_where_it_was(state: CaseState) -> None:
    assert rules.state_after(Action.TAKEN, state) is state
    assert rules.state_after(Action.NOTED, state) is state


def test_what_the_state_forbids_says_the_state() -> None:
    with pytest.raises(WrongState) as refused:
        rules.ensure_allowed(ended(), Action.REPLIED)
    assert refused.value.state is CaseState.ANSWERED


@pytest.mark.parametrize(("now", "until"), [(TEN_DAYS - DAY, TEN_DAYS), (TEN_DAYS, None)])
def test_words_on_a_case_that_is_over_hear_until_when_it_can_be_reopened(
    now: Any, until: Any
) -> None:
    with pytest.raises(CaseIsOver) as refused:
        rules.ensure_going_on(ended(), now)
    assert (refused.value.tracking_code, refused.value.until) == (CODE, until)


def test_what_cannot_be_reopened_says_which_case_and_why() -> None:
    with pytest.raises(CaseNotOver) as not_over:
        rules.ensure_reopenable(case(), NOW)
    assert not_over.value.tracking_code == CODE
    with pytest.raises(CaseIsOver) as withdrawn:
        rules.ensure_reopenable(ended(Ending.WITHDRAWN), NOW)
    assert (withdrawn.value.tracking_code, withdrawn.value.until) == (CODE, None)
    rules.ensure_reopenable(ended(), TEN_DAYS - DAY)
    for late, now in ((ended(), TEN_DAYS), (ended(state=CaseState.CLOSED), NOW)):
        with pytest.raises(TooLateToReopen) as too_late:
            rules.ensure_reopenable(late, now)
        assert (too_late.value.tracking_code, too_late.value.closed_at) == (CODE, TEN_DAYS)


def test_only_a_rejection_is_objected_to_and_only_once() -> None:
    rejected = ended(Ending.CANNOT_BE_DONE)
    history = [line(Action.REGISTERED), line(Action.ENDED)]
    rules.ensure_objectable(rejected, history, NOW)
    for one, events in ((ended(), history), (rejected, [*history, line(Action.OBJECTED)])):
        with pytest.raises(WrongState) as refused:
            rules.ensure_objectable(one, events, NOW)
        assert refused.value.state is CaseState.ANSWERED


def test_only_a_late_case_is_escalated_and_only_once() -> None:
    rules.ensure_escalatable(case(), [clock()], NOW)
    with pytest.raises(NotLate) as early:
        rules.ensure_escalatable(case(), [clock(NOW + DAY)], NOW)
    assert early.value.tracking_code == CODE
    with pytest.raises(AlreadyEscalated) as again:
        rules.ensure_escalatable(case(escalated_at=NOW), [clock()], NOW)
    assert again.value.tracking_code == CODE
    with pytest.raises(CaseIsOver):
        rules.ensure_escalatable(ended(), [clock()], NOW)
