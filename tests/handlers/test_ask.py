"""Asking in one's own words: three degrees of certainty, sources, and what is kept."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.catalogue import use_cases
from bot.catalogue.errors import PersonalDataInQuestion, QuestionGone
from bot.catalogue.search import Band
from bot.kit.jalali import tehran_day
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.sqlite import database_path
from tests.handlers.support import NOW, DeskUnderTest, Visitor, faults_of, plain

QUESTIONS = Path(__file__).parent.parent / "data" / "questions.jsonl"
QUORUM = "اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟"
NONSENSE = "زرافه چند سال عمر می‌کند؟"
ELSEWHERE = "قیمت بلیت قطار به مشهد چند است؟"


async def unsure_question(desk: DeskUnderTest) -> str:
    """Find a question of which the shipped catalogue is neither sure nor ignorant."""
    for line in QUESTIONS.read_text("utf-8").splitlines():
        text = str(json.loads(line)["text"])
        if (await desk.shared.answerer.ask(text)).band is Band.CHOOSE:
            return text
    pytest.fail("there is no question of which the desk is unsure")


async def test_a_sure_answer_names_clause_document_validity_and_last_check(sara: Visitor) -> None:
    said = await sara.say(QUORUM)
    source = plain(said.text).partition("📌")[2]
    assert "KN-16" in source
    assert "توافق‌نامه سطح خدمت" in source
    assert "معتبر تا ۲۹ اسفند ۱۴۰۲" in source
    assert "بررسی: ۱ آذر ۱۴۰۵" in source
    assert "⚠️" in source
    assert any(data.startswith("x:") for data in said.presses)
    assert {"o:kanoon", "home"} <= set(said.presses)


async def test_a_document_without_an_end_is_said_to_hold_until_it_is_replaced(
    sara: Visitor,
) -> None:
    await sara.press_data("o:mazandaran")
    said = await sara.say("آیا اطلاعات کاربران و متقاضیان را منتشر می‌کنید؟")
    assert "MZ-18" in said.text
    assert "معتبر تا زمان جایگزینی" in said.text
    assert "⚠️" not in said.text


@pytest.mark.parametrize(
    ("question", "button"),
    [
        ("شکایت از کلاس مجازی", "k:kanoon:-:-"),
        ("اگر خدمت به سطح توافق نرسد حق اعتبار دارم؟", "k:kanoon:-:credit_claim"),
        ("پیامی که برای کانون ثبت کردم به کجا رسید؟", "kl:0"),
        ("پولم را چطور به حسابم واریز کنند؟", "wy:kanoon"),
        ("چطور از کارگاه انصراف بدهم؟", "wm:0:1"),
        ("مراحل ثبت نام کارگاه‌های مجازی کانون", "wl:kanoon::0"),
    ],
)
async def test_the_buttons_of_which_an_answer_speaks_are_under_it(
    sara: Visitor, question: str, button: str
) -> None:
    answer = await sara.say(question)
    assert button in answer.presses, answer.text


async def test_an_unsure_desk_asks_which_of_at_most_three_was_meant(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    said = await sara.say(await unsure_question(desk))
    choices = [label for label, data in said.buttons.items() if data.startswith("m:")]
    assert 2 <= len(choices) <= 3
    for label in choices:
        assert label in plain(said.text), "a small phone cuts a long label"
    ((*_, outcome, entry_id),) = (await desk.kept())["asked_question"]
    assert (outcome, entry_id) == ("clarified", None)

    chosen = await sara.press(choices[1])
    assert "📌" in chosen.text
    assert any(data.startswith("x:") for data in chosen.presses)
    ((*_, outcome, entry_id),) = (await desk.kept())["asked_question"]
    assert outcome == "answered"
    assert entry_id


async def test_when_none_was_meant_other_things_are_offered(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    said = await sara.say(await unsure_question(desk))
    offered = {data for data in said.presses if data.startswith("m:")}
    (missed,) = [data for data in said.presses if data.startswith("x:")]
    (others,) = await sara.press_data(missed)
    assert offered.isdisjoint(others.presses)
    assert any(data.startswith("m:") for data in others.presses)
    ((*_, outcome, _entry),) = (await desk.kept())["asked_question"]
    assert outcome == "missed"


async def test_what_the_desk_does_not_know_it_says_and_notes(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    said = await sara.say(NONSENSE)
    assert "📌" not in said.text
    assert "حدس" in said.text
    assert {"o:kanoon", "o:mazandaran", "home"} <= set(said.presses)
    ((*_, text, outcome, entry_id),) = (await desk.kept())["asked_question"]
    assert (text, outcome, entry_id) == (NONSENSE, "unanswered", None)


async def test_what_others_do_is_said_to_be_theirs(desk: DeskUnderTest, sara: Visitor) -> None:
    said = await sara.say(ELSEWHERE)
    assert "در کار" in said.text
    assert "📌" not in said.text
    assert {"o:kanoon", "o:mazandaran", "home"} <= set(said.presses)
    ((*_, outcome, _entry),) = (await desk.kept())["asked_question"]
    assert outcome == "unanswered"


async def test_with_an_office_chosen_its_whereabouts_are_offered_instead(sara: Visitor) -> None:
    await sara.press_data("o:kanoon")
    said = await sara.say(NONSENSE)
    assert {"p:kanoon:access", "home"} <= set(said.presses)
    page = await sara.press("راه ارتباط")
    assert "اعلام نشده" in page.text


async def test_an_answer_that_missed_is_noted_and_leads_to_what_was_near(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    first = await sara.say(QUORUM)
    ((*_, outcome, entry_id),) = (await desk.kept())["asked_question"]
    assert (outcome, entry_id) == ("answered", "KN-16")
    others = await sara.press("🤔")
    assert others.method == "sendMessage", "the answer itself stays where it was"
    offered = [data for data in others.presses if data.startswith("m:")]
    assert 1 <= len(offered) <= 3
    ((*_, outcome, entry_id),) = (await desk.kept())["asked_question"]
    assert (outcome, entry_id) == ("missed", "KN-16")
    (other,) = await sara.press_data(offered[0])
    assert other.text != first.text
    assert "📌" in other.text
    assert not faults_of(others)


async def test_saying_twice_that_an_answer_missed_changes_no_more(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    said = await sara.say(QUORUM)
    (missed,) = [data for data in said.presses if data.startswith("x:")]
    (first,) = await sara.press_data(missed)
    kept = await desk.kept()
    (second,) = await sara.press_data(missed)
    assert second.text == first.text
    assert await desk.kept() == kept


async def test_a_question_that_is_no_longer_kept_is_asked_for_anew(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.say(QUORUM)
    after_the_term = tehran_day(NOW) + KEPT_FOR[Kind.QUESTION]
    async with desk.database.transaction() as tx:
        assert await use_cases.forget_old_questions(tx, today=after_the_term) == 0
        day_later = after_the_term + timedelta(days=1)
        assert await use_cases.forget_old_questions(tx, today=day_later) == 1
    await sara.press("🤔")
    assert isinstance(desk.refused[-1], QuestionGone)


async def test_the_chosen_office_is_looked_at_first_unless_another_is_named(
    sara: Visitor,
) -> None:
    for office_id, mark in (("kanoon", "KN-"), ("mazandaran", "MZ-")):
        await sara.press_data(f"o:{office_id}")
        assert mark in (await sara.say("مدارک را چگونه بفرستم؟")).text
    named = await sara.say("مدارک کارگاه‌های مجازی کانون را چگونه بفرستم؟")
    assert "KN-" in named.text


async def test_a_question_is_kept_without_who_asked_it(
    desk: DeskUnderTest,
) -> None:
    somebody = 7_654_321_098
    await desk.person(somebody).say(QUORUM)
    ((_, day, office_id, text, *_rest),) = (await desk.kept())["asked_question"]
    assert (day, office_id, text) == (tehran_day(NOW), None, QUORUM)
    assert str(somebody) not in str((await desk.kept())["asked_question"])


async def test_a_long_question_is_kept_cut(desk: DeskUnderTest, sara: Visitor) -> None:
    await sara.say("هزینه ثبت‌نام " * 300)
    ((*_, text, _outcome, _entry),) = (await desk.kept())["asked_question"]
    assert len(text.encode("utf-16-le")) // 2 <= use_cases.QUESTION_UNITS_MAX


async def test_a_choice_under_a_long_question_shows_what_its_label_said(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    """The kept words are what a button asks again, so they must be what was answered."""
    padding = "سلام وقت شما بخیر باشد لطفاً راهنمایی کنید " * 15
    unsure = await unsure_question(desk)
    for text in (unsure + padding, padding + unsure, padding + QUORUM):
        said = await sara.say(text)
        for label, data in said.buttons.items():
            if data.startswith("m:"):
                (chosen,) = await sara.press_data(data)
                heading = plain(chosen.text).split("\n")[0]
                title = (label.partition(": ")[2] or label).partition(" (")[0]
                assert title in heading, (label, heading)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("کد ملی من 0499370899 است، مدارک چیست؟", "0499370899"),
        ("کد ملی من ۰۴۹۹۳۷۰۸۹۹ است", "۰۴۹۹۳۷۰۸۹۹"),
        ("با 09121234567 تماس بگیرید", "09121234567"),
        ("شماره‌ام ۰۹۱۲ ۱۲۳ ۴۵۶۷ است", "۴۵۶۷"),
        ("کارت ۶۰۳۷-۹۹۷۵-۹۹۷۳-۴۰۰۲ برای بازگشت پول", "۹۹۷۵"),
        ("IR062960000000100324200001", "062960000000100324200001"),
    ],
    ids=["national id", "in Persian digits", "mobile", "in groups", "card", "account"],
)
async def test_a_question_with_a_personal_number_is_refused_and_kept_nowhere(
    desk: DeskUnderTest, sara: Visitor, database_url: str, text: str, number: str
) -> None:
    said = await sara.say(text)
    is_deleted = number not in {"09121234567", "۴۵۶۷"}
    assert isinstance(desk.refused[-1], PersonalDataInQuestion) if desk.refused else is_deleted
    assert bool(desk.deleted) is is_deleted
    assert number not in said.text
    assert not faults_of(said)
    assert await desk.kept() == {"asked_question": [], "citizen": []}
    path = database_path(database_url)
    if path is None:
        return
    files = list(path.parent.glob(path.name + "*"))
    assert any(file.stat().st_size for file in files)
    assert not [file.name for file in files if number.encode() in file.read_bytes()]


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_the_words_of_a_safe_question_do_reach_the_database_and_are_sealed_there(
    desk: DeskUnderTest, sara: Visitor, database_url: str
) -> None:
    await sara.say(QUORUM)
    path = database_path(database_url)
    assert path is not None
    files = path.parent.glob(path.name + "*")
    assert QUORUM in (await desk.kept())["asked_question"][0]
    assert not any(QUORUM.encode() in file.read_bytes() for file in files)
    assert not desk.refused
