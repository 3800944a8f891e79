"""What was just spoken of, what asks nothing, and what the desk itself gets wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId
from bot.inbox.model import DeadLetter, LetterId
from bot.messenger.contract import Unreadable
from handlers.reply import TEXT_UNITS_MAX
from handlers.views.catalogue.proof import overlong_pages
from tests.handlers.conftest import Shipped
from tests.handlers.support import GROUP_ID, NOW, DeskUnderTest, Visitor

SCHOOL = "s:mazandaran:private-school"


async def test_a_service_that_was_shown_is_remembered_for_half_an_hour(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.press_data(SCHOOL)
    async with desk.database.transaction() as tx:
        person = await citizens.recall(tx, citizen_id=CitizenId(100))
    assert person.topic is not None
    assert (person.topic.office_id, person.topic.service_id) == ("mazandaran", "private-school")
    assert person.topic.is_fresh(NOW + timedelta(minutes=29))
    assert not person.topic.is_fresh(NOW + timedelta(minutes=30))


async def test_a_question_that_names_no_service_is_about_the_one_just_shown(
    sara: Visitor,
) -> None:
    await sara.press_data(SCHOOL)
    said = await sara.say("مدارکش چیه؟")
    assert "آموزشگاه" in said.text.split("\n")[0]
    assert "مدارک" in said.text.split("\n")[0]


async def test_a_question_that_names_no_service_out_of_the_blue_is_asked_back(
    sara: Visitor,
) -> None:
    said = await sara.say("مدارکش چیه؟")
    assert "منظورتان" in said.text


async def test_a_topic_that_is_over_is_forgotten_with_the_person(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.press_data(SCHOOL)
    async with desk.database.transaction() as tx:
        await citizens.forget_topics(tx, now=NOW + timedelta(minutes=29))
    assert len((await desk.kept())["citizen"]) == 1
    async with desk.database.transaction() as tx:
        await citizens.forget_topics(tx, now=NOW + timedelta(minutes=31))
    assert (await desk.kept())["citizen"] == []


async def test_a_choice_outlives_the_topic(desk: DeskUnderTest, sara: Visitor) -> None:
    await sara.press_data("l:en")
    await sara.press_data(SCHOOL)
    async with desk.database.transaction() as tx:
        await citizens.forget_topics(tx, now=NOW + timedelta(hours=1))
        person = await citizens.recall(tx, citizen_id=CitizenId(100))
    assert (person.language, person.topic) == ("en", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ممنون", "خواهش می‌کنم"),
        ("خداحافظ", "خدانگهدار"),
        ("میخوام با کارشناس صحبت کنم", "همکاران اداره"),
        ("شما ربات هستی؟", "یک برنامه"),
        ("؟", "در چند کلمه"),
        ("منو", "خوش آمدید"),
    ],
)
async def test_what_asks_nothing_is_answered_kindly_and_not_kept(
    desk: DeskUnderTest, sara: Visitor, text: str, expected: str
) -> None:
    said = await sara.say(text)
    assert expected in said.text
    assert said.presses
    assert (await desk.kept())["asked_question"] == []


async def test_an_office_that_left_the_catalogue_silences_nobody(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    async with desk.database.transaction() as tx:
        person = await citizens.recall(tx, citizen_id=CitizenId(100))
        await citizens.choose_office(tx, citizen=person, office_id="closed-down", now=NOW)
    said = await sara.say("قیمت بلیت هواپیما به مریخ")
    assert "home" in said.presses


async def test_a_location_that_moves_is_answered_once(desk: DeskUnderTest) -> None:
    person = desk.person(100)
    place = {"latitude": 36.5, "longitude": 53.0, "live_period": 900}
    first = await person.send("message", location=place)
    moved = await person.send("edited_message", location=place, edit_date=1)
    assert (len(first), len(moved)) == (1, 0)


async def test_a_misshapen_update_is_given_up_at_once(desk: DeskUnderTest) -> None:
    with pytest.raises(Unreadable):
        await desk.receive("message", {"message_id": "one", "chat": 7})


async def test_who_wrote_what_was_given_up_is_told_so_in_private_only(
    desk: DeskUnderTest,
) -> None:
    dead = DeadLetter(LetterId(1), 1, "1", 5, "KeyError", NOW)
    async with desk.database.transaction() as tx:
        for kind, expected in (("private", 1), ("supergroup", 0)):
            raw: dict[str, object] = {"message": {"chat": {"id": 100, "type": kind}, "x": None}}
            told = (await desk.edge.alarm(tx, dead, raw, NOW)).messages
            assert len(told) == expected
        assert (await desk.edge.alarm(tx, dead, {"message": "?"}, NOW)).messages == []
    assert all(message.chat_id == 100 for message in told)


async def test_what_was_given_up_in_an_admin_chat_is_said_there_in_reply_to_it(
    desk: DeskUnderTest,
) -> None:
    await desk.open_desk(GROUP_ID)
    dead = DeadLetter(LetterId(1), 1, "1", 5, "KeyError", NOW)
    chat = {"id": GROUP_ID, "type": "supergroup"}
    answer: dict[str, object] = {"message": {"chat": chat, "message_id": 77, "text": "سلام"}}
    async with desk.database.transaction() as tx:
        (told,) = (await desk.edge.alarm(tx, dead, answer, NOW)).messages
        placeless: dict[str, object] = {"message": {"chat": chat}}
        (vague,) = (await desk.edge.alarm(tx, dead, placeless, NOW)).messages
        misshapen = {"message": {"chat": {"id": "?", "type": "supergroup"}, "message_id": []}}
        assert (await desk.edge.alarm(tx, dead, misshapen, NOW)).messages == []
    assert told.chat_id == GROUP_ID
    assert "نرسید" in str(told.params["text"]), "the officer must know that nobody was answered"
    assert told.params["reply_parameters"] == {
        "message_id": 77,
        "allow_sending_without_reply": True,
    }
    assert "reply_parameters" not in vague.params


async def test_whom_a_private_chat_does_not_name_is_told_apart_by_the_chat(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    await sara.press_data("o:kanoon")
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    told = {}
    for chat_id in (sara.id, sara.id + 1):
        chat = {"id": chat_id, "type": "private"}
        content = {"message_id": 6, "date": 1_700_000_000, "chat": chat, "photo": photo}
        (told[chat_id],) = await desk.receive("message", content)
    assert "حضوری" not in told[sara.id].text, "Kanoon takes documents in its system only"
    assert "حضوری" in told[sara.id + 1].text


def test_a_page_that_fits_no_message_is_found_before_the_desk_opens(shipped: Shipped) -> None:
    assert overlong_pages(shipped.catalogue, shipped.words, NOW.date()) == []
    first, *others = shipped.catalogue.offices
    faq = first.faqs[0]
    answer = faq.answer.model_copy(update={"en": "far too long " * 400})
    longer = replace(first, faqs=(faq.model_copy(update={"answer": answer}), *first.faqs[1:]))
    catalogue = replace(shipped.catalogue, offices=(longer, *others))
    (fault,) = overlong_pages(catalogue, shipped.words, NOW.date())
    assert f"faq {faq.id} (en)" in fault
    assert str(TEXT_UNITS_MAX) in fault
