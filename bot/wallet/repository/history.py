"""What only the database itself can say: whether its guards stand, and whether a row is missing.

The two databases keep this in different places, and not as much of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from bot.kit.repository import is_file, missing_guards, numbers_gone
from bot.wallet.tables import transfer

if TYPE_CHECKING:
    from bot.kit.database import Transaction

_GUARDED: Final = (
    *("account", "hold", "transfer", "operation"),
    *("payout", "payout_event", "payout_batch"),
)


class HistoryRepository:
    """What an auditor asks of the database; nothing here changes anything."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def missing_guards(self) -> list[str]:
        """Name the triggers that should stand and do not, or were told to do nothing."""
        return await missing_guards(self._tx, _GUARDED)

    async def missing_transfers(self) -> int:
        """Count the transfers that were there and no longer are, as far as their numbers tell.

        On PostgreSQL the numbers within each journal tell, which begin at one; that a whole
        journal is gone is told by its key, which answers with it, and by the sums of its accounts.
        """
        if is_file(self._tx):
            return await numbers_gone(self._tx, transfer)
        return await self._left_out()

    async def _left_out(self) -> int:
        gaps = func.max(transfer.c.seq) - func.count()
        journals = select(gaps.label("gaps")).group_by(transfer.c.journal_id).subquery()
        return int(await self._tx.scalar(select(func.coalesce(func.sum(journals.c.gaps), 0))) or 0)
