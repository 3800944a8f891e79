"""The control API: it serves the page and the storms, and nobody from outside."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.wire import loads

Call = Callable[..., Any]


async def test_people_act_over_http(simulator: Simulator, call: Call) -> None:
    async def act(deed: str, **wishes: object) -> Any:
        async with call.session.post(f"{call.address}/sim/{deed}", json=wishes) as response:
            return await response.json()

    said = await act("say", person="sara", text="سلام")
    await act("edit", person="sara", message_id=said["message_id"], text="درود")
    assert simulator.messages(1001)[0]["text"] == "درود"
    markup = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}]]}
    sent = (await call("sendMessage", chat_id=1001, text="?", reply_markup=markup)).body["result"]
    pressed = await act("press", person="sara", message_id=sent["message_id"], data="y")
    await call("answerCallbackQuery", callback_query_id=pressed["query_id"], text="باشد")
    assert (await act("contact", person="sara"))["message_id"] == 3
    await act("push", message={"text": 1})
    await act("fault", kind="server_error", method="getMe")
    assert (await call("getMe")).status == 502
    await act("person", key="reza", id=5001, first_name="رضا")
    group = await act("group", title="گروه", members=["reza"], kind="group")
    moved = await act("migrate", chat=group["id"])
    assert moved["id"] < -1_000_000_000_000
    await act("join", person="sara", chat=moved["id"])
    wrong = await act("press", person="sara", message_id=sent["message_id"], data="ن")
    assert "there is no button" in wrong["error"]
    async with call.session.get(f"{call.address}/sim/journal") as response:
        journal = await response.json()
    assert journal["counts"]["sendMessage"] == 1
    assert simulator.token not in str(journal)


async def test_a_staff_group_is_played_over_http(simulator: Simulator, call: Call) -> None:
    async def act(deed: str, **wishes: object) -> Any:
        async with call.session.post(f"{call.address}/sim/{deed}", json=wishes) as response:
            return await response.json()

    group = (await act("group", title="گروه", members=["officer"], has_bot=False))["id"]
    refused = await call("sendMessage", chat_id=group, text="؟")
    assert refused.status == 403
    await act("member", person="officer", chat=group, status="administrator")
    asked = (await call("sendMessage", chat_id=group, text="؟")).body["result"]["message_id"]
    place: dict[str, object] = {"person": "officer", "chat": group}
    await act("say", **place, text="پاسخ", reply_to=asked)
    await act("say", **place, text="بی‌نام", is_anonymous=True)
    await act("join", person="sara", chat=group)
    await act("leave", person="sara", chat=group)
    reply, anonymous, came, went = simulator.messages(group)[-4:]
    assert reply["reply_to_message"]["message_id"] == asked
    assert anonymous["sender_chat"]["id"] == group
    assert (came["new_chat_members"][0]["id"], went["left_chat_member"]["id"]) == (1001, 1001)
    assert "error" in await act("member", **place, status="emperor")


async def test_a_page_hears_what_happens(simulator: Simulator, call: Call) -> None:
    simulator.say("sara", "پیش از گوش دادن")
    async with call.session.get(f"{call.address}/sim/events?after=0") as stream:
        simulator.say("sara", "پس از آن")
        texts: list[str] = []
        async for line in stream.content:
            if line.startswith(b"data: "):
                texts.append(loads(line[6:])["message"]["text"])
            if len(texts) == 2:
                break
    assert texts == ["پیش از گوش دادن", "پس از آن"]


async def test_a_page_that_missed_something_is_told_to_look_again(
    simulator: Simulator, call: Call
) -> None:
    simulator.say("sara", "سلام")
    headers = {"Last-Event-ID": "999"}
    url = f"{call.address}/sim/events"
    async with call.session.get(url, headers=headers) as stream:
        await stream.content.readline()
        assert loads((await stream.content.readline())[6:]) == {"kind": "reset"}


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({}, "/sim/state", 200),
        ({"Origin": "http://evil.example"}, "/sim/state", 403),
        ({"Sec-Fetch-Site": "cross-site"}, "/sim/state", 403),
        ({"Sec-Fetch-Site": "cross-site"}, "/", 200),
        ({"Host": "evil.example"}, "/sim/state", 403),
        ({"Host": "evil.example"}, "/", 403),
        ({"Host": "localhost:1"}, "/sim/state", 200),
        ({}, "/page/../state.py", 404),
        ({}, "/page/cast.json", 404),
        ({}, "/sim/file/nothing", 404),
        ({}, "/sim/messages?chat=77", 400),
    ],
)
async def test_only_the_own_page_may_ask(
    call: Call, headers: dict[str, str], path: str, status: int
) -> None:
    async with call.session.get(f"{call.address}{path}", headers=headers) as response:
        assert response.status == status


async def test_a_form_of_another_site_cannot_speak_for_people(
    simulator: Simulator, call: Call
) -> None:
    url = f"{call.address}/sim/say"
    async with call.session.post(url, data={"person": "sara", "text": "x"}) as response:
        assert response.status == 415
    headers = {"Origin": "null"}
    wishes = {"person": "sara", "text": "x"}
    async with call.session.post(url, json=wishes, headers=headers) as response:
        assert response.status == 403
    assert simulator.messages(1001) == []


async def test_the_page_asks_nothing_of_the_world(call: Call) -> None:
    async with call.session.get(f"{call.address}/") as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http://" not in text
    assert "https://" not in text


async def test_a_file_never_becomes_a_page(simulator: Simulator, call: Call) -> None:
    page = b"<script>alert(1)</script>"
    message = simulator.send_file("sara", "x.html", page, mime_type="text/html")
    url = f"{call.address}/sim/file/{message['document']['file_id']}"
    async with call.session.get(url) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - must be refused
async def test_it_listens_on_loopback_only(simulator: Simulator, host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        async with simulator.serve(host):
            pytest.fail("it must not listen there")


async def test_what_fails_inside_the_block_comes_out_as_it_was(simulator: Simulator) -> None:
    with pytest.raises(KeyError, match="mine"):
        async with simulator.serve():
            raise KeyError("mine")
