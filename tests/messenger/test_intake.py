"""What the platform may do to us without an update being lost or the loop ending."""

import asyncio

import pytest
from sqlalchemy import select

from bot.inbox.tables import inbox
from bot.kit.clock import now
from bot.kit.database import Database
from bot.messenger.admission import Admission, chat_key_of
from bot.messenger.intake import Intake
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.simulator import FaultKind, Simulator

SARA = 1001


async def kept(database: Database) -> list[int]:
    async with database.reading() as tx:
        return list((await tx.scalars(select(inbox.c.update_id).order_by(inbox.c.id))).all())


def fetching(database: Database, api: BotApi, arrived: asyncio.Event | None = None) -> Intake:
    admission = Admission(database, api.bot_id, clock=now, arrived=arrived or asyncio.Event())
    return Intake(api, admission)


async def run_until_kept(database: Database, api: BotApi, count: int) -> Intake:
    arrived, stop = asyncio.Event(), asyncio.Event()
    intake = fetching(database, api, arrived)
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run(stop))
        async with asyncio.timeout(10):
            while len(await kept(database)) < count:
                await arrived.wait()
                arrived.clear()
        stop.set()
        intake.interrupt()
    return intake


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.SERVER_ERROR,
        FaultKind.BAD_JSON,
        FaultKind.CONFLICT,
        FaultKind.UNAUTHORIZED,
        FaultKind.CUT_BEFORE,
        FaultKind.CUT_AFTER,
        FaultKind.TOO_MANY_REQUESTS,
    ],
)
async def test_fetching_goes_on_after_a_fault(
    simulator: Simulator, database: Database, api: BotApi, kind: FaultKind
) -> None:
    simulator.faults.order(kind, "getUpdates")
    simulator.say(SARA, "hello")
    await run_until_kept(database, api, 1)
    assert not simulator.faults.waiting


async def test_an_update_is_confirmed_only_after_it_is_kept(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    simulator.say(SARA, "a")
    simulator.say(SARA, "b")
    await run_until_kept(database, api, 2)
    offsets = [call.params.get("offset") for call in simulator.journal.of("getUpdates")]
    assert offsets[0] == 0
    assert set(offsets[1:]) <= {max(await kept(database)) + 1}


@pytest.mark.about_a_file("fills the disk of the file")
async def test_updates_that_were_not_kept_are_fetched_again(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    async with database.transaction() as tx:
        pages = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    for _ in range(20):
        simulator.say(SARA, "x" * 4000)
    arrived, stop = asyncio.Event(), asyncio.Event()
    intake = fetching(database, api, arrived)
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run(stop))
        await simulator.until(lambda: len(simulator.journal.of("getUpdates")) >= 2)
        assert intake.last_success_at is None
        async with database.transaction() as tx:
            await tx.exec_driver_sql("PRAGMA max_page_count=1000000")
        await asyncio.wait_for(arrived.wait(), 10)
        stop.set()
        intake.interrupt()
    assert len(await kept(database)) == 20
    assert {call.params["offset"] for call in simulator.journal.of("getUpdates")[:2]} == {0}


async def test_odd_updates_do_not_hold_up_the_others(
    simulator: Simulator, database: Database, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    chat = '"chat":{"id":5}'
    simulator.say(SARA, "before")
    simulator.push(b'{"update_id":900001,"message":{%s,"text":"\\ud800"}}' % chat.encode())
    simulator.push(b'{"update_id":900002,"message":{%s,"text":"\\u0000"}}' % chat.encode())
    simulator.push(b'{"update_id":"900003","message":{}}')
    simulator.push(b'{"update_id":900004,"unknown_kind":[1,2]}')
    simulator.push(b'{"update_id":900005}')
    simulator.push(b'{"update_id":99999999999999999999}')
    simulator.push(b"[]")
    await run_until_kept(database, api, 5)
    assert (await kept(database))[1:] == [900001, 900002, 900004, 900005]
    assert caplog.text.count("is skipped") >= 3


async def test_an_update_nested_too_deeply_is_skipped_and_confirmed(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    for depth in (300, 980, 1000, 1015):
        body = b'{"update_id":%d,"message":%s}' % (900_000 + depth, b"[" * depth + b"]" * depth)
        simulator.push(body)
    simulator.say(SARA, "after")
    await run_until_kept(database, api, 2)
    assert (await kept(database))[0] == 900_300
    assert len(await kept(database)) < 5


class Stubborn(BotApi):
    """A platform that says one thing until it is confirmed, and then nothing more."""

    def __init__(self, batch: list[object]) -> None:
        super().__init__(TELEGRAM, "1:x", Wire())
        self.batch = batch
        self.offsets: list[object] = []

    async def call(
        self, method: str, params: dict[str, object], *, timeout_seconds: float = 0
    ) -> object:
        del method, timeout_seconds
        self.offsets.append(params["offset"])
        if params["offset"] == 900_002:
            await asyncio.Event().wait()
        return self.batch


async def _asked_of(platform: Stubborn, database: Database) -> list[object]:
    stop = asyncio.Event()
    intake = fetching(database, platform)
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run(stop))
        await asyncio.sleep(0.2)
        stop.set()
        intake.interrupt()
    return platform.offsets


async def test_a_batch_of_which_nothing_can_be_kept_is_got_past(database: Database) -> None:
    platform = Stubborn([{"update_id": "900001", "message": {}}, {"message": {}}])
    assert await _asked_of(platform, database) == [0, 900_002]


async def test_what_can_be_neither_kept_nor_confirmed_is_asked_for_with_pauses(
    database: Database,
) -> None:
    platform = Stubborn([{"update_id": 10**20}, {"update_id": "1" * 30}, {"message": {}}, 5])
    assert await _asked_of(platform, database) == [0]


async def test_the_end_does_not_wait_for_the_long_poll(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    stop = asyncio.Event()
    intake = fetching(database, api)
    async with asyncio.timeout(3), asyncio.TaskGroup() as group:
        group.create_task(intake.run(stop))
        await simulator.until(lambda: bool(simulator.journal.of("getUpdates")))
        stop.set()
        intake.interrupt()
    assert len(simulator.journal.of("getUpdates")) == 1, "it asks no more"


async def test_a_webhook_that_was_set_is_removed_and_nothing_of_what_waits_is_lost(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    simulator.world.webhook.set("http://127.0.0.1:9/hook", "", 1)
    simulator.say(SARA, "hello")
    await run_until_kept(database, api, 1)
    (call,) = simulator.journal.of("deleteWebhook")
    assert call.params["drop_pending_updates"] is False
    assert simulator.world.webhook.url == ""


async def test_another_process_that_fetches_is_no_webhook(
    simulator: Simulator, database: Database, api: BotApi
) -> None:
    simulator.faults.order(FaultKind.CONFLICT, "getUpdates")
    simulator.say(SARA, "hello")
    await run_until_kept(database, api, 1)
    assert simulator.journal.of("deleteWebhook") == []


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": -5}, "from": {"id": 7}}}, -5),
        (
            {
                "update_id": 1,
                "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}},
            },
            -5,
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, 7),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 7}, "from": {"id": 8}}}, 7),
        ({"update_id": 1, "poll_answer": {"user": {"id": 7}}}, 7),
        ({"update_id": 1, "message": {"chat": {"id": "7"}}}, 0),
        ({"update_id": 1, "poll": {"id": "x"}}, 0),
    ],
)
def test_an_update_belongs_to_its_chat_or_its_person(update: dict[str, object], chat: int) -> None:
    assert chat_key_of(update) == chat
