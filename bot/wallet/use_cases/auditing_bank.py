"""The audit of bank files: suspense is known piece by piece, and each line is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.model import Finding, Invariant
from bot.wallet.repository import BankAuditRepository

if TYPE_CHECKING:
    from bot.kit.database import Transaction


async def bank_findings(tx: Transaction, *, limit: int) -> list[Finding]:
    """Look for money in suspense of which nothing tells, and for lines that moved none."""
    audited = BankAuditRepository(tx, limit=limit)
    told, standing = await audited.told(), await audited.standing()
    found = [
        Finding(
            Invariant.SUSPENSE_TOLD,
            f"in suspense at {office_id}",
            str(told.get(office_id, 0)),
            str(standing.get(office_id, 0)),
        )
        for office_id in sorted(told.keys() | standing.keys())
        if told.get(office_id, 0) != standing.get(office_id, 0)
    ]
    found += [
        Finding(
            Invariant.SUSPENSE_TOLD,
            f"line {number} of a bank file",
            "a transfer of its amount",
            "none",
        )
        for number in await audited.unposted()
    ]
    return found
