"""What a group of updates leaves to be noted is written at once, and goes with its own update."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.clock import now
from bot.kit.database import Database, Transaction
from bot.messenger.contract import Desk
from bot.messenger.reading import dumps
from bot.messenger.worker import Worker
from tests.messenger.support import EchoDesk, Poison

NOW = now()


async def work_off(database: Database, desk: Desk, *texts: str) -> None:
    """Let each text be said in a chat of its own, and a worker answer them together."""
    letters = [
        Received(1, number, number, dumps({"message": {"chat": {"id": number}, "text": text}}))
        for number, text in enumerate(texts, start=1)
    ]
    async with database.transaction() as tx:
        await inbox.receive(tx, letters, NOW)
    worker = Worker(
        database,
        desk,
        clock=lambda: NOW,
        arrived=asyncio.Event(),
        queued=lambda: None,
        call_directly=lambda _: None,
    )
    assert await worker.work_once()


async def test_the_notes_of_a_group_are_written_in_one_go(database: Database) -> None:
    desk = EchoDesk()
    await work_off(database, desk.desk(), "one", "two", "three")
    assert desk.noted == [["one", "two", "three"]]


async def test_what_was_refused_or_broke_leaves_no_note(database: Database) -> None:
    desk = EchoDesk()
    await work_off(database, desk.desk(), "one", "no", "poison", "two")
    assert desk.noted == [["one"], ["two"]]


async def test_a_note_that_cannot_be_written_harms_no_other_update(database: Database) -> None:
    written = []

    async def note(_tx: Transaction, notes: Sequence[object], _now: datetime) -> None:
        if "unwritable" in notes:
            raise Poison
        written.extend(notes)

    echo = EchoDesk()
    await work_off(database, Desk(echo.answer, echo.refuse, note=note), "one", "unwritable", "two")
    assert written == ["one", "two"]
    async with database.reading() as tx:
        assert [letter.update_id for letter in await inbox.heads(tx, NOW, 9)] == []
        assert await inbox.next_run_at(tx) > NOW
