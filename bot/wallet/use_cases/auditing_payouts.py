"""The audit of payouts (I11): approved by the right people, proven, and equal to the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import rules
from bot.wallet.model import Finding, Invariant
from bot.wallet.repository import PayoutAuditRepository

if TYPE_CHECKING:
    from bot.kit.database import Transaction


async def payout_findings(tx: Transaction, *, limit: int) -> list[Finding]:
    """Look for whatever is wrong with payouts, at most so much of a kind."""
    audited = PayoutAuditRepository(tx, limit=limit)
    kinds = (
        ("payout", "a hold of its money that is as its state says", audited.held_otherwise),
        ("hold", "a payout that it is for", audited.holds_of_none),
        ("payout", "the transfers that its state says", audited.moved_otherwise),
        ("transfer", "never reversed, for it was a payout", audited.reversed_ones),
        ("payout", "approved by whom it takes, not by whom it is for", audited.wrongly_approved),
        ("payout", "a batch and the bank's references as its state says", audited.unproven),
        ("payout", "where its last step led", audited.elsewhere_than_history),
        ("step of a payout", "begins where the one before it led", audited.broken_histories),
        ("step of a payout", "by somebody whom it does not pay", audited.steps_by_owners),
        (
            "batch of payouts",
            "the number and sum of its payouts",
            audited.batches_of_other_sums,
        ),
    )
    found = [
        Finding(Invariant.PAYOUT_PROVEN, f"{name} {number}", expected, "something else")
        for name, expected, wrong in kinds
        for number in await wrong()
    ]
    listed = {(step.begins.value, step.ends.value) for step in rules.PAYOUT_STEPS}
    found += [
        Finding(
            Invariant.PAYOUT_PROVEN, f"payout {number}", "a step of the list", " to ".join(step)
        )
        for step, number in (await audited.kinds_of_steps()).items()
        if step not in listed
    ]
    return found
