"""From an update to its answer: the real loops, a real file and a real connection."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.inbox.model import Received
from bot.inbox.tables import inbox
from bot.inbox.use_cases import finish, heads, receive
from bot.kit.clock import now
from bot.kit.database import Database, Transaction
from bot.kit.sqlite import database_path
from bot.messenger.contract import Desk, Outcome
from bot.messenger.limits import Limiter
from bot.messenger.reading import dumps
from bot.messenger.transport import BotApi
from bot.messenger.worker import Worker
from bot.outbox.model import OutgoingMessage, Results
from bot.outbox.tables import outbox
from bot.outbox.use_cases import claim, queue, record
from bot.simulator import FaultKind, Simulator
from tests.messenger.support import (
    STAFF,
    EchoDesk,
    ManualClock,
    Start,
    eventually,
    running,
    say,
    set_pages_max,
)

SARA, ALI, MARYAM = 1001, 1002, 1003


def heard(simulator: Simulator, chat: int) -> list[str]:
    return [str(m["text"]) for m in simulator.messages(chat) if m["from"]["is_bot"]]


async def until_heard(simulator: Simulator, chat: int, *texts: str) -> None:
    await simulator.until(lambda: heard(simulator, chat) == list(texts))


async def states(database: Database) -> list[tuple[str, str | None]]:
    async with database.reading() as tx:
        rows = await tx.execute(select(outbox.c.state, outbox.c.reason).order_by(outbox.c.id))
        return [(row.state, row.reason) for row in rows]


async def until_states(database: Database, *wanted: str) -> list[str | None]:
    async def is_so() -> bool:
        return [state for state, _ in await states(database)] == list(wanted)

    await eventually(is_so)
    return [reason for _, reason in await states(database)]


async def given_queued(database: Database, *messages: OutgoingMessage) -> None:
    async with database.transaction() as tx:
        await queue(tx, "given", messages, ManualClock()())


async def test_an_update_is_answered_and_then_blank(
    start: Start, simulator: Simulator, database: Database
) -> None:
    async with start(EchoDesk().desk()):
        simulator.say(SARA, "hello")
        await until_heard(simulator, SARA, "echo hello")
        await simulator.until(lambda: bool(simulator.journal.of("sendChatAction")))
        await until_states(database, "sent")
    async with database.reading() as tx:
        assert (await tx.scalars(select(inbox.c.payload))).all() == [None]


async def test_a_chat_is_answered_in_order_while_many_speak(
    start: Start, simulator: Simulator
) -> None:
    for chat in range(500, 510):
        simulator.add_person(f"p{chat}", chat, "Citizen")
    async with start(EchoDesk().desk(), limiter=Limiter(10_000, is_paced=False)):
        for number in range(8):
            for chat in range(500, 510):
                simulator.say(chat, str(number))
        wanted = [f"echo {number}" for number in range(8)]
        await simulator.until(lambda: len(simulator.journal.of("sendMessage")) == 80)
    for chat in range(500, 510):
        assert heard(simulator, chat) == wanted


async def test_the_same_update_again_and_again_has_one_effect(
    start: Start, simulator: Simulator
) -> None:
    desk = EchoDesk()
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": SARA, "type": "private"},
        "from": {"id": SARA, "is_bot": False, "first_name": "S"},
        "text": "once",
    }
    async with start(desk.desk()):
        simulator.say(SARA, "first")
        simulator.push({"message": message})
        for _ in range(4):
            simulator.push({"update_id": simulator.last_update_id, "message": message})
        simulator.say(SARA, "last")
        await until_heard(simulator, SARA, "echo first", "echo once", "echo last")
    assert desk.heard == ["first", "once", "last"]


async def test_a_refusal_is_put_into_words_and_harms_no_other(
    start: Start, simulator: Simulator
) -> None:
    desk = EchoDesk()
    async with start(desk.desk()):
        simulator.say(SARA, "no")
        simulator.say(ALI, "hello")
        await until_heard(simulator, SARA, "InvalidInput")
        await until_heard(simulator, ALI, "echo hello")
    assert desk.prepared
    assert max(desk.prepared) <= 2


async def test_what_a_refused_update_had_written_is_undone(
    start: Start, simulator: Simulator, database: Database
) -> None:
    desk = EchoDesk()

    async def answer(tx: Transaction, update: dict[str, Any], now: datetime) -> Outcome:
        await queue(tx, f"side {update['update_id']}", [say(ALI, "side effect")], now)
        return await desk.answer(tx, update, now)

    simulator.say(ALI, "hello")
    async with start(type(desk.desk())(answer, desk.refuse)):
        simulator.say(SARA, "no")
        await until_heard(simulator, SARA, "InvalidInput")
        await until_heard(simulator, ALI, "side effect", "echo hello")
    assert len(await states(database)) == 3


async def test_poison_is_given_up_with_an_alarm_and_the_chat_goes_on(
    start: Start, simulator: Simulator
) -> None:
    clock = ManualClock()
    async with start(EchoDesk().desk(), clock=clock) as messenger:
        simulator.say(SARA, "poison")
        simulator.say(SARA, "hello")
        simulator.say(ALI, "hello")
        await until_heard(simulator, ALI, "echo hello")

        async def is_over() -> bool:
            clock.advance(seconds=20)
            messenger._arrived.set()
            return heard(simulator, SARA) == ["echo hello"]

        await eventually(is_over)
        await until_heard(simulator, STAFF, "Poison after 5: poison")
        assert (await messenger.health()).dead_letters == 1


@pytest.mark.about_a_file("on a server nobody else can: who answers a letter has it locked")
async def test_an_update_that_somebody_else_finished_meanwhile_ends_nothing(
    database: Database,
) -> None:
    desk = EchoDesk()
    updates = [
        (chat, {"update_id": chat, "message": {"chat": {"id": chat}, "text": text}})
        for chat, text in ((SARA, "hello"), (ALI, "poison"), (MARYAM, "hello"))
    ]
    async with database.transaction() as tx:
        given = [Received(1, chat, chat, dumps(update)) for chat, update in updates]
        await receive(tx, given, now())

    async def prepare(_updates: Sequence[dict[str, Any]]) -> None:
        async with database.transaction() as tx:
            letters = await heads(tx, now(), 1)
            await finish(tx, [letters[0].id], now())

    worker = Worker(
        database,
        Desk(desk.answer, desk.refuse, prepare),
        clock=now,
        arrived=asyncio.Event(),
        queued=lambda: None,
        call_directly=lambda _call: None,
    )
    assert await worker.work_once()
    assert await states(database) == []


async def test_a_failing_preparation_loses_nothing(start: Start, simulator: Simulator) -> None:
    desk = EchoDesk()

    async def prepare(_updates: Sequence[dict[str, Any]]) -> None:
        raise ZeroDivisionError

    async with start(type(desk.desk())(desk.answer, desk.refuse, prepare)):
        simulator.say(SARA, "hello")
        await until_heard(simulator, SARA, "echo hello")


async def test_a_429_holds_its_chat_and_no_other(start: Start, simulator: Simulator) -> None:
    simulator.faults.order(FaultKind.TOO_MANY_REQUESTS, "sendMessage", chat_id=SARA)
    async with start(EchoDesk().desk()):
        simulator.say(SARA, "a")
        await simulator.until(lambda: not simulator.faults.waiting)
        simulator.say(SARA, "b")
        simulator.say(ALI, "c")
        await until_heard(simulator, ALI, "echo c")
        assert heard(simulator, SARA) == []
        await until_heard(simulator, SARA, "echo a", "echo b")


@pytest.mark.parametrize("kind", ["server_error", "bad_json", "cut_before"])
async def test_a_message_that_did_not_arrive_is_said_again(
    start: Start, simulator: Simulator, kind: str
) -> None:
    simulator.faults.order(kind, "sendMessage")
    async with start(EchoDesk().desk()):
        simulator.say(SARA, "hello")
        await until_heard(simulator, SARA, "echo hello")
    assert len(simulator.journal.of("sendMessage")) == 2


async def test_someone_who_blocked_the_bot_ends_what_waits_and_is_back_when_they_speak(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "hello")
    async with start(EchoDesk().desk()) as messenger:
        await until_heard(simulator, SARA, "echo hello")
        await until_states(database, "sent")
        simulator.block(SARA)
        calls = len(simulator.journal.of("sendMessage"))
        await given_queued(database, say(SARA, "one"), say(SARA, "two"))
        messenger.wake()
        reasons = await until_states(database, "sent", "dead", "dead")
        assert all("blocked" in str(reason) for reason in reasons[1:])
        assert len(simulator.journal.of("sendMessage")) == calls + 1
        simulator.unblock(SARA)
        simulator.say(SARA, "again")
        await until_heard(simulator, SARA, "echo hello", "echo again")
        async with database.transaction() as tx:
            await queue(tx, "later", [say(SARA, "notice")], ManualClock()())
        messenger.wake()
        await until_heard(simulator, SARA, "echo hello", "echo again", "notice")


async def test_a_group_that_became_a_supergroup_gets_what_was_for_it_in_order(
    start: Start, simulator: Simulator, database: Database
) -> None:
    group = simulator.add_group("Staff", ["officer"], kind="group")
    moved_to = simulator.migrate(group)
    await given_queued(database, *(say(group, text) for text in "abc"))
    async with start(EchoDesk().desk(), limiter=Limiter(10_000, is_paced=False)) as messenger:
        await until_heard(simulator, moved_to, "a", "b", "c")
        async with database.transaction() as tx:
            await queue(tx, "later", [say(group, "d")], ManualClock()())
        calls = len(simulator.journal.of("sendMessage"))
        messenger.wake()
        await until_heard(simulator, moved_to, "a", "b", "c", "d")
        assert len(simulator.journal.of("sendMessage")) == calls + 1


async def test_broken_markup_is_said_as_plain_text(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "/start")
    params: dict[str, object] = {"text": "a <b>bold &amp; broken", "parse_mode": "HTML"}
    await given_queued(database, OutgoingMessage(SARA, "sendMessage", params))
    async with start(EchoDesk().desk()):
        await simulator.until(lambda: "a bold & broken" in heard(simulator, SARA))
    asked, again = (call.params for call in simulator.journal.of("sendMessage")[:2])
    assert asked["parse_mode"] == "HTML"
    assert "parse_mode" not in again


async def test_an_edit_of_what_is_gone_is_said_anew_and_an_idle_one_is_enough(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.say(SARA, "/start")
    async with start(EchoDesk().desk()) as messenger:
        said = await simulator.next_message(SARA)
        edits = [
            OutgoingMessage(SARA, "editMessageText", {"message_id": number, "text": text})
            for number, text in ((99_999, "anew"), (said["message_id"], "echo /start"))
        ]
        await given_queued(database, *edits)
        messenger.wake()
        await until_heard(simulator, SARA, "echo /start", "anew")
        assert await until_states(database, "sent", "sent", "sent") == [None] * 3


async def test_a_message_that_waited_a_day_is_not_said_any_more(
    start: Start, simulator: Simulator, database: Database
) -> None:
    await given_queued(database, say(SARA, "yesterday's news"))
    clock = ManualClock()
    clock.advance(hours=25)
    async with start(EchoDesk().desk(), clock=clock):
        assert await until_states(database, "dead") == ["expired"]
    assert simulator.journal.of("sendMessage") == []


async def test_a_crash_of_a_loop_is_a_crash_of_the_messenger(
    start: Start, simulator: Simulator
) -> None:
    class Broken(Exception):  # noqa: N818 - it is what it is
        pass

    def clock() -> datetime:
        if simulator.journal.of("getUpdates"):
            raise Broken
        return ManualClock()()

    async def run() -> None:
        async with start(EchoDesk().desk(), clock=clock):
            simulator.say(SARA, "hello")
            await asyncio.sleep(5)

    with pytest.raises(ExceptionGroup) as caught:
        await run()
    assert caught.value.subgroup(Broken) is not None


async def test_the_end_waits_for_what_is_on_its_way(
    start: Start, simulator: Simulator, database: Database
) -> None:
    simulator.faults.order(FaultKind.DELAY, "sendMessage", delay_seconds=0.5)
    async with start(EchoDesk().desk()):
        simulator.say(SARA, "hello")
        await simulator.until(lambda: bool(simulator.journal.of("sendMessage")))
    assert await states(database) == [("sent", None)]
    assert heard(simulator, SARA) == ["echo hello"]


@pytest.mark.about_a_file("looks into the bytes of the file")
async def test_what_was_written_and_said_is_in_no_file_after_housekeeping(
    start: Start, database: Database, database_url: str
) -> None:
    question, words = b"a question about my sister " * 400, "an answer about my sister " * 400
    async with database.transaction() as tx:
        await receive(tx, [Received(1, 1, SARA, question)], now())
        await queue(tx, "given", [say(SARA, words)], now())
    async with database.reading() as tx:
        kept = select(inbox.c.payload).union_all(select(outbox.c.params))
        sealed = [one[-40:] for one in await tx.scalars(kept)]
    async with database.transaction() as tx:
        await finish(tx, [letter.id for letter in await heads(tx, now(), 1)], now())
        await record(tx, Results(sent=[said.id for said in await claim(tx, now(), 1)]), now())
    assert all(one in _files_content(database_url) for one in sealed), (
        "the log was emptied before housekeeping"
    )
    assert b"about my sister" not in _files_content(database_url)

    async def is_forgotten() -> bool:
        content = _files_content(database_url)
        return not any(one in content for one in sealed)

    async with start(EchoDesk().desk()):
        await eventually(is_forgotten)


def _files_content(database_url: str) -> bytes:
    path = database_path(database_url)
    assert path is not None
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def test_the_end_leaves_the_wire_to_others(database: Database, api: BotApi) -> None:
    async with running(database, api, EchoDesk().desk()):
        pass
    assert await api.call("getMe", {})


async def test_what_waits_for_its_turn_at_the_end_is_said_after_the_next_start(
    start: Start, simulator: Simulator
) -> None:
    for text in "abcdef":
        simulator.say(SARA, text)
    async with start(EchoDesk().desk()):
        await until_heard(simulator, SARA, "echo a", "echo b", "echo c")
    async with start(EchoDesk().desk(), limiter=Limiter(10_000, is_paced=False)):
        await until_heard(simulator, SARA, *(f"echo {text}" for text in "abcdef"))
    assert len(simulator.journal.of("sendMessage")) == 6, "nothing was said twice"


@pytest.mark.about_a_file("fills the disk of the file")
async def test_a_full_disk_is_survived_and_told_without_a_traceback(
    start: Start, simulator: Simulator, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(str(database._engine.url.database))) as connection:
        connection.execute("VACUUM")  # Migrations leave pages that are free.
    async with start(EchoDesk().desk()) as messenger:
        simulator.say(SARA, "before")
        await until_heard(simulator, SARA, "echo before")
        async with database.transaction() as tx:
            pages = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await set_pages_max(database, pages)
        simulator.say(SARA, "x" * 4000)
        simulator.say(ALI, "y" * 4000)
        failures = len(simulator.journal.of("getUpdates"))
        await simulator.until(lambda: len(simulator.journal.of("getUpdates")) > failures + 1)
        await set_pages_max(database, 1_000_000)
        await simulator.until(lambda: bool(heard(simulator, ALI)), 10)
        assert (await messenger.health()).is_healthy
    assert "updates cannot be kept: the disk is full; make room" in caplog.text
    assert "Traceback" not in caplog.text
