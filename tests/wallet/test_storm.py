"""Eight at once ask the ledger for everything, each thing up to three times under one key.

Whatever was answered, the auditor agrees with it in the order in which it was committed.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import ExceptionContext, event

from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Hold, Journal, Move, TransferCode
from bot.wallet.repository import AccountRepository
from tests.wallet import support
from tests.wallet.auditor import Auditor
from tests.wallet.by_hand import is_file
from tests.wallet.support import OFFICE, REZA, SARA, at, balance_of, cash, credit, said

_ROUNDS, _ASKED_IN_ROUND, _AT_ONCE = 6, 30, 8
_IN_ORDER = {
    True: "SELECT key FROM operation ORDER BY rowid",
    False: "SELECT key FROM operation ORDER BY pg_xact_commit_timestamp(xmin)",
}
Answer = Journal | Hold | DeskError


@dataclass(frozen=True)
class Wanted:
    """What is asked of the ledger under a key, and of the auditor."""

    key: str
    ask: Callable[[Transaction], Any]
    expected: Callable[[Auditor], str]


class Askers:
    """Think of what could be asked next, given what was answered before."""

    def __init__(self, seed: int) -> None:
        logging.getLogger(__name__).info("seed %d", seed)
        self.random = random.Random(seed)
        self.wanted: dict[str, Wanted] = {}
        self.answers: dict[str, Answer] = {}

    def draw(self) -> Wanted:
        kinds = [self.top_up, self.grant, self.pay, self.pay, self.earn, self.hold]
        if self.done(Journal):
            kinds += [self.reverse, self.reverse]
        if self.done(Hold):
            kinds += [self.post, self.void]
        key = f"key:{len(self.wanted)}"
        ask, expected = self.random.choice(kinds)(key, self.random.randint(1, 12))
        self.wanted[key] = Wanted(key, ask, expected)
        return self.wanted[key]

    def done(self, kind: type[Journal | Hold]) -> list[str]:
        return [key for key, answer in self.answers.items() if isinstance(answer, kind)]

    def top_up(self, key: str, rials: int) -> tuple[Any, Any]:
        who = self.random.choice([SARA, REZA])
        return (
            lambda tx: support.top_up(tx, rials, who, key=key, reference=key),
            lambda auditor: auditor.book(key, [(at("gateway"), cash(who), rials)]),
        )

    def grant(self, key: str, rials: int) -> tuple[Any, Any]:
        who = self.random.choice([SARA, REZA])
        return (
            lambda tx: support.grant(tx, rials, who, key=key, reference=key),
            lambda auditor: auditor.book(key, [(at("expense:sla"), credit(who), rials)]),
        )

    def pay(self, key: str, rials: int) -> tuple[Any, Any]:
        who, workshop = self.random.choice([SARA, REZA]), self.random.choice([3, 7])
        return (
            lambda tx: support.pay(tx, rials, who, workshop, key=key, reference=key),
            lambda auditor: auditor.pay(key, who, workshop, rials),
        )

    def earn(self, key: str, rials: int) -> tuple[Any, Any]:
        account = f"escrow:{self.random.choice([3, 7])}:cash@{OFFICE}"
        earned = Move(account, at("revenue"), rials, TransferCode.DELIVERED)
        return (
            lambda tx: wallet.move(tx, moves=[earned], **said(key=key, reference=key)),
            lambda auditor: auditor.book(key, [(account, at("revenue"), rials)]),
        )

    def hold(self, key: str, rials: int) -> tuple[Any, Any]:
        who = self.random.choice([SARA, REZA])
        return (
            lambda tx: support.hold(tx, rials, who, key=key, reference=key),
            lambda auditor: auditor.hold(key, cash(who), rials),
        )

    def reverse(self, key: str, _: int) -> tuple[Any, Any]:
        earlier = self.random.choice(self.done(Journal))
        journal: Any = self.answers[earlier]
        return (
            lambda tx: support.reverse(tx, journal, key=key, reference=key),
            lambda auditor: auditor.undo(key, earlier),
        )

    def post(self, key: str, rials: int) -> tuple[Any, Any]:
        earlier = self.random.choice(self.done(Hold))
        held: Any = self.answers[earlier]
        return (
            lambda tx: support.post(tx, held, rials, key=key),
            lambda auditor: auditor.resolve(key, earlier, rials),
        )

    def void(self, key: str, _: int) -> tuple[Any, Any]:
        earlier = self.random.choice(self.done(Hold))
        held: Any = self.answers[earlier]
        return (
            lambda tx: support.void(tx, held, key=key),
            lambda auditor: auditor.resolve(key, earlier, 0),
        )


@pytest.fixture
async def failed(database: Database) -> AsyncIterator[list[str]]:
    """What any statement failed with, whether it was tried again or not."""
    states: list[str] = []

    def remember(context: ExceptionContext) -> None:
        states.append(str(context.original_exception))

    engine = database._engine.sync_engine
    event.listen(engine, "handle_error", remember)
    yield states
    event.remove(engine, "handle_error", remember)


async def rain(database: Database, wanted: list[Wanted]) -> list[tuple[str, Answer]]:
    """Ask for all of it, eight at once; a refusal is committed like any other answer."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def one(want: Wanted) -> tuple[str, Answer]:
        async def unit(tx: Transaction) -> Answer:
            try:
                return await want.ask(tx)
            except DeskError as refusal:
                return refusal

        async with limit:
            return want.key, await database.attempt(unit)

    return await asyncio.gather(*(one(want) for want in wanted))


