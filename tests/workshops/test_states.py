"""Every step of every machine, written down apart from the program, and nothing else."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citizens.model import CitizenId, Role, Staff
from bot.workshops.errors import NotTheirStep, StepRefused
from bot.workshops.model import (
    CLOCK,
    Actor,
    By,
    MakeUpAct,
    MakeUpState,
    RegistrationAct,
    RegistrationState,
    SessionAct,
    SessionState,
    WaitingAct,
    WaitingState,
    WorkshopAct,
    WorkshopState,
)
from bot.workshops.rules import states

if TYPE_CHECKING:
    from bot.workshops.rules.states import Machine

ACTORS = {
    "C": Actor(By.CITIZEN, CitizenId(1)),
    "O": Actor.staff(Staff(CitizenId(2), "kanoon", Role.OFFICER, "امید")),
    "M": Actor.staff(Staff(CitizenId(3), "kanoon", Role.MANAGER, "مینا")),
    "L": CLOCK,
}
# from, act, to, by whom: a manager may do what an officer may.
WORKSHOP = """
draft publish published OM
draft delete deleted OM
published open open L
open pause paused OM
paused resume open OM
open close closed L
paused close closed L
closed confirm confirmed L
closed fall_short quorum_failed_pending L
quorum_failed_pending fail quorum_failed ML
quorum_failed_pending extend open M
quorum_failed_pending run_anyway confirmed M
confirmed start running L
running complete completed L
published cancel cancelled_by_office M
open cancel cancelled_by_office M
paused cancel cancelled_by_office M
closed cancel cancelled_by_office M
confirmed cancel cancelled_by_office M
running cancel cancelled_by_office M
"""
SESSION = """
planned displace displaced L
displaced accept_date planned OM
planned reschedule planned OM
planned start live L
live end held L
held settle settled OM
planned cancel cancelled_by_office OML
displaced cancel cancelled_by_office OML
live cancel cancelled_by_office OM
live cut_short cancelled_by_office OM
"""
REGISTRATION = """
draft accept_terms draft COM
held accept_terms held COM
draft hold held COML
held await_bank held COM
held pay confirmed COML
held expire expired L
draft abandon abandoned COML
held abandon abandoned COML
confirmed drop dropped COM
confirmed move moved COM
confirmed withdraw withdrawn_late COM
confirmed remove removed M
confirmed credit credited ML
confirmed complete completed L
"""
WAITING = """
waiting offer offered L
waiting auto_accept accepted L
waiting skip closed L
offered accept accepted COM
offered decline declined COM
offered lapse lapsed L
waiting leave left COM
offered leave left COM
waiting close closed L
offered close closed L
"""
MAKE_UP = """
owed schedule scheduled OM
overdue schedule scheduled OM
scheduled notify notified L
scheduled reschedule scheduled OM
notified reschedule scheduled OM
scheduled lose_date owed OM
notified lose_date owed OM
scheduled hold held L
notified hold held L
owed credit credited ML
overdue credit credited ML
scheduled credit credited ML
notified credit credited L
owed fall_due overdue L
"""
MACHINES = {
    "workshop": (states.WORKSHOP, WORKSHOP, WorkshopState, WorkshopAct),
    "session": (states.SESSION, SESSION, SessionState, SessionAct),
    "registration": (states.REGISTRATION, REGISTRATION, RegistrationState, RegistrationAct),
    "waiting": (states.WAITING, WAITING, WaitingState, WaitingAct),
    "make-up": (states.MAKE_UP, MAKE_UP, MakeUpState, MakeUpAct),
}


def written(table: str) -> dict[tuple[str, str], tuple[str, str]]:
    rows = [line.split() for line in table.strip().splitlines()]
    assert len({(state, act) for state, act, _, _ in rows}) == len(rows)
    return {(state, act): (to, by) for state, act, to, by in rows}


@pytest.mark.parametrize("name", MACHINES)
def test_each_step_is_taken_by_those_who_may_and_leads_where_it_is_written(name: str) -> None:
    machine, table, kinds, acts = MACHINES[name]
    expected = written(table)
    for state in kinds:
        for act in acts:
            assert machine.can(state, act) == ((state, act) in expected)
            for letter, actor in ACTORS.items():
                if (state, act) not in expected:
                    with pytest.raises(StepRefused) as refused:
                        machine.after(state, act, actor)
                    assert (refused.value.state, refused.value.act) == (state, act)
                    assert refused.value.entity is machine.entity
                    continue
                to, by = expected[state, act]
                if letter in by:
                    assert machine.after(state, act, actor) == to
                else:
                    with pytest.raises(NotTheirStep) as denied:
                        machine.after(state, act, actor)
                    assert actor.by not in denied.value.by


@pytest.mark.parametrize("name", MACHINES)
def test_each_act_can_be_done_somewhere_and_each_state_be_reached(name: str) -> None:
    machine, _table, kinds, acts = MACHINES[name]
    assert {act for _state, act in machine.steps} == set(acts)
    begin = next(iter(kinds))
    assert {step.to for step in machine.steps.values()} | {begin} == set(kinds)


@settings(deadline=None)
@given(st.data())
def test_what_has_ended_stays_as_it_ended(data: st.DataObject) -> None:
    machine: Machine[RegistrationState, RegistrationAct] = states.REGISTRATION
    state = RegistrationState.DRAFT
    ended: RegistrationState | None = None
    for _ in range(data.draw(st.integers(0, 12))):
        act = data.draw(st.sampled_from(RegistrationAct))
        actor = data.draw(st.sampled_from(list(ACTORS.values())))
        try:
            state = machine.after(state, act, actor)
        except (StepRefused, NotTheirStep):
            continue
        assert ended is None
        if not any(machine.can(state, other) for other in RegistrationAct):
            ended = state
    if ended is not None:
        assert state is ended


def test_the_history_names_staff_and_the_ledger_names_whoever_it_was() -> None:
    assert [(actor.name, actor.booked_as) for actor in ACTORS.values()] == [
        ("citizen", "citizen:1"),
        ("staff:2", "staff:2"),
        ("staff:3", "staff:3"),
        ("clock", "clock"),
    ]
