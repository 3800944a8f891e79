"""Following one's own cases: the list, the code, further words, and second thoughts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.errors import (
    AlreadyEscalated,
    CaseIsOver,
    CaseNotOver,
    CodeUnreadable,
    NoSuchCase,
    NotLate,
    TooLateToReopen,
    WrongState,
)
from bot.cases.model import CODES_TRIED_PER_HOUR, Action, CaseState, Ending, MessageKind
from bot.citizens.errors import SlowDown
from bot.kit.digits import persian_digits
from bot.kit.tracking import new_code, shown
from handlers.callback_data import StaleButton
from handlers.callback_data.cases import CaseActPressed, CaseTimelinePressed, CaseWordsPressed
from handlers.views.cases import case_notices as notices
from handlers.views.cases.case_draft import Press
from handlers.views.cases.case_words import CaseVerb
from handlers.views.cases.my_case import timeline
from handlers.views.cases.my_case_acts import CANCEL, CONSENT
from tests.handlers.citizen_support import (
    WORDS,
    answer,
    ask,
    code_on,
    end,
    kept_case,
    payload,
    register,
    talk_of,
    tap,
    up_to_text,
    write,
)
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, faults_of, plain

SECRET = "گلایه‌ای که تنها سارا می‌داند"


async def page_of(person: Visitor, said: Said) -> Said:
    """Open the page of the case that a message is about."""
    (page,) = await person.press_data(CaseActPressed(code_on(said), CaseVerb.OPEN).pack())
    assert not faults_of(page)
    return page


async def act(person: Visitor, said: Said, verb: CaseVerb) -> Said:
    """Do something with the case that a message is about, drawn or not."""
    (page,) = await person.press_data(CaseActPressed(code_on(said), verb).pack())
    assert not faults_of(page)
    return page


async def test_the_list_names_every_case_and_leads_to_it(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    empty = await write(sara, "/cases")
    assert any(data.startswith("k:") for data in empty.presses)
    first = await register(sara, "نخستین نوشته")
    second = await register(sara, "دومین نوشته", kind="praise")
    listed = await write(sara, "/cases")
    for receipt, words in ((first, "نخستین"), (second, "دومین")):
        assert shown(code_on(receipt)) in plain(listed.text)
        assert words in plain(listed.text)
        page = await tap(sara, listed, code_on(receipt), CaseVerb.SHOW)
        assert words in plain(page.text)
    other = await write(desk.person(101), "/cases")
    assert other.text == empty.text


async def test_a_command_to_write_leads_to_the_case_whose_code_it_names(sara: Visitor) -> None:
    receipt = await register(sara, "نخستین نوشته")
    page = await write(sara, f"/case {shown(code_on(receipt))}")
    assert "نخستین نوشته" in plain(page.text)


async def test_a_long_list_has_pages(desk: DeskUnderTest, sara: Visitor) -> None:
    for number in range(10):
        await register(sara, f"نوشته {number}")
        desk.now += timedelta(minutes=20)
    first = await write(sara, "/cases")
    second = await tap(sara, first, "kl", "1")
    codes = [{data for data in page.presses if data.startswith("ka:")} for page in (first, second)]
    assert [len(found) for found in codes] == [8, 2]
    assert codes[0].isdisjoint(codes[1])
    (beyond,) = await sara.press_data("kl:99")
    assert beyond.text == second.text


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        lambda code: code.lower(),
        shown,
        lambda code: persian_digits(f" {shown(code)} "),
        lambda code: f"/track {code.lower()}",
        lambda code: f"/track {code[:5]} {code[5:]}",
    ],
    ids=["plain", "small", "parted", "Persian digits", "command", "command, parted"],
)
async def test_a_code_leads_to_the_case_however_it_is_typed(sara: Visitor, typed: object) -> None:
    receipt = await register(sara)
    assert callable(typed)
    page = await write(sara, typed(code_on(receipt)))
    assert WORDS in plain(page.text)
    assert page.about == receipt.about


async def test_who_asks_for_a_complaint_without_a_code_sees_the_list(sara: Visitor) -> None:
    asked = await write(sara, "شکایتم چی شد")
    assert not any(data.startswith("ka:") for data in asked.presses), "there is none yet"
    receipt = await register(sara)
    listed = await write(sara, "شکایتم چی شد")
    assert CaseActPressed(code_on(receipt), CaseVerb.SHOW).pack() in listed.presses


async def test_a_mistyped_code_is_said_to_be_unreadable(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    code = new_code()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for typed in (wrong, f"/track {wrong}", "/track سلام"):
        await write(sara, typed)
        assert isinstance(desk.refused.pop(), CodeUnreadable), typed
    asked = await write(sara, "/track")
    assert desk.refused == []
    assert "home" in asked.presses


async def test_of_a_foreign_case_only_its_standing_is_shown(desk: DeskUnderTest) -> None:
    receipt = await register(desk.person(100), SECRET, kind="criticism")
    case = (await kept_case(desk, receipt)).case
    await end(desk, case, Ending.CANNOT_BE_DONE, "دلیل پنهان")
    for language in ("fa", "en"):
        seen = await write(desk.person(101, language), code_on(receipt))
        words = desk.shared.words["fa" if language == "fa" else "en"]
        assert shown(case.tracking_code) in plain(seen.text)
        assert words.gettext("could not be done") in seen.text
        for hidden in (SECRET, "دلیل پنهان", "کارگاه", "Kanoon", words.gettext("Criticism")):
            assert hidden not in seen.text
        assert [data for data in seen.presses if data != "home"] == []
        assert seen.about is None


@pytest.mark.parametrize(
    "verb", [verb for verb in CaseVerb if verb not in {CaseVerb.SHOW, CaseVerb.OPEN}]
)
async def test_a_foreign_case_and_a_missing_one_refuse_alike(
    desk: DeskUnderTest, verb: CaseVerb
) -> None:
    await desk.open_desk()
    receipt = await register(desk.person(100))
    before = await kept_case(desk, receipt)
    told = len(desk.heard[GROUP_ID])
    stranger = desk.person(101)
    answers = []
    for code in (code_on(receipt), new_code()):
        answers += await stranger.press_data(CaseActPressed(code, verb).pack())
        assert isinstance(desk.refused[-1], NoSuchCase)
    assert answers[0].text == answers[1].text
    assert answers[0].presses == answers[1].presses
    assert await kept_case(desk, receipt) == before
    assert len(desk.heard[GROUP_ID]) == told
    assert await talk_of(desk, stranger) is None
    for payload_of in (CaseTimelinePressed(code_on(receipt), "0"),):
        await stranger.press_data(payload_of.pack())
        assert isinstance(desk.refused[-1], NoSuchCase)


async def test_who_tries_codes_is_slowed_down(desk: DeskUnderTest, sara: Visitor) -> None:
    for _ in range(CODES_TRIED_PER_HOUR):
        await write(sara, new_code())
    assert desk.refused == []
    await write(sara, new_code())
    assert isinstance(desk.refused[-1], SlowDown)
    own = await register(sara)
    assert WORDS in plain((await write(sara, code_on(own))).text), "one's own is never counted"


@pytest.mark.parametrize("way", ["button", "reply"])
async def test_further_words_reach_the_office(
    desk: DeskUnderTest, sara: Visitor, way: str
) -> None:
    await desk.open_desk()
    receipt = await register(sara)
    if way == "button":
        page = await page_of(sara, receipt)
        await tap(sara, page, CaseVerb.WORDS)
        added = await write(sara, "نکته تازه 09123456789")
    else:
        (added,) = await sara.reply_to(receipt, "نکته تازه 09123456789")
    assert not faults_of(added)
    assert "🔒" in added.text
    dossier = await kept_case(desk, receipt)
    assert [message.text for message in dossier.messages] == [WORDS, "نکته تازه •••"]
    assert "نکته تازه" in plain(desk.heard[GROUP_ID][-1].text)
    assert added.about == receipt.about
    assert await talk_of(desk, sara) is None


async def test_a_reply_answers_what_the_office_asked(desk: DeskUnderTest, sara: Visitor) -> None:
    receipt = await register(sara)
    await ask(desk, (await kept_case(desk, receipt)).case, "در چه روزی؟")
    page = await page_of(sara, receipt)
    assert "در چه روزی؟" in plain(page.text)
    await sara.reply_to(page, "دوشنبه")
    dossier = await kept_case(desk, receipt)
    assert dossier.case.state is CaseState.OPEN
    assert dossier.messages[-1].text == "دوشنبه"


@pytest.mark.parametrize("text", ["کلاس خط ۳، دوشنبه", "بله", "هزینه کارگاه چقدر است؟"])
async def test_what_is_just_written_may_be_the_answer_that_the_office_waits_for(
    desk: DeskUnderTest, sara: Visitor, text: str
) -> None:
    receipt = await register(sara)
    await ask(desk, (await kept_case(desk, receipt)).case, "کدام کلاس و چه روزی؟")
    said = await write(sara, text)
    assert (await kept_case(desk, receipt)).case.state is CaseState.WAITING, "nothing unasked"
    offer = next(data for data in said.presses if data.startswith("km:"))
    (added,) = await sara.press_data(offer)
    assert not faults_of(added)
    dossier = await kept_case(desk, receipt)
    assert dossier.case.state is CaseState.OPEN
    assert dossier.messages[-1].text == text
    await sara.press_data(offer)
    assert isinstance(desk.refused[-1], StaleButton)
    assert not any(data.startswith("km:") for data in (await write(sara, text)).presses)


async def test_only_the_last_text_is_offered_as_an_answer(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    receipt = await register(sara)
    await ask(desk, (await kept_case(desk, receipt)).case, "کدام کلاس؟")
    first = await write(sara, "نمی‌دانم")
    last = await write(sara, "کلاس خط")
    offers = [
        next(data for data in said.presses if data.startswith("km:")) for said in (first, last)
    ]
    await sara.press_data(offers[0])
    assert isinstance(desk.refused[-1], StaleButton)
    await sara.press_data(offers[1])
    assert (await kept_case(desk, receipt)).messages[-1].text == "کلاس خط"


async def test_a_reply_means_the_case_it_replies_to(desk: DeskUnderTest, sara: Visitor) -> None:
    first, second = await register(sara, "یک"), await register(sara, "دو")
    await act(sara, first, CaseVerb.WORDS)
    await sara.reply_to(second, "برای دومی")
    assert (await kept_case(desk, second)).messages[-1].text == "برای دومی"
    assert (await kept_case(desk, first)).messages[-1].text == "یک"
    await up_to_text(sara)
    await sara.reply_to(first, "برای نخستین")
    assert (await kept_case(desk, first)).messages[-1].text == "برای نخستین"


async def test_a_picture_is_no_further_word(desk: DeskUnderTest, sara: Visitor) -> None:
    receipt = await register(sara)
    photo = [{"file_id": "FILE", "file_unique_id": "U", "width": 1, "height": 1}]
    prompt = await act(sara, receipt, CaseVerb.WORDS)
    (refused,) = await sara.send(photo=photo)
    assert payload(refused, "km", CANCEL)
    assert await talk_of(desk, sara) is not None
    too_long = await write(sara, "ا" * 2001)
    assert payload(too_long, "km", CANCEL)
    await tap(sara, prompt, "km", CANCEL)
    assert await talk_of(desk, sara) is None
    assert len((await kept_case(desk, receipt)).messages) == 1


async def test_an_edit_is_a_new_version_beside_the_old(desk: DeskUnderTest, sara: Visitor) -> None:
    await desk.open_desk()
    await up_to_text(sara)
    sent = sara.message(text="کلاس لغو شد")
    (review,) = await desk.receive("message", sent)
    receipt = await tap(sara, review, Press.SEND)
    (confirmed,) = await desk.receive("edited_message", sent | {"text": "کلاس دیر شد"})
    assert not faults_of(confirmed)
    (message,) = (await kept_case(desk, receipt)).messages
    assert (message.text, message.version) == ("کلاس دیر شد", 2)
    assert "کلاس دیر شد" in plain(desk.heard[GROUP_ID][-1].text)

    said = sara.message(text="نکته", reply_to_message={**sent, "message_id": receipt.message_id})
    await desk.receive("message", said)
    await desk.receive("edited_message", said | {"text": "نکته درست"})
    assert (await kept_case(desk, receipt)).messages[-1].text == "نکته درست"


async def test_an_edit_of_one_of_several_joined_messages_says_what_to_do(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await up_to_text(sara)
    first = sara.message(text="بند یک")
    await desk.receive("message", first)
    review = await write(sara, "بند دو")
    receipt = await tap(sara, review, Press.SEND)
    (said,) = await desk.receive("edited_message", first | {"text": "بند نو"})
    assert payload(said, "ka", CaseVerb.WORDS)
    assert (await kept_case(desk, receipt)).messages[0].text == "بند یک\n\nبند دو"


async def test_withdrawing_is_asked_once_more(desk: DeskUnderTest, sara: Visitor) -> None:
    await desk.open_desk()
    receipt = await register(sara)
    page = await page_of(sara, receipt)
    question = await tap(sara, page, CaseVerb.WITHDRAW)
    await tap(sara, question, CaseVerb.SHOW)
    assert not (await kept_case(desk, receipt)).case.is_over
    question = await tap(sara, page, CaseVerb.WITHDRAW)
    await tap(sara, question, CaseVerb.WITHDRAW_SURELY)
    assert (await kept_case(desk, receipt)).case.ending is Ending.WITHDRAWN
    told = len(desk.heard[GROUP_ID])
    await sara.press_data(payload(question, CaseVerb.WITHDRAW_SURELY))
    assert isinstance(desk.refused[-1], CaseIsOver)
    assert len(desk.heard[GROUP_ID]) == told


async def test_what_is_not_solved_is_reopened_within_ten_days(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await desk.open_desk()
    receipt = await register(sara)
    await act(sara, receipt, CaseVerb.REOPEN)
    assert isinstance(desk.refused[-1], CaseNotOver)
    await end(desk, (await kept_case(desk, receipt)).case, Ending.DONE)
    page = await page_of(sara, receipt)
    await tap(sara, page, CaseVerb.REOPEN)
    await write(sara, "هنوز باز نمی‌شود")
    dossier = await kept_case(desk, receipt)
    assert dossier.case.state is CaseState.OPEN
    assert dossier.messages[-1].text == "هنوز باز نمی‌شود"
    assert "هنوز باز نمی‌شود" in plain(desk.heard[GROUP_ID][-1].text)

    await end(desk, dossier.case, Ending.DONE)
    desk.now += timedelta(days=10)
    await act(sara, receipt, CaseVerb.REOPEN)
    assert isinstance(desk.refused[-1], TooLateToReopen)
    assert CaseVerb.REOPEN not in str((await page_of(sara, receipt)).presses)


async def test_to_a_rejection_one_objects_once(desk: DeskUnderTest, sara: Visitor) -> None:
    receipt = await register(sara)
    case = (await kept_case(desk, receipt)).case
    await end(desk, case, Ending.CANNOT_BE_DONE, "بودجه نیست")
    page = await page_of(sara, receipt)
    assert "بودجه نیست" in plain(page.text)
    assert "اعتراض کنید" in plain(page.text)
    await tap(sara, page, CaseVerb.OBJECT)
    await write(sara, "سال پیش بود")
    dossier = await kept_case(desk, receipt)
    assert dossier.case.state is CaseState.OPEN
    assert Action.OBJECTED in {event.action for event in dossier.events}
    await end(desk, case, Ending.CANNOT_BE_DONE, "هنوز نیست")
    await act(sara, receipt, CaseVerb.OBJECT)
    assert isinstance(desk.refused[-1], WrongState)
    page = await page_of(sara, receipt)
    assert payload(page, CaseVerb.REOPEN)
    assert "اعتراض کنید" not in plain(page.text)


async def test_a_reply_to_a_rejection_is_an_objection_once(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    receipt = await register(sara)
    case = (await kept_case(desk, receipt)).case
    for action in (Action.OBJECTED, Action.REOPENED):
        await end(desk, case, Ending.CANNOT_BE_DONE, "بودجه نیست")
        (offer,) = await sara.reply_to(receipt, f"سال پیش بود ({action})")
        assert not faults_of(offer)
        assert ("اعتراض" in plain(offer.text)) is (action is Action.OBJECTED)
        await tap(sara, offer, "km", CONSENT)
        dossier = await kept_case(desk, receipt)
        assert dossier.case.state is CaseState.OPEN
        assert dossier.events[-1].action is action
        assert dossier.messages[-1].text == f"سال پیش بود ({action})"


async def test_the_button_to_reopen_a_rejection_objects_first(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    receipt = await register(sara)
    await end(desk, (await kept_case(desk, receipt)).case, Ending.CANNOT_BE_DONE, "بودجه نیست")
    await act(sara, receipt, CaseVerb.REOPEN)
    await write(sara, "سال پیش بود")
    assert (await kept_case(desk, receipt)).events[-1].action is Action.OBJECTED


async def test_who_wants_to_add_to_what_has_ended_sees_how_to_go_on(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    receipt = await register(sara)
    await end(desk, (await kept_case(desk, receipt)).case, Ending.ANSWERED)
    page = await act(sara, receipt, CaseVerb.WORDS)
    assert payload(page, CaseVerb.REOPEN)
    desk.now += timedelta(days=10)
    await act(sara, receipt, CaseVerb.WORDS)
    assert isinstance(desk.refused[-1], CaseIsOver)


@pytest.mark.parametrize("is_consented", [True, False])
async def test_words_after_the_end_are_kept_and_may_reopen(
    desk: DeskUnderTest, sara: Visitor, *, is_consented: bool
) -> None:
    receipt = await register(sara)
    case = (await kept_case(desk, receipt)).case
    await end(desk, case, Ending.ANSWERED)
    (offer,) = await sara.reply_to(receipt, "ولی پاسخ نگرفتم")
    assert not faults_of(offer)
    assert (await kept_case(desk, receipt)).case.is_over
    offer = await write(sara, "و یک چیز دیگر")
    await tap(sara, offer, "km", CONSENT if is_consented else CANCEL)
    dossier = await kept_case(desk, receipt)
    assert dossier.case.is_over is not is_consented
    texts = [message.text for message in dossier.messages]
    assert ("ولی پاسخ نگرفتم\n\nو یک چیز دیگر" in texts) is is_consented
    await sara.press_data(payload(offer, "km", CONSENT))
    assert isinstance(desk.refused[-1], StaleButton)
    await sara.press_data(CaseWordsPressed("forged", CONSENT).pack())
    assert isinstance(desk.refused[-1], StaleButton)


async def test_only_a_late_case_is_brought_to_the_manager_and_once(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await desk.open_desk()
    receipt = await register(sara)
    assert CaseVerb.ESCALATE not in str((await page_of(sara, receipt)).presses)
    await act(sara, receipt, CaseVerb.ESCALATE)
    assert isinstance(desk.refused[-1], NotLate)
    desk.now += timedelta(days=20)
    page = await page_of(sara, receipt)
    told = len(desk.heard[GROUP_ID])
    await tap(sara, page, CaseVerb.ESCALATE)
    assert (await kept_case(desk, receipt)).case.escalated_at == desk.now
    assert len(desk.heard[GROUP_ID]) == told + 1
    await act(sara, receipt, CaseVerb.ESCALATE)
    assert isinstance(desk.refused[-1], AlreadyEscalated)
    assert len(desk.heard[GROUP_ID]) == told + 1


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_the_date_is_explained_day_by_day(desk: DeskUnderTest, language: str) -> None:
    person = desk.person(100, language)
    receipt = await register(person, kind="suggestion")
    case = (await kept_case(desk, receipt)).case
    below = await act(person, receipt, CaseVerb.WHY)
    assert below.method == "sendMessage", "the receipt stays"
    assert "▪️" in below.text
    assert "⏰" in below.text
    page = await page_of(person, receipt)
    (explained,) = await person.press_data(payload(page, "kw"), message_id=page.message_id)
    assert explained.method == "editMessageText"
    assert plain(explained.text) == plain(below.text)
    promises = [line for line in page.text.splitlines() if line.startswith("⏰")]
    assert len(promises) == 2
    assert set(promises) <= set(explained.text.splitlines()), "each date that is shown"

    await ask(desk, case, "کدام؟")
    desk.now += timedelta(hours=3)
    waiting = await act(person, receipt, CaseVerb.WHY)
    assert "⏸" in waiting.text
    assert "⏰" not in waiting.text, "no date holds while it stands still"
    await end(desk, case, Ending.DONE)
    over = await act(person, receipt, CaseVerb.WHY)
    assert "▪️" not in over.text


@pytest.mark.parametrize("text", ["<&>" * 666, "آ" * 2000, "🧨" * 1000, "یک دو " * 333])
async def test_long_answers_are_read_in_full(
    desk: DeskUnderTest, sara: Visitor, text: str
) -> None:
    receipt = await register(sara)
    case = (await kept_case(desk, receipt)).case
    await answer(desk, case, text)
    page = await page_of(sara, receipt)
    shown_page = await tap(sara, page, "kt", "0")
    read = plain(shown_page.text)
    number = 1
    while any(
        data.startswith("kt:") and data.endswith(f":{number}") for data in shown_page.presses
    ):
        shown_page = await tap(sara, shown_page, "kt", str(number))
        read += plain(shown_page.text)
        number += 1
    signs = set(text) - {" "}
    told = [sign for sign in read if sign in signs]
    assert len(told) >= len([sign for sign in text if sign in signs])


async def test_what_is_said_among_staff_is_never_shown(desk: DeskUnderTest, sara: Visitor) -> None:
    receipt = await register(sara)
    dossier = await kept_case(desk, receipt)
    page = await page_of(sara, receipt)
    note = replace(dossier.messages[0], kind=MessageKind.NOTE, text="میان همکاران")
    told = timeline(
        desk.shared.words["fa"], replace(dossier, messages=(*dossier.messages, note)), 0
    )
    assert "میان همکاران" not in told.text
    assert "میان همکاران" not in page.text


async def test_an_anonymous_case_is_followed_by_its_code_alone(desk: DeskUnderTest) -> None:
    await desk.open_desk()
    receipt = await register(desk.person(100), is_anonymous=True)
    reader = desk.person(101)
    page = await write(reader, code_on(receipt))
    assert WORDS in plain(page.text)
    prompt = await tap(reader, page, CaseVerb.WORDS)
    added = await write(reader, "نکته")
    assert [said.about for said in (page, prompt, added)] == [None] * 3
    assert (await kept_case(desk, receipt)).messages[-1].text == "نکته"
    assert (await kept_case(desk, receipt)).case.author_id is None


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("text", ["سلام.", "<b>&" * 500, "🧨" * 1000, "\u202e{office}"])
async def test_every_notice_is_sound_and_names_the_case_first(
    desk: DeskUnderTest, sara: Visitor, language: str, text: str
) -> None:
    words = desk.shared.words["fa" if language == "fa" else "en"]
    receipt = await register(sara)
    dossier = await kept_case(desk, receipt)
    case, now = dossier.case, desk.now
    over = [
        replace(case, state=CaseState.ANSWERED, ending=ending, ended_at=now)
        for ending in (Ending.DONE, Ending.ANSWERED, Ending.CANNOT_BE_DONE)
    ]
    foreign = replace(case, tracking_code=new_code(), author_id=None)
    told = [
        notices.answered(words, case, text),
        notices.corrected(words, case, text),
        notices.asked(words, case, text),
        *(notices.ended(words, ended, reason, now) for ended in over for reason in (None, text)),
        *(notices.late(words, case, now, clock=clock) for clock in (None, *dossier.clocks)),
        notices.process_changed(words, case),
        notices.merged(words, case, replace(case, tracking_code=new_code())),
        notices.merged(words, case, foreign),
    ]
    for reply in told:
        said = Said(reply.method, reply.as_params())
        assert shown(case.tracking_code) in plain(said.text.splitlines()[0])
        assert not [fault for fault in faults_of(said) if fault not in text], said.text
        assert shown(foreign.tracking_code) not in plain(said.text)
        assert foreign.tracking_code not in str(said.presses)
        assert "\u202e" not in said.text


async def test_the_date_of_a_case_that_is_late_again_is_called_the_first(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    words = desk.shared.words["en"]
    dossier = await kept_case(desk, await register(sara))
    clock = dossier.clocks[0]
    once, twice = (
        notices.late(words, dossier.case, desk.now, clock=replace(clock, late_count=count)).text
        for count in (1, 2)
    )
    assert "The date was" in once
    assert "The first date was" in twice
