"""Files, groups, channels, and kinds of updates that nobody answers."""

from typing import Any

import pytest

from tests.handlers.support import DeskUnderTest, Visitor, faults_of, plain

PHOTO = [{"file_id": "secret-file", "file_unique_id": "u", "width": 9, "height": 9}]
FILE = {"file_id": "secret-file", "file_unique_id": "u"}
FILES: dict[str, Any] = {
    "photo": PHOTO,
    "document": FILE | {"file_name": "کارت ملی.pdf", "mime_type": "application/pdf"},
    "voice": FILE | {"duration": 3},
    "audio": FILE | {"duration": 3},
    "video": FILE | {"duration": 3, "width": 9, "height": 9},
    "video_note": FILE | {"duration": 3, "length": 9},
    "animation": FILE | {"duration": 3, "width": 9, "height": 9},
}
WORDLESS: dict[str, Any] = {
    "sticker": FILE
    | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False},
    "contact": {"phone_number": "+989121234567", "first_name": "Sara"},
    "location": {"latitude": 36.5, "longitude": 53.0},
    "dice": {"emoji": "🎲", "value": 3},
}
GROUP = {"id": -500, "type": "supergroup", "title": "همسایه‌ها"}
CHANNEL = {"id": -600, "type": "channel", "title": "اخبار"}


@pytest.mark.parametrize("kind", FILES)
async def test_a_file_is_refused_unopened_with_the_channels_of_both_offices(
    sara: Visitor, kind: str
) -> None:
    (said,) = await sara.send(**{kind: FILES[kind]})
    assert "kpf.ir/lms" in said.text
    assert "حضوری" in said.text
    assert "secret-file" not in str(said.params)


async def test_a_file_is_refused_with_the_channels_of_the_chosen_office_alone(
    sara: Visitor,
) -> None:
    await sara.press_data("o:kanoon")
    (said,) = await sara.send(photo=PHOTO)
    assert "kpf.ir/lms" in said.text
    assert "حضوری" not in said.text, "Kanoon takes documents in its system only (KN-21)"
    await sara.press_data("o:mazandaran")
    (said,) = await sara.send(photo=PHOTO)
    assert "kpf.ir" not in said.text
    assert "حضوری" in said.text


async def test_an_album_is_refused_once_and_the_next_one_again(
    desk: DeskUnderTest, sara: Visitor
) -> None:
    answers = [await sara.send(photo=PHOTO, media_group_id="album-1") for _ in range(5)]
    assert [len(said) for said in answers] == [1, 0, 0, 0, 0]
    assert len(await sara.send(photo=PHOTO, media_group_id="album-2")) == 1
    assert len(await desk.person(101).send(photo=PHOTO, media_group_id="album-1")) == 1


async def test_a_caption_is_not_taken_for_a_question(desk: DeskUnderTest, sara: Visitor) -> None:
    (said,) = await sara.send(photo=PHOTO, caption="هزینه دوره چقدر است؟")
    assert "kpf.ir/lms" in said.text
    assert (await desk.kept())["asked_question"] == []


async def test_a_file_leaves_no_trace(desk: DeskUnderTest, sara: Visitor) -> None:
    await sara.send(document=FILES["document"])
    assert await desk.kept() == {"asked_question": [], "citizen": []}


@pytest.mark.parametrize("kind", WORDLESS)
async def test_a_thing_without_words_is_answered_with_a_request_for_words(
    sara: Visitor, kind: str
) -> None:
    (said,) = await sara.send(**{kind: WORDLESS[kind]})
    assert "متن" in said.text or "بنویسید" in said.text
    assert "home" in said.buttons.values()
    assert "989121234567" not in str(said.params)


async def test_an_edited_question_is_answered(sara: Visitor) -> None:
    (said,) = await sara.send("edited_message", text="ساعت کاری کانون", edit_date=1_790_000_000)
    assert not faults_of(said)


async def test_an_edited_command_is_answered(sara: Visitor) -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": 5}]
    (said,) = await sara.send("edited_message", text="/help", edit_date=1, entities=entities)
    assert "راهنما" in plain(said.text) or "کمک" in plain(said.text)


@pytest.mark.parametrize(
    "content",
    [
        {"text": "هزینه دوره چقدر است؟"},
        {"text": "/services", "entities": [{"type": "bot_command", "offset": 0, "length": 9}]},
        {"photo": PHOTO},
        {"sticker": WORDLESS["sticker"]},
        {"new_chat_members": [{"id": 7, "is_bot": False, "first_name": "N"}]},
    ],
    ids=["question", "command", "photo", "sticker", "newcomer"],
)
async def test_the_chatter_of_a_group_is_met_with_silence(
    sara: Visitor, content: dict[str, Any]
) -> None:
    assert await sara.send(chat=GROUP, **content) == []


async def test_in_a_group_a_greeting_command_is_pointed_to_the_private_chat(sara: Visitor) -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    (said,) = await sara.send(chat=GROUP, text="/start", entities=entities)
    assert said.params["chat_id"] == GROUP["id"]
    assert "@mizban_test_bot" in said.text
    assert not said.buttons


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post"])
async def test_a_channel_is_met_with_silence(desk: DeskUnderTest, kind: str) -> None:
    for content in ({"text": "ساعت کاری"}, {"photo": PHOTO}):
        post = {"message_id": 1, "date": 1, "chat": CHANNEL, "sender_chat": CHANNEL, **content}
        assert await desk.receive(kind, post) == []


async def test_service_messages_of_a_private_chat_are_met_with_silence(sara: Visitor) -> None:
    assert await sara.send(write_access_allowed={}) == []


def member(status: str) -> dict[str, Any]:
    person = {"id": 100, "is_bot": False, "first_name": "Sara"}
    bot = {"id": 1, "is_bot": True, "first_name": "Mizban"}
    kicked = {"user": bot, "status": status, "until_date": 0}
    return {
        "chat": {"id": 100, "type": "private"},
        "from": person,
        "date": 1,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": kicked,
    }


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("my_chat_member", member("kicked")),
        ("poll_answer", {"poll_id": "1", "option_ids": [0], "option_persistent_ids": []}),
        ("a_kind_of_next_year", {"message": {"text": "ساعت کاری"}}),
        ("a_kind_of_next_year", None),
    ],
    ids=["blocked", "poll", "unknown", "unknown and empty"],
)
async def test_other_kinds_of_updates_are_met_with_silence(
    desk: DeskUnderTest, kind: str, content: object
) -> None:
    assert await desk.receive(kind, content) == []
