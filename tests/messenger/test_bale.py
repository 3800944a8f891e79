"""Bale speaks nearly the same; what differs is put right before anybody else sees it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Update
from telegram.error import BadRequest, InvalidToken, RetryAfter

from bot.messenger.errors import Refused
from bot.messenger.markup import bale_markdown, plain_text
from bot.messenger.platforms import BALE, TELEGRAM
from bot.messenger.reading import dumps, read_answer
from bot.messenger.transport import BotApi, make_bot
from bot.messenger.wire import Wire

TOKEN = "123456:" + "a" * 35
PERSON = {"id": 7, "is_bot": False, "first_name": "S"}
CHAT = {"id": 7, "type": "private"}


def message(**more: object) -> dict[str, object]:
    return {"message_id": 1, "date": 1, "chat": CHAT, "from": PERSON, **more}


def read(method: str, result: object) -> Any:
    return read_answer(BALE, method, 200, dumps({"ok": True, "result": result})).result()


@pytest.mark.parametrize(
    "content",
    [
        {"callback_query": {"id": "1", "from": PERSON, "data": "x", "message": message()}},
        {"message": message(voice={"file_id": "a", "file_unique_id": "b"})},
        {"message": message(video={"file_id": "a", "file_unique_id": "b"})},
        {
            "message": message(
                successful_payment={
                    "currency": "IRR",
                    "total_amount": 1000,
                    "invoice_payload": "p",
                    "telegram_payment_charge_id": "t",
                }
            )
        },
    ],
)
def test_updates_of_bale_are_readable_by_the_library(content: dict[str, object]) -> None:
    (raw,) = read("getUpdates", [{"update_id": 1, **content}])
    update = Update.de_json(raw, None)
    assert update.effective_chat is not None
    assert update.effective_chat.id == 7


def test_a_call_is_said_as_bale_understands_it() -> None:
    assert BALE.rewrite is not None
    method, params = BALE.rewrite(
        "editMessageText",
        {
            "chat_id": 7,
            "message_id": 5,
            "text": "<b>a</b>, see <a href='https://b.c'>d</a> &amp; e",
            "parse_mode": "HTML",
            "reply_parameters": {"message_id": 4},
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {
                "inline_keyboard": [
                    [{"text": "x", "callback_data": "1", "style": "danger"}],
                    [{"text": "copy", "copy_text": {"text": "z"}}],
                ]
            },
        },
    )
    assert method == "sendMessage"
    assert params == {
        "chat_id": 7,
        "text": "*a* , see [d](https://b.c) & e",
        "reply_to_message_id": 4,
        "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "1"}]]},
    }


@pytest.mark.parametrize(
    ("html", "markdown", "plain"),
    [
        ("a<b>b</b>c", "a *b* c", "abc"),
        ("<b>b</b>\nc", "*b*\nc", "b\nc"),
        ("1 &lt; 2", "1 < 2", "1 < 2"),
        ("<i>x</i> <code>y</code>", "_x_ y", "x y"),
        ("<b>a <b>b</b> c</b> d", "*a b c* d", "a b c d"),
        ("x \u200f<b>b</b>", "x *\u200fb*", "x \u200fb"),
        ("unclosed <b>bold", "unclosed *bold", "unclosed bold"),
    ],
)
def test_markup_is_written_for_those_who_know_less_of_it(
    html: str, markdown: str, plain: str
) -> None:
    assert bale_markdown(html) == markdown
    assert plain_text(html) == plain


def failure(
    code: int, platform: Any = BALE, method: str = "sendMessage", **said: object
) -> Refused:
    answer = read_answer(platform, method, code, dumps({"ok": False, **said}))
    with pytest.raises(Refused) as caught:
        answer.result()
    return caught.value


def test_a_429_without_its_seconds_gets_some() -> None:
    assert failure(429, description="429 Too Many Requests").retry_after_seconds == 5
    assert failure(429, description="wait 12 seconds").retry_after_seconds == 12
    assert failure(429, parameters={"retry_after": 3}).retry_after_seconds == 3


def test_a_method_bale_lacks_is_a_refusal_and_not_a_wrong_token() -> None:
    assert failure(404, method="setMyCommands").code == 400
    assert failure(404, method="getUpdates").code == 404
    assert failure(404, TELEGRAM, method="setMyCommands").code == 404


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_the_library_meets_a_completed_bale() -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    async def answer(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        asked.append((method, await request.json() if request.can_read_body else {}))
        if method == "setMyCommands":
            return web.json_response({"ok": False, "description": "no"}, status=404)
        if method == "getMe" and len(asked) > 3:
            return web.json_response({"ok": False, "description": "no"}, status=404)
        if method == "sendDice":
            return web.json_response({"ok": False, "description": "slow down"}, status=429)
        return web.json_response({"ok": True, "result": message(text="x")})

    application = web.Application()
    application.router.add_post(f"/bot{TOKEN}/{{method}}", answer)
    async with TestServer(application) as server, Wire() as wire:
        bot = make_bot(BALE.at(str(server.make_url("/bot"))), TOKEN, wire)
        sent = await bot.send_message(7, "<b>x</b>", parse_mode="HTML", reply_to_message_id=4)
        assert sent.date == datetime.fromtimestamp(1, UTC)
        with pytest.raises(BadRequest):
            await bot.set_my_commands([("a", "b")])
        with pytest.raises(RetryAfter):
            await bot.send_dice(7)
        with pytest.raises(InvalidToken):
            await bot.get_me()
    method, params = asked[0]
    assert method == "sendMessage"
    assert (params["text"], params["reply_to_message_id"]) == ("*x*", 4)


async def test_a_file_travels_as_a_file() -> None:
    seen: dict[str, bytes] = {}

    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        attached = form["document"]
        assert isinstance(attached, web.FileField)
        seen[attached.filename] = attached.file.read()
        assert form["chat_id"] == "7"
        return web.json_response({"ok": True, "result": message()})

    application = web.Application()
    application.router.add_post(f"/bot{TOKEN}/sendDocument", answer)
    async with TestServer(application) as server, Wire() as wire:
        api = BotApi(TELEGRAM.at(str(server.make_url("/bot"))), TOKEN, wire)
        document = {"file_name": "mine.json", "file_base64": "e30="}
        await api.call("sendDocument", {"chat_id": 7, "document": document})
    assert seen == {"mine.json": b"{}"}
