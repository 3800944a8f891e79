"""What the messenger refuses, and with which words; bots live by these words."""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession, FormData

from bot.simulator import Simulator
from bot.simulator.wire import Json
from tests.simulator.conftest import Answer, ManualClock

Call = Callable[..., object]


NO_ACTION = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def one_button(**action: object) -> Json:
    return {"inline_keyboard": [[{"text": "x", **action}]]}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b\u2066\u2069"}, "message text is empty"),
        ({"text": "آ" * 4097}, "message is too long"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"chat_id": 999}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"parse_mode": "Wiki"}, "unsupported parse_mode"),
        ({"reply_markup": one_button(callback_data="آ" * 32 + "x")}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": one_button(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": one_button(url="not a url")}, "BUTTON_URL_INVALID"),
        (
            {"reply_markup": one_button()},
            NO_ACTION,
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]] * 101}},
            "REPLY_MARKUP_TOO_LONG",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}] * 9]}},
            "REPLY_MARKUP_TOO_LONG",
        ),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_parameters": {"message_id": 77}}, "message to be replied not found"),
    ],
)
async def test_a_bad_message_is_refused(
    simulator: Simulator, call: Call, params: Json, reason: str
) -> None:
    simulator.say("sara", "/start")
    answer = await call("sendMessage", **{"chat_id": 1001, "text": "x", **params})
    assert (answer.status, answer.description) == (400, f"Bad Request: {reason}")
    assert len(simulator.messages(1001)) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"text": "🙂" * 2048},
        {"text": "x", "reply_markup": one_button(callback_data="آ" * 32)},
        {"text": "x", "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True}},
        {"text": "x", "reply_markup": {"inline_keyboard": []}},
    ],
)
async def test_the_very_limit_is_still_good(
    simulator: Simulator, call: Call, params: Json
) -> None:
    simulator.say("sara", "/start")
    assert (await call("sendMessage", chat_id=1001, **params)).status == 200


async def test_editing_is_strict(simulator: Simulator, call: Call) -> None:
    said = simulator.say("sara", "/start")
    sent = (await call("sendMessage", chat_id=1001, text="x")).body["result"]

    async def edit(message_id: int, text: str, **more: object) -> str:
        answer = await call(
            "editMessageText", chat_id=1001, message_id=message_id, text=text, **more
        )
        return "" if answer.status == 200 else answer.description

    assert "message is not modified: specified new" in await edit(sent["message_id"], "x")
    assert await edit(sent["message_id"], "x", reply_markup=one_button(callback_data="y")) == ""
    assert await edit(sent["message_id"], "x") == ""  # Leaving the keyboard out removes it.
    assert await edit(999, "y") == "Bad Request: message to edit not found"
    assert await edit(said["message_id"], "y") == "Bad Request: message can't be edited"
    gone = await call("deleteMessage", chat_id=1001, message_id=999)
    assert gone.description == "Bad Request: message to delete not found"


async def test_the_bot_deletes_what_somebody_wrote_to_it_within_two_days(
    simulator: Simulator, call: Callable[..., Awaitable[Answer]], clock: ManualClock
) -> None:
    async def delete(message: Json) -> str:
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        answer = await call("deleteMessage", **place)
        return "" if answer.status == 200 else answer.description

    said = simulator.say("sara", "IR062960000000100324200001")
    assert await delete(said) == ""
    assert simulator.messages(1001) == []
    assert await delete(said) == "Bad Request: message to delete not found"
    old = simulator.say("sara", "/start")
    clock.now += 48 * 3600
    assert await delete(old) == "Bad Request: message can't be deleted"
    simulator.set_bot_member("officer", simulator.group, "member")
    other = simulator.say("officer", "/start", simulator.group)
    assert await delete(other) == "Bad Request: message can't be deleted"


async def test_the_bot_must_not_write_where_it_is_not_wanted(
    simulator: Simulator, call: Call
) -> None:
    async def refused() -> tuple[int, str]:
        answer = await call("sendMessage", chat_id=1002, text="x")
        return answer.status, answer.description

    assert await refused() == (403, "Forbidden: bot can't initiate conversation with a user")
    simulator.say("ali", "/start")
    simulator.block("ali")
    assert await refused() == (403, "Forbidden: bot was blocked by the user")
    simulator.unblock("ali")
    assert (await call("sendMessage", chat_id=1002, text="x")).status == 200
    simulator.deactivate("ali")
    assert await refused() == (403, "Forbidden: user is deactivated")
    simulator.set_bot_member("officer", simulator.group, "kicked")
    answer = await call("sendMessage", chat_id=simulator.group, text="x")
    assert answer.description == "Forbidden: bot was kicked from the supergroup chat"


