"""A process that dies, or a defect, at any statement of an act: before or after, never between."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.database import Database
from bot.messenger.reading import dumps
from bot.messenger.worker import Worker
from tests.handlers.support import DeskUnderTest
from tests.keys_support import opened

_TRIES_MAX = 300
_DIGESTS = ("audit_link", "audit_head")  # of what is drawn at random, too
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


def contents(path: Path) -> dict[str, list[str]]:
    """Every row of every table, with what is drawn at random left out."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: sorted(
                _CODE.sub("CODE", " | ".join(map(_readable, opened(name, row))))
                for row in connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - a table
            )
            for name in tables
            if name not in _DIGESTS
        }


def _readable(cell: object) -> str:
    return cell.decode(errors="backslashreplace") if isinstance(cell, bytes) else str(cell)


@asynccontextmanager
async def copy_of(image: bytes, path: Path) -> AsyncIterator[Database]:
    path.write_bytes(image)  # noqa: ASYNC240 - nothing else runs meanwhile
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        yield database
    finally:
        await database.close()


async def sweep(
    original: Path,
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
    reference = original.with_name("reference.sqlite3")
    with closing(sqlite3.connect(original)) as connection:
        image = connection.serialize()
    async with copy_of(image, reference) as database:
        await act(database)
    before, after = contents(original), contents(reference)
    assert before != after
    tried = original.with_name("tried.sqlite3")
    for length in range(first, _TRIES_MAX, step):
        async with copy_of(image, tried) as database:
            engine, fuse = database._engine.sync_engine, Fuse(length, failure)
            event.listen(engine, "before_cursor_execute", fuse.burn)
            try:
                await act(database)
            except (Died, Broken):
                assert not is_atomic or contents(tried) in (before, after), length
                fuse.left = 0
                await act(database)
            else:
                fuse.left = min(fuse.left, 1)
        assert contents(tried) == after, length
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
    path = Path(database_url.partition("///")[2])
    return await sweep(path, worker_of(desk, desk.now), failure, step=step, first=first)
