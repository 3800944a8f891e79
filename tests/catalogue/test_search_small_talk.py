from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue.search import Talk, load_lexicon
from bot.catalogue.search.commands import read_file
from bot.catalogue.search.evaluation import KnownQuestion

ROOT = Path(__file__).parents[2]
SMALL_TALK = load_lexicon(ROOT / "data" / "lexicon").small_talk


@pytest.mark.parametrize(
    ("kind", "messages"),
    [
        (
            Talk.GREETING,
            ["سلام", "سلااام 👋", "وقت‌ بخیر", "سلام و درود", "سلام خوبی؟", "Hi there"],
        ),
        (Talk.THANKS, ["خیلی ممنون.", "عالی بود مرسی", "مرسی از راهنماییتون", "👍🏽", "🙏"]),
        (Talk.THANKS, ["ممنون دستت درد نکنه", "باشه ممنون", "thank you so much"]),
        (Talk.FAREWELL, ["خداحافظ", "ممنون خداحافظ", "bye"]),
        (Talk.ACKNOWLEDGEMENT, ["خب", "باشه", "OK", "اوکی", "👌"]),
        (Talk.MENU, ["منو", "شروع", "فهرست", "کمک", "help"]),
        (Talk.IDENTITY, ["اسمت چیه", "شما ربات هستی؟", "who are you?"]),
        (Talk.PERSON, ["کارشناس", "پشتیبانی", "آدم حسابی وصل کن", "وصلم کن به اپراتور"]),
        (Talk.PERSON, ["میخوام با کارشناس صحبت کنم", "به مدیر بگید زنگ بزنه"]),
        (Talk.PERSON, ["connect me to an operator", "can I talk to a real person?"]),
        (Talk.ANGER, ["خیلی بیشعورید", "کلاهبردارید", "سلام خیلی مسخره‌ست واقعا", "😡"]),
        (Talk.NOTHING, ["؟", "...", "🦆", "", " \n"]),
    ],
)
def test_what_a_message_does_that_asks_nothing(kind: Talk, messages: list[str]) -> None:
    assert [SMALL_TALK.kind_of(message) for message in messages] == [kind] * len(messages)


@pytest.mark.parametrize(
    "question",
    [
        "سلام هزینه چقدره",
        "سلام خسته نباشید مدارک آموزشگاه آزاد چیه",
        "فهرست خدمات",
        "خوب مدارک چیه",
        "کارشناس برای بازدید کی میاد",
        "برای مدارک آموزشگاه باید با کارشناس صحبت کنم؟",
        "کی شروع میشه",
        "123",
        "بازگشت وجه",
    ],
)
def test_a_question_is_not_small_talk(question: str) -> None:
    assert SMALL_TALK.kind_of(question) is None


def test_no_known_question_of_ours_is_taken_for_small_talk() -> None:
    questions = read_file(ROOT / "tests" / "data" / "questions.jsonl", KnownQuestion)
    taken = [
        line.text for line in questions if line.scope == "in" and SMALL_TALK.kind_of(line.text)
    ]
    assert taken == []
