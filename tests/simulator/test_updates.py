"""How updates reach the bot: once confirmed they are gone, until then they stay."""

import asyncio
from collections.abc import Callable

from bot.simulator import Simulator

Call = Callable[..., object]


async def ids(call: Call, **params: object) -> list[int]:
    answer = await call("getUpdates", **params)
    return [update["update_id"] for update in answer.body["result"]]


async def test_updates_stay_until_the_offset_confirms_them(
    simulator: Simulator, call: Call
) -> None:
    for text in ("یک", "دو", "سه"):
        simulator.say("sara", text)
    first, second, third = await ids(call)
    assert await ids(call) == [first, second, third]
    assert await ids(call, limit=2) == [first, second]
    assert await ids(call, offset=second) == [second, third]
    assert await ids(call) == [second, third]
    assert await ids(call, offset=-1) == [third]
    assert await ids(call, offset=third + 1) == []
    assert await ids(call) == []


async def test_a_waiting_poll_ends_as_soon_as_somebody_speaks(
    simulator: Simulator, call: Call
) -> None:
    async with asyncio.TaskGroup() as group, asyncio.timeout(5):
        poll = group.create_task(ids(call, timeout=50))
        await simulator.until(lambda: simulator.world.updates.is_polled)
        simulator.say("sara", "سلام")
    assert len(poll.result()) == 1
    assert simulator.journal.of("getUpdates")[0].update_ids == poll.result()


async def test_a_second_poll_ends_the_first(simulator: Simulator, call: Call) -> None:
    async with asyncio.TaskGroup() as group, asyncio.timeout(5):
        first = group.create_task(call("getUpdates", timeout=50))
        await simulator.until(lambda: simulator.world.updates.is_polled)
        second = group.create_task(call("getUpdates", timeout=50))
        await asyncio.wait({first})
        simulator.say("sara", "سلام")
    assert first.result().status == 409
    assert first.result().description.startswith(
        "Conflict: terminated by other getUpdates request"
    )
    assert len(second.result().body["result"]) == 1


async def test_the_end_of_the_simulator_sends_a_waiting_poll_home(simulator: Simulator) -> None:
    world = simulator.world

    async def leave() -> None:
        await simulator.until(lambda: world.updates.is_polled)
        world.updates.close()

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        poll = group.create_task(world.updates.poll(0, 100, 50))
        group.create_task(leave())
    assert poll.result() == []


async def test_only_the_kinds_asked_for_are_kept(simulator: Simulator, call: Call) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    simulator.say("sara", "سلام")
    assert await ids(call) == []
    await call("getUpdates", allowed_updates=[])
    simulator.say("sara", "سلام")
    assert len(await ids(call)) == 1


async def test_duplicates_disorder_and_odd_updates_can_be_ordered(
    simulator: Simulator, call: Call
) -> None:
    simulator.world.updates.duplicate_next(1)
    simulator.say("sara", "دو بار")
    simulator.world.updates.reverse_next(2)
    simulator.say("sara", "یک")
    simulator.say("sara", "دو")
    simulator.push({"message": {"text": 7}})
    simulator.push({"update_id": 5, "message": {"text": "lone \ud800"}})
    answer = await call("getUpdates")
    update_ids = [update["update_id"] for update in answer.body["result"]]
    first = update_ids[0]
    assert update_ids == [first, first, first + 2, first + 1, first + 3, 5]
    assert answer.body["result"][-1]["message"]["text"] == "lone \ud800"
    assert await ids(call, offset=first + 2) == [first + 2, first + 3]


async def test_a_button_label_or_its_payload_presses_it(simulator: Simulator, call: Call) -> None:
    simulator.say("sara", "/start")
    markup = {"inline_keyboard": [[{"text": "بله", "callback_data": "yes"}]]}
    sent = (await call("sendMessage", chat_id=1001, text="?", reply_markup=markup)).body["result"]
    simulator.press("sara", sent["message_id"], "yes")
    simulator.press("sara", sent["message_id"], "بله")
    queries = [one["callback_query"] for one in (await call("getUpdates")).body["result"][1:]]
    assert [query["data"] for query in queries] == ["yes", "yes"]
    assert queries[0]["id"] != queries[1]["id"]
    assert queries[0]["message"] == sent


async def test_the_next_message_is_awaited(simulator: Simulator, call: Call) -> None:
    simulator.say("sara", "/start")
    async with asyncio.TaskGroup() as group, asyncio.timeout(5):
        answer = group.create_task(simulator.next_message(1001))
        await call("sendMessage", chat_id=1001, text="پاسخ")
    assert answer.result()["text"] == "پاسخ"


async def test_memory_stays_bounded(simulator: Simulator, call: Call) -> None:
    simulator.say("sara", "/start")
    journal = simulator.journal.calls
    assert journal.maxlen is not None
    for _ in range(3):
        await call("getMe")
    assert simulator.journal.counts == {"getMe": 3}
    assert simulator.world.updates.pending.maxlen is not None
