"""What a citizen sees of their payouts, and what the office sees of all of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.wallet import rules
from bot.wallet.errors import NoSuchPayout
from bot.wallet.repository import PayoutRepository

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import Payout, PayoutEvent, PayoutId, PayoutState

_EVENTS_MAX: Final = 100


async def find_payout(tx: Transaction, *, code: str, office_id: str) -> Payout:
    """Find a payout for the staff of an office. Raises NoSuchPayout, for another's too."""
    found = await PayoutRepository(tx).find(code)
    if found is None or found.office_id != office_id:
        raise NoSuchPayout
    return found


async def find_own_payout(tx: Transaction, *, code: str, citizen_id: CitizenId) -> Payout:
    """Find a payout for who asked for it. Raises NoSuchPayout, for another's too."""
    found = await PayoutRepository(tx).find(code)
    if found is None:
        raise NoSuchPayout
    rules.ensure_own_payout(found, citizen_id)
    return found


async def payout_as(tx: Transaction, *, key: str, citizen_id: CitizenId) -> Payout | None:
    """Find what a citizen asked for under a key, if they did: a button is pressed twice."""
    found = await PayoutRepository(tx).by_key(key)
    return found[0] if found is not None and found[0].citizen_id == citizen_id else None


async def payouts_of(
    tx: Transaction, *, office_id: str, citizen_id: CitizenId, limit: int
) -> list[Payout]:
    """List what a citizen asked an office for, the latest first."""
    assert limit > 0
    return await PayoutRepository(tx).of_citizen(office_id, citizen_id, limit=limit)


async def payouts_in(
    tx: Transaction,
    *,
    office_id: str,
    states: Collection[PayoutState],
    limit: int,
    after_id: int = 0,
) -> list[Payout]:
    """List the payouts of an office that stand there, the oldest first, from after one on."""
    assert limit > 0
    return await PayoutRepository(tx).in_states(office_id, states, after_id=after_id, limit=limit)


async def payout_counts(tx: Transaction, *, office_id: str) -> dict[PayoutState, int]:
    """Count the payouts of an office by where they stand; where none stands is left out."""
    return await PayoutRepository(tx).counts(office_id)


async def payout_events(
    tx: Transaction, *, payout_id: PayoutId, limit: int = _EVENTS_MAX
) -> list[PayoutEvent]:
    """List the steps that a payout took, the first one first."""
    assert limit > 0
    return await PayoutRepository(tx).events(payout_id, limit=limit)


async def account_sharers(tx: Transaction, *, payout: Payout) -> int:
    """Count the other citizens of the office who gave the same account: a warning, no proof."""
    return await PayoutRepository(tx).count_sharers(payout)
