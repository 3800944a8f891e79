"""Random people do random things to payouts; a second opinion says what each must answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.wallet import use_cases as wallet
from bot.wallet.model import Balance, Payout
from tests.postgres_support import Server
from tests.wallet import payout_support as office
from tests.wallet import support
from tests.wallet.lives import lives_compared
from tests.wallet.payout_opinion import MAY, Opinion
from tests.wallet.payout_support import NEDA, OMID
from tests.wallet.support import REZA, SARA

PEOPLE = [
    Staff(CitizenId(number), place, role, name)
    for number, place, role, name in (
        (41, "kanoon", Role.FINANCE, "Neda"),
        (41, "kanoon", Role.MANAGER, "Neda"),
        (42, "kanoon", Role.FINANCE, "Omid"),
        (51, "kanoon", Role.MANAGER, "Mina"),
        (61, "kanoon", Role.OFFICER, "Ali"),
        (71, "mazandaran", Role.FINANCE, "Zari"),
        (SARA, "kanoon", Role.FINANCE, "Sara"),
        (SARA, "kanoon", Role.MANAGER, "Sara"),
    )
]
citizens = st.sampled_from([SARA, REZA, NEDA.id])
amounts = st.sampled_from([100, 300, 501, 700])


class PayoutMachine(RuleBasedStateMachine):
    """Ask the desk and the second opinion, and compare what they answer and what is left."""

    def __init__(self, url: str, lives: set[str]) -> None:
        super().__init__()
        self.url, self.lives = url, lives
        self.opinion = Opinion()
        self.payouts: list[Payout] = []
        self.runner = asyncio.Runner()
        self.database = Database.open(url)

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()

    def ask(self, unit: Callable[[Transaction], Awaitable[Any]]) -> Any:
        """Ask in a transaction that is committed whatever the answer is."""

        async def answer() -> Any:
            async with self.database.transaction() as tx:
                try:
                    return await unit(tx)
                except DeskError as refusal:
                    return refusal

        return self.runner.run(answer())

    def compare(self, unit: Callable[[Transaction], Awaitable[Any]], expected: str) -> Any:
        answer = self.ask(unit)
        is_refused = isinstance(answer, DeskError)
        assert (type(answer).__name__ if is_refused else answer.state.value) == expected
        return answer

    def drawn(self, data: st.DataObject) -> int:
        return data.draw(st.integers(0, len(self.payouts) - 1))

    @rule(citizen=citizens, amount=amounts)
    def top_up(self, citizen: CitizenId, amount: int) -> None:
        self.ask(lambda tx: support.top_up(tx, amount, citizen))
        self.opinion.cash[citizen] += amount

    @rule(citizen=citizens, amount=amounts)
    def spend(self, citizen: CitizenId, amount: int) -> None:
        is_there = self.opinion.cash[citizen] - self.opinion.held(citizen) >= amount
        answer = self.ask(lambda tx: support.pay(tx, amount, citizen))
        assert isinstance(answer, DeskError) != is_there
        self.opinion.cash[citizen] -= amount if is_there else 0

    @rule(citizen=citizens, amount=amounts, fill=st.booleans())
    def request(self, citizen: CitizenId, amount: int, *, fill: bool) -> None:
        if fill:
            self.top_up(citizen, amount)
        expected = self.opinion.request(citizen, amount)
        answer = self.compare(lambda tx: office.request(tx, amount, citizen), expected)
        if isinstance(answer, Payout):
            self.payouts.append(answer)

    @precondition(lambda self: self.payouts)
    @rule(data=st.data(), citizen=citizens)
    def withdraw(self, data: st.DataObject, citizen: CitizenId) -> None:
        number = self.drawn(data)
        payout = replace(self.payouts[number], citizen_id=citizen)
        expected = self.opinion.withdraw(number, citizen)
        self.compare(lambda tx: office.withdraw(tx, payout), expected)

    @precondition(lambda self: self.payouts)
    @rule(data=st.data(), name=st.sampled_from(sorted(MAY)), who=st.sampled_from(PEOPLE))
    def act(self, data: st.DataObject, name: str, who: Staff) -> None:
        number = self.drawn(data)
        expected = self.opinion.act(name, number, who)
        self.compare(lambda tx: getattr(office, name)(tx, self.payouts[number], who), expected)

    @precondition(lambda self: self.payouts)
    @rule(data=st.data(), steps=st.integers(1, 5))
    def bring_further(self, data: st.DataObject, steps: int) -> None:
        """Do what usually comes next, so that the end is reached now and then."""
        number = self.drawn(data)
        usual = {
            "requested": "take",
            "review": "approve",
            "seconding": "second",
            "sent": "pay",
            "paid": "give_back_late",
        }
        for _ in range(steps):
            state = self.opinion.payouts[number].state
            if state == "approved":
                self.export(OMID)
            elif state in usual:
                who = office.MINA if state == "seconding" else OMID
                expected = self.opinion.act(usual[state], number, who)
                payout = self.payouts[number]
                unit = getattr(office, usual[state])
                self.compare(lambda tx: unit(tx, payout, who), expected)  # noqa: B023 - awaited in this turn

    @precondition(lambda self: self.payouts)
    @rule(who=st.sampled_from(PEOPLE))
    def export(self, who: Staff) -> None:
        expected = self.opinion.export(who)
        answer = self.ask(lambda tx: office.export(tx, who))
        if isinstance(answer, DeskError):
            assert type(answer).__name__ == expected
        else:
            assert f"{answer.count} sent" == expected

    @invariant()
    def both_see_the_same_and_nothing_is_wrong(self) -> None:
        async def seen() -> Any:
            async with self.database.reading() as tx:
                assert await wallet.audit(tx) == []
                payouts = [await office.found(tx, payout) for payout in self.payouts]
                people = (SARA, REZA, NEDA.id)
                balances = [
                    await wallet.balance(tx, office_id="kanoon", citizen_id=one) for one in people
                ]
                return [payout.state.value for payout in payouts], balances

        opinion = self.opinion
        assert self.runner.run(seen()) == (
            [payout.state for payout in opinion.payouts],
            [Balance(opinion.cash[one], 0, opinion.held(one)) for one in (SARA, REZA, NEDA.id)],
        )
        self.lives.add(self.url)


def test_the_desk_and_the_second_opinion_agree(files: Callable[[], str]) -> None:
    assert lives_compared(lambda lives: PayoutMachine(files(), lives), 12) >= 12


def test_the_desk_and_the_second_opinion_agree_on_a_server(server: Server) -> None:
    assert lives_compared(lambda lives: PayoutMachine(server.migrated_database(), lives), 2) >= 2
