"""What a manager has looked over before an office serves people; the audit remembers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens import rules
from bot.citizens.repository import AuditRepository
from bot.citizens.use_cases.staff import record
from bot.kit.identity import masked
from bot.kit.text import cut

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction

_CONFIRM: Final = "confirm_hours"
_HOURS: Final = "hours"


async def confirm_hours(tx: Transaction, *, actor: Staff, hours: str, now: datetime) -> None:
    """Write down that a manager found the hours of their office right, as they read them."""
    if not await are_hours_confirmed(tx, office_id=actor.office_id, hours=hours):
        await record(tx, actor=actor, action=_CONFIRM, subject=_HOURS, note=hours, now=now)


async def are_hours_confirmed(tx: Transaction, *, office_id: str, hours: str) -> bool:
    """True where these were found right last; others since, or none, were not looked at."""
    found = await AuditRepository(tx).of_office(
        office_id, limit=1, before_id=None, subjects=[_HOURS]
    )
    return bool(found) and found[0].note == cut(masked(hours), rules.NOTE_UNITS_MAX)
