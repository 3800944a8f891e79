"""What whoever keeps count of fees asks of the ledger: what waits, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.repository import AccountRepository, TransferRepository

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.kit.database import Transaction
    from bot.wallet.model import Journal, JournalId


async def escrows(tx: Transaction) -> dict[str, int]:
    """Say by the codes of accounts what waits for workshops; those with nothing are left out."""
    return await AccountRepository(tx).standing_escrows()


async def find_fees(
    tx: Transaction, *, journal_ids: Collection[JournalId]
) -> dict[JournalId, tuple[Journal, int]]:
    """Find journals, each with how many of its transfers were reversed."""
    transfers = TransferRepository(tx)
    found = await transfers.journals(journal_ids)
    parts = [one.id for journal in found.values() for one in journal.transfers]
    gone = await transfers.reversed_among(parts)
    return {
        number: (journal, sum(one.id in gone for one in journal.transfers))
        for number, journal in found.items()
    }
