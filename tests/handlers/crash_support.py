"""A process that dies, or a defect, at any statement of an act: before or after, never between."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.database import Database
from bot.messenger.reading import dumps
from bot.messenger.worker import Worker
from tests.faults.scale import chance, many
from tests.handlers.support import DeskUnderTest
from tests.keys_support import opened
from tests.window import Window, window_into

_TRIES_MAX = 600
_LEFT_OUT = ("audit_link", "audit_head", "firing")  # of what is drawn at random, or when it was
_CODE = re.compile(r"(?<![A-Z0-9])(?:P-[2-9A-Z]{7}|[2-9A-Z]{5}-?[2-9A-Z]{5})(?![A-Z0-9])")
Update = tuple[str, object]
Act = Callable[[Database], Awaitable[object]]


class Died(BaseException):
    """The process is no more."""


class Broken(Exception):  # noqa: N818 - what happened, not what it is
    """A defect."""


@dataclass
class Fuse:
    """Burns down by one at each statement, and fails at zero."""

    left: int
    failure: type[BaseException]

    def burn(self, *_args: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.failure


async def hold(desk: DeskUnderTest, deed: Coroutine[Any, Any, object]) -> Update:
    """Keep the update that somebody's deed leads to, instead of answering it."""
    held: list[Update] = []

    async def keep(kind: str, content: object, /) -> list[Any]:
        held.append((kind, content))
        return []

    desk.receive = keep  # type: ignore[method-assign]
    with suppress(ValueError):  # nothing is said in answer
        await deed
    del desk.receive  # type: ignore[method-assign]
    (update,) = held
    return update


def contents(window: Window) -> dict[str, list[str]]:
    """Every row of every table, with what is drawn at random left out."""
    tables = [name for name in window.tables() if name not in _LEFT_OUT]
    found = {
        name: sorted(
            _CODE.sub("CODE", " | ".join(map(_readable, opened(name, row))))
            for row in window.rows(name)
        )
        for name in tables
    }
    return {name: rows for name, rows in found.items() if rows}


def _readable(cell: object) -> str:
    return cell.decode(errors="backslashreplace") if isinstance(cell, bytes) else str(cell)


@asynccontextmanager
async def as_it_was(window: Window, image: Any) -> AsyncIterator[Database]:
    """Open records that are as they once were; what is undone leaves no gap in their numbers."""
    window.put_back(image)
    database = Database.open(window.url)
    if database.is_shared:
        event.listen(
            database._engine.sync_engine, "rollback", lambda _: window.give_numbers_back()
        )
    try:
        yield database
    finally:
        await database.close()


async def sweep(
    window: Window,
    act: Act,
    failure: type[BaseException],
    *,
    is_atomic: bool = True,
    step: int = 1,
    first: int = 1,
) -> int:
    """Act undisturbed, then with a failure at each statement in turn; gives how many there were.

    What is atomic has either not happened at all or to its end. Steps begin with the first.
    """
    if window.url.startswith("postgresql"):
        step *= many(5, 1)  # the same statements once more: others every day, in a storm all
        first = chance().randint(1, step)
    image, before = window.image(), contents(window)
    async with as_it_was(window, image) as database:
        await act(database)
    after = contents(window)
    assert before != after
    for length in range(first, _TRIES_MAX, step):
        async with as_it_was(window, image) as database:
            engine, fuse = database._engine.sync_engine, Fuse(length, failure)
            event.listen(engine, "before_cursor_execute", fuse.burn)
            try:
                await act(database)
            except (Died, Broken):
                assert not is_atomic or contents(window) in (before, after), length
                fuse.left = 0
                await act(database)
            else:
                fuse.left = min(fuse.left, 1)
        assert contents(window) == after, length
        if fuse.left > 0:
            return length
    raise AssertionError("the sweep did not reach its end")


def worker_of(desk: DeskUnderTest, now: datetime) -> Act:
    """Let a worker answer all that waits in an inbox."""
    edge = desk.edge

    async def work(database: Database) -> None:
        worker = Worker(
            database,
            edge.as_desk(),
            clock=lambda: now,
            arrived=asyncio.Event(),
            queued=lambda: None,
            call_directly=lambda _: None,
        )
        while await worker.work_once():
            pass

    return work


async def sweep_update(
    desk: DeskUnderTest,
    database_url: str,
    update: Update,
    failure: type[BaseException],
    *,
    step: int,
    first: int = 1,
) -> int:
    """Let an update wait in the inbox, and fail at each statement with which it is answered."""
    kind, content = update
    payload = dumps({"update_id": 9_001, kind: content})
    async with desk.database.transaction() as tx:
        letter = Received(bot_id=1, update_id=9_001, chat_key=1, payload=payload)
        await inbox.receive(tx, [letter], desk.now)
    await desk.database.close()  # its connections; it opens others
    with window_into(database_url) as window:
        image = window.image()
        count = await sweep(window, worker_of(desk, desk.now), failure, step=step, first=first)
        window.put_back(image)  # for the next failure
        return count
