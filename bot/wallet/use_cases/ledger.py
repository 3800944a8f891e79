"""Money moves, and a journal is reversed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import rules
from bot.wallet.errors import NoSuchJournal
from bot.wallet.model import Bucket, Entry, Journal, Move, Note, Operation, TransferCode
from bot.wallet.repository import TransferRepository
from bot.wallet.use_cases.once import once
from bot.wallet.use_cases.posting import locked, opened, post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import JournalId


async def open_wallet(tx: Transaction, *, office_id: str, citizen_id: CitizenId) -> None:
    """Open both accounts of a citizen at an office; nothing happens where they are open."""
    await opened(tx, [rules.wallet_code(office_id, citizen_id, bucket) for bucket in Bucket])


async def move(
    tx: Transaction,
    *,
    key: str,
    moves: Sequence[Move],
    reference: str,
    reason: str,
    actor: str,
    now: datetime,
) -> Journal:
    """Move money between accounts, all of it in one journal or none of it.

    Raises InsufficientFunds, and KeyReused; see `once` for what a key is.
    """
    for one in moves:
        rules.ensure_way(one)
    note = Note(reference, reason, actor, now)

    async def unit() -> Journal:
        return await post(tx, [Entry(one) for one in moves], note)

    return await once(
        tx, key=key, op=Operation.MOVE, asked=(*moves,), note=note, kind=Journal, unit=unit
    )


async def pay_from_wallet(
    tx: Transaction,
    *,
    key: str,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    workshop_id: int,
    reference: str,
    reason: str,
    actor: str,
    now: datetime,
) -> Journal:
    """Pay a fee to where the fees of a workshop wait: service credit first, then cash.

    What came from a bucket waits in the escrow's account of the same bucket, so that a reversal
    gives it back where it was. Raises InsufficientFunds, and KeyReused.
    """
    rules.ensure_amount(amount_rial)
    note = Note(reference, reason, actor, now)

    async def unit() -> Journal:
        wallet = {bucket: rules.wallet_code(office_id, citizen_id, bucket) for bucket in Bucket}
        escrow = {bucket: rules.escrow_code(office_id, workshop_id, bucket) for bucket in Bucket}
        accounts = await locked(tx, [*wallet.values(), *escrow.values()])
        parts = rules.parts_of_fee(
            amount_rial,
            credit_rial=accounts[wallet[Bucket.CREDIT]].available_rial,
            cash_rial=accounts[wallet[Bucket.CASH]].available_rial,
        )
        moves = [
            Move(wallet[bucket], escrow[bucket], part, TransferCode.FEE)
            for bucket, part in parts.items()
        ]
        for one in moves:
            rules.ensure_way(one)
        return await post(tx, [Entry(one) for one in moves], note)

    asked = (office_id, citizen_id, amount_rial, workshop_id)
    return await once(
        tx, key=key, op=Operation.PAY, asked=asked, note=note, kind=Journal, unit=unit
    )


async def grant_service_credit(
    tx: Transaction,
    *,
    key: str,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    reference: str,
    reason: str,
    actor: str,
    now: datetime,
) -> Journal:
    """Give a citizen service credit (KN-07): good for fees, never paid out. Raises KeyReused."""
    wallet = rules.wallet_code(office_id, citizen_id, Bucket.CREDIT)
    expense = rules.account_code(office_id, "expense:sla")
    granted = Move(expense, wallet, amount_rial, TransferCode.SERVICE_CREDIT)
    rules.ensure_way(granted)
    note = Note(reference, reason, actor, now)

    async def unit() -> Journal:
        return await post(tx, [Entry(granted)], note)

    return await once(
        tx, key=key, op=Operation.GRANT, asked=(granted,), note=note, kind=Journal, unit=unit
    )


async def reverse(
    tx: Transaction,
    *,
    key: str,
    journal_id: JournalId,
    reference: str,
    reason: str,
    actor: str,
    now: datetime,
) -> Journal:
    """Undo a journal exactly, each transfer into the accounts it came from, once for ever.

    Raises NoSuchJournal, IsReversal, AlreadyReversed, KeyReused, and InsufficientFunds where the
    money has left the account that must give it back.
    """
    note = Note(reference, reason, actor, now)

    async def unit() -> Journal:
        transfers = TransferRepository(tx)
        journal = await transfers.lock_journal(journal_id)
        if journal is None:
            raise NoSuchJournal(journal_id)
        gone = await transfers.reversed_among([one.id for one in journal.transfers])
        return await post(tx, rules.reversal_of(journal, gone), note)

    return await once(
        tx,
        key=key,
        op=Operation.REVERSE,
        asked=(journal_id,),
        note=note,
        kind=Journal,
        unit=unit,
    )
