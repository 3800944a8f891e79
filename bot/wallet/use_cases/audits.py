"""The ledger is audited once a night, whether or not the desk ran at that hour."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Final

from bot.kit.clock import TEHRAN
from bot.wallet.repository import AccountRepository, AuditedNightRepository
from bot.wallet.rules import office_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.kit.database import Transaction

AUDIT_AT: Final = time(2, 0)  # in Tehran


def night_of(now: datetime) -> date:
    """Name the last night whose hour of the audit has come."""
    local = now.astimezone(TEHRAN)
    return local.date() if local.time() >= AUDIT_AT else local.date() - timedelta(days=1)


async def is_audit_due(tx: Transaction, *, now: datetime) -> bool:
    """Say whether the last night was not audited yet."""
    return not await AuditedNightRepository(tx).has(night_of(now))


async def was_right(tx: Transaction) -> bool:
    """Say whether the last audit found nothing, or there was none yet."""
    return not await AuditedNightRepository(tx).last_findings_count()


async def offices_with_money(tx: Transaction) -> list[str]:
    """Name the offices in whose accounts money stands, whether they are known or not."""
    codes = await AccountRepository(tx).standing_codes()
    return sorted({office_of(code) for code in codes})


async def record_audit(tx: Transaction, *, findings_count: int, now: datetime) -> bool:
    """Keep that the last night was audited, and say whether nobody else had done so."""
    return await AuditedNightRepository(tx).add(night_of(now), findings_count, now)