def content(answer: Answer) -> object:
    return (type(answer), vars(answer)) if isinstance(answer, DeskError) else answer


async def test_whatever_eight_ask_for_at_once_is_what_the_auditor_books(
    database: Database, database_url: str, failed: list[str]
) -> None:
    askers = Askers(seed=random.randrange(10**6))
    for _ in range(_ROUNDS):
        drawn = [askers.draw() for _ in range(_ASKED_IN_ROUND)]
        wanted = [want for want in drawn for _ in range(askers.random.randint(1, 3))]
        askers.random.shuffle(wanted)
        for key, answer in await rain(database, wanted):
            assert content(askers.answers.setdefault(key, answer)) == content(answer)
    assert failed == []
    auditor, order = Auditor(), _IN_ORDER[is_file(database_url)]
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
        keys = [row[0] for row in await tx.exec_driver_sql(order)]
    assert sorted(keys) == sorted(askers.wanted)
    done = [key for key in keys if not isinstance(askers.answers[key], DeskError)]
    assert len(done) > len(keys) / 3
    for key in done:
        assert askers.wanted[key].expected(auditor) == "done", key
    for who in (SARA, REZA):
        held = auditor.held[cash(who)]
        known = Balance(auditor.at[cash(who)], auditor.at[credit(who)], held)
        assert await balance_of(database, who) == known


@pytest.mark.about_a_server("many write at once there alone")
async def test_who_pays_eight_fees_at_once_spends_the_service_credit_once_and_then_cash(
    database: Database, failed: list[str]
) -> None:
    """Whoever looked before the others paid would find the credit gone, and be refused."""
    async with database.transaction() as tx:
        await support.top_up(tx, 110)
        await support.pay(tx, 10)  # Nobody waits for the workshop's account to be opened.
        await support.grant(tx, 10)
    async with asyncio.TaskGroup() as group, asyncio.timeout(20), database.transaction() as tx:
        await AccountRepository(tx).lock([credit(SARA)])
        for _ in range(_AT_ONCE):
            group.create_task(database.attempt(lambda tx: support.pay(tx, 10)))
        await until_waiting(database, _AT_ONCE)
    assert await balance_of(database) == Balance(30, 0, 0)
    assert failed == []


async def until_waiting(database: Database, expected: int) -> None:
    """Wait until so many wait for a row that somebody holds."""
    waiting = -1
    while waiting < expected:
        async with database.reading() as tx:
            counted = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            waiting = (await tx.exec_driver_sql(counted)).scalar_one()


async def test_fees_that_come_and_go_between_the_same_accounts_never_wait_in_a_ring(
    database: Database, failed: list[str]
) -> None:
    """The workshop's account is older than the wallet: it is locked first, whichever way."""
    async with database.transaction() as tx:
        await support.top_up(tx, 10, REZA)
        await support.pay(tx, 10, REZA, 3)
        await support.top_up(tx, 1_000)
        paid = [await support.pay(tx, 1, SARA, 3) for _ in range(24)]
    back = [lambda tx, one=one: support.reverse(tx, one) for one in paid]
    units = [unit for one in back for unit in (one, lambda tx: support.pay(tx, 2, SARA, 3))]
    await asyncio.gather(*(database.attempt(unit) for unit in units))
    assert await balance_of(database) == Balance(1_000 - 24 * 2, 0, 0)
    assert failed == []
