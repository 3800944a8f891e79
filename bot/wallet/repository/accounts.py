"""Queries about accounts and the sums kept beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, bindparam, not_, select, update

from bot.kit.database import insert_new
from bot.wallet.model import Account, AccountId, AccountKind
from bot.wallet.tables import account

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import BindParameter, ColumnElement, Row

    from bot.kit.database import Transaction
    from bot.wallet.model import AccountShape, Delta


def _rial(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger)


_available = account.c.credits_rial - account.c.debits_rial - account.c.held_rial

# What every payment asks for is built once: that takes longer than to run it.
_BY_CODES: Final = (
    select(account).where(account.c.code.in_(bindparam("codes"))).order_by(account.c.id)
)
_LOCK: Final = _BY_CODES.with_for_update(key_share=True)
_OPEN: Final = insert_new(account)
_CHANGE: Final = (
    update(account)
    .where(
        account.c.id == bindparam("found_id"),
        account.c.code == bindparam("found_code"),
        not_(account.c.is_no_overdraft) | (_available >= _rial("needed")),
        account.c.held_rial >= _rial("released"),
    )
    .values(
        debits_rial=account.c.debits_rial + _rial("debited"),
        credits_rial=account.c.credits_rial + _rial("credited"),
        held_rial=account.c.held_rial - _rial("released"),
    )
)


class AccountRepository:
    """Accounts, by their codes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, codes: Collection[str]) -> dict[str, Account]:
        """Find accounts; whoever never had money has none."""
        rows = await self._tx.execute(_BY_CODES, {"codes": codes})
        return {row.code: account_of(row) for row in rows}

    async def lock(self, codes: Collection[str]) -> dict[str, Account]:
        """Find accounts as they stand, and keep others from changing them meanwhile.

        All lock in the same order, so that none wait in a ring.
        """
        rows = await self._tx.execute(_LOCK, {"codes": codes})
        return {row.code: account_of(row) for row in rows}

    async def standing_escrows(self) -> dict[str, int]:
        """Say what waits for workshops in each account where something does."""
        standing = account.c.credits_rial - account.c.debits_rial
        query = select(account.c.code, standing).where(
            account.c.code.like("escrow:%"), standing != 0
        )
        return {code: int(rial) for code, rial in sorted(await self._tx.execute(query))}

    async def standing_codes(self) -> list[str]:
        """Name the accounts of offices themselves, and of nobody, in which something stands."""
        query = select(account.c.code).where(
            account.c.credits_rial != account.c.debits_rial, account.c.code.not_like("%:%")
        )
        return sorted(await self._tx.scalars(query))

    async def open(self, shapes: Mapping[str, AccountShape]) -> None:
        """Open the accounts that are not there yet; others may open the same meanwhile."""
        rows = [
            {
                "code": code,
                "kind": shape.kind.value,
                "is_no_overdraft": shape.is_no_overdraft,
                "debits_rial": 0,
                "credits_rial": 0,
                "held_rial": 0,
            }
            for code, shape in sorted(shapes.items())
        ]
        await self._tx.execute(_OPEN, rows)

    async def change(self, found: Account, delta: Delta) -> bool:
        """Change the sums of an account if what that needs is there, and say whether it was.

        An account whose owner has parted since it was found is left alone: it is nobody's now.
        """
        values = {
            "found_id": found.id,
            "found_code": found.code,
            "needed": delta.needed_rial,
            "debited": delta.debits_rial,
            "credited": delta.credits_rial,
            "released": delta.released_rial,
        }
        return (await self._tx.execute(_CHANGE, values)).rowcount == 1

    async def keep_back(self, found: Account, amount_rial: int) -> bool:
        """Hold a part of what is available, and say whether it was there."""
        is_theirs = account.c.code == found.code
        values = {"held_rial": account.c.held_rial + amount_rial}
        return await self._change(found.id, is_theirs & _is_available(amount_rial), values)

    async def set_free(self, account_id: AccountId, amount_rial: int) -> bool:
        """Hold so much less, and say whether it was held."""
        values = {"held_rial": account.c.held_rial - amount_rial}
        return await self._change(account_id, account.c.held_rial >= amount_rial, values)

    async def _change(
        self,
        account_id: AccountId,
        condition: ColumnElement[bool],
        values: Mapping[str, ColumnElement[int]],
    ) -> bool:
        statement = update(account).where(account.c.id == account_id, condition).values(**values)
        return (await self._tx.execute(statement)).rowcount == 1


def _is_available(amount_rial: int) -> ColumnElement[bool]:
    return _available >= amount_rial


def account_of(row: Row[Any]) -> Account:
    """Read an account."""
    return Account(
        id=AccountId(row.id),
        code=row.code,
        kind=AccountKind(row.kind),
        is_no_overdraft=row.is_no_overdraft,
        debits_rial=row.debits_rial,
        credits_rial=row.credits_rial,
        held_rial=row.held_rial,
    )
