"""One step of a payout: guarded, written down for ever, and settled with the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.kit.tracking import shown
from bot.wallet import rules
from bot.wallet.errors import NoSuchPayout, PayoutMoved
from bot.wallet.model import (
    Bucket,
    Move,
    PayoutAct,
    PayoutEvent,
    PayoutState,
    TransferCode,
)
from bot.wallet.repository import PayoutRepository
from bot.wallet.use_cases.holds import post_hold, void_hold
from bot.wallet.use_cases.ledger import move

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import Payout, PayoutStep

_FREEING: Final = (PayoutState.WITHDRAWN, PayoutState.REJECTED, PayoutState.RETURNED)
# What the audit of the office calls a step; any other one is called by where it leads.
_RECORDED: Final = {
    PayoutAct.SECOND: "seconded",
    PayoutAct.RECALL: "recalled",
    PayoutAct.CORRECT: "corrected",
}


async def claim_payout(tx: Transaction, code: str) -> Payout:
    """Find a payout and let nobody else change it meanwhile. Raises NoSuchPayout."""
    found = await PayoutRepository(tx).claim(code)
    if found is None:
        raise NoSuchPayout
    return found


async def take_step(
    tx: Transaction,
    payout: Payout,
    step: PayoutStep,
    *,
    who: str,
    now: datetime,
    reason: str | None = None,
    values: Mapping[str, object] | None = None,
) -> None:
    """Take a step, write it down, and do with the money what it says. Raises PayoutMoved."""
    payouts = PayoutRepository(tx)
    if not await payouts.advance(payout, step, values or {}, now, reason=reason):
        moved = await payouts.find(payout.code)
        assert moved is not None
        raise PayoutMoved(moved.state)
    event = PayoutEvent(step.begins, step.ends, who, reason, now)
    await payouts.add_event(payout.id, event)
    await _settle(tx, payout, step.ends, who=who, now=now)


async def record_step(
    tx: Transaction,
    payout: Payout,
    step: PayoutStep,
    actor: Staff,
    now: datetime,
    *,
    note: str | None,
) -> None:
    """Write into the audit of the office what somebody did, with no account and no name."""
    said = f"{payout.code} {payout.amount_rial}"
    await citizens.record(
        tx,
        actor=actor,
        action=f"payout.{_RECORDED.get(step.act, step.ends.value)}",
        subject=payout.reference,
        note=said if note is None else f"{said}: {note}",
        between=(step.begins, step.ends),
        now=now,
    )


async def _settle(
    tx: Transaction,
    payout: Payout,
    ends: PayoutState,
    *,
    who: str,
    now: datetime,
) -> None:
    """Do with the money what a step says: it is set free, leaves for the bank, or comes back."""
    key, said = f"{payout.reference}:{ends.value}", shown(payout.code)
    if ends in _FREEING:
        await void_hold(tx, key=key, hold_id=payout.hold_id, reason=said, actor=who, now=now)
    elif ends is PayoutState.PAID:
        await post_hold(
            tx,
            key=key,
            hold_id=payout.hold_id,
            amount_rial=payout.amount_rial,
            to_code=rules.account_code(payout.office_id, "bank"),
            code=TransferCode.PAYOUT,
            reason=said,
            actor=who,
            now=now,
        )
    elif ends is PayoutState.RETURNED_LATE:
        wallet = rules.wallet_code(payout.office_id, payout.citizen_id, Bucket.CASH)
        bank = rules.account_code(payout.office_id, "bank")
        back = Move(bank, wallet, payout.amount_rial, TransferCode.PAYOUT_RETURNED)
        await move(
            tx,
            key=key,
            moves=[back],
            reference=payout.reference,
            reason=said,
            actor=who,
            now=now,
        )
