"""What a failure of the network looks like, and that it never shows the token."""

import asyncio
import socket

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError, TimedOut

from bot.messenger import wire as wires
from bot.messenger.errors import Unreachable
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi, make_bot
from bot.messenger.wire import Wire

TOKEN = "123456:" + "a" * 35


async def answer(request: web.Request) -> web.StreamResponse:
    match request.match_info["method"]:
        case "slow":
            await asyncio.sleep(5)
        case "prose":
            return web.Response(text="<html>Bad Gateway</html>", status=502)
        case "list":
            return web.json_response([1])
        case "long":
            response = web.StreamResponse()
            response.enable_chunked_encoding()
            await response.prepare(request)
            for _ in range(100):
                await response.write(b"x" * 1000)
            return response
        case "away":
            raise web.HTTPFound("http://127.0.0.1:1/stolen")
    return web.json_response({"ok": True, "result": 1})


@pytest.mark.parametrize("method", ["slow", "prose", "list", "long", "away"])
async def test_no_failure_shows_the_token(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "_BODY_BYTES_MAX", 50_000)
    application = web.Application()
    application.router.add_post(f"/bot{TOKEN}/{{method}}", answer)
    async with TestServer(application) as server, Wire() as wire:
        api = BotApi(TELEGRAM.at(str(server.make_url("/bot"))), TOKEN, wire)
        with pytest.raises(Unreachable) as caught:
            await api.call(method, {}, timeout_seconds=0.2)
        assert caught.value.is_timeout == (method == "slow")
    assert TOKEN not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"


async def test_nobody_there_is_a_failure_like_another() -> None:
    platform = TELEGRAM.at("http://127.0.0.1:1/bot")
    async with Wire() as wire:
        with pytest.raises(Unreachable):
            await BotApi(platform, TOKEN, wire).call("getMe", {})
        with pytest.raises(NetworkError) as caught:
            await make_bot(platform, TOKEN, wire).get_me()
    assert not isinstance(caught.value, TimedOut)
    assert TOKEN not in str(caught.value)


def test_another_address_keeps_its_shape() -> None:
    for given in ("http://127.0.0.1:8081", "http://127.0.0.1:8081/bot"):
        platform = TELEGRAM.at(given)
        assert platform.base_url == "http://127.0.0.1:8081/bot"
        assert platform.base_file_url == "http://127.0.0.1:8081/file/bot"
    assert TELEGRAM.at(None) == TELEGRAM


async def test_a_door_that_is_closed_is_said_in_the_words_of_the_system(free_port: int) -> None:
    async with Wire() as wire:
        with pytest.raises(Unreachable) as caught:
            await wire.exchange(f"http://127.0.0.1:{free_port}/", b"{}", timeout_seconds=5)
    assert caught.value.reason == "no connection (Connection refused)"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
