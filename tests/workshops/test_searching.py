"""Which open workshops a message is about, what it is told of them, and when it is left alone."""

from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.search import WorkshopFact, load_lexicon
from bot.catalogue.search.workshop_words import WorkshopQuestion
from bot.workshops.model import Listing, Sieve, WorkshopId
from bot.workshops.rules.searching import Finding, Found, search
from tests.workshops.support import FIRST, workshop

READER = load_lexicon(Path(__file__).parents[2] / "data" / "lexicon").intents.workshops


def listing(number: int, title: str, subject: str | None, **wanted: Any) -> Listing:
    taken_count = wanted.pop("taken_count", 0)
    said = {"title": title, "subject": subject, **wanted}
    return Listing(workshop(id=WorkshopId(number), details=said, taken_count=taken_count), FIRST)


PAINTING = listing(1, "نقاشی با آبرنگ", "نقاشی")
FACES = listing(2, "نقاشی چهره", "نقاشی", age_min=13, age_max=18)
CLAY = listing(3, "سفال‌گری", "هنر دست", fee_rial=0, province="گیلان", taken_count=3)
STORIES = listing(4, "قصه‌گویی", None)
OPEN = [PAINTING, FACES, CLAY, STORIES]


def stems(*words: str) -> tuple[str, ...]:
    """What is left of a message that says these words."""
    question = READER.read(f"کارگاه {' '.join(words)}")
    assert question is not None
    return question.left


def asked(*words: str, **wanted: Any) -> WorkshopQuestion:
    left = stems(*words) if words else ()
    values: dict[str, Any] = {
        "says_workshop": False,
        "is_wide": False,
        "asks_existence": False,
        "facts": frozenset(),
        "age": None,
        "province": None,
        "is_free": False,
        "is_room_wanted": False,
        "left": left,
        "words": words,
    }
    return WorkshopQuestion(**{**values, **wanted})


def found(
    question: WorkshopQuestion, listings: list[Listing] = OPEN, *, is_spoken_of: bool = False
) -> Found | None:
    return search(question, listings, READER, is_spoken_of=is_spoken_of)


def ids(of: Found | None) -> list[int]:
    assert of is not None
    return [one.workshop.id for one in of.listings]


def facts(*names: WorkshopFact) -> frozenset[WorkshopFact]:
    return frozenset(names)


class TestWhatIsNamed:
    def test_is_found_by_its_title_or_subject(self) -> None:
        assert ids(found(asked("نقاشی", says_workshop=True))) == [1, 2]
        assert ids(found(asked("سفال", says_workshop=True))) == [3]
        assert ids(found(asked("قصه", asks_existence=True))) == [4]

    def test_best_is_found_alone(self) -> None:
        assert ids(found(asked("نقاشی", "چهره", says_workshop=True))) == [2]

    def test_by_a_short_word_is_not_whatever_begins_so(self) -> None:
        begun = asked(says_workshop=True, left=("نقا",), words=("نقا",))
        assert found(begun) is None
        assert ids(found(asked(says_workshop=True, left=("نقاش",), words=("نقاش",)))) == [1, 2]

    def test_needs_a_question(self) -> None:
        assert found(asked("سفال")) is None
        assert ids(found(asked("سفال", age=8))) == [3]
        assert ids(found(asked("سفال", facts=facts(WorkshopFact.FEE)))) == [3]

    def test_bears_one_more_word_only_where_a_workshop_is_said(self) -> None:
        assert ids(found(asked("سفال", "زیبا", says_workshop=True))) == [3]
        assert found(asked("سفال", "زیبا", asks_existence=True)) is None
        assert found(asked("سفال", "زیبا", "ارزان", says_workshop=True)) is None

    def test_is_told_with_the_facts_that_were_asked(self) -> None:
        wanted = facts(WorkshopFact.FEE)
        told = found(asked("سفال", facts=wanted))
        assert told == Found(Finding.FACTS, (CLAY,), wanted, Sieve(subject="هنر دست"))
        cards = found(asked("سفال", says_workshop=True))
        assert cards == Found(Finding.CARDS, (CLAY,), frozenset(), Sieve(subject="هنر دست"))

    def test_keeps_its_subject_for_news_only_where_all_have_the_same(self) -> None:
        one = found(asked("نقاشی", says_workshop=True))
        assert one is not None
        assert one.sieve.subject == "نقاشی"
        both = found(asked("نقاشی", says_workshop=True), [PAINTING, listing(9, "نقاشی", "هنر")])
        assert both is not None
        assert both.sieve.subject is None

    def test_but_does_not_fit_is_found_to_be_none(self) -> None:
        too_old = found(asked("نقاشی", says_workshop=True, age=40))
        assert too_old == Found(Finding.NOTHING, sieve=Sieve(age=40, subject="نقاشی"))

    def test_and_full_is_told_of_when_room_is_the_question(self) -> None:
        wanted = facts(WorkshopFact.PLACES)
        assert ids(found(asked("سفال", facts=wanted, is_room_wanted=True))) == [3]
        room = found(asked("سفال", says_workshop=True, is_room_wanted=True))
        assert room is not None
        assert room.finding is Finding.NOTHING
        assert room.sieve.is_room_wanted

    def test_is_found_by_its_subject_alone_and_by_a_word_that_goes_on_from_its_title(self) -> None:
        assert ids(found(asked("هنر", says_workshop=True))) == [3]
        assert ids(found(asked(says_workshop=True, left=("سفالینه",), words=("سفالینه",)))) == [3]

    def test_is_nothing_where_nothing_is_open(self) -> None:
        assert found(asked("سفال", says_workshop=True), []) is None
        told = found(asked("سفال", says_workshop=True, is_wide=True), [])
        assert told == Found(Finding.NOTHING)


