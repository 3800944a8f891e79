"""Die at the n-th event, for every n: whatever was lost in memory, nothing is lost in the file.

An event is a statement, a commit, the making of a file, or one side of a call to the platform.
The death is a BaseException that no code of ours catches; the next life starts from the same file.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, event, insert, select

from bot.inbox.tables import inbox
from bot.kit.database import Database, Transaction
from bot.messenger.contract import Desk, Outcome
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.outbox.model import OutgoingMessage
from bot.outbox.tables import outbox, said_about
from tests.messenger.support import EchoDesk

_LIVES_MAX = 400
_READER = 8  # is sent a file that is made when it is sent
effects = Table(
    "effect",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("op_key", String, unique=True),
)


class Died(BaseException):
    """The process is no more."""


class Fuse:
    """Burns down by one at each event and kills at zero."""

    def __init__(self, length: int) -> None:
        self.left = length

    def burn(self, *_args: object, **_more: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise Died


class Platform(BotApi):
    """A platform in memory: three updates, of which two are one chat's."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__(TELEGRAM, "1:x", Wire())
        self.fuse = fuse
        self.heard: dict[int, list[object]] = defaultdict(list)
        self.numbers: dict[str, int] = {}
        self.told = 0
        self.updates = [
            {"update_id": number, "message": {"chat": {"id": chat}, "text": f"t{number}"}}
            for number, chat in ((1, 7), (2, 7), (3, 8))
        ]

    async def call(
        self, method: str, params: dict[str, Any], *, timeout_seconds: float = 0
    ) -> object:
        del timeout_seconds
        self.fuse.burn()
        if method == "getUpdates":
            waiting = [u for u in self.updates if u["update_id"] >= params["offset"]]
            if not waiting:
                await asyncio.Event().wait()
            return waiting
        text = params["text"] if method == "sendMessage" else params["caption"]
        assert method == "sendMessage" or params["document"]["file_bytes"] == b"5"
        self.heard[params["chat_id"]].append(text)
        self.told += 1
        self.numbers[text] = self.told
        self.fuse.burn()
        return {"message_id": self.told}

    async def make(self, _kind: str, id_: str | int, _params: object) -> bytes:
        self.fuse.burn()
        return str(id_).encode()


async def answer(tx: Transaction, update: dict[str, Any], _now: datetime) -> Outcome:
    text = update["message"]["text"]
    await tx.execute(insert(effects), {"op_key": text})
    said: dict[str, object] = {"text": f"echo {text}"}
    chat_id = update["message"]["chat"]["id"]
    if chat_id == _READER:
        made = {"made_of": "list", "id": 5, "name": "list.csv"}
        said = {"caption": said["text"], "document": made}
        return Outcome([OutgoingMessage(chat_id, "sendDocument", said, about=f"about {text}")])
    return Outcome([OutgoingMessage(chat_id, "sendMessage", said, about=f"about {text}")])


async def live(url: str, platform: Platform, is_over: Callable[[Platform], bool]) -> None:
    """Run one life until it dies or everything is said and accounted for."""
    database = Database.open(url)
    engine = database._engine.sync_engine
    opened: list[Any] = []
    event.listen(engine, "connect", lambda connection, _: opened.append(connection))
    event.listen(engine, "before_cursor_execute", platform.fuse.burn)
    event.listen(engine, "commit", platform.fuse.burn)
    desk = Desk(answer, EchoDesk().refuse, render=platform.make)
    limiter = Limiter(1000, is_paced=False)
    stop = asyncio.Event()

    async def watch() -> None:
        while not (  # noqa: ASYNC110 - a row in a file rings no bell
            is_over(platform) and await _is_accounted_for(url)
        ):
            await asyncio.sleep(0.01)
        stop.set()

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Messenger(database, platform, desk, limiter=limiter).run(stop))
            group.create_task(watch())
    finally:
        for connection in opened:
            await _end(connection.driver_connection)
        await database.close()


async def _end(connection: aiosqlite.Connection) -> None:
    """Do what the kernel does for the dead: here tracebacks hold cursors, and those the lock."""
    with suppress(ValueError):  # It was closed in good order.
        await connection.rollback()
    await connection.close()


async def _is_accounted_for(url: str) -> bool:
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            states = (await tx.scalars(select(outbox.c.state))).all()
    finally:
        await database.close()
    return list(states) == ["sent"] * 3


@pytest.mark.about_a_file("undoes what was begun as the process does that has a file")
async def test_a_death_at_any_event_loses_nothing_and_does_nothing_twice(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as tx:
        await tx.run_sync(effects.create)
    deaths = 0
    for length in range(1, _LIVES_MAX):
        async with database.transaction() as tx:
            for table in (inbox, outbox, said_about, effects):
                await tx.execute(table.delete())
        if not await _dies_and_recovers(database, database_url, length):
            break
        deaths += 1
    else:
        raise AssertionError("the sweep did not reach its end")
    assert deaths > 30


async def _dies_and_recovers(database: Database, url: str, length: int) -> bool:
    platform = Platform(Fuse(length))
    everything = {7: ["echo t1", "echo t2"], 8: ["echo t3"]}

    def is_over(platform: Platform) -> bool:
        return all(set(platform.heard[chat]) == set(said) for chat, said in everything.items())

    try:
        await live(url, platform, is_over)
    except BaseExceptionGroup as group:
        if group.split(Died)[1] is not None:
            raise
    has_died = platform.fuse.left <= 0
    platform.fuse = Fuse(0)
    await live(url, platform, is_over)
    async with database.reading() as tx:
        done = (await tx.execute(select(inbox.c.update_id, inbox.c.state))).all()
        kept = (await tx.scalars(select(effects.c.op_key))).all()
        known = (await tx.execute(select(said_about.c.about, said_about.c.message_id))).all()
    assert [tuple(row) for row in done] == [(1, "done"), (2, "done"), (3, "done")], length
    assert sorted(kept) == ["t1", "t2", "t3"], length
    last_told = [(text.replace("echo", "about"), n) for text, n in platform.numbers.items()]
    assert sorted(tuple(row) for row in known) == sorted(last_told), length
    heard = {chat: list(dict.fromkeys(said)) for chat, said in platform.heard.items()}
    assert heard == everything, length
    return has_died
