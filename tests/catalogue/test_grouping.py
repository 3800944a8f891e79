from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from time import process_time

from bot.catalogue.model import AskedQuestion, Outcome, QuestionGroup
from bot.catalogue.search import grouped, load_lexicon
from bot.catalogue.search.commands import read_file
from bot.catalogue.search.evaluation import KnownQuestion

ROOT = Path(__file__).parents[2]
LEXICON = load_lexicon(ROOT / "data" / "lexicon")
DAY = date(2026, 11, 22)


def asked(*texts: str) -> list[AskedQuestion]:
    return [
        AskedQuestion(number, DAY, None, text, Outcome.UNANSWERED, None)
        for number, text in enumerate(texts, start=1)
    ]


def groups_of(*texts: str) -> list[QuestionGroup]:
    return grouped(asked(*texts), LEXICON)


def test_the_same_question_in_other_words_is_one_group_and_its_usual_wording_names_it() -> None:
    (parking, pool) = groups_of(
        "استخر هم دارید؟",
        "جای پارک هست؟",
        "پارکینگ دارید؟",
        "پارکینگ دارید؟",
        "اداره پارکینگ داره؟",
        "برای مراجعه پارکینگ دارید",
    )[:2]
    assert parking.text == "پارکینگ دارید؟"
    assert parking.count == 4
    assert pool.count == 1


def test_letters_gaps_order_and_endings_make_no_difference() -> None:
    (group,) = groups_of("وام کارآموزان", "كارآموزان وام؟", "وام برای کارآموز", "وام‌ کارآموزان")
    assert group.count == 4


def test_a_word_that_everybody_uses_does_not_put_questions_together() -> None:
    groups = groups_of(*(f"هزینه {one} چقدر است؟" for one in ("رستوران", "سرویس", "خوابگاه")))
    assert len(groups) == 3


def test_questions_of_nothing_but_small_words_or_signs_are_not_lost() -> None:
    assert sum(group.count for group in groups_of("این چیه؟", "؟؟", "🦆", "و از به")) == 4


def test_groups_do_not_depend_on_the_order_in_which_questions_are_read() -> None:
    texts = [line.text for line in _known()[:120]]
    questions = asked(*texts)
    there = [(group.text, group.count) for group in grouped(questions, LEXICON)]
    back = [(group.text, group.count) for group in grouped(questions[::-1], LEXICON)]
    assert there == back
    assert sum(count for _, count in there) == 120


def test_of_two_groups_asked_as_often_the_one_asked_last_comes_first() -> None:
    old, new = asked("پارکینگ دارید؟", "استخر کجاست؟")
    new = AskedQuestion(2, DAY + timedelta(days=1), None, new.text, new.outcome, None)
    assert [group.text for group in grouped([old, new], LEXICON)] == [new.text, old.text]


def test_a_thousand_questions_are_grouped_while_nobody_waits() -> None:
    texts = [line.text for line in _known()]
    questions = asked(*(texts + [f"{text} لطفا" for text in texts])[:1000])
    grouped(questions, LEXICON)
    seconds = []
    for _ in range(3):
        began = process_time()
        grouped(questions, LEXICON)
        seconds.append(process_time() - began)
    assert min(seconds) < 0.1


def _known() -> list[KnownQuestion]:
    return list(read_file(ROOT / "tests" / "data" / "questions.jsonl", KnownQuestion))