class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "wanted",
        [{"asks_existence": True}, {"is_wide": True}, {"age": 9}],
        ids=["whether", "which", "for an age"],
    )
    def test_is_said_not_to_be_there(self, wanted: dict[str, Any]) -> None:
        told = found(asked("شنا", says_workshop=True, **wanted))
        assert told == Found(Finding.NOTHING, sieve=Sieve(age=wanted.get("age")))

    def test_is_left_alone_where_nobody_asks_whether(self) -> None:
        assert found(asked("شنا", says_workshop=True)) is None
        assert found(asked("شنا", asks_existence=True)) is None

    def test_is_left_alone_in_a_longer_message(self) -> None:
        assert found(asked("شنا", "ارزان", says_workshop=True, asks_existence=True)) is None

    def test_is_left_alone_where_more_is_asked_than_whether_and_when(self) -> None:
        whether = {"says_workshop": True, "asks_existence": True}
        when = found(asked("شنا", facts=facts(WorkshopFact.SESSIONS), **whether))
        assert when is not None
        assert when.finding is Finding.NOTHING
        assert found(asked("شنا", facts=facts(WorkshopFact.FEE), **whether)) is None


class TestWhatThereIs:
    def test_is_listed_for_who_asks_which(self) -> None:
        told = found(asked(says_workshop=True, is_wide=True))
        assert told == Found(Finding.CARDS, tuple(OPEN))
        assert ids(found(asked(says_workshop=True, asks_existence=True))) == [1, 2, 3, 4]

    def test_is_not_listed_for_a_bare_word(self) -> None:
        assert found(asked(says_workshop=True)) is None
        assert found(asked(is_wide=True)) is None

    @pytest.mark.parametrize(
        ("wanted", "listed"),
        [
            ({"age": 15}, [2]),
            ({"is_free": True}, [3]),
            ({"province": "یزد"}, [1, 2, 4]),
            ({"is_room_wanted": True}, [1, 2, 4]),
        ],
    )
    def test_is_narrowed_by_what_is_said(self, wanted: dict[str, Any], listed: list[int]) -> None:
        assert ids(found(asked(says_workshop=True, **wanted))) == listed

    def test_is_free_only_if_it_costs_nothing_at_all(self) -> None:
        cheap = listing(8, "نجوم", None, fee_rial=1)
        told = found(asked(says_workshop=True, is_free=True), [cheap])
        assert told == Found(Finding.NOTHING, sieve=Sieve(fee_rial_max=0))

    def test_has_room_where_the_question_is_which_have(self) -> None:
        which = {"says_workshop": True, "is_room_wanted": True}
        assert ids(found(asked(facts=facts(WorkshopFact.PLACES), **which))) == [1, 2, 4]

    def test_is_listed_for_an_age_of_which_it_is_asked_what_there_is(self) -> None:
        for_a_child = asked(age=15, asks_existence=True)
        assert found(for_a_child) == Found(Finding.CARDS, (FACES,), sieve=Sieve(age=15))
        assert found(asked(age=15)) is None
        assert found(asked(asks_existence=True)) is None
        fee = facts(WorkshopFact.FEE)
        assert found(asked(age=15, asks_existence=True, facts=fee)) is None

    def test_is_listed_for_who_asks_when_and_not_for_who_asks_the_fee_of_all(self) -> None:
        wide = {"says_workshop": True, "is_wide": True}
        assert ids(found(asked(facts=facts(WorkshopFact.SESSIONS), **wide))) == [1, 2, 3, 4]
        assert found(asked(facts=facts(WorkshopFact.FEE), **wide)) is None
        assert ids(found(asked(facts=facts(WorkshopFact.FEE), age=15, **wide))) == [2]


class TestABareQuestion:
    FEE = facts(WorkshopFact.FEE)
    WHERE = facts(WorkshopFact.WHERE)

    def test_is_about_the_workshop_that_was_just_read(self) -> None:
        told = found(asked(facts=self.FEE), is_spoken_of=True)
        assert told == Found(Finding.SPOKEN_OF, facts=self.FEE)
        assert found(asked(facts=self.FEE)) is None

    def test_of_a_place_is_the_offices_unless_a_workshop_is_said(self) -> None:
        assert found(asked(facts=self.WHERE), is_spoken_of=True) is None
        told = found(asked(facts=self.WHERE, says_workshop=True), is_spoken_of=True)
        assert told == Found(Finding.SPOKEN_OF, facts=self.WHERE)

    @pytest.mark.parametrize(
        "wanted", [{"words": ("شنا",)}, {"is_wide": True}, {"is_free": True}, {"facts": facts()}]
    )
    def test_is_bare_only_if_nothing_else_is_said(self, wanted: dict[str, Any]) -> None:
        told = found(asked(**{"facts": self.FEE, **wanted}), is_spoken_of=True)
        assert told is None
