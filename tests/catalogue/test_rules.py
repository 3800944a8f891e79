"""Who decides about an answer, what may stand in it, and what a desk.yaml contradicts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.catalogue import rules
from bot.catalogue.errors import (
    AlreadyDecided,
    AnswerMissing,
    AnswerTooLong,
    PersonalDataInAnswer,
    SelfApproval,
)
from bot.catalogue.model import (
    DeskHours,
    DeskPolicy,
    DeskWindow,
    LearntAnswer,
    LearntId,
    LearntState,
)
from bot.catalogue.model.desk import ReadyAnswer, WalletPolicy
from bot.citizens.errors import StaffOnly
from bot.citizens.model import CitizenId, Role, Staff
from tests.digests.support import TARGET, desk_policy

OFFICER = Staff(CitizenId(41), "kanoon", Role.OFFICER, "Mina")
CODE = "0013542419"  # a national code that could be somebody's
START, END = date(2026, 1, 1), date(2026, 6, 30)
WEEK = ("sat", "sun", "mon", "tue", "wed")


def hours(*windows: tuple[int, int], **wanted: Any) -> DeskHours:
    spans = tuple(
        DeskWindow(opens=time(one), closes=time(two)) for one, two in windows or [(8, 14)]
    )
    values = {"valid_from": START, "valid_to": None, "weekdays": WEEK, "windows": spans, **wanted}
    return DeskHours(**values)


def faults(**wanted: Any) -> list[tuple[object, ...]]:
    desk = desk_policy().model_copy(update=wanted)
    assert isinstance(desk, DeskPolicy)
    return [place for place, _ in rules.desk_faults(desk)]


@pytest.mark.parametrize(
    ("office_id", "roles"),
    [("mazandaran", (Role.OFFICER,)), ("kanoon", (Role.MANAGER, Role.FINANCE))],
)
def test_who_is_refused_hears_which_roles_may(office_id: str, roles: tuple[Role, ...]) -> None:
    rules.ensure_of(OFFICER, "kanoon", Role.MANAGER, Role.OFFICER)
    with pytest.raises(StaffOnly) as refused:
        rules.ensure_of(OFFICER, office_id, *roles)
    assert refused.value.roles == roles


def test_what_was_decided_is_not_decided_again_and_not_by_its_author() -> None:
    drafted = datetime(2026, 11, 22, 8, tzinfo=UTC)
    ask, say = "چه وقت؟", "شنبه"
    learnt = LearntAnswer(
        LearntId(1), "k", 1, "kanoon", None, ask, say, LearntState.DRAFT, OFFICER.id, drafted
    )
    rules.ensure_decidable(learnt)
    with pytest.raises(AlreadyDecided) as refused:
        rules.ensure_decidable(replace(learnt, state=LearntState.APPROVED))
    assert refused.value.state is LearntState.APPROVED
    with pytest.raises(SelfApproval):
        rules.ensure_second_person(learnt, OFFICER)
    rules.ensure_second_person(learnt, replace(OFFICER, id=CitizenId(42)))


def test_a_public_text_is_kept_without_what_turns_it_around() -> None:
    assert rules.public_text(" \u202eسلام\u202c! ", 10) == "سلام!"
    assert rules.public_text("🎨آ", 3) == "🎨آ"
    assert rules.plain(" \u202eسلام\u202c ", 10) == "سلام"
    assert rules.plain("\u202e", 10) == ""
    assert rules.plain("سلام دنیا", 4) != "سلام دنیا"


def test_half_a_sign_is_no_letter_and_breaks_nothing() -> None:
    assert rules.plain("آ\ud83d", 10) == "آ?"
    assert rules.public_text("آ\ud83d", 10) == "آ?"


@pytest.mark.parametrize("text", ["", "!؟", "\u202e", "  "])
def test_a_public_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(AnswerMissing):
        rules.public_text(text, 10)


def test_a_public_text_that_is_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(AnswerTooLong) as refused:
        rules.public_text("🎨آآ", 3)
    assert (refused.value.units, refused.value.units_max) == (4, 3)
    assert isinstance(refused.value.units, int)


def test_a_public_text_names_nobody_but_codes_that_the_office_publishes() -> None:
    with pytest.raises(PersonalDataInAnswer) as refused:
        rules.public_text(f"کد {CODE}", 100)
    assert refused.value.kinds
    known = frozenset({CODE})
    assert rules.public_text(f"کد {CODE}", 100, published_codes=known) == f"کد {CODE}"


def test_a_desk_that_agrees_with_itself_has_no_fault() -> None:
    assert faults() == []
    touching = hours((8, 12), (12, 14))
    ended = hours(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    assert faults(hours=(ended, touching)) == []


@pytest.mark.parametrize(
    ("listed", "places"),
    [
        ([hours(valid_to=date(2025, 12, 31)), hours()], [("hours", 0, "valid_to")]),
        ([hours(weekdays=(*WEEK, "sat"))], [("hours", 0, "weekdays")]),
        ([hours((8, 12), (11, 14))], [("hours", 0, "windows", 1, "opens")]),
        ([hours(), hours(weekdays=("wed", "thu"))], [("hours", 1, "weekdays")]),
        ([hours(valid_to=END), hours(valid_from=END)], [("hours", 1, "weekdays")]),
        ([hours(valid_from=END), hours(valid_to=END)], [("hours", 1, "weekdays")]),
        ([hours(valid_to=END)], [("hours",)]),
        ([hours(weekdays=("sun",))], [("weekly_on",)]),
    ],
    ids=["ends first", "twice", "overlap", "both", "one day", "one day after", "end", "weekly"],
)
def test_hours_that_contradict_each_other_are_named_by_their_place(
    listed: list[DeskHours], places: list[tuple[object, ...]]
) -> None:
    assert faults(hours=tuple(listed)) == places


@pytest.mark.parametrize(("minutes", "is_fault"), [(59, False), (60, True), (61, True)])
def test_a_warning_comes_before_the_sooner_of_two_answers(minutes: int, *, is_fault: bool) -> None:
    late = TARGET.model_copy(update={"warn_minutes": minutes, "next_response_minutes": 90})
    found = faults(default=late, targets={"complaint": late})
    expected = [("default", "warn_minutes"), ("targets", "complaint", "warn_minutes")]
    assert found == (expected if is_fault else [])


def test_what_contradicts_itself_is_said_in_words() -> None:
    twice = tuple(ReadyAnswer.model_construct(id=one) for one in ("a", "b", "a"))
    money = WalletPolicy.model_construct(top_up_rial_min=10_000, top_up_rial_max=9_999)
    listed = (hours(valid_to=date(2025, 12, 31), weekdays=(*WEEK, "sat")), hours())
    late = TARGET.model_copy(update={"warn_minutes": 60})
    changes = {"hours": listed, "default": late, "wallet": money, "ready_answers": twice}
    assert list(rules.desk_faults(desk_policy().model_copy(update=changes))) == [
        (("hours", 0, "valid_to"), "is before valid_from"),
        (("hours", 0, "weekdays"), "names a day twice"),
        (("default", "warn_minutes"), "is not shorter than the time for an answer"),
        (("wallet", "top_up_rial_max"), "is less than top_up_rial_min"),
        (("ready_answers", 2, "id"), "is taken: 'a' stands above"),
    ]
    same = money.model_copy(update={"top_up_rial_max": 10_000})
    assert faults(wallet=same) == []


def test_hours_that_end_or_overlap_are_told_in_words_and_may_hold_for_one_day() -> None:
    one_day = hours(valid_from=date(2025, 12, 31), valid_to=date(2025, 12, 31))
    assert faults(hours=(one_day, hours())) == []
    crowded = hours((8, 12), (11, 14), valid_to=END)
    desk = desk_policy().model_copy(update={"hours": (crowded,)})
    assert list(rules.desk_faults(desk)) == [
        (("hours", 0, "windows", 1, "opens"), "is before the window above has closed"),
        (("hours",), "have an end; without hours after it no date can be promised"),
    ]
