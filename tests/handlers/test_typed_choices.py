"""Writing instead of pressing: the words of every button do what the button does."""

from collections import deque

import pytest
from sqlalchemy import select

from bot.kit.text import tokens
from bot.outbox import use_cases as outbox
from bot.outbox.tables import offered
from handlers.callback_data import HomePressed
from handlers.reply import Button, Reply
from tests.handlers.support import GROUP_ID, DeskUnderTest, Said, Visitor, faults_of

FLOWS = ("l:", "k", "wt:", "rt:s", "rte:", "wn:y")  # languages, and what begins or ends a flow
GONE = ("m:", "x:", "kq:")  # what names a question leads from no chat to it


def family(label: str, data: str) -> str:
    """The kind of a button; of services and workshops one serves for all."""
    return data.partition(":")[0] + ":" + label[-2:]


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_the_words_of_a_button_of_every_keyboard_do_what_pressing_it_does(
    desk: DeskUnderTest, language: str
) -> None:
    """Each page is walked to by pressing, and left once by pressing and once by writing."""
    visitor = desk.person(language_code=language)
    waiting = deque([("/start", await visitor.say("/start"))])
    known: set[str] = set()
    compared: set[str] = set()
    while waiting:
        data, page = waiting.popleft()
        for label, leads_to in page.buttons.items():
            if leads_to.startswith((*FLOWS, "http")) or not page.presses:
                continue
            kind = family(label, leads_to)
            if leads_to not in known and len(known) < 150:
                known.add(leads_to)
                waiting.append((leads_to, (await visitor.press_data(leads_to))[0]))
            if kind in compared or leads_to.startswith(GONE):
                continue
            compared.add(kind)
            await _shown_again(visitor, data)
            written = await visitor.send(text=f" {label.upper()} ")
            pressed = await visitor.press_data(leads_to, is_accessible=False)
            assert [one.text for one in written] == [one.text for one in pressed], label
            assert [one.method for one in written] == [one.method for one in pressed], label
    assert len(compared) > 25
    assert not desk.refused


async def _shown_again(visitor: Visitor, data: str) -> None:
    if data.startswith("/"):
        await visitor.say(data)
    else:
        await visitor.press_data(data)


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_labels_have_words_before_their_picture_and_no_two_of_a_page_are_alike(
    desk: DeskUnderTest, language: str
) -> None:
    visitor = desk.person(language_code=language)
    waiting, known = deque([await visitor.say("/start")]), set[str]()
    while waiting:
        page = waiting.popleft()
        said = [" ".join(tokens(label)) for label in page.buttons]
        assert len(said) == len(set(said)), said
        for label in page.buttons:
            assert any(letter.isalpha() for letter in label), label
            assert tokens(label.split()[0]), f"a reader aloud begins with a picture: {label}"
        for data in page.presses:
            if data not in known and not data.startswith(FLOWS) and len(known) < 120:
                known.add(data)
                waiting.append((await visitor.press_data(data))[0])


