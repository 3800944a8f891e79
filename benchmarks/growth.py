"""What hot operations take on records of a million rows, beside those of ten thousand.

Each is done in a transaction that is undone, on both in turn, so that nothing grows meanwhile and
no flush to disk is measured: that takes as long however much there is.
"""

import argparse
import asyncio
import shutil
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.machine import description, workplace
from benchmarks.state import Figure, report
from bot.cases import use_cases as cases
from bot.cases.model import Queue
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.crypto import KEY_BYTES, Keyring
from bot.kit.database import Database, Transaction
from bot.kit.database_file import prepare_database
from bot.outbox import use_cases as outbox
from bot.outbox.model import OutgoingMessage
from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.model import Workshop
from tests.cases.support import NOW, OFFICER, given_case
from tests.wallet.support import OFFICE, top_up
from tests.workshops.given import given_open, held
from tests.workshops.support import learner

_FEW, _MANY = 10_000, 1_000_000
_SOMEBODY_ELSE = 777_000_123_457
_OF_ONE = 3
_IN_WORK = 200  # cases, however many there ever were
_KEYS = Keyring({1: b"1" * KEY_BYTES}, 1, b"2" * KEY_BYTES)
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
_LONG_AGO = "2025-01-01 08:00:00.000000"

_FILL = (
    "INSERT INTO citizen (id, language, changed_at) {n} SELECT i, 'fa', {then} FROM n",
    (
        "INSERT INTO inbox (bot_id, update_id, chat_key, state, attempts, run_at, received_at,"
        " done_at) {n} SELECT 7, i, i % 5000, 'done', 0, {then}, {then}, {then} FROM n"
    ),
    (
        "INSERT INTO outbox (dedupe_key, chat_id, method, priority, state, attempts, run_at,"
        " is_leased, has_spoken, created_at, done_at)"
        " {n} SELECT 'u' || i, i % 5000, 'sendMessage', 0, 'sent', 1, {then}, 0, 0,"
        " {then}, {then} FROM n"
    ),
    (
        "INSERT INTO desk_case (registration_key, tracking_code, office_id, service_version, kind,"
        " author_id, language, state, first_response_minutes, next_response_minutes,"
        " resolution_minutes, warn_minutes, registered_at, ending, ended_at,"
        " is_snoozed_until_reply, is_process_changed)"
        " {n} SELECT 'k' || i, printf('%010d', i), 'kanoon', 1, 'complaint',"
        " -i, 'fa', 'closed', 240, 180, 1200, 60, {then},"
        " 'done', {then}, 0, 0 FROM n"
    ),
    "INSERT INTO case_event (case_id, at, action) {n} SELECT i, {then}, 'registered' FROM n",
    (
        "INSERT INTO case_message (case_id, kind, text, said_at, version)"
        " {n} SELECT i, 'words', 'w', {then}, 1 FROM n"
    ),
    (
        "INSERT INTO account (code, kind, is_no_overdraft, debits_rial, credits_rial, held_rial)"
        " {n} SELECT 'wallet:' || i || ':cash@kanoon', 'liability', 1, 0, 10, 0 FROM n"
    ),
    (
        "INSERT INTO transfer (journal_id, seq, code, debit_id, credit_id, amount_rial, reference,"
        " reason, actor, at) {n} SELECT printf('%010d', i), 1, 'top_up', 1, 2 + i / 10, 1,"
        " 'm' || i, 'r', 'clock', {then} FROM n"
    ),
    (
        "INSERT INTO operation (key, op, fingerprint, journal_id, answer, is_refusal, at)"
        " {n} SELECT 'k' || i, 'move', 'f', printf('%010d', i), x'00', 0, {then} FROM n"
    ),
    (
        "INSERT INTO registration (workshop_id, learner_id, payer_id, state, fee_rial, made_at,"
        " is_bank_awaited) {n} SELECT 2 + i / 30, i, i / 3, 'abandoned', 0, {then}, 0 FROM n"
    ),
    (
        "INSERT INTO workshop_event (workshop_id, entity, entity_id, act, state_to, actor, at)"
        " {n} SELECT 2 + i / 30, 'registration', i, 'begin', 'draft', 'clock', {then} FROM n"
    ),
    (
        "INSERT INTO audit (at, office_id, actor_id, actor_name, role, action, subject)"
        " {n} SELECT {then}, 'kanoon', 41, 'Mina', 'officer', 'case.take', 'case:' || i FROM n"
    ),
)

