"""Who can register, who waits, who comes next, and until when a place is given back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citizens.model import LearnerId
from bot.workshops.errors import (
    AgeOutside,
    GroupUnfit,
    MoveToItself,
    NotGuardian,
    NotYetLate,
    OfferOver,
    PlacesFree,
    PlacesTaken,
    RegistrationNotOpen,
    TermsNotAccepted,
    TooLateToDrop,
)
from bot.workshops.model import (
    Consent,
    Policy,
    RegistrationAct,
    RegistrationId,
    RegistrationState,
    SessionState,
    Terms,
    WaitingState,
    WorkshopId,
    WorkshopState,
)
from bot.workshops.rules import money, quorum, registering
from bot.workshops.rules.money import Effect
from bot.workshops.rules.quorum import Outcome
from tests.calendar.support import at, jalali
from tests.refusing import refuses
from tests.workshops.support import (
    CLOSES,
    HOUR,
    NOW,
    OPENS,
    REZA,
    SARA,
    details,
    entry,
    learner,
    registration,
    session,
    workshop,
)

MOMENT = OPENS.resolution
CUTOFF = at("1405/08/20 00:00")


def test_registration_is_open_from_its_first_moment_until_before_its_last() -> None:
    assert not refuses(registering.ensure_open, workshop(), OPENS)
    assert not refuses(registering.ensure_open, workshop(), CLOSES - MOMENT)
    for moment in (OPENS - MOMENT, CLOSES):
        with pytest.raises(RegistrationNotOpen) as refused:
            registering.ensure_open(workshop(), moment)
        assert (refused.value.opens_at, refused.value.closes_at) == (OPENS, CLOSES)


@pytest.mark.parametrize("state", [one for one in WorkshopState if one is not WorkshopState.OPEN])
def test_nobody_registers_where_registration_is_not_open(state: WorkshopState) -> None:
    with pytest.raises(RegistrationNotOpen) as refused:
        registering.ensure_open(workshop(state=state), OPENS)
    assert refused.value.state is state


def test_drafts_are_nobodys_business() -> None:
    hidden = {one for one in WorkshopState if not registering.is_visible(workshop(state=one))}
    assert hidden == {WorkshopState.DRAFT, WorkshopState.DELETED}


@pytest.mark.parametrize(
    ("born_on", "age"),
    [("1398/08/24", 6), ("1392/08/23", 13), ("1380/01/01", 25)],
)
def test_too_young_and_too_old_on_the_first_day_are_refused(born_on: str, age: int) -> None:
    with pytest.raises(AgeOutside) as refused:
        registering.ensure_age(details(), learner(born_on=born_on), jalali("1405/08/23"))
    assert (refused.value.age, refused.value.age_min, refused.value.age_max) == (age, 7, 12)


@pytest.mark.parametrize("born_on", ["1398/08/23", "1392/08/24"])
def test_the_first_and_the_last_day_of_an_age_belong_to_it(born_on: str) -> None:
    born = learner(born_on=born_on)
    assert not refuses(registering.ensure_age, details(), born, jalali("1405/08/23"))


def test_a_workshop_without_ages_is_for_everybody() -> None:
    anybody = details(age_min=None, age_max=None)
    for born_on in ("1405/08/22", "1320/01/01"):
        born = learner(born_on=born_on)
        assert not refuses(registering.ensure_age, anybody, born, jalali("1405/08/23"))


def test_only_who_cares_for_a_learner_registers_them() -> None:
    assert not refuses(registering.ensure_guardian, learner(), SARA)
    with pytest.raises(NotGuardian):
        registering.ensure_guardian(learner(), REZA)


def test_learners_are_registered_together_up_to_a_few_and_each_once() -> None:
    policy = Policy(group_max=3)
    registering.ensure_group([1], policy)
    registering.ensure_group([1, 2, 3], policy)
    for group in ([], [1, 1], [1, 2, 3, 4]):
        with pytest.raises(GroupUnfit):
            registering.ensure_group(group, policy)


def test_terms_are_accepted_in_the_version_and_the_words_that_hold() -> None:
    terms = Terms(2, "دوربین روشن باشد.")
    given_ = Consent(RegistrationId(1), 2, terms.sha256, 44, NOW)
    registering.ensure_consented(given_, terms)
    for consent in (
        None,
        replace(given_, terms_version=1),
        replace(given_, terms_sha256=Terms(2, "دوربین روشن باشد").sha256),
    ):
        with pytest.raises(TermsNotAccepted) as refused:
            registering.ensure_consented(consent, terms)
        assert refused.value.terms_version == 2


def test_newcomers_get_places_that_are_free_and_for_which_nobody_waits() -> None:
    two_free = workshop(taken_count=1)
    registering.ensure_room(two_free, 0, 2)
    for waiting_count, size in ((0, 3), (1, 1)):
        with pytest.raises(PlacesTaken) as refused:
            registering.ensure_room(two_free, waiting_count, size)
        assert refused.value.free_count == 2
        registering.ensure_full(two_free, waiting_count, size)
    with pytest.raises(PlacesFree):
        registering.ensure_full(two_free, 0, 2)


def test_the_first_in_line_is_next_and_a_group_is_not_overtaken() -> None:
    line = [entry(1, 1, WaitingState.OFFERED), entry(2, 3), entry(3, 1)]
    assert registering.next_in_line(line, 3) == line[1]
    assert registering.next_in_line(line, 2) is None
    assert registering.next_in_line(line[:1], 9) is None


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), max_size=12), st.integers(0, 20))
def test_places_go_to_a_prefix_of_the_line_and_never_beyond_what_is_free(
    sizes: list[int], free: int
) -> None:
    line = [entry(number, size) for number, size in enumerate(sizes, start=1)]
    promoted, left = [], free
    while (chosen := registering.next_in_line(line, left)) is not None:
        promoted.append(chosen)
        left -= chosen.size
        line = [one for one in line if one is not chosen]
    assert [one.size for one in promoted] == sizes[: len(promoted)]
    assert left >= 0
    assert not line or line[0].size > left


def test_who_waits_learns_how_many_stand_before_them() -> None:
    line = [entry(1, 2), entry(2, 1, WaitingState.OFFERED), entry(3, 1), entry(4, 2)]
    found = registering.standing(line, line[3], workshop(taken_count=2))
    assert (found.position, found.places_before, found.free_count, found.size) == (3, 3, 1, 2)


def test_the_line_moves_while_registration_is_open_or_paused_and_not_from_the_deadline() -> None:
    for state in WorkshopState:
        can = registering.can_promote(workshop(state=state), CLOSES - MOMENT)
        assert can == (state in (WorkshopState.OPEN, WorkshopState.PAUSED))
        assert not registering.can_promote(workshop(state=state), CLOSES)


def test_sessions_clash_where_one_person_cannot_be_at_both() -> None:
    ours = [session("1405/08/23 17:00", 90), session("1405/08/30 17:00", 90)]
    touching = [session("1405/08/23 18:30", 60), session("1405/08/23 16:00", 60)]
    assert registering.clash(ours, touching) is None
    other = session("1405/08/30 18:29", 60)
    assert registering.clash(ours, [*touching, other]) == (ours[1], other)
    for state in SessionState:
        found = registering.clash(ours, [replace(other, state=state)])
        assert (found is None) == (state not in (SessionState.PLANNED, SessionState.LIVE))


def held(**wanted: Any) -> Any:
    values = {"state": RegistrationState.HELD, "expires_at": OPENS + HOUR}
    return registration(**{**values, **wanted})


def test_a_held_place_is_paid_for_before_it_is_given_on() -> None:
    registering.ensure_payable(workshop(), held(), OPENS + HOUR - MOMENT)
    with pytest.raises(OfferOver) as refused:
        registering.ensure_payable(workshop(), held(), OPENS + HOUR)
    assert refused.value.expired_at == OPENS + HOUR


def test_a_place_can_be_paid_for_after_the_deadline_but_not_where_nothing_takes_place() -> None:
    payable = set()
    for state in WorkshopState:
        try:
            registering.ensure_payable(workshop(state=state), held(), OPENS)
        except RegistrationNotOpen:
            continue
        payable.add(state)
    assert payable == {
        WorkshopState.OPEN,
        WorkshopState.PAUSED,
        WorkshopState.CLOSED,
        WorkshopState.CONFIRMED,
    }


def test_a_place_is_dropped_until_the_cutoff_and_given_up_from_it_on() -> None:
    registering.ensure_droppable(workshop(), CUTOFF - MOMENT)
    with pytest.raises(TooLateToDrop) as refused:
        registering.ensure_droppable(workshop(), CUTOFF)
    assert refused.value.drop_until == CUTOFF
    registering.ensure_late(workshop(), CUTOFF)
    with pytest.raises(NotYetLate):
        registering.ensure_late(workshop(), CUTOFF - MOMENT)


def test_a_move_is_for_the_same_learner_to_another_workshop_of_the_office_in_time() -> None:
    old, new = registration(), registration()
    here, there = workshop(), workshop(id=WorkshopId(2))
    moment = CUTOFF - MOMENT
    registering.ensure_movable(old, new, here, there, moment)
    for wrong in (
        (old, new, here, workshop()),
        (old, new, here, workshop(id=WorkshopId(2), office_id="other")),
        (old, registration(learner_id=LearnerId(2)), here, there),
        (old, registration(payer_id=REZA), here, there),
    ):
        with pytest.raises(MoveToItself):
            registering.ensure_movable(*wrong, moment)
    with pytest.raises(TooLateToDrop):
        registering.ensure_movable(old, new, here, there, CUTOFF)
    early = workshop(id=WorkshopId(2), details={"closes_at": OPENS + HOUR})
    with pytest.raises(RegistrationNotOpen):
        registering.ensure_movable(old, new, here, early, OPENS + HOUR)


def test_a_workshop_begins_with_its_earliest_session() -> None:
    sessions = [session("1405/08/30 17:00"), session("1405/08/23 17:00")]
    assert registering.first_day(sessions) == jalali("1405/08/23")


def effect(act: RegistrationAct, *, is_refunded: bool = True, **wanted: Any) -> Effect:
    values = {"journal_id": None if act is RegistrationAct.PAY else "23456789AB", **wanted}
    return money.effect_of(act, registration(**values), is_refunded=is_refunded)


def test_each_act_does_one_thing_to_the_fee() -> None:
    acts = RegistrationAct
    expected = {
        acts.PAY: Effect.PAY,
        acts.DROP: Effect.REVERSE,
        acts.MOVE: Effect.REVERSE,
        acts.REMOVE: Effect.REVERSE,
        acts.CREDIT: Effect.REVERSE,
        acts.WITHDRAW: Effect.EARN,
        acts.COMPLETE: Effect.EARN,
    }
    for act in acts:
        assert effect(act) is expected.get(act, Effect.NONE)
        assert effect(act, fee_rial=0, journal_id=None) is Effect.NONE
    assert effect(acts.REMOVE, is_refunded=False) is Effect.EARN
    assert effect(acts.DROP, is_refunded=False) is Effect.REVERSE


def test_money_is_never_paid_twice_nor_given_back_unpaid() -> None:
    with pytest.raises(AssertionError):
        effect(RegistrationAct.PAY, journal_id="23456789AB")
    with pytest.raises(AssertionError):
        effect(RegistrationAct.DROP, journal_id=None)


def test_each_effect_on_each_registration_has_a_key_of_its_own() -> None:
    one, other = registration(), registration()
    keys = [money.key_of(kind, reg) for reg in (one, other) for kind in Effect]
    keys += [money.quorum_key(one), money.quorum_key(other)]
    assert len(set(keys)) == len(keys)
    assert money.quorum_key(one) == f"quorum:1:{one.id}"
    assert money.reference_of(one.id) == f"registration:{one.id}"


@pytest.mark.parametrize(
    ("confirmed", "held_count", "expected"),
    [
        (3, 0, Outcome.MET),
        (4, 9, Outcome.MET),
        (2, 1, Outcome.OPEN),
        (0, 3, Outcome.OPEN),
        (2, 0, Outcome.SHORT),
        (1, 1, Outcome.SHORT),
    ],
)
def test_a_quorum_counts_who_takes_part_and_waits_for_money_that_could_still_make_it(
    confirmed: int, held_count: int, expected: Outcome
) -> None:
    assert quorum.outcome(3, confirmed_count=confirmed, held_count=held_count) is expected
    assert quorum.outcome(0, confirmed_count=0, held_count=0) is Outcome.MET
