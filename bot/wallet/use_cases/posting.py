"""The one way in which money moves: guarded sums first, in one order, then the transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.tracking import new_code
from bot.wallet import rules
from bot.wallet.errors import InsufficientFunds
from bot.wallet.model import JournalId
from bot.wallet.repository import AccountRepository, TransferRepository

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.kit.database import Transaction
    from bot.wallet.model import Account, Entry, Journal, Note


async def opened(tx: Transaction, codes: Collection[str]) -> dict[str, Account]:
    """Find accounts, and open those that nobody needed before."""
    accounts = AccountRepository(tx)
    shapes = {code: rules.shape_of(code) for code in codes}
    found = await accounts.find(codes)
    missing = {code: shape for code, shape in shapes.items() if code not in found}
    if missing:
        await accounts.open(missing)
        found = await accounts.find(codes)
    assert found.keys() == shapes.keys()
    return found


async def locked(tx: Transaction, codes: Collection[str]) -> dict[str, Account]:
    """Find accounts as `opened` does, and keep others from changing them meanwhile.

    For whoever decides by what is there: all accounts that they will change, at once, and before
    they change any other.
    """
    await opened(tx, codes)
    accounts = await AccountRepository(tx).lock(codes)
    if accounts.keys() == set(codes):
        return accounts
    await opened(tx, codes)  # somebody parted meanwhile, and begins anew
    return await AccountRepository(tx).lock(codes)


async def lacking(accounts: AccountRepository, code: str, needed_rial: int) -> InsufficientFunds:
    """Say what an account lacks, as it stands after others were waited for."""
    account = (await accounts.find([code])).get(code)
    return InsufficientFunds(needed_rial, 0 if account is None else account.available_rial)


async def post(tx: Transaction, entries: Sequence[Entry], note: Note) -> Journal:
    """Move money in one journal; raises InsufficientFunds where an account lacks what it needs.

    Money that comes into an account in the same journal counts. Whoever calls this undoes what
    was changed before a refusal.
    """
    changes = rules.deltas(entries)
    accounts = await opened(tx, changes)
    repository = AccountRepository(tx)
    for code in rules.in_order(accounts, changes):
        change = changes[code]
        if await repository.change(accounts[code], change):
            continue
        found = (await opened(tx, [code]))[code]
        has_parted = found.id != accounts[code].id  # meanwhile, and begins anew
        accounts[code] = found
        if not (has_parted and await repository.change(found, change)):
            raise await lacking(repository, code, change.needed_rial)
    transfers, journal_id = TransferRepository(tx), JournalId(new_code())
    await transfers.add(journal_id, entries, accounts, note)
    journal = await transfers.journal(journal_id)
    assert journal is not None
    return journal
