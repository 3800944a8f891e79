"""Telling an office something: every step, every way out, and what is kept of it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.calendar import use_cases as calendars
from bot.cases.errors import TooManyOpenCases
from bot.cases.model import OPEN_CASES_MAX, REGISTRATIONS_PER_HOUR, CaseKind
from bot.citizens.errors import SlowDown
from bot.kit.jalali import jalali_moment, tehran_day
from bot.kit.tracking import shown
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import CaseBegins, CaseDialoguePressed
from handlers.views.cases.case_draft import Press, Step
from tests.handlers.citizen_support import (
    WORDS,
    cases_of,
    code_on,
    everything_kept,
    kept_case,
    payload,
    register,
    talk_of,
    tap,
    up_to_review,
    up_to_text,
    write,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Visitor, faults_of, plain
from tests.handlers.test_hostile import HOSTILE

FRIDAY_NIGHT = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)  # 23:00 in Tehran
SATURDAY_MORNING = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
NATIONAL_ID, MOBILE = "0012345679", "09123456789"
LONGEST = "ا" * 2000


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_from_the_command_to_the_receipt_nothing_is_asked_twice(
    desk: DeskUnderTest, language: str
) -> None:
    await desk.open_desk()
    person = desk.person(100, language)
    receipt = await register(person)

    dossier = await kept_case(desk, receipt)
    case = dossier.case
    assert (case.office_id, case.service_id) == ("kanoon", "virtual-workshops")
    assert (case.kind, case.language, case.author_id) == (CaseKind.COMPLAINT, language, 100)
    assert [message.text for message in dossier.messages] == [WORDS]
    assert shown(case.tracking_code) in plain(receipt.text)
    assert f"<code>\u2066{shown(case.tracking_code)}\u2069</code>" in receipt.text, "to be copied"
    assert receipt.about == f"case:{case.id}"
    assert dossier.next_clock is not None
    due = jalali_moment(dossier.next_clock.due_at, case.language)
    assert due in plain(receipt.text)
    (card,) = desk.heard[GROUP_ID]
    assert WORDS in plain(card.text)
    assert card.about == f"case:{case.id}"
    assert await talk_of(desk, person) is None


@pytest.mark.parametrize("kind", list(CaseKind))
async def test_each_kind_is_asked_for_in_its_own_words(
    desk: DeskUnderTest, sara: Visitor, kind: CaseKind
) -> None:
    page = await up_to_text(sara, kind=kind.value)
    others = [
        (await up_to_text(desk.person(200 + place), kind=other.value)).text
        for place, other in enumerate(CaseKind)
        if other is not kind
    ]
    assert page.text not in others
    receipt = await register(sara, kind=kind.value)
    assert (await kept_case(desk, receipt)).case.kind is kind


async def test_a_credit_claim_is_for_people_to_decide_and_names_no_amount(
    desk: DeskUnderTest,
) -> None:
    page = await up_to_text(desk.person(100, "en"), kind="credit_claim")
    assert "KN-07" in page.text
    assert "rial" not in page.text
    assert "toman" not in page.text
    assert "⚠️" in page.text, "the agreement that it rests on has expired"

    person = desk.person(101)
    page = await write(person, "/case")
    page = await tap(person, page, Press.OFFICE, "mazandaran")
    page = await tap(person, page, Press.SERVICE, "-")
    assert not [data for data in page.presses if "credit_claim" in data]
    forged = payload(page, Press.KIND, "complaint").replace("complaint", "credit_claim")
    await person.press_data(forged)
    assert isinstance(desk.refused[-1], StaleButton)


async def test_what_a_button_names_is_not_asked_again(desk: DeskUnderTest, sara: Visitor) -> None:
    (page,) = await sara.press_data(CaseBegins("kanoon", "centre-membership", "praise").pack())
    assert not faults_of(page)
    review = await write(sara, "ممنون از همه")
    receipt = await tap(sara, review, Press.SEND)
    case = (await kept_case(desk, receipt)).case
    assert (case.service_id, case.kind) == ("centre-membership", CaseKind.PRAISE)


async def test_the_office_that_a_person_chose_is_not_asked_again(sara: Visitor) -> None:
    await sara.press_data("o:mazandaran")
    page = await write(sara, "/case")
    assert payload(page, Press.SERVICE, "skill-courses")


async def test_a_question_without_an_answer_goes_to_the_office_as_it_was_asked(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    question = "زرافه چند سال عمر می‌کند؟"
    unanswered = await write(sara, question)
    (hand_over,) = [data for data in unanswered.presses if data.startswith("kq:")]
    (page,) = await sara.press_data(hand_over)
    page = await tap(sara, page, Press.OFFICE, "kanoon")
    review = await tap(sara, page, Press.SERVICE, "-")
    assert question in plain(review.text)
    dossier = await kept_case(desk, await tap(sara, review, Press.SEND))
    assert (dossier.case.kind, dossier.case.service_id) == (CaseKind.QUESTION, None)
    assert dossier.case.question_id == int(hand_over.removeprefix("kq:"))
    assert dossier.messages[0].text == question


async def test_a_plain_complaint_opens_the_flow_with_its_words(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    complaint = "از کانون شکایت دارم، کلاس فرزندم بی‌دلیل لغو شد"
    await sara.press_data("o:kanoon")
    page = await write(sara, complaint)
    review = await tap(sara, page, Press.SERVICE, "virtual-workshops")
    assert complaint in plain(review.text)
    dossier = await kept_case(desk, await tap(sara, review, Press.SEND))
    assert dossier.case.kind is CaseKind.COMPLAINT
    assert dossier.messages[0].text == complaint


async def test_several_messages_become_one_text(desk: DeskUnderTest, sara: Visitor) -> None:
    await up_to_review(sara, "بند یک")
    review = await write(sara, "بند دو")
    receipt = await tap(sara, review, Press.SEND)
    (message,) = (await kept_case(desk, receipt)).messages
    assert message.text == "بند یک\n\nبند دو"


async def test_personal_numbers_are_hidden_told_and_kept_nowhere(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await desk.open_desk()
    review = await up_to_review(sara, f"کد ملی من {NATIONAL_ID} و شماره‌ام {MOBILE} است")
    assert "🔒" in review.text
    receipt = await tap(sara, review, Press.SEND)
    assert "•••" in (await kept_case(desk, receipt)).messages[0].text
    kept = str(await everything_kept(desk)) + str([said.text for said in desk.heard[GROUP_ID]])
    assert NATIONAL_ID not in kept
    assert MOBILE not in kept


async def test_a_text_that_does_not_fit_is_refused_and_the_rest_stays(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await up_to_text(sara)
    refused = await write(sara, "🧨" * 2048)
    assert not [data for data in refused.presses if f":{Press.SEND}:" in data]
    await write(sara, LONGEST)
    refused = await write(sara, "یک کلمه دیگر")
    review = await tap(sara, refused, Press.KEEP)
    receipt = await tap(sara, review, Press.SEND)
    assert (await kept_case(desk, receipt)).messages[0].text == LONGEST


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "FILE", "file_unique_id": "U", "width": 1, "height": 1}]},
        {"voice": {"file_id": "FILE", "file_unique_id": "U", "duration": 1}},
        {"document": {"file_id": "FILE", "file_unique_id": "U"}},
        {"sticker": {"file_id": "FILE", "file_unique_id": "U", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False, "type": "regular"}},
        {"location": {"latitude": 36.5, "longitude": 53.0}},
    ],
    ids=lambda content: next(iter(content)),
)  # fmt: skip
async def test_what_is_no_text_is_refused_unopened_and_nothing_is_lost(
    desk: DeskUnderTest, sara: Visitor, content: dict[str, object]
) -> None:
    await up_to_review(sara)
    (refused,) = await sara.send(**content)
    assert not faults_of(refused)
    assert "FILE" not in str(await everything_kept(desk))
    review = await tap(sara, refused, Press.KEEP)
    receipt = await tap(sara, review, Press.SEND)
    assert (await kept_case(desk, receipt)).messages[0].text == WORDS


async def test_an_album_is_refused_once(sara: Visitor) -> None:
    await up_to_text(sara)
    photo = [{"file_id": "F", "file_unique_id": "U", "width": 1, "height": 1}]
    said = [await sara.send(photo=photo, media_group_id="7") for _ in range(3)]
    assert [len(messages) for messages in said] == [1, 0, 0]


async def test_a_text_out_of_turn_can_become_the_text(desk: DeskUnderTest, sara: Visitor) -> None:
    page = await write(sara, "/case")
    page = await tap(sara, page, Press.OFFICE, "kanoon")
    asked = await write(sara, WORDS)
    page = await tap(sara, asked, Press.USE)
    page = await tap(sara, page, Press.SERVICE, "-")
    review = await tap(sara, page, Press.KIND, "criticism")
    receipt = await tap(sara, review, Press.SEND)
    assert (await kept_case(desk, receipt)).messages[0].text == WORDS


async def test_a_question_out_of_turn_is_answered(desk: DeskUnderTest, sara: Visitor) -> None:
    await write(sara, "/case")
    asked = await write(sara, "اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟")
    answer = await tap(sara, asked, Press.ASK)
    assert "KN-16" in answer.text
    assert await talk_of(desk, sara) is None
    (again,) = await sara.press_data(payload(asked, Press.ASK))
    assert isinstance(desk.refused[-1], StaleButton)
    assert not faults_of(again)


async def test_texts_in_a_row_are_all_kept_whatever_is_asked_meanwhile(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await write(sara, "از مربی کلاس شکایت دارم")
    await write(sara, "دیروز یک ساعت دیر آمد")
    page = await write(sara, "و عذرخواهی هم نکرد")
    page = await tap(sara, page, Press.OFFICE, "kanoon")
    review = await tap(sara, page, Press.SERVICE, "-")
    (message,) = (await kept_case(desk, await tap(sara, review, Press.SEND))).messages
    assert message.text == (
        "از مربی کلاس شکایت دارم\n\nدیروز یک ساعت دیر آمد\n\nو عذرخواهی هم نکرد"
    )


async def test_texts_out_of_turn_are_offered_together(sara: Visitor) -> None:
    await write(sara, "/case")
    await write(sara, "بند یک")
    asked = await write(sara, "بند دو")
    assert "بند یک\n\nبند دو" in plain(asked.text)


async def test_a_question_amid_the_text_is_taken_out_and_answered(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await up_to_review(sara)
    before = await write(sara, "این هم از شکایت من است")
    added = await write(sara, "اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟")
    await sara.press_data(payload(before, Press.ASK))
    assert isinstance(desk.refused[-1], StaleButton), "it was about the text before"
    answer = await tap(sara, added, Press.ASK)
    assert answer.method == "sendMessage"
    assert "KN-16" in answer.text
    review = await tap(sara, answer, Press.KEEP)
    assert review.method == "sendMessage", "the answer stays"
    receipt = await tap(sara, review, Press.SEND)
    (message,) = (await kept_case(desk, receipt)).messages
    assert message.text == f"{WORDS}\n\nاین هم از شکایت من است"


async def test_a_question_taken_for_a_complaint_is_answered_by_one_tap(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    page = await write(sara, "به نتیجه آزمون ادواری مهارت اعتراض دارم")
    answer = await tap(sara, page, Press.ASK)
    assert await talk_of(desk, sara) is None
    assert any(data.startswith(("x:", "kq:")) for data in answer.presses)


async def test_what_was_kept_is_shown_though_no_office_is_chosen(sara: Visitor) -> None:
    await write(sara, "از مربی کلاس شکایت دارم")
    (refused,) = await sara.send(voice={"file_id": "F", "file_unique_id": "U", "duration": 1})
    page = await tap(sara, refused, Press.KEEP)
    assert any(":kanoon" in data for data in page.presses)


async def test_a_question_that_was_answered_wrongly_goes_to_the_office_that_was_shown(
    sara: Visitor,
) -> None:
    answer = await write(sara, "اگر کارگاه به حد نصاب نرسد هزینه‌ام برمی‌گردد؟")
    (near,) = await sara.press_data(next(x for x in answer.presses if x.startswith("x:")))
    hand_over = next(data for data in near.presses if data.startswith("kq:"))
    (page,) = await sara.press_data(hand_over)
    assert payload(page, Press.SERVICE, "virtual-workshops")


async def test_after_half_an_hour_a_text_is_not_taken_for_the_case_unasked(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await up_to_review(sara)
    desk.now += timedelta(minutes=31)
    asked = await write(sara, "ساعت کاری چیست؟")
    assert payload(asked, Press.ASK)
    review = await tap(sara, asked, Press.USE)
    assert WORDS in plain(review.text)
    assert "ساعت کاری چیست؟" in plain(review.text)


async def test_after_a_day_the_flow_is_over(desk: DeskUnderTest, sara: Visitor) -> None:
    review = await up_to_review(sara)
    desk.now += timedelta(hours=24)
    await sara.press_data(payload(review, Press.SEND))
    assert isinstance(desk.refused[-1], StaleButton)
    assert await cases_of(desk, sara) == []


async def test_each_choice_can_be_made_anew(desk: DeskUnderTest, sara: Visitor) -> None:
    review = await up_to_review(sara, kind="credit_claim")
    page = await tap(sara, review, Press.CHANGE, Step.TEXT)
    await tap(sara, page, Press.KEEP)
    await tap(sara, review, Press.CHANGE, Step.TEXT)
    review = await write(sara, "متن تازه")
    assert WORDS not in plain(review.text)
    page = await tap(sara, review, Press.CHANGE, Step.OFFICE)
    page = await tap(sara, page, Press.OFFICE, "mazandaran")
    page = await tap(sara, page, Press.SERVICE, "skill-courses")
    page = await tap(sara, page, Press.KIND, "outage")  # this office knows no credit claim
    page = await tap(sara, page, Press.CHANGE, Step.KIND)
    page = await tap(sara, page, Press.KIND, "question")
    page = await tap(sara, page, Press.CHANGE, Step.SERVICE)
    review = await tap(sara, page, Press.SERVICE, "-")
    dossier = await kept_case(desk, await tap(sara, review, Press.SEND))
    case = dossier.case
    assert (case.office_id, case.service_id, case.kind) == ("mazandaran", None, CaseKind.QUESTION)
    assert dossier.messages[0].text == "متن تازه"


async def test_an_edit_before_sending_is_followed(desk: DeskUnderTest, sara: Visitor) -> None:
    await up_to_text(sara)
    (first,) = [sara.message(text="کلاس لغو شد")]
    await desk.receive("message", first)
    await write(sara, "پیام دوم")
    (review,) = await desk.receive("edited_message", first | {"text": "کلاس دیر شد"})
    assert not faults_of(review)
    (message,) = (await kept_case(desk, await tap(sara, review, Press.SEND))).messages
    assert message.text == "کلاس دیر شد\n\nپیام دوم"


async def test_an_anonymous_case_leads_to_nobody(desk: DeskUnderTest) -> None:
    await desk.open_desk()
    person = desk.person(771_234_567)
    before = await everything_kept(desk)
    receipt = await register(person, is_anonymous=True)
    assert receipt.about is None
    dossier = await kept_case(desk, receipt)
    assert dossier.case.author_id is None
    assert await cases_of(desk, person) == []
    assert "771234567" not in desk.heard[GROUP_ID][-1].text
    after = await everything_kept(desk)
    telling = {
        name
        for name, rows in after.items()
        if any("771234567" in row for row in rows if row not in before[name])
    }
    # What was said waits to be sent, and how often something was done is counted for an hour. What
    # was offered last is kept for a day, without whatever names the case.
    assert telling <= {"outbox", "spent_limit", "offered"}

    other = await write(desk.person(102), shown(code_on(receipt)))
    assert WORDS in plain(other.text), "the code alone leads to it"


async def test_two_taps_register_one_case(desk: DeskUnderTest, sara: Visitor) -> None:
    await desk.open_desk()
    review = await up_to_review(sara)
    receipt = await tap(sara, review, Press.SEND)
    again = await tap(sara, review, Press.SEND)
    assert code_on(again) == code_on(receipt)
    assert len(await cases_of(desk, sara)) == 1
    assert len(desk.heard[GROUP_ID]) == 1


async def test_buttons_of_an_earlier_run_change_nothing(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    first = await write(sara, "/case")
    await write(sara, "/case")
    before = await talk_of(desk, sara)
    for data in first.presses:
        (answer,) = await sara.press_data(data)
        assert isinstance(desk.refused[-1], StaleButton)
        assert not faults_of(answer)
    assert await talk_of(desk, sara) == before


async def test_forged_choices_are_refused_and_change_nothing(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    review = await up_to_review(sara)
    before = await talk_of(desk, sara)
    assert before is not None
    forged = [
        (Press.OFFICE, "nowhere"),
        (Press.SERVICE, "no-such"),
        (Press.KIND, "bribe"),
        (Press.CHANGE, "author"),
        (Press.USE, "-"),
        (Press.ASK, "-"),
        ("zz", "-"),
        ("", ""),
    ]
    for verb, value in forged:
        await sara.press_data(CaseDialoguePressed(before.token, verb, value).pack())
        assert isinstance(desk.refused[-1], StaleButton), (verb, value)
    assert len(desk.refused) == len(forged)
    assert await talk_of(desk, sara) == before
    stranger = desk.person(101)
    await stranger.press_data(payload(review, Press.SEND))
    assert isinstance(desk.refused[-1], StaleButton)
    for parts in (("nowhere", "-", "-"), ("kanoon", "none", "-"), ("kanoon", "-", "bribe")):
        await stranger.press_data(":".join(["k", *parts]))
        assert isinstance(desk.refused[-1], StaleButton), parts
    assert await cases_of(desk, sara) == []


async def test_the_flow_is_left_by_command_and_by_button(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    review = await up_to_review(sara)
    left = await tap(sara, review, Press.CANCEL)
    assert await talk_of(desk, sara) is None
    assert "home" in left.presses
    await up_to_review(sara)
    await write(sara, "/cancel")
    assert await talk_of(desk, sara) is None
    nothing = await write(sara, "/cancel")
    assert "home" in nothing.presses
    assert await cases_of(desk, sara) == []


async def test_to_begin_again_keeps_what_was_written(sara: Visitor) -> None:
    await up_to_review(sara)
    (page,) = await sara.press_data(CaseBegins("kanoon", "-", "praise").pack())
    review = await tap(sara, page, Press.SERVICE, "-")
    assert WORDS in plain(review.text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_words_are_taken_or_refused_clearly(
    desk: DeskUnderTest, sara: Visitor, text: str
) -> None:
    await desk.open_desk()
    await up_to_text(sara)
    (page,) = await sara.send(text=text)
    assert not [fault for fault in faults_of(page) if fault not in text], "but their own braces"
    if any(f":{Press.SEND}:" in data for data in page.presses):
        await tap(sara, page, Press.SEND)
        card = desk.heard[GROUP_ID][-1]
        assert not [fault for fault in faults_of(card) if fault not in text]
    else:
        assert payload(page, Press.CANCEL)


async def test_registering_is_open_on_a_friday_night_and_says_when_people_are_there(
    desk: DeskUnderTest,
) -> None:
    desk.now = FRIDAY_NIGHT
    for language in ("fa", "en"):
        receipt = await register(desk.person(100, language))
        opening = jalali_moment(SATURDAY_MORNING, "fa" if language == "fa" else "en")
        assert opening in plain(receipt.text)
    desk.now = SATURDAY_MORNING + timedelta(minutes=1)
    receipt = await register(desk.person(102, "en"))
    assert "now" in receipt.text


async def test_a_case_rings_nobody_while_the_office_is_closed(desk: DeskUnderTest) -> None:
    await desk.open_desk(GROUP_ID, "kanoon")
    rings = []
    for day in (24, 28):  # a working Tuesday at noon, a Saturday before dawn
        desk.now = datetime(2026, 11, day, 8 if day == 24 else 1, 0, tzinfo=UTC)
        await register(desk.person(100 + day), "متن")
        rings.append(not desk.heard[GROUP_ID][-1].params.get("disable_notification", False))
    assert rings == [True, False]


async def test_on_a_holiday_the_occasion_is_named(desk: DeskUnderTest) -> None:
    desk.now = datetime(2027, 3, 21, 6, 0, tzinfo=UTC)  # the first day of the year
    async with desk.database.transaction() as tx:
        await calendars.seed_holidays(tx, today=tehran_day(desk.now))
    receipt = await register(desk.person(100))
    async with desk.database.reading() as tx:
        today = tehran_day(desk.now)
        (holiday, *_) = await calendars.holidays_between(tx, first=today, last=today)
    assert holiday.occasion in plain(receipt.text)


async def test_who_registers_too_often_is_asked_to_wait_and_loses_nothing(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for _ in range(REGISTRATIONS_PER_HOUR):
        await register(sara)
    review = await up_to_review(sara, "یکی دیگر")
    await sara.press_data(payload(review, Press.SEND))
    assert isinstance(desk.refused[-1], SlowDown)
    desk.now += timedelta(hours=1, minutes=10)
    receipt = await tap(sara, review, Press.SEND)
    assert (await kept_case(desk, receipt)).messages[0].text == "یکی دیگر"


async def test_nobody_has_more_open_cases_than_the_desk_can_keep(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    for _ in range(OPEN_CASES_MAX):
        await register(sara)
        desk.now += timedelta(minutes=20)
    review = await up_to_review(sara)
    await sara.press_data(payload(review, Press.SEND))
    assert isinstance(desk.refused[-1], TooManyOpenCases)
    assert len(await cases_of(desk, sara)) == OPEN_CASES_MAX


async def test_two_people_and_two_cases_never_mix(desk: DeskUnderTest) -> None:
    sara, reza = desk.person(100), desk.person(101, "en")
    one = await up_to_review(sara, "از سارا")
    two = await up_to_review(reza, "from Reza", kind="praise")
    first, second = await tap(sara, one, Press.SEND), await tap(reza, two, Press.SEND)
    third = await register(sara, "دومی سارا", kind="outage")
    texts = {
        (await kept_case(desk, said)).case.author_id: (await kept_case(desk, said))
        .messages[0]
        .text
        for said in (first, second)
    }
    assert texts == {100: "از سارا", 101: "from Reza"}
    assert len({code_on(said) for said in (first, second, third)}) == 3
    assert len(await cases_of(desk, sara)) == 2


async def test_the_flow_is_not_begun_in_a_group(desk: DeskUnderTest) -> None:
    (member,) = desk.group(GROUP_ID, 100)
    await member.send(text="/case", entities=[{"type": "bot_command", "offset": 0, "length": 5}])
    assert await talk_of(desk, desk.person(100)) is None
    assert not [said for said in desk.heard[GROUP_ID] if "kd:" in str(said.presses)]


async def test_a_typed_yes_below_the_last_look_sends_nothing_and_is_no_part_of_the_text(
    desk: DeskUnderTest,
) -> None:
    sara = desk.person(100)
    await up_to_review(sara)
    page = await write(sara, "بله")
    assert page.text.startswith("هنوز چیزی ثبت نشده است")
    assert WORDS in plain(page.text)
    assert "بله" not in page.text
    assert await cases_of(desk, sara) == []
