"""Asking about open workshops in one's own words; what is asked of the rules is not theirs."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from bot.catalogue.search import Answerer
from bot.workshops import use_cases as workshops
from handlers.context import Shared
from tests.handlers.browsing_support import given_elsewhere, given_open, given_sample, sound
from tests.handlers.support import DeskUnderTest, Visitor, plain
from tests.handlers.workshop_support import given_certain
from tests.workshops.support import HOUR, OFFICER, OPENS

QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"
NAMES_AN_OPEN_ONE = {"q002", "q006", "q156"}  # painting, stories


@pytest.fixture(autouse=True)
def _while_registration_is_open(desk: DeskUnderTest) -> None:
    desk.now = OPENS + HOUR


@pytest.fixture
async def _workshops(desk: DeskUnderTest) -> None:
    await given_open(desk, subject="نقاشی")
    await given_open(desk, title="سفال‌گری", subject="هنر دست", age_min=6, age_max=10, fee_rial=0)
    await given_open(desk, title="قصه‌گویی و داستان‌نویسی", subject="ادبیات", age_min=12, age_max=16)


async def ask(person: Visitor, text: str) -> str:
    return plain(sound([await person.say(text)]).text)


@pytest.mark.usefixtures("_workshops")
@pytest.mark.parametrize(
    ("text", "told", "untold"),
    [
        ("کارگاه نقاشی برای ۸ ساله‌ها کی هست؟", ["آبرنگ", "۲۳ آبان"], ["سفال", "قصه"]),
        ("كارگاه نقاشي براي ٨ ساله ها كي هست", ["آبرنگ", "۲۳ آبان"], ["سفال"]),
        ("ثبت‌نام کارگاه سفال تا کی است؟", ["سفال‌گری", "۲۰ آبان ۱۴۰۵، ساعت ۱۸:۰۰"], ["آبرنگ"]),
        ("سفالگری چند جلسه‌ست", ["سفال‌گری", "۴ جلسه", "۱. شنبه", "KN-14"], ["آبرنگ"]),
        ("کارگاه نقاشی چنده؟", ["۵۰۰٬۰۰۰ ریال", "KN-43"], ["سفال"]),
        ("تا کی می‌تونم از کلاس سفال انصراف بدم؟", ["تا پایان سه‌شنبه ۱۹ آبان", "KN-27"], ["آبرنگ"]),
        ("مربی کارگاه نقاشی کیه", ["خانم امینی"], ["سفال"]),
        ("کارگاه نقاشی جا داره؟", ["ظرفیت: ۳ نفر"], ["سفال"]),
        ("کارگاه رایگان دارید؟", ["سفال"], ["آبرنگ"]),
        ("دخترم هشت سالشه چه کلاسی بذارم", ["آبرنگ", "سفال"], ["قصه"]),
        ("کارگاه برای ۱۴ ساله‌ها", ["قصه"], ["آبرنگ", "سفال"]),
        ("چه کارگاه‌هایی دارید؟", ["آبرنگ", "سفال", "قصه"], []),
        ("قصه گویی دارین", ["قصه‌گویی"], ["آبرنگ"]),
        ("کدوم کارگاه جا داره", ["آبرنگ"], []),
        ("سفال برای بچه‌های ۷ ساله جا دارید؟ هزینه‌اش چنده", ["رایگان", "ظرفیت"], ["آبرنگ"]),
        ("برای دختر ۷ ساله‌ام چی دارید؟", ["آبرنگ", "سفال"], ["قصه"]),
        ("kelas naghashi darid?", ["آبرنگ"], ["سفال", "قصه"]),
        ("kargah sofal chand", ["سفال"], ["آبرنگ", "قصه"]),
    ],
)
async def test_open_workshops_answer_what_is_asked_of_them(
    sara: Visitor, text: str, told: list[str], untold: list[str]
) -> None:
    said = await ask(sara, text)
    assert [words for words in told if words not in said] == []
    assert [words for words in untold if words in said] == []
    assert sara.last is not None
    assert any(data.startswith("wl:") for data in sara.last.presses), "a button to the list"


@pytest.mark.usefixtures("_workshops")
async def test_what_an_office_answers_word_for_word_is_no_search_for_a_workshop(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    assert "شبانه" in await ask(sara, "کلاس شبانه دارید؟")  # none is about that
    kanoon = desk.shared.catalogue.published_by("kanoon")
    faq = kanoon.faqs[0].model_copy(update={"questions": ("کلاس شبانه دارید",)})
    others = [one for one in desk.shared.catalogue.offices if one is not kanoon]
    offices = (replace(kanoon, faqs=(faq, *kanoon.faqs[1:])), *others)
    catalogue = replace(desk.shared.catalogue, offices=offices)
    desk.shared.answerer = Answerer(catalogue, desk.shared.answerer.lexicon)
    assert plain(faq.answer.fa) in await ask(sara, "کلاس شبانه دارید؟")


@pytest.mark.usefixtures("_workshops")
@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("کلاس شنا دارید؟", "شنا"),
        ("کارگاه نجوم برای ۱۰ ساله‌ها کی هست؟", "نجوم"),
        ("کارگاه نقاشی برای ۱۷ ساله‌ها", "۱۷"),
        ("کارگاه رایگان برای ۱۵ ساله ها", "۱۵"),
    ],
)
async def test_where_nothing_fits_the_list_and_news_are_offered(
    sara: Visitor, text: str, topic: str
) -> None:
    said = await ask(sara, text)
    assert topic in said
    assert "آبرنگ" not in said
    assert sara.last is not None
    listed, wished = (
        [data for data in sara.last.presses if data.startswith(prefix)]
        for prefix in ("wl:", "wn:a:")
    )
    sound(await sara.press_data(listed[0]))
    sound(await sara.press_data(wished[0]))


async def test_one_that_goes_on_is_told_of_although_registration_is_over(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_certain(desk)
    for text in ("نقاشی جا داره؟", "کارگاه نقاشی چند جلسه است؟"):
        said = await ask(sara, text)
        assert "آبرنگ" in said
        assert "۴ جلسه" in said
        assert sara.last is not None
        assert "ثبت‌نام آن پایان یافته است" in said
        assert any(data.startswith("wn:a:") for data in sara.last.presses)
    assert "آبرنگ" not in (await sara.say("کارگاه شنا دارید؟")).text


@pytest.mark.usefixtures("_workshops")
async def test_a_bare_question_is_about_the_workshop_that_was_just_read(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.press_data("wk:1")
    assert "آبرنگ" in await ask(sara, "چند جلسه است؟")
    assert "۵۰۰٬۰۰۰ ریال" in await ask(sara, "شهریه‌ش چقدره؟")
    assert "تا پایان سه‌شنبه ۱۹ آبان" in await ask(sara, "تا کی میتونم کلاس رو حذف کنم؟")
    office = await ask(sara, "کجا هستید؟")
    assert "آبرنگ" not in office
    desk.now += HOUR
    assert "آبرنگ" not in await ask(sara, "چند جلسه است؟"), "half an hour is over"
    await ask(sara, "کارگاه سفال کی شروع میشه؟")
    assert "سفال" in await ask(sara, "چند ساله؟ شرط سنی چیه"), "an answer is read as well"


@pytest.mark.usefixtures("_workshops")
async def test_questions_about_the_rules_are_left_to_the_catalogue(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    taken = []
    for line in QUESTIONS.read_bytes().splitlines():
        question = orjson.loads(line)
        reza = desk.person(int(question["id"][1:]) + 1000)
        if question.get("office"):
            await reza.press_data(f"o:{question['office']}")
        said = await reza.send(text=question["text"])
        pages = [data for one in said for data in one.presses if data.startswith("wko:")]
        nothing = [one for one in said if "برای ثبت‌نام نیست" in plain(one.text)]
        if pages or nothing:
            taken.append(question["id"])
    assert set(taken) == NAMES_AN_OPEN_ONE
    assert not [words for words in ("آبرنگ", "سفال") if words in await ask(sara, "حد نصاب کارگاه")]


async def test_without_workshops_the_catalogue_answers(sara: Visitor) -> None:
    for text in ("چه کلاسایی دارین الان؟", "کارگاه نقاشی چنده؟", "کارگاه برای ۸ ساله‌ها"):
        said = sound([await sara.say(text)])
        assert not [data for data in said.presses if data.startswith(("wko:", "wn:"))], text


async def test_of_an_office_without_workshops_the_catalogue_is_asked(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await given_open(desk)
    await sara.press_data("o:mazandaran")
    assert "آبرنگ" not in await ask(sara, "کارگاه نقاشی چنده؟")
    async with desk.database.transaction() as tx:
        await given_elsewhere(tx, "mazandaran")
    assert "جوشکاری" in await ask(sara, "دوره جوشکاری چند جلسه‌ست")
    assert "آبرنگ" not in await ask(sara, "چه کارگاه‌هایی دارید؟")


async def test_drafts_answer_nothing_and_samples_say_so(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        made = await given_sample(tx)
    said = await ask(sara, "کارگاه نقاشی کی هست؟")
    assert "نمونه" in said
    async with desk.database.transaction() as tx:
        await workshops.pause(tx, workshop_id=made.id, actor=OFFICER, reason="سالن", now=desk.now)
    assert "متوقف" in await ask(sara, "کارگاه نقاشی کی هست؟")


def test_a_long_message_and_a_strange_one_are_left_alone(shared: Shared) -> None:
    read = shared.intents.workshops.read
    assert read("کارگاه نقاشی " * 200) is None
    assert read("") is None
    assert read("؟!…") is None
    for text in ("کارگاه ۹۹۹ ساله‌ها", "کارگاه ۸", "کارگاه 8 8 8 ساله"):
        question = read(text)
        assert question is not None
        assert question.age in {None, 8}
