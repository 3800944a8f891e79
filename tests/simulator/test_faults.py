"""Misfortunes on order happen as ordered, as often as ordered, and then no more."""

from collections.abc import Callable

import pytest
from aiohttp import ClientError
from telegram import Bot
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TelegramError

from bot.simulator import FaultKind, Simulator

Call = Callable[..., object]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        pytest.param(
            FaultKind.TOO_MANY_REQUESTS,
            RetryAfter,
            marks=pytest.mark.filterwarnings("ignore:.*`retry_after` will be of type"),
        ),
        (FaultKind.SERVER_ERROR, NetworkError),
        (FaultKind.BAD_JSON, TelegramError),
        (FaultKind.CONFLICT, Conflict),
        (FaultKind.CUT_BEFORE, NetworkError),
    ],
)
async def test_the_library_meets_the_misfortune_once(
    simulator: Simulator, bot: Bot, kind: FaultKind, error: type[TelegramError]
) -> None:
    simulator.say("sara", "/start")
    simulator.faults.order(kind, "sendMessage")
    with pytest.raises(error):
        await bot.send_message(1001, "x")
    assert len(simulator.messages(1001)) == 1
    await bot.send_message(1001, "x")
    assert len(simulator.messages(1001)) == 2


async def test_a_reply_may_be_lost_after_the_message_is_delivered(
    simulator: Simulator, call: Call
) -> None:
    simulator.say("sara", "/start")
    simulator.faults.order(FaultKind.CUT_AFTER, "sendMessage", times=2)
    for _ in range(2):
        with pytest.raises(ClientError):
            await call("sendMessage", chat_id=1001, text="رسید؟")
    assert [one["text"] for one in simulator.messages(1001)][1:] == ["رسید؟", "رسید؟"]


async def test_a_misfortune_may_be_meant_for_one_chat(simulator: Simulator, call: Call) -> None:
    simulator.say("sara", "/start")
    simulator.say("ali", "/start")
    simulator.faults.order("too_many_requests", chat_id=1001, retry_after=7, times=5)
    assert (await call("sendMessage", chat_id=1002, text="x")).status == 200
    refused = await call("sendMessage", chat_id=1001, text="x")
    assert (refused.status, refused.body["parameters"]) == (429, {"retry_after": 7})
    simulator.faults.clear()
    assert (await call("sendMessage", chat_id=1001, text="x")).status == 200


async def test_slowness_changes_nothing_but_the_time(simulator: Simulator, call: Call) -> None:
    simulator.faults.order("delay", "getMe", delay_seconds=0.01)
    assert (await call("getMe")).status == 200
    assert simulator.journal.of("getMe")[0].status == 200


async def test_a_token_may_be_revoked_for_a_while(simulator: Simulator, call: Call) -> None:
    simulator.faults.order("unauthorized")
    assert (await call("getMe")).status == 401
    assert (await call("getMe")).status == 200


async def test_refusals_read_the_same_through_the_library(simulator: Simulator, bot: Bot) -> None:
    simulator.say("sara", "/start")
    with pytest.raises(BadRequest, match="parse entities"):
        await bot.send_message(1001, "<b>x", parse_mode="HTML")
