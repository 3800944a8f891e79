"""Fail at the n-th statement of a case's flow, for every n: no trace is left, and it works again.

Once the failure is a death that nothing catches, once it is a defect that the worker meets again
with savepoints. Either way the end is the one that an undisturbed worker reaches.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.cases.model import Ending
from bot.citizens.model import Role
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.reading import dumps
from bot.messenger.worker import Worker
from bot.outbox.tables import said_about
from handlers.callback_data.desk import DeskVerb
from handlers.jobs.cases import tell_overdue
from handlers.jobs.digests import send_digests
from handlers.jobs.surveys import ask_surveys
from tests.calendar.support import at
from tests.handlers import citizen_support as citizens
from tests.handlers import top_up_support as top_ups
from tests.handlers.desk_support import (
    GROUP_ID,
    MANAGER,
    OFFICER,
    REZA,
    SARA,
    Officer,
    register,
    verb,
)
from tests.handlers.support import DeskUnderTest, Job

_TRIES_MAX = 300
_CODE = re.compile(r"(?<![A-Z0-9])[2-9A-Z]{5}-?[2-9A-Z]{5}(?![A-Z0-9])")
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


async def about_to_register(desk: DeskUnderTest) -> Update:
    sara = desk.person(SARA)
    review = await citizens.up_to_review(sara)
    data = citizens.payload(review, "y")
    return await hold(desk, sara.press_data(data, message_id=review.message_id))


async def about_to_reply(desk: DeskUnderTest) -> Update:
    case = await register(desk)
    officer = await Officer.at(desk, OFFICER)
    card = await officer.card(case)
    return await hold(desk, officer.reply(card, "گواهی صادر شد."))


async def about_to_end(desk: DeskUnderTest) -> Update:
    case = await register(desk)
    officer = await Officer.at(desk, OFFICER)
    (menu,) = await officer.press(await officer.card(case), DeskVerb.ENDINGS)
    data = verb(menu, DeskVerb.END, "done")
    return await hold(desk, officer.visitor.press_data(data, message_id=menu.message_id))


async def about_to_close_a_day(desk: DeskUnderTest) -> Update:
    for author in (SARA, REZA):
        await register(desk, author=author)
    officer = await Officer.at(desk, OFFICER)
    preview = await officer.visitor.say("/close kanoon 1405/09/03 سرمای شدید")
    data = next(data for data in preview.presses if data.startswith("cly:"))
    return await hold(desk, officer.visitor.press_data(data, message_id=preview.message_id))


async def about_to_merge(desk: DeskUnderTest) -> Update:
    first, second = [await register(desk, author=author) for author in (SARA, REZA)]
    officer = await Officer.at(desk, OFFICER)
    (menu,) = await officer.press(await officer.card(second), DeskVerb.MORE)
    (prompt,) = await officer.press(menu, DeskVerb.MERGE)
    return await hold(desk, officer.reply(prompt, first.tracking_code))


async def about_to_reopen(desk: DeskUnderTest) -> Update:
    case = await register(desk)
    await citizens.end(desk, case, Ending.DONE)
    sara = desk.person(SARA)
    await sara.press_data(f"ka:{case.tracking_code}:reopen")
    return await hold(desk, sara.say("هنوز نرسیده است."))


async def about_to_claim(desk: DeskUnderTest) -> Update:
    sara = desk.person(SARA)
    desk.shared.takes_payments = True
    review = await top_ups.reviewed(sara)
    data = top_ups.button(review, "wtd", "y")
    return await hold(desk, sara.press_data(data, message_id=review.message_id))


async def about_to_verify(desk: DeskUnderTest) -> Update:
    desk.shared.takes_payments = True
    await top_ups.claimed(desk.person(SARA))
    (card,) = top_ups.cards(desk)
    finance = await Officer.at(desk, OFFICER, role=Role.FINANCE, group_id=GROUP_ID)
    data = top_ups.button(card, "mt", "verify")
    return await hold(desk, finance.visitor.press_data(data, message_id=card.message_id))


async def about_to_have_paid(desk: DeskUnderTest) -> Update:
    sara = desk.person(SARA)
    desk.shared.takes_payments = True
    return await hold(desk, top_ups.pay(sara, await top_ups.billed(sara)))


PREPARATIONS = (
    about_to_register,
    about_to_reply,
    about_to_end,
    about_to_close_a_day,
    about_to_merge,
    about_to_reopen,
    about_to_claim,
    about_to_verify,
    about_to_have_paid,
)


@pytest.fixture
async def staffed(desk: DeskUnderTest) -> DeskUnderTest:
    await desk.open_desk(GROUP_ID)
    await Officer.at(desk, MANAGER, role=Role.MANAGER)
    return desk


def contents(path: Path) -> dict[str, list[str]]:
    """Every row of every table, with what is drawn at random left out."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: sorted(
                _CODE.sub("CODE", " | ".join(map(_readable, row)))
                for row in connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - a table
            )
            for name in tables
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
) -> int:
    """Act undisturbed, then with a failure at each statement in turn; gives how many there were.

    What is atomic has either not happened at all or to its end.
    """
    reference = original.with_name("reference.sqlite3")
    with closing(sqlite3.connect(original)) as connection:
        image = connection.serialize()
    async with copy_of(image, reference) as database:
        await act(database)
    before, after = contents(original), contents(reference)
    assert before != after
    tried = original.with_name("tried.sqlite3")
    for length in range(1, _TRIES_MAX, step):
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
            Desk(edge.answer, edge.refuse, edge.prepare, edge.alarm, edge.gather),
            clock=lambda: now,
            arrived=asyncio.Event(),
            queued=lambda: None,
            call_directly=lambda _: None,
        )
        while await worker.work_once():
            pass

    return work


