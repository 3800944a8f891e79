"""A desk whose answers a test can read off, and ways to wait for what it did."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.inbox.model import DeadLetter
from bot.kit.clock import now
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError, InvalidInput
from bot.messenger.contract import Desk, DirectCall, Outcome
from bot.messenger.limits import Limiter
from bot.messenger.messenger import Messenger
from bot.messenger.transport import BotApi
from bot.outbox.model import OutgoingMessage, Priority

STAFF = 900


class Poison(Exception):  # noqa: N818 - it is what it is
    """What a defect in the desk raises here."""


def say(chat_id: int, text: str, priority: Priority = Priority.ANSWER) -> OutgoingMessage:
    return OutgoingMessage(chat_id, "sendMessage", {"text": text}, priority)


@dataclass
class EchoDesk:
    """Says and notes what it hears; refuses "no", breaks on "poison"."""

    heard: list[str] = field(default_factory=list)
    prepared: list[int] = field(default_factory=list)
    noted: list[list[object]] = field(default_factory=list)

    async def answer(self, _tx: Transaction, update: dict[str, Any], _now: datetime) -> Outcome:
        message = update.get("message")
        if message is None or "text" not in message:
            return Outcome()
        text, chat_id = str(message.get("text", "")), message["chat"]["id"]
        self.heard.append(text)
        if text == "no":
            raise InvalidInput
        if text == "poison":
            raise Poison
        typing = DirectCall("sendChatAction", {"chat_id": chat_id, "action": "typing"})
        return Outcome([say(chat_id, f"echo {text}")], [typing], [text])

    async def refuse(
        self, _tx: Transaction, update: dict[str, Any], error: DeskError, _now: datetime
    ) -> Outcome:
        return Outcome([say(update["message"]["chat"]["id"], type(error).__name__)])

    async def alarm(
        self, _tx: Transaction, dead: DeadLetter, update: dict[str, Any], _now: datetime
    ) -> Outcome:
        text = update["message"]["text"]
        said = f"{dead.error} after {dead.attempts}: {text}"
        return Outcome([say(STAFF, said, Priority.NOTICE)])

    async def prepare(self, updates: Sequence[dict[str, Any]]) -> None:
        self.prepared.append(len(updates))

    async def note(self, _tx: Transaction, notes: Sequence[object], _now: datetime) -> None:
        self.noted.append(list(notes))

    def desk(self) -> Desk:
        return Desk(self.answer, self.refuse, self.prepare, self.alarm, note=self.note)


class ManualClock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = now()

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


Start = Callable[..., AbstractAsyncContextManager[Messenger]]


async def eventually(is_so: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110 - a row in a file rings no bell
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(
    database: Database, api: BotApi, desk: Desk, *, limiter: Limiter | None = None, **more: Any
) -> AsyncIterator[Messenger]:
    """Run a messenger for as long as a block lasts, and end it as SIGTERM would."""
    messenger = Messenger(database, api, desk, limiter=limiter or Limiter(10_000), **more)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(messenger.run(stop))
        try:
            yield messenger
        finally:
            stop.set()


async def set_pages_max(database: Database, pages: int) -> None:
    """Each connection has its own limit, and the pool has up to five."""
    async with database._writing:
        await database._writer.close()  # one of them is the writer's
        connections = [database._engine.connect() for _ in range(5)]
        opened = [await connection.__aenter__() for connection in connections]
        for tx in opened:
            raw = await tx.get_raw_connection()
            assert raw.driver_connection is not None
            await raw.driver_connection.execute_fetchall(f"PRAGMA max_page_count={pages}")
        for tx in opened:
            await tx.close()
