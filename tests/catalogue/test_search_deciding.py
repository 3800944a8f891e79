from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.catalogue.loader import load_catalogue
from bot.catalogue.model import Facet
from bot.catalogue.search import Answer, Answerer, Band, load_lexicon

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue(ROOT / "data" / "catalogue")
ANSWERER = Answerer(CATALOGUE, load_lexicon(ROOT / "data" / "lexicon"))
TEST = ("mazandaran", "periodic-test")


def ask(text: str, office: str | None = None, recent: tuple[str, str] | None = None) -> Answer:
    return asyncio.run(ANSWERER.ask(text, office, recent))


def offered(answer: Answer, count: int = 3) -> list[str]:
    return [ranked.entry.id for ranked in answer.ranked[:count]]


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("مدارکش چیه", "documents"),
        ("هزینه‌ش چقدره؟", "cost"),
        ("چند روز طول میکشه؟", "time"),
        ("از کجا شروع کنم", "process"),
        ("documents?", "documents"),
        ("hazinash chande", "cost"),
    ],
)
def test_a_question_without_a_topic_is_about_what_was_looked_at_last(
    question: str, side: str
) -> None:
    answer = ask(question, "mazandaran", TEST)
    assert (answer.band, answer.is_topicless) == (Band.ANSWER, True)
    assert offered(answer, 1) == [f"mazandaran/periodic-test/{side}"]
    assert ask(question, "mazandaran").band is Band.CHOOSE


def test_a_question_with_a_topic_is_answered_once_whatever_was_looked_at_last() -> None:
    question = "مدارک آزمون ادواری یک‌بار چیست"
    answer = ask(question, "mazandaran")
    assert not answer.is_topicless
    assert ask(question, "mazandaran", ("mazandaran", "public-courses")) is answer
    assert ask("مدارکش چیه", "mazandaran", TEST) is not ask("مدارکش چیه", "mazandaran")


def test_the_hours_and_the_phone_of_an_office_that_is_named_are_its_own() -> None:
    seen = ("kanoon", "virtual-workshops")
    for question, side in (("سلام کانون چه ساعتی بازه؟", "hours"), ("شماره تلفن کانون", "access")):
        answer = ask(question, None, seen)
        assert answer.band is Band.ANSWER
        assert offered(answer, 1) == [f"kanoon/{side}"]
    assert offered(ask("چه ساعتی بازه؟", None, seen), 1) == ["kanoon/virtual-workshops/hours"]


def test_a_question_with_a_topic_of_its_own_is_not_about_what_was_looked_at_last() -> None:
    answer = ask("مدارک آموزشگاه آزاد", "mazandaran", TEST)
    assert offered(answer, 1) == ["mazandaran/private-school/documents"]
    assert not answer.is_topicless
    other = ask("هزینه کانون", None, TEST)
    assert other.band is Band.CHOOSE
    assert {ranked.entry.office_id for ranked in other.ranked[:3]} == {"kanoon"}
    assert ask("سلام", "mazandaran", TEST).band is Band.HANDOVER


def test_two_sides_of_what_was_looked_at_last_are_both_offered() -> None:
    answer = ask("هزینه و مدارکش", "mazandaran", TEST)
    assert answer.band is Band.CHOOSE
    assert set(offered(answer, 2)) == {
        f"mazandaran/periodic-test/{s}" for s in ("cost", "documents")
    }


@pytest.mark.parametrize("question", ["ساعت کاری", "opening hours", "ساعت كاريتون"])
def test_without_an_office_each_office_is_offered_in_turn(question: str) -> None:
    answer = ask(question)
    assert answer.band is Band.CHOOSE
    assert offered(answer, 2) == ["kanoon/hours", "mazandaran/hours"]


@pytest.mark.parametrize(
    ("question", "office", "page"),
    [
        ("ساعت کاری", "mazandaran", "mazandaran/hours"),
        ("کانون ساعت کاریش چنده", None, "kanoon/hours"),
        ("فنی حرفه ای ساری کجاست", None, "mazandaran/access"),
        ("ادرس", "kanoon", "kanoon/access"),
        ("phone number", "mazandaran", "mazandaran/access"),
        ("فهرست خدمات", "kanoon", "kanoon/list"),
    ],
)
def test_a_page_of_a_known_office_is_shown_at_once(
    question: str, office: str | None, page: str
) -> None:
    answer = ask(question, office)
    assert answer.band is Band.ANSWER
    assert offered(answer, 1) == [page]


