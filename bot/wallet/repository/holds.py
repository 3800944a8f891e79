"""Queries about cash that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.kit.database import insert_new
from bot.wallet.model import Hold, HoldId, HoldState, Note
from bot.wallet.tables import account, hold

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row

    from bot.kit.database import Transaction
    from bot.wallet.model import AccountId

_HOLDS = select(hold, account.c.code).join(account, account.c.id == hold.c.account_id)


class HoldRepository:
    """Holds, which are resolved once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, hold_id: HoldId) -> Hold | None:
        """Find a hold by its number."""
        return (await self.find_all([hold_id])).get(hold_id)

    async def find_all(self, ids: Collection[HoldId]) -> dict[HoldId, Hold]:
        """Find several holds in one statement."""
        rows = await self._tx.execute(_HOLDS.where(hold.c.id.in_(ids)))
        return {found.id: found for found in map(_hold_of, rows)}

    async def by_reference(self, reference: str) -> Hold | None:
        """Find what is, or was, held for something."""
        row = (await self._tx.execute(_HOLDS.where(hold.c.reference == reference))).one_or_none()
        return None if row is None else _hold_of(row)

    async def open_of(self, code: str, *, limit: int) -> list[Hold]:
        """List what is held of an account, the oldest first."""
        query = (
            _HOLDS.where(account.c.code == code, hold.c.state == HoldState.OPEN.value)
            .order_by(hold.c.id)
            .limit(limit)
        )
        return [_hold_of(row) for row in await self._tx.execute(query)]

    async def add(self, account_id: AccountId, amount_rial: int, note: Note) -> HoldId | None:
        """Write down that money is held; None where something is or was held for the same."""
        statement = insert_new(hold).values(
            account_id=account_id,
            amount_rial=amount_rial,
            posted_rial=0,
            state=HoldState.OPEN.value,
            reference=note.reference,
            reason=note.reason,
            actor=note.actor,
            at=note.at,
        )
        result = await self._tx.execute(statement.returning(hold.c.id))
        number = result.scalar_one_or_none()
        return None if number is None else HoldId(number)

    async def resolve(self, hold_id: HoldId, posted_rial: int, now: datetime) -> bool:
        """End a hold that is open; posting nothing voids it. Say whether it was open."""
        state = HoldState.POSTED if posted_rial else HoldState.VOIDED
        statement = (
            update(hold)
            .where(hold.c.id == hold_id, hold.c.state == HoldState.OPEN.value)
            .values(state=state.value, posted_rial=posted_rial, resolved_at=now)
        )
        return (await self._tx.execute(statement)).rowcount == 1


def _hold_of(row: Row[Any]) -> Hold:
    return Hold(
        id=HoldId(row.id),
        account=row.code,
        amount_rial=row.amount_rial,
        posted_rial=row.posted_rial,
        state=HoldState(row.state),
        note=Note(row.reference, row.reason, row.actor, row.at),
        resolved_at=row.resolved_at,
    )
