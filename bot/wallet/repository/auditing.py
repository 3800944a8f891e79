"""Queries that add the ledger up anew from its transfers and holds.

What is wrong is named, at most so much of a kind, and answers are read a page at a time: a ledger
of any size is audited in bounded memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from bot.wallet.model import AccountSums, Bucket, Done, HoldState
from bot.wallet.repository.accounts import account_of
from bot.wallet.repository.operations import done_of
from bot.wallet.tables import account, hold, operation, transfer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import ColumnElement, Select

    from bot.kit.database import Transaction

_reversal, _original = transfer.alias("reversal"), transfer.alias("original")
_debit, _credit = account.alias("debit_account"), account.alias("credit_account")


class AuditRepository:
    """What an auditor reads; nothing here changes anything."""

    def __init__(self, tx: Transaction, *, limit: int) -> None:
        self._tx = tx
        self._limit = limit

    async def sums(self) -> AsyncIterator[AccountSums]:
        """Give every account with its sums added up anew."""
        debits = _total(transfer.c.amount_rial, transfer.c.debit_id == account.c.id)
        credits_ = _total(transfer.c.amount_rial, transfer.c.credit_id == account.c.id)
        is_held = and_(hold.c.account_id == account.c.id, hold.c.state == HoldState.OPEN.value)
        held = _total(hold.c.amount_rial, is_held)
        query = select(account, debits.label("d"), credits_.label("c"), held.label("h"))
        async for row in await self._tx.stream(query.order_by(account.c.id)):
            yield AccountSums(account_of(row), int(row.d), int(row.c), int(row.h))

    async def revenue_from(self, office_id: str, bucket: Bucket) -> int:
        """Say how much of an office's revenue was earned with the money of a bucket."""
        escrow, revenue = f"escrow:%:{bucket}@{office_id}", f"revenue@{office_id}"
        signed = case(
            (and_(_debit.c.code.like(escrow), _credit.c.code == revenue), 1),
            (and_(_credit.c.code.like(escrow), _debit.c.code == revenue), -1),
            else_=0,
        )
        query = (
            select(func.coalesce(func.sum(transfer.c.amount_rial * signed), 0))
            .join(_debit, _debit.c.id == transfer.c.debit_id)
            .join(_credit, _credit.c.id == transfer.c.credit_id)
        )
        return int((await self._tx.execute(query)).scalar_one())

    async def inexact_reversals(self) -> list[int]:
        """Name the reversals that are not the exact opposite of one earlier transfer."""
        differs = or_(
            _original.c.id.is_(None),
            _original.c.id >= _reversal.c.id,
            _original.c.reverses_id.is_not(None),
            _original.c.debit_id != _reversal.c.credit_id,
            _original.c.credit_id != _reversal.c.debit_id,
            _original.c.amount_rial != _reversal.c.amount_rial,
        )
        query = (
            select(_reversal.c.id)
            .outerjoin(_original, _original.c.id == _reversal.c.reverses_id)
            .where(_reversal.c.reverses_id.is_not(None), differs)
        )
        return await self._first(query.order_by(_reversal.c.id))

    async def journals_not_reversed_once(self) -> list[str]:
        """Name the journals of which a part was reversed, or anything twice."""
        reversed_count, whole_count = func.count(_reversal.c.id), func.count(_original.c.id)
        distinct_count = func.count(_reversal.c.reverses_id.distinct())
        query = (
            select(_original.c.journal_id)
            .outerjoin(_reversal, _reversal.c.reverses_id == _original.c.id)
            .group_by(_original.c.journal_id)
            .having(
                and_(
                    reversed_count > 0,
                    or_(reversed_count != whole_count, distinct_count != reversed_count),
                )
            )
        )
        return await self._first(query.order_by(_original.c.journal_id))

    async def holds_not_resolved_once(self) -> list[int]:
        """Name the holds whose state is not what was taken for them."""
        taken = func.coalesce(func.sum(transfer.c.amount_rial), 0)
        is_foreign = func.max(case((transfer.c.debit_id != hold.c.account_id, 1), else_=0)) == 1
        expected_count = case((hold.c.state == HoldState.POSTED.value, 1), else_=0)
        differs = or_(
            func.count(transfer.c.id) != expected_count,
            taken != hold.c.posted_rial,
            taken > hold.c.amount_rial,
            is_foreign,
        )
        query = (
            select(hold.c.id)
            .outerjoin(transfer, transfer.c.hold_id == hold.c.id)
            .group_by(hold.c.id)
            .having(differs)
        )
        return await self._first(query.order_by(hold.c.id))

    async def unasked_journals(self) -> list[str]:
        """Name the journals that no key answers for."""
        query = (
            select(transfer.c.journal_id)
            .outerjoin(operation, operation.c.journal_id == transfer.c.journal_id)
            .where(operation.c.key.is_(None))
            .distinct()
        )
        return await self._first(query.order_by(transfer.c.journal_id))

    async def answers(self, after: str, *, limit: int) -> list[Done]:
        """Turn to a page of keys with their answers, in the order of the keys."""
        query = select(operation).where(operation.c.key > after)
        rows = await self._tx.execute(query.order_by(operation.c.key).limit(limit))
        return [done_of(row) for row in rows]

    async def _first(self, query: Select[tuple[Any]]) -> list[Any]:
        return list((await self._tx.scalars(query.limit(self._limit))).all())


def _total(amount: ColumnElement[int], condition: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.coalesce(func.sum(amount), 0)).where(condition)
    return query.correlate(account).scalar_subquery()