async def test_a_flow_is_gone_through_by_writing_the_words_of_its_buttons(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await desk.open_desk()
    page = await sara.say("/case")
    for wanted in ("کانون پرورش فکری", "کارگاه‌های مجازی", "شکایت"):
        page = (await sara.send(text=labelled(page, wanted)))[-1]
    assert "بنویسید" in page.text
    review = await sara.say("کارگاه دیروز نیمه‌کاره قطع شد و کسی چیزی نگفت.")
    asked = await sara.say("۱")
    assert "کد پیگیری" not in asked.text, "the last look wants words"
    receipt = await sara.say(labelled(review, "ارسال"))
    assert "کد پیگیری" in receipt.text
    assert not desk.refused


async def test_a_number_chooses_what_was_listed_under_it(sara: Visitor) -> None:
    meant = await sara.say("کلاس")
    first = next(data for data in meant.presses if data.startswith("m:"))
    written = await sara.say("۱")
    pressed = (await sara.press_data(first, is_accessible=False))[0]
    assert written.text == pressed.text


@pytest.mark.parametrize("number", ["1", "۲", "٣", "9"])
async def test_a_number_that_was_listed_nowhere_does_nothing_and_lists_what_can_be_chosen(
    desk: DeskUnderTest, sara: Visitor, number: str
) -> None:
    first = await sara.say("/start")
    listed = await sara.say(number)
    assert "کاری نکردم" in listed.text
    assert listed.presses == first.presses
    assert not faults_of(listed)
    chosen = await sara.say("۱")
    assert chosen.text == (await sara.press_data(first.presses[0]))[0].text
    assert (await desk.kept())["asked_question"] == []


async def test_options_lists_what_the_last_message_offers(sara: Visitor) -> None:
    first = await sara.say("/start")
    listed = await sara.say("/options")
    assert listed.presses == first.presses
    assert listed.text.splitlines()[2].startswith("۱. ")


async def test_a_number_where_nothing_was_offered_is_answered_kindly(sara: Visitor) -> None:
    said = await sara.say("۳")
    assert "گزینه‌ای برای انتخاب نیست" in said.text
    assert "home" in said.presses


async def test_a_number_that_a_flow_waits_for_stays_the_flows(sara: Visitor) -> None:
    await sara.say("/topup")
    await sara.press("همین‌جا")
    amount = await sara.say("۵")
    assert "کاری نکردم" not in amount.text


async def test_nothing_leads_from_a_chat_to_an_anonymous_case_nor_to_a_question(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await desk.open_desk()
    await sara.say("/case")
    await sara.press("کانون پرورش فکری")
    await sara.press("کارگاه‌های مجازی")
    await sara.press("شکایت")
    await sara.say("کارگاه دیروز نیمه‌کاره قطع شد و کسی چیزی نگفت.")
    await sara.press("ناشناس")
    receipt = await sara.press("ارسال")
    code = next(data for data in receipt.presses if data.startswith("ka:")).split(":")[1]
    assert code not in await _offered(desk, sara)
    page = await sara.say(code)
    assert any(code in data for data in page.presses), "the page itself has its buttons"
    assert code not in await _offered(desk, sara)
    answer = await sara.say("مدارک کارگاه‌های مجازی چیست؟")
    question = next(data for data in answer.presses if data.startswith("x:")).split(":")[1]
    assert question not in await _offered(desk, sara)
    missed = next(label for label, data in answer.buttons.items() if data.startswith("x:"))
    assert "یادداشتی" in (await sara.say(missed)).text


def labelled(page: Said, wanted: str) -> str:
    """The whole label of the button with these words."""
    return next(label for label in page.buttons if wanted in label)


async def _offered(desk: DeskUnderTest, visitor: Visitor) -> str:
    async with desk.database.reading() as tx:
        found = await outbox.offered_to(tx, chat_ids=[visitor.id])
    assert found[visitor.id]
    return repr(found)


async def test_what_was_offered_is_sealed_and_gone_with_the_person(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.say("/start")
    async with desk.database.reading() as tx:
        (kept,) = (await tx.execute(select(offered))).all()
    assert b"home" not in kept.choices
    assert "کارگاه".encode() not in kept.choices


async def test_in_a_group_the_words_of_a_button_are_only_words(desk: DeskUnderTest) -> None:
    await desk.open_desk()
    (member,) = desk.group(GROUP_ID, 900)
    await member.say("/cases")
    assert await member.send(text="باز") == []


def test_buttons_that_would_be_cut_off_side_by_side_stand_below_each_other() -> None:
    short = Button("صفحه اول 🏠", HomePressed())
    long = Button("اصلاح شماره مرجع (مدیر) ✏️", HomePressed())
    markup = Reply("…", [[short, short], [short, long]]).as_params()["reply_markup"]
    assert isinstance(markup, dict)
    assert [len(row) for row in markup["inline_keyboard"]] == [2, 1, 1]