Operation = Callable[[Transaction], Awaitable[object]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--few", type=int, default=_FEW)
    parser.add_argument("--many", type=int, default=_MANY)
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    print("\n".join(description()), flush=True)
    folder = workplace() / "growth"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        figures = asyncio.run(_measure(folder, options.few, options.many, options.times))
    finally:
        shutil.rmtree(folder)
    if options.many >= _MANY:
        report("growth", figures)
    else:
        print("\n".join(figure.line() for figure in figures))
    return 0


async def _measure(folder: Path, few: int, many: int, times: int) -> list[Figure]:
    sides: list[tuple[Database, dict[str, Operation]]] = []
    for rows in (few, many):
        url = f"sqlite+aiosqlite:///{folder}/{rows}.sqlite3"
        prepare_database(url)
        database = Database.open(url, keyring=_KEYS)
        async with database.transaction() as tx:
            opened = await given_open(tx, places=1_000, quorum=1, fee_rial=0)
            await top_up(tx, 1, CitizenId(_SOMEBODY_ELSE))
        await asyncio.to_thread(_fill, folder / f"{rows}.sqlite3", rows)
        print(f"  {rows:,} rows in each of {len(_FILL)} tables", flush=True)
        sides.append((database, _operations(rows, opened, await _cases(database, rows))))
    took: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in sides[0][1]}
    for name, both in took.items():
        for _ in range(times):
            for (database, operations), seconds in zip(sides, both, strict=True):
                seconds.append(await _seconds(database, operations[name]))
    for database, _ in sides:
        await database.close()
    figures = []
    for name, (small, large) in took.items():
        figures += [
            Figure(f"{name}, {few:,} rows", median(small) * 1000, "ms"),
            Figure("… beside that, a hundred times the rows", _ratio(small, large), "times", 1.3),
        ]
    return figures


async def _cases(database: Database, rows: int) -> str:
    """Register what is in work, some of it by one person; says the code of one of those."""
    code = ""
    async with database.transaction() as tx:
        for number in range(_IN_WORK):
            author = CitizenId(rows // 20 if number < _OF_ONE else rows + number)
            case = await given_case(tx, author_id=author)
            code = case.tracking_code if number < _OF_ONE else code
    return code


def _ratio(small: list[float], large: list[float]) -> float:
    return median(large) / median(small)


def _fill(path: Path, rows: int) -> None:
    numbers = _NUMBERS.format(rows=rows)
    words = {"n": numbers, "then": f"'{_LONG_AGO}'"}
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        for statement in _FILL:
            connection.execute(statement.format(**words))


class _UndoneError(Exception):
    pass


async def _seconds(database: Database, operation: Operation) -> float:
    """Do something and undo it; says how long the core was busy with it."""
    seconds = 0.0
    try:
        async with database.transaction() as tx:
            began = time.process_time()
            await operation(tx)
            seconds = time.process_time() - began
            raise _UndoneError  # noqa: TRY301 - that is how a transaction is undone
    except _UndoneError:
        return seconds


def _operations(rows: int, opened: Workshop, code: str) -> dict[str, Operation]:
    """Name what is done all day, each about somebody of whom there is as much on both sides."""
    somebody = CitizenId(rows // 20)

    async def take_updates(tx: Transaction) -> None:
        received = [Received(7, rows + n, n, b"{}") for n in range(8)]
        await inbox.receive(tx, received, NOW)
        letters = await inbox.take(tx, NOW, 32)
        await inbox.finish(tx, [letter.id for letter in letters], NOW)

    async def say(tx: Transaction) -> None:
        message = OutgoingMessage(somebody, "sendMessage", {"text": "…"})
        await outbox.queue(tx, "new", [message], NOW)
        assert await outbox.claim(tx, NOW, 32)

    async def register(tx: Transaction) -> None:
        await given_case(tx, author_id=CitizenId(_SOMEBODY_ELSE))

    async def page(tx: Transaction) -> None:
        await cases.queue_page(tx, office_id="kanoon", queue=Queue.NEW, actor_id=None, now=NOW)

    async def place(tx: Transaction) -> None:
        await held(tx, opened, learner(guardian_id=somebody), payer_id=somebody)

    return {
        "updates kept, taken and done": take_updates,
        "a message queued and claimed": say,
        "who somebody is": lambda tx: citizens.recall(tx, citizen_id=somebody),
        "a case registered": register,
        "a case by its code": lambda tx: cases.sight(tx, code=code, citizen_id=somebody),
        "somebody's cases": lambda tx: cases.cases_of(tx, citizen_id=somebody),
        "a page of the queue": page,
        "a balance": lambda tx: wallet.balance(tx, office_id=OFFICE, citizen_id=somebody),
        "a page of a statement": lambda tx: wallet.statement(
            tx, office_id=OFFICE, citizen_id=somebody, limit=10
        ),
        "a payment": lambda tx: top_up(tx, 1_000, somebody),
        "a place taken": place,
        "somebody's registrations": lambda tx: workshops.registrations_of(
            tx, payer_id=somebody, limit=20
        ),
        "a line of the audit": lambda tx: citizens.record(
            tx, actor=OFFICER, action="case.take", subject="case:1", now=NOW
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