@pytest.mark.parametrize(("failure", "step"), [(Died, 1), (Broken, 5)])
@pytest.mark.parametrize("prepare", PREPARATIONS)
async def test_a_failure_at_any_statement_leaves_no_trace_and_the_next_try_does_it_once(
    staffed: DeskUnderTest,
    database_url: str,
    prepare: Callable[[DeskUnderTest], Awaitable[Update]],
    failure: type[BaseException],
    step: int,
) -> None:
    kind, content = await prepare(staffed)
    payload = dumps({"update_id": 9_001, kind: content})
    async with staffed.database.transaction() as tx:
        letter = Received(bot_id=1, update_id=9_001, chat_key=1, payload=payload)
        await inbox.receive(tx, [letter], staffed.now)
    path = Path(database_url.partition("///")[2])
    assert await sweep(path, worker_of(staffed, staffed.now), failure, step=step) > 10


@pytest.mark.parametrize(("job", "step"), [(tell_overdue, 1), (ask_surveys, 1), (send_digests, 9)])
async def test_a_round_that_dies_at_any_statement_tells_the_rest_once_at_its_next_turn(
    staffed: DeskUnderTest, database_url: str, job: Job, step: int
) -> None:
    staffed.now = at("1405/09/01 08:00")
    cases = [await register(staffed, author=author) for author in (SARA, REZA)]
    officer = await Officer.at(staffed, OFFICER)
    await officer.reply(await officer.card(cases[1]), "درست شد.")
    (menu,) = await officer.press(await officer.card(cases[1]), DeskVerb.ENDINGS)
    await officer.press(menu, DeskVerb.END, "done")
    now = at("1405/09/02 09:30")

    async def act(database: Database) -> None:
        await job(staffed.shared, database, now)

    path = Path(database_url.partition("///")[2])
    assert await sweep(path, act, Died, is_atomic=False, step=step) > 5


async def test_a_reply_to_a_copy_that_a_crash_kept_out_of_the_map_is_known_by_its_code(
    staffed: DeskUnderTest,
) -> None:
    sara, reza = staffed.person(SARA), staffed.person(REZA)
    receipt = await citizens.register(sara)
    hidden = await citizens.register(sara, is_anonymous=True)
    async with staffed.database.transaction() as tx:
        await tx.execute(said_about.delete())
    case = await citizens.kept_case(staffed, receipt)
    await sara.reply_to(receipt, "یک نکته دیگر هم هست.")
    await reza.reply_to(receipt, "این از من نیست.")
    await sara.reply_to(hidden, "این هم راهی به پرونده ناشناس نیست.")
    texts = [said.text for said in (await citizens.kept_case(staffed, receipt)).messages]
    assert texts == [said.text for said in case.messages] + ["یک نکته دیگر هم هست."]
    assert len((await citizens.kept_case(staffed, hidden)).messages) == 1
