"""What must be said before a workshop is shown, and what fits into its parts."""

from dataclasses import replace
from typing import Any

import pytest

from bot.workshops.errors import (
    AlreadyExtended,
    DeadlineUnfit,
    Lack,
    NotPublishable,
    PartUnfit,
    SessionOnClosedDay,
    TextFault,
)
from bot.workshops.model import SessionState, WorkshopState
from bot.workshops.rules import publishing
from tests.calendar.support import at
from tests.refusing import refuses
from tests.workshops.support import (
    CALENDAR,
    CLOSES,
    FIRST,
    NOW,
    OPENS,
    details,
    session,
    workshop,
)

FOUR = [session(f"1405/{day} 17:00") for day in ("08/23", "08/30", "09/07", "09/14")]


def draft(**wanted: Any) -> Any:
    return workshop(state=WorkshopState.DRAFT, details=wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"fee_rial": 0},
        {"quorum": 3},
        {"closes_at": FIRST},
        {"online_link": None, "venue": "مرکز شمارهٔ ۳"},
        {"age_min": None, "age_max": 7},
        {"age_min": 7, "age_max": 7},
    ],
)
def test_what_is_whole_can_be_published(wanted: dict[str, Any]) -> None:
    assert not refuses(publishing.ensure_publishable, draft(**wanted), FOUR, CALENDAR, NOW)


@pytest.mark.parametrize(
    ("wanted", "lack"),
    [
        ({"description": " "}, Lack.DESCRIPTION),
        ({"fee_rial": None}, Lack.FEE),
        ({"places": None}, Lack.PLACES),
        ({"quorum": None}, Lack.QUORUM),
        ({"quorum": 4}, Lack.QUORUM_ABOVE_PLACES),
        ({"age_min": 13}, Lack.AGES),
        ({"online_link": None}, Lack.WHERE),
        ({"session_count": None}, Lack.SESSION_COUNT),
        ({"session_count": 5}, Lack.SESSIONS),
        ({"opens_at": None}, Lack.WINDOW),
        ({"closes_at": None}, Lack.WINDOW),
        ({"opens_at": CLOSES}, Lack.WINDOW_ORDER),
        (
            {"opens_at": at("1405/07/01 08:00"), "closes_at": NOW},
            Lack.WINDOW_PAST,
        ),
        ({"closes_at": at("1405/08/23 17:01")}, Lack.DEADLINE_AFTER_FIRST_SESSION),
    ],
)
def test_each_thing_that_is_lacking_is_named(wanted: dict[str, Any], lack: Lack) -> None:
    with pytest.raises(NotPublishable) as refused:
        publishing.ensure_publishable(draft(**wanted), FOUR, CALENDAR, NOW)
    assert refused.value.lacks == (lack,)


def test_all_that_is_lacking_is_named_at_once() -> None:
    empty = replace(
        workshop(details={"fee_rial": None, "session_count": None, "opens_at": None}),
        terms_version=0,
    )
    with pytest.raises(NotPublishable) as refused:
        publishing.ensure_publishable(empty, [], CALENDAR, NOW)
    assert set(refused.value.lacks) == {Lack.FEE, Lack.SESSION_COUNT, Lack.WINDOW, Lack.TERMS}


def test_sessions_that_overlap_or_lie_on_a_closed_day_are_not_published() -> None:
    clashing = [*FOUR[:3], session("1405/09/07 18:00")]
    with pytest.raises(NotPublishable) as refused:
        publishing.ensure_publishable(draft(), clashing, CALENDAR, NOW)
    assert refused.value.lacks == (Lack.SESSIONS_OVERLAP,)
    friday = [*FOUR[:3], session("1405/09/13 17:00")]
    with pytest.raises(SessionOnClosedDay):
        publishing.ensure_publishable(draft(), friday, CALENDAR, NOW)
    on_days_off = draft(is_on_days_off=True)
    assert not refuses(publishing.ensure_publishable, on_days_off, friday, CALENDAR, NOW)


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ({"title": " \u200c"}, TextFault.TITLE),
        ({"title": "ن" * 121}, TextFault.TITLE),
        ({"description": "ن" * 2001}, TextFault.DESCRIPTION),
        ({"instructor": "ن" * 81}, TextFault.INSTRUCTOR),
        ({"subject": "ن" * 81}, TextFault.SUBJECT),
        ({"province": "ن" * 81}, TextFault.PROVINCE),
        ({"online_link": "x" * 301}, TextFault.ONLINE_LINK),
        ({"venue": "x" * 301}, TextFault.VENUE),
        ({"age_min": -1}, TextFault.AGES),
        ({"age_max": 121}, TextFault.AGES),
        ({"fee_rial": -1}, TextFault.FEE),
        ({"fee_rial": 10**10 + 1}, TextFault.FEE),
        ({"places": 0}, TextFault.PLACES),
        ({"places": 10_001}, TextFault.PLACES),
        ({"quorum": -1}, TextFault.QUORUM),
        ({"session_count": 0}, TextFault.SESSION_COUNT),
        ({"session_count": 61}, TextFault.SESSION_COUNT),
    ],
)
def test_what_does_not_fit_is_named(wanted: dict[str, Any], part: TextFault) -> None:
    with pytest.raises(PartUnfit) as refused:
        publishing.ensure_fits(details(**wanted))
    assert refused.value.part is part


@pytest.mark.parametrize(
    "wanted",
    [
        {"title": "ن" * 120, "description": "ن" * 2000, "places": 10_000},
        {"fee_rial": 10**10, "quorum": 0, "session_count": 60, "age_max": 120},
    ],
)
def test_what_just_fits_is_taken(wanted: dict[str, Any]) -> None:
    assert not refuses(publishing.ensure_fits, details(**wanted))


def test_terms_and_reasons_are_kept_word_for_word_if_there_are_words() -> None:
    assert publishing.fit_terms("  دوربین روشن باشد.\n") == "دوربین روشن باشد."
    assert len(publishing.fit_terms("ن" * 3000)) == 3000
    for text in ("", " \n", "ن" * 3001):
        with pytest.raises(PartUnfit) as refused:
            publishing.fit_terms(text)
        assert refused.value.part is TextFault.TERMS
    assert len(publishing.fit_reason("ن" * 200)) == 200
    with pytest.raises(PartUnfit) as unfit:
        publishing.fit_reason("ن" * 201)
    assert unfit.value.part is TextFault.REASON


def test_the_first_session_is_the_first_that_is_not_cancelled() -> None:
    gone = replace(FOUR[0], state=SessionState.CANCELLED_BY_OFFICE)
    assert publishing.first_session_at([*FOUR[1:], gone]) == at("1405/08/30 17:00")
    assert publishing.first_session_at([gone]) is None


def test_a_deadline_is_extended_once_and_not_past_the_first_session() -> None:
    once = workshop(details={"opens_at": OPENS})
    publishing.ensure_extendable(once, FIRST, FIRST, NOW)
    for closes_at in (NOW, at("1405/08/23 17:01")):
        with pytest.raises(DeadlineUnfit):
            publishing.ensure_extendable(once, closes_at, FIRST, NOW)
    with pytest.raises(AlreadyExtended):
        publishing.ensure_extendable(replace(once, is_extended=True), FIRST, FIRST, NOW)
