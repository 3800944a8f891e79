"""What refusals around a registration carry: whoever is told no hears what would be possible."""

import pytest

from bot.workshops.errors import (
    GroupUnfit,
    NotTheirStep,
    NotYetLate,
    OfferOver,
    PlacesFree,
    PlacesTaken,
    RegistrationNotOpen,
    TooLateToDrop,
)
from bot.workshops.model import (
    Actor,
    By,
    Policy,
    RegistrationState,
    WorkshopAct,
    WorkshopState,
)
from bot.workshops.rules import registering
from bot.workshops.rules.states import WORKSHOP
from tests.workshops.support import (
    CLOSES,
    HOUR,
    MANAGER,
    OPENS,
    SARA,
    learner,
    registration,
    workshop,
)


@pytest.mark.parametrize("count", [0, 3])
def test_a_group_that_does_not_fit_says_how_many_do(count: int) -> None:
    with pytest.raises(GroupUnfit) as refused:
        registering.ensure_group([learner(number) for number in range(count)], Policy(group_max=2))
    assert refused.value.count_max == 2


def test_who_finds_no_places_hears_how_many_are_free_and_waited_for() -> None:
    full = workshop(taken_count=2)  # of three
    registering.ensure_room(full, 0, 1)
    for waiting_count, size in ((0, 2), (4, 1)):
        with pytest.raises(PlacesTaken) as refused:
            registering.ensure_room(full, waiting_count, size)
        assert (refused.value.free_count, refused.value.waiting_count) == (1, waiting_count)
        registering.ensure_full(full, waiting_count, size)
    with pytest.raises(PlacesFree) as free:
        registering.ensure_full(full, 0, 1)
    assert free.value.free_count == 1


def test_a_place_in_a_workshop_that_may_fail_says_how_it_stands() -> None:
    held = registration(state=RegistrationState.HELD, expires_at=CLOSES + HOUR)
    going_on = workshop(state=WorkshopState.CLOSED)
    registering.ensure_payable(going_on, held, CLOSES)
    failing = workshop(state=WorkshopState.QUORUM_FAILED_PENDING)
    with pytest.raises(RegistrationNotOpen) as refused:
        registering.ensure_payable(failing, held, CLOSES)
    told = refused.value
    assert (told.state, told.opens_at, told.closes_at) == (failing.state, OPENS, CLOSES)
    with pytest.raises(OfferOver) as over:
        registering.ensure_payable(going_on, held, CLOSES + HOUR)
    assert over.value.expired_at == CLOSES + HOUR


def test_too_late_to_drop_and_too_early_to_give_up_say_the_same_moment() -> None:
    open_ = workshop()
    until = open_.drop_until
    assert until is not None
    registering.ensure_droppable(open_, until - HOUR)
    registering.ensure_late(open_, until)
    with pytest.raises(TooLateToDrop) as late:
        registering.ensure_droppable(open_, until)
    with pytest.raises(NotYetLate) as early:
        registering.ensure_late(open_, until - HOUR)
    assert late.value.drop_until == early.value.drop_until == until


def test_whose_step_it_is_not_hears_which_step_and_whose_it_is() -> None:
    with pytest.raises(NotTheirStep) as refused:
        WORKSHOP.after(WorkshopState.OPEN, WorkshopAct.CANCEL, Actor.citizen(SARA))
    assert (refused.value.act, refused.value.by) == (WorkshopAct.CANCEL, (By.MANAGER,))
    after = WORKSHOP.after(WorkshopState.OPEN, WorkshopAct.CANCEL, Actor.staff(MANAGER))
    assert after is WorkshopState.CANCELLED_BY_OFFICE
