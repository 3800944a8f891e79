"""What becomes of money records when a person is forgotten: they stay, and name nobody."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.kit.keeping import KEPT_FOR, Kind
from bot.wallet import rules
from bot.wallet.model.parting import MoneyLeft, Unfinished
from bot.wallet.repository import ProposalRepository
from bot.wallet.repository.parting import PartingRepository, forget_accounts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import CreditProposal


async def money_left(
    tx: Transaction, *, citizen_id: CitizenId, least_rial: Mapping[str, int]
) -> list[MoneyLeft]:
    """Say how the wallets of a person stand, and lock them; `least_rial` is what can be paid out.

    An office without a wallet any more has paid out what it could: its least is what nobody has.
    """
    repository = PartingRepository(tx, citizen_id)
    standing: defaultdict[str, dict[str, int]] = defaultdict(dict)
    held: set[str] = set()
    for account in await repository.lock_accounts():
        office_id = rules.office_of(account.code)
        standing[office_id][rules.class_of(account.code)] = account.standing_rial
        if account.held_rial:
            held.add(office_id)
    waiting = await repository.unfinished()
    left = []
    for office_id in sorted({*standing, *waiting}):
        sums, unfinished = standing[office_id], set(waiting.get(office_id, ()))
        cash, debt = sums.get("wallet:cash", 0), -sums.get("debt", 0)
        if office_id in held or (cash and cash >= max(1, least_rial.get(office_id, 1))):
            unfinished.add(Unfinished.CASH)
        if debt:
            unfinished.add(Unfinished.DEBT)
        credit = sums.get("wallet:credit", 0)
        left.append(MoneyLeft(office_id, cash, credit, debt, frozenset(unfinished)))
    return left


async def forget_owner(tx: Transaction, *, citizen_id: CitizenId, number: int) -> None:
    """Write a number that leads to nobody wherever the ledger names a person.

    No amount, no moment and no state changes, so every sum stays as it is; the accounts' numbers
    of payouts are blanked. While the person parts the guards of the ledger let just that pass.
    """
    repository = PartingRepository(tx, citizen_id)
    await repository.renumber(await repository.lock_accounts(), number)


async def proposals_of(tx: Transaction, *, citizen_id: CitizenId) -> list[CreditProposal]:
    """List the service credit that was ever proposed for a person."""
    return await ProposalRepository(tx).of_citizen(citizen_id)


async def forget_old_accounts(tx: Transaction, *, now: datetime) -> int:
    """Blank the accounts' numbers and owners of payouts of long ago; say how many."""
    return await forget_accounts(tx, now - KEPT_FOR[Kind.PAYOUT_ACCOUNT])