async def test_an_old_press_can_no_longer_be_answered(
    simulator: Simulator, call: Call, clock: object
) -> None:
    simulator.say("sara", "/start")
    markup = one_button(callback_data="y")
    sent = (await call("sendMessage", chat_id=1001, text="x", reply_markup=markup)).body["result"]
    query_id = simulator.press("sara", sent["message_id"], "y")
    too_long = await call("answerCallbackQuery", callback_query_id=query_id, text="آ" * 201)
    assert too_long.status == 400
    clock.now += 151
    late = await call("answerCallbackQuery", callback_query_id=query_id)
    assert late.description == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    clock.now -= 1
    assert (await call("answerCallbackQuery", callback_query_id=query_id)).status == 200


async def test_strangers_and_unknown_methods_are_turned_away(call: Call, address: str) -> None:
    answer = await call("sendTelepathy")
    assert (answer.status, answer.description) == (404, "Not Found")
    async with ClientSession() as session, session.get(f"{address}/bot2:x/getMe") as response:
        assert response.status == 401
        assert (await response.json())["description"] == "Unauthorized"


async def test_parameters_come_by_query_form_json_and_multipart(
    simulator: Simulator, call: Call
) -> None:
    simulator.say("sara", "/start")
    url = f"{call.base}/SENDMESSAGE"
    markup = '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}'
    form = {"chat_id": "1001", "text": "متن", "reply_markup": markup}
    multipart = FormData(form, default_to_multipart=True)
    for sent in (
        call.session.get(url, params=form),
        call.session.post(url, data=form),
        call.session.post(url, data=multipart),
        call.session.post(url, json=form),
    ):
        async with sent as response:
            result = (await response.json())["result"]
        assert result["text"] == "متن"
        assert result["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


async def test_strict_limits_say_when_to_come_back(clock: object) -> None:
    simulator = Simulator(clock=clock, strict_limits=True)
    take = simulator.world.limits.take
    for _ in range(3):
        take(1001, is_group=False)
    with pytest.raises(Exception, match="429 Too Many Requests: retry after 1"):
        take(1001, is_group=False)
    clock.now += 1
    take(1001, is_group=False)
    clock.now += 1
    for chat_id in range(30):
        take(chat_id, is_group=False)
    with pytest.raises(Exception, match="retry after 1"):
        take(77, is_group=False)
    for _ in range(20):
        clock.now += 0.1
        take(-5, is_group=True)
    with pytest.raises(Exception, match="retry after"):
        take(-5, is_group=True)


async def test_too_many_messages_are_refused_over_http(call: Call, simulator: Simulator) -> None:
    simulator.say("sara", "/start")
    simulator.world.limits.is_strict = True
    answers = [await call("sendMessage", chat_id=1001, text=str(n)) for n in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[3].body["parameters"] == {"retry_after": 1}


async def test_files_are_checked(simulator: Simulator, call: Call) -> None:
    simulator.say("sara", "/start")

    async def send(kind: str, content: bytes) -> str:
        form = FormData({"chat_id": "1001"})
        form.add_field(kind, content, filename="x.bin")
        async with call.session.post(f"{call.base}/send{kind}", data=form) as response:
            return (await response.json()).get("description", "")

    assert await send("photo", b"not a picture") == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await send("document", b"") == "Bad Request: file must be non-empty"
    assert await send("document", b"x") == ""
    answer = await call("sendPhoto", chat_id=1001, photo="https://example.ir/a.png")
    assert answer.description == "Bad Request: failed to get HTTP URL content"
    answer = await call("getFile", file_id="nothing")
    assert "wrong file_id" in answer.description
    file_id = simulator.messages(1001)[-1]["document"]["file_id"]
    caption = {"chat_id": 1001, "document": file_id, "caption": "x" * 1025}
    answer = await call("sendDocument", **caption)
    assert answer.description == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "Help", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "help", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_bad_commands_are_refused(call: Call, command: Json, reason: str) -> None:
    answer = await call("setMyCommands", commands=[command])
    assert answer.description == f"Bad Request: {reason}"
