"""Files that are made when they are sent, files that people sent, and words taken back."""

import logging
import sqlite3
from collections.abc import Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.kit.database import Database
from bot.messenger.contract import Desk, Render
from bot.messenger.errors import FileTooBig, Refused, Unreachable
from bot.messenger.platforms import BALE, TELEGRAM, Platform
from bot.messenger.transport import FETCHED_BYTES_MAX, BotApi
from bot.messenger.verdicts import Kind, judge
from bot.messenger.wire import Wire
from bot.outbox.model import OutgoingMessage
from bot.outbox.tables import outbox
from bot.outbox.use_cases import queue
from bot.simulator import PROFILES, FaultKind, Simulator
from tests.messenger.support import EchoDesk, ManualClock, Start, eventually

SARA = 1001
TOKEN = "123456:" + "a" * 35
IBAN = b"IR062960000000100324200001"
BATCH: dict[str, object] = {
    "made_of": "payout_batch",
    "id": 5,
    "name": "batch.xlsx",
    "language": "fa",
}


class Press:
    """Makes files, and remembers of what."""

    def __init__(self, *contents: bytes | Exception | None) -> None:
        self.contents = list(contents)
        self.asked: list[tuple[str, object, object]] = []

    async def __call__(
        self, kind: str, id_: str | int, params: Mapping[str, object]
    ) -> bytes | None:
        self.asked.append((kind, id_, params["language"]))
        content = self.contents.pop(0) if len(self.contents) > 1 else self.contents[0]
        if isinstance(content, Exception):
            raise content
        return content


def desk(render: Render | None) -> Desk:
    echo = EchoDesk()
    return Desk(echo.answer, echo.refuse, render=render)


async def given(database: Database, method: str, **params: object) -> None:
    async with database.transaction() as tx:
        message = OutgoingMessage(SARA, method, params)
        await queue(tx, "given", [message], ManualClock()())


async def ended(database: Database, *wanted: str) -> list[str | None]:
    async def is_so() -> bool:
        async with database.reading() as tx:
            return list((await tx.scalars(select(outbox.c.state))).all()) == list(wanted)

    await eventually(is_so)
    async with database.reading() as tx:
        return list((await tx.scalars(select(outbox.c.reason))).all())


async def test_a_file_is_made_when_it_is_sent_and_kept_nowhere(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "/start")
    simulator.world.updates.pending.clear()
    await given(database, "sendDocument", caption="Batch", document=BATCH)
    async with database.reading() as tx:
        assert IBAN not in (await tx.scalars(select(outbox.c.params))).one()
    press = Press(IBAN)
    simulator.faults.order(FaultKind.SERVER_ERROR, "sendDocument")
    async with start(desk(press)):
        await ended(database, "sent")
    message = simulator.messages(SARA)[-1]
    assert (message["document"]["file_name"], message["caption"]) == ("batch.xlsx", "Batch")
    assert simulator.world.files.by_id(message["document"]["file_id"]).content == IBAN
    assert press.asked == [("payout_batch", 5, "fa")] * 2, "made anew at each try"


@pytest.mark.parametrize("render", [None, Press(None)])
async def test_a_file_of_what_is_gone_ends_with_a_reason(
    start: Start, simulator: Simulator, database: Database, render: Render | None
) -> None:
    simulator.say(SARA, "/start")
    simulator.world.updates.pending.clear()
    await given(database, "sendDocument", document=BATCH)
    async with start(desk(render)):
        reasons = await ended(database, "dead")
    assert reasons == ["there is no payout_batch 5 to be sent any more"]
    assert simulator.journal.of("sendDocument") == []


async def test_a_file_that_could_not_be_made_once_is_made_at_the_next_try(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "/start")
    simulator.world.updates.pending.clear()
    await given(database, "sendDocument", document=BATCH)
    press = Press(KeyError(), IBAN)
    async with start(desk(press)):
        await ended(database, "sent")
    assert press.asked == [("payout_batch", 5, "fa")] * 2
    assert len(simulator.journal.of("sendDocument")) == 1, "nothing was sent of the first try"


async def test_a_file_that_can_never_be_made_does_not_hold_up_its_chat_for_ever(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "/start")
    simulator.world.updates.pending.clear()
    await given(database, "sendDocument", document=BATCH)
    async with database.transaction() as tx:
        await tx.execute(outbox.update().values(attempts=7))
    async with start(desk(Press(KeyError()))):
        assert await ended(database, "dead") == ["defect"]


@pytest.mark.parametrize("platform", [TELEGRAM, BALE])
async def test_a_file_that_somebody_sent_is_fetched(platform: Platform) -> None:
    simulator = Simulator(profile=PROFILES[platform.name])
    small = simulator.send_file(SARA, "lines.csv", b"1,2")["document"]["file_id"]
    big = simulator.send_file(SARA, "big.csv", b"x" * (FETCHED_BYTES_MAX + 1))["document"]
    async with simulator.serve() as address, Wire() as wire:
        api = BotApi(platform.at(address), simulator.token, wire)
        assert await api.fetch_file(small) == b"1,2"
        with pytest.raises(FileTooBig):
            await api.fetch_file(big["file_id"])
        with pytest.raises(Refused):
            await api.fetch_file("gone")