@pytest.mark.parametrize("word", ["شناسنامه", "کارشناس", "پشتیبانی", "کمک", "دوربین"])
def test_a_single_word_is_not_answered_with_confidence(word: str) -> None:
    for office in (None, "kanoon", "mazandaran"):
        assert ask(word, office).band is not Band.ANSWER


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "مدارک مرکز جوار و هزینه آموزشگاه آزاد",
            {"workplace-centre/documents", "private-school/cost"},
        ),
        (
            "هزینه آزمون ادواری و آموزشگاه آزاد چقدره",
            {"periodic-test/cost", "private-school/cost"},
        ),
        (
            "cost of the periodic test and documents for a private school",
            {"periodic-test/cost", "private-school/documents"},
        ),
        (
            "مدارک و هزینه گواهینامه مهارت",
            {"guild-skill-cert/documents", "guild-skill-cert/cost"},
        ),
    ],
)
def test_two_questions_in_one_are_given_back_as_a_choice(question: str, sides: set[str]) -> None:
    answer = ask(question, "mazandaran")
    assert answer.band is Band.CHOOSE
    assert set(offered(answer, 2)) == {f"mazandaran/{side}" for side in sides}


@pytest.mark.parametrize(
    "question",
    ["پولم رو پس بدید", "استرداد وجه", "پول کلاس بچم رو پس بدین", "is there a refund"],
)
def test_money_back_is_a_refund_and_not_a_price(question: str) -> None:
    best = ask(question, "kanoon").ranked[0].entry
    assert best.facet is Facet.WALLET
    assert (best.office_id, best.service_id) == ("kanoon", "wallet-refunds")
    assert ask(question, "mazandaran").band is not Band.ANSWER  # It belongs to the other office.


def test_two_sentences_that_ask_for_two_sides_are_given_back_as_a_choice() -> None:
    answer = ask("هزینه کارگاه مجازی چقدره؟ تا کی میشه انصراف داد؟", "kanoon")
    assert answer.band is Band.CHOOSE
    assert {"kanoon/virtual-workshops/cost", "KN-27"} <= set(offered(answer))
    assert ask("هزینه کارگاه مجازی چقدره؟", "kanoon").band is Band.ANSWER


def test_a_side_that_a_service_does_not_have_is_not_replaced_by_another_with_confidence() -> None:
    assert ask("هزینه آزمون پس داده میشه؟", "mazandaran").band is not Band.ANSWER


def test_one_of_two_english_words_is_not_enough_to_be_sure() -> None:
    assert ask("minimum age", "kanoon").band is Band.CHOOSE
    assert ask("what is the cost of the skill certificate").band is Band.ANSWER


@pytest.mark.parametrize("question", ["دوره برنامه نویسی دارین؟", "کلاس خیاطی دارید؟"])
def test_the_subject_of_a_course_does_not_hide_the_courses(question: str) -> None:
    answer = ask(question, "mazandaran")
    assert answer.band is Band.CHOOSE
    assert offered(answer, 1) == ["mazandaran/skill-courses/description"]


def test_when_something_begins_is_asked_of_its_time() -> None:
    for question in ("آزمون ادواری کی برگزار میشه", "آزمون ادواری چه تاریخیه"):
        assert ask(question).ranked[0].entry.facet is Facet.TIME


def test_a_greeting_before_a_question_changes_nothing() -> None:
    asked = ask("مدارک آموزشگاه آزاد چیه", "mazandaran")
    greeted = ask("سلام خسته نباشید مدارک آموزشگاه آزاد چیه", "mazandaran")
    assert greeted.band is Band.ANSWER
    assert offered(greeted) == offered(asked)


def test_samples_are_never_offered() -> None:
    samples = {
        (published.office.id, service.id)
        for published in CATALOGUE.offices
        for service in published.services
        if service.is_sample
    }
    assert samples
    assert samples.isdisjoint((entry.office_id, entry.service_id) for entry in ANSWERER.entries)


def test_what_other_bodies_provide_is_said_to_be_elsewhere() -> None:
    for question in ("هزینه گذرنامه چقدره", "how do I renew my driving licence", "قیمت دلار"):
        assert ask(question).is_elsewhere
    for question in ("هزینه آزمون ادواری", "is there a refund", "بشقاب پرنده"):
        assert not ask(question).is_elsewhere


def test_the_answer_from_memory_depends_on_what_was_looked_at_last() -> None:
    first = ask("مدارکش چیه", "mazandaran", TEST)
    assert ask("مدارکش چیه", "mazandaran", TEST) is first
    other = ask("مدارکش چیه", "mazandaran", ("mazandaran", "private-school"))
    assert offered(other, 1) == ["mazandaran/private-school/documents"]
