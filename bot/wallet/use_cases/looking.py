"""What a citizen sees of their money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import rules
from bot.wallet.errors import NoSuchHold, NoSuchJournal
from bot.wallet.model import Balance, Bucket
from bot.wallet.repository import AccountRepository, HoldRepository, TransferRepository

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import Hold, HoldId, Journal, JournalId, Line


async def balance(tx: Transaction, *, office_id: str, citizen_id: CitizenId) -> Balance:
    """Say what a citizen has at an office; who never had money there has nothing."""
    cash_code, credit_code = (
        rules.wallet_code(office_id, citizen_id, bucket) for bucket in Bucket
    )
    accounts = await AccountRepository(tx).find([cash_code, credit_code])
    cash, credit = accounts.get(cash_code), accounts.get(credit_code)
    return Balance(
        cash_rial=0 if cash is None else cash.standing_rial,
        credit_rial=0 if credit is None else credit.standing_rial,
        held_rial=0 if cash is None else cash.held_rial,
    )


async def statement(
    tx: Transaction,
    *,
    office_id: str,
    citizen_id: CitizenId,
    before: int | None = None,
    limit: int,
) -> list[Line]:
    """List what came and went, the latest first; `before` is the id of the last line shown."""
    assert limit > 0
    wallet = {rules.wallet_code(office_id, citizen_id, bucket): bucket for bucket in Bucket}
    return await TransferRepository(tx).lines(wallet, before=before, limit=limit)


async def open_holds(
    tx: Transaction, *, office_id: str, citizen_id: CitizenId, limit: int
) -> list[Hold]:
    """List what is held of a citizen's cash, the oldest first."""
    assert limit > 0
    code = rules.wallet_code(office_id, citizen_id, Bucket.CASH)
    return await HoldRepository(tx).open_of(code, limit=limit)


async def find_hold(tx: Transaction, *, hold_id: HoldId) -> Hold:
    """Find a hold. Raises NoSuchHold."""
    found = await HoldRepository(tx).find(hold_id)
    if found is None:
        raise NoSuchHold(hold_id)
    return found


async def find_journal(tx: Transaction, *, journal_id: JournalId) -> Journal:
    """Find a journal. Raises NoSuchJournal."""
    found = await TransferRepository(tx).journal(journal_id)
    if found is None:
        raise NoSuchJournal(journal_id)
    return found


async def journals_about(tx: Transaction, *, reference: str, limit: int) -> list[Journal]:
    """List what moved for something, such as "registration:12", the oldest first."""
    assert limit > 0
    return await TransferRepository(tx).journals_about(reference, limit=limit)