async def test_the_messenger_fetches_files_too(start: Start, simulator: Simulator) -> None:
    file_id = simulator.send_file(SARA, "lines.csv", b"1,2")["document"]["file_id"]
    async with start(desk(None)) as messenger:
        assert await messenger.fetch_file(file_id) == b"1,2"


@pytest.mark.parametrize(
    ("described", "failure"),
    [
        ({"file_path": "lies.csv", "file_size": 3}, FileTooBig),
        ({"file_path": "packed.csv"}, FileTooBig),
        ({"file_path": "gone.csv"}, Refused),
        ({"file_path": "broken.csv"}, Unreachable),
        ({"file_path": "../../getMe"}, Unreachable),
        ({"file_path": "http://127.0.0.1/x"}, Unreachable),
        ([], Unreachable),
        ({}, None),
    ],
)
async def test_what_a_platform_says_of_a_file_is_not_trusted(
    described: object, failure: type[Exception] | None
) -> None:
    async def describe(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": described})

    async def download(request: web.Request) -> web.Response:
        match request.match_info["path"]:
            case "the id":
                return web.Response(body=b"found by its id")
            case "gone.csv":
                return web.json_response({"ok": False, "description": "no"}, status=404)
            case "broken.csv":
                return web.Response(status=302, headers={"Location": "/elsewhere"})
            case name:
                response = web.Response(body=b"x" * (FETCHED_BYTES_MAX + 1))
                if name == "packed.csv":
                    response.enable_compression(web.ContentCoding.gzip)
                return response

    application = web.Application()
    application.router.add_post(f"/bot{TOKEN}/getFile", describe)
    application.router.add_get(f"/file/bot{TOKEN}/{{path}}", download)
    async with TestServer(application) as server, Wire() as wire:
        api = BotApi(TELEGRAM.at(str(server.make_url("/bot"))), TOKEN, wire)
        if failure is None:
            assert await api.fetch_file("the id") == b"found by its id"
            return
        with pytest.raises(failure) as caught:
            await api.fetch_file("the id")
        assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("platform", [TELEGRAM, BALE])
async def test_what_somebody_wrote_is_deleted(
    start: Start, simulator: Simulator, database: Database, platform: Platform
) -> None:
    said = simulator.say(SARA, IBAN.decode())
    simulator.world.updates.pending.clear()
    await given(database, "deleteMessage", message_id=said["message_id"])
    async with start(desk(None), platform=platform):
        assert await ended(database, "sent") == [None]
    assert simulator.messages(SARA) == []


@pytest.mark.parametrize("is_old", [False, True])
async def test_what_cannot_be_deleted_ends_and_the_chat_goes_on(
    start: Start, simulator: Simulator, database: Database, *, is_old: bool
) -> None:
    said = simulator.say(SARA, "/start")
    number = said["message_id"] if is_old else 999
    simulator.world.chats[SARA].messages[said["message_id"]].public["date"] -= 49 * 3600
    simulator.world.updates.pending.clear()
    await given(database, "deleteMessage", message_id=number)
    async with start(desk(None)):
        reasons = await ended(database, "dead" if is_old else "sent")
        assert reasons == ["400 Bad Request: message can't be deleted" if is_old else None]
        simulator.say(SARA, "hello")
        assert (await simulator.next_message(SARA))["text"] == "echo hello"


def test_a_deletion_that_is_forbidden_says_nothing_of_its_chat() -> None:
    forbidden = Refused(403, "Forbidden: not enough rights")
    assert judge(forbidden, "deleteMessage").kind is Kind.DEAD
    assert judge(forbidden).kind is Kind.UNREACHABLE
    assert judge(Unreachable("timed out"), "deleteMessage").kind is Kind.RETRY
    assert judge(Refused(409, "Conflict: another desk")).kind is Kind.RETRY
    assert judge(Refused(429, "slow", retry_after_seconds=3), "deleteMessage").kind is Kind.WAIT


async def test_a_file_that_waits_for_the_storage_is_one_line_and_is_sent_later(
    start: Start, simulator: Simulator, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    simulator.say(SARA, "/start")
    simulator.world.updates.pending.clear()
    await given(database, "sendDocument", document=BATCH)
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    async with start(desk(Press(OperationalError("SELECT", {}, full), IBAN))):
        await ended(database, "sent")
    (line,) = [record for record in caplog.records if record.name == "bot.messenger.sender"]
    assert line.getMessage().endswith("the disk is full; make room (SQLITE_FULL)")
    assert line.exc_info is None
