"""Whatever is asked of the ledger, in any order, an auditor who shares no line with it agrees."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from bot.citizens.model import CitizenId
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.errors import KeyReused
from bot.wallet.model import Balance, Hold, Journal, Move, TransferCode
from tests.postgres_support import Server
from tests.wallet import support
from tests.wallet.auditor import Auditor
from tests.wallet.lives import lives_compared
from tests.wallet.support import REZA, SARA, cash, credit, said

Answer = Journal | Hold | DeskError
Unit = Callable[..., Awaitable[Journal | Hold]]

citizens = st.sampled_from([SARA, REZA])
amounts = st.integers(1, 12)
workshops = st.sampled_from([3, 7])


@dataclass(frozen=True)
class Asked:
    """What was asked for, such that it can be asked for again, and what was answered."""

    unit: Unit
    arguments: tuple[Any, ...]
    key: str
    answer: Answer

    @property
    def content(self) -> object:
        """What was answered, to be compared; an exception is not equal to its like."""
        answer = self.answer
        return (type(answer), vars(answer)) if isinstance(answer, DeskError) else answer


async def deliver(tx: Transaction, amount: int, account: str, **wanted: Any) -> Journal:
    move = Move(account, "revenue@kanoon", amount, TransferCode.DELIVERED)
    return await wallet.move(tx, moves=[move], **said(**wanted))


class LedgerMachine(RuleBasedStateMachine):
    """Ask the ledger and the auditor for the same, and compare what they answer."""

    def __init__(self, url: str, lives: set[str]) -> None:
        super().__init__()
        self.url, self.lives = url, lives
        self.auditor = Auditor()
        self.asked: list[Asked] = []
        self.runner = asyncio.Runner()
        self.database = Database.open(url)

    def teardown(self) -> None:
        async def last_look() -> list[Any]:
            async with self.database.reading() as tx:
                return await wallet.audit(tx)

        assert self.runner.run(last_look()) == []
        self.runner.run(self.database.close())
        self.runner.close()

    def ask(self, unit: Unit, arguments: tuple[Any, ...], key: str) -> Asked:
        """Ask in a transaction that is committed whatever the answer is."""

        async def answer() -> Answer:
            async with self.database.transaction() as tx:
                try:
                    words = {} if unit in (support.post, support.void) else {"reference": key}
                    return await unit(tx, *arguments, key=key, **words)
                except DeskError as refusal:
                    return refusal

        return Asked(unit, arguments, key, self.runner.run(answer()))

    def compare(
        self, unit: Unit, arguments: tuple[Any, ...], expected: Callable[[str], str]
    ) -> None:
        key = f"key:{len(self.asked)}"
        asked = self.ask(unit, arguments, key)
        refused = isinstance(asked.answer, DeskError)
        assert expected(key) == (type(asked.answer).__name__ if refused else "done")
        self.asked.append(asked)

    def answered(self, kind: type[Journal | Hold]) -> list[Asked]:
        return [asked for asked in self.asked if isinstance(asked.answer, kind)]

    @rule(citizen=citizens, amount=amounts)
    def top_up(self, citizen: CitizenId, amount: int) -> None:
        bookings = [("gateway@kanoon", cash(citizen), amount)]
        self.compare(
            support.top_up, (amount, citizen), lambda key: self.auditor.book(key, bookings)
        )

    @rule(citizen=citizens, amount=amounts)
    def grant(self, citizen: CitizenId, amount: int) -> None:
        bookings = [("expense:sla@kanoon", credit(citizen), amount)]
        self.compare(
            support.grant, (amount, citizen), lambda key: self.auditor.book(key, bookings)
        )

    @rule(citizen=citizens, amount=amounts, workshop=workshops)
    def pay(self, citizen: CitizenId, amount: int, workshop: int) -> None:
        self.compare(
            support.pay,
            (amount, citizen, workshop),
            lambda key: self.auditor.pay(key, citizen, workshop, amount),
        )

    @rule(workshop=workshops, bucket=st.sampled_from(["cash", "credit"]), amount=amounts)
    def earn(self, workshop: int, bucket: str, amount: int) -> None:
        account = f"escrow:{workshop}:{bucket}@kanoon"
        self.compare(
            deliver,
            (amount, account),
            lambda key: self.auditor.book(key, [(account, "revenue@kanoon", amount)]),
        )

    @precondition(lambda self: self.answered(Journal))
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        earlier = data.draw(st.sampled_from(self.answered(Journal)))
        self.compare(
            support.reverse, (earlier.answer,), lambda key: self.auditor.undo(key, earlier.key)
        )

    @rule(citizen=citizens, amount=amounts)
    def hold(self, citizen: CitizenId, amount: int) -> None:
        self.compare(
            support.hold,
            (amount, citizen),
            lambda key: self.auditor.hold(key, cash(citizen), amount),
        )

    @precondition(lambda self: self.answered(Hold))
    @rule(data=st.data(), amount=amounts)
    def post(self, data: st.DataObject, amount: int) -> None:
        held = data.draw(st.sampled_from(self.answered(Hold)))
        self.compare(
            support.post,
            (held.answer, amount),
            lambda key: self.auditor.resolve(key, held.key, amount),
        )

    @precondition(lambda self: self.answered(Hold))
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        held = data.draw(st.sampled_from(self.answered(Hold)))
        self.compare(
            support.void, (held.answer,), lambda key: self.auditor.resolve(key, held.key, 0)
        )

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        """The same key gives what it gave, a refusal too, whatever happened in between."""
        asked = data.draw(st.sampled_from(self.asked))
        again = self.ask(asked.unit, asked.arguments, asked.key)
        assert again.content == asked.content

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), citizen=citizens)
    def ask_for_something_else(self, data: st.DataObject, citizen: CitizenId) -> None:
        asked = data.draw(st.sampled_from(self.asked))
        other = self.ask(support.top_up, (99, citizen), asked.key)
        assert isinstance(other.answer, KeyReused)

    @invariant()
    def both_know_the_same_balances(self) -> None:
        async def balances() -> list[Balance]:
            async with self.database.reading() as tx:
                return [
                    await wallet.balance(tx, office_id="kanoon", citizen_id=one)
                    for one in (SARA, REZA)
                ]

        at, held = self.auditor.at, self.auditor.held
        assert self.runner.run(balances()) == [
            Balance(at[cash(one)], at[credit(one)], held[cash(one)]) for one in (SARA, REZA)
        ]
        self.lives.add(self.url)


def test_the_ledger_and_the_auditor_agree(files: Callable[[], str]) -> None:
    assert lives_compared(lambda lives: LedgerMachine(files(), lives), 25) >= 25


def test_the_ledger_and_the_auditor_agree_on_a_server(server: Server) -> None:
    assert lives_compared(lambda lives: LedgerMachine(server.migrated_database(), lives), 6) >= 6
