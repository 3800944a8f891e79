"""What of an office's money waits for somebody, for a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.model import MoneyWaiting, PayoutState
from bot.wallet.repository import PayoutRepository, ProposalRepository, TopUpRepository

if TYPE_CHECKING:
    from bot.kit.database import Transaction


async def money_waiting(tx: Transaction, *, office_id: str) -> MoneyWaiting:
    """Count what waits for finance and for the managers of an office."""
    payouts = await PayoutRepository(tx).counts(office_id)
    _first, top_ups = await TopUpRepository(tx).waiting(office_id, limit=1, offset=0)
    return MoneyWaiting(
        proposals=await ProposalRepository(tx).count_waiting(office_id),
        top_ups=top_ups,
        payouts=payouts.get(PayoutState.REQUESTED, 0) + payouts.get(PayoutState.REVIEW, 0),
        seconding=payouts.get(PayoutState.SECONDING, 0),
        approved=payouts.get(PayoutState.APPROVED, 0),
        sent=payouts.get(PayoutState.SENT, 0),
    )
