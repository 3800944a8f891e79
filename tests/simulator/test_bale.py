"""Where Bale differs, the simulator differs too."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.simulator import BALE, Simulator

Call = Callable[..., Any]


@pytest.fixture
def simulator() -> Simulator:
    bale = Simulator(profile=BALE)
    bale.say("sara", "/start")
    return bale


async def test_a_text_is_never_html(call: Call) -> None:
    answer = await call("sendMessage", chat_id=1001, text="<b>x", parse_mode="HTML")
    assert answer.body["result"]["text"] == "<b>x"
    assert "entities" not in answer.body["result"]


async def test_only_the_old_way_of_replying_works(call: Call) -> None:
    new = await call("sendMessage", chat_id=1001, text="x", reply_parameters={"message_id": 1})
    assert "reply_to_message" not in new.body["result"]
    old = await call("sendMessage", chat_id=1001, text="x", reply_to_message_id=1)
    assert old.body["result"]["reply_to_message"]["text"] == "/start"


async def test_objects_lack_what_bale_leaves_out(simulator: Simulator, call: Call) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    sent = (await call("sendMessage", chat_id=1001, text="?", reply_markup=markup)).body["result"]
    simulator.press("sara", sent["message_id"], "y")
    pressed = (await call("getUpdates")).body["result"][-1]["callback_query"]
    assert "chat_instance" not in pressed
    assert "accent_color_id" not in (await call("getChat", chat_id=1001)).body["result"]
    assert (await call("getWebhookInfo")).body["result"] == {"url": ""}
    owner = (await call("getChatMember", chat_id=simulator.group, user_id=2001)).body["result"]
    assert set(owner) == {"status", "user"}


async def test_undocumented_methods_do_not_exist(call: Call) -> None:
    answer = await call("setMyCommands", commands=[])
    assert (answer.status, answer.description) == (404, "Not Found")


async def test_unknown_keyboards_are_dropped_without_a_word(
    simulator: Simulator, call: Call
) -> None:
    sent = await call("sendMessage", chat_id=1001, text="x", reply_markup={"force_reply": True})
    assert simulator.keyboard(1001, sent.body["result"]["message_id"]) is None


async def test_blocking_is_not_told(simulator: Simulator, call: Call) -> None:
    simulator.block("sara")
    kinds = [set(one) - {"update_id"} for one in (await call("getUpdates")).body["result"]]
    assert kinds == [{"message"}]
    assert (await call("sendMessage", chat_id=1001, text="x")).status == 403


async def test_the_staff_meet_in_a_plain_group(simulator: Simulator, call: Call) -> None:
    group = (await call("getChat", chat_id=simulator.group)).body["result"]
    assert group["type"] == "group"


async def test_every_second_limit_comes_as_a_bare_text(simulator: Simulator, call: Call) -> None:
    simulator.faults.order("too_many_requests", times=2)
    assert (await call("getMe")).body["parameters"] == {"retry_after": 1}
    async with call.session.get(f"{call.base}/getMe") as response:
        assert (response.status, response.content_type) == (429, "text/plain")


async def test_a_bill_is_in_rials_and_from_a_wallet(call: Call) -> None:
    bill = {
        "chat_id": 1001,
        "title": "شهریه",
        "description": "کارگاه",
        "payload": "p",
        "currency": "IRR",
        "provider_token": "WALLET-TEST-1111111111111111",
        "prices": [{"label": "شهریه", "amount": 500_000}],
    }
    assert (await call("sendInvoice", **bill)).status == 200
    assert (await call("sendInvoice", **bill | {"currency": "USD"})).status == 400
    assert (await call("sendInvoice", **bill | {"provider_token": "x"})).status == 400


@pytest.fixture
async def page(simulator: Simulator) -> AsyncIterator[tuple[str, ClientSession]]:
    async with simulator.serve() as address, ClientSession() as session:
        yield address, session


async def test_the_page_shows_the_markdown(
    simulator: Simulator, page: tuple[str, ClientSession]
) -> None:
    address, session = page
    url = f"{address}/bot{simulator.token}/sendMessage"
    async with session.post(url, json={"chat_id": 1001, "text": "کد *مهم* است"}):
        pass
    async with session.get(f"{address}/sim/messages?chat=1001") as response:
        shown = (await response.json())[-1]
    assert shown["text"] == "کد مهم است"
    assert shown["entities"] == [{"type": "bold", "offset": 3, "length": 3}]
