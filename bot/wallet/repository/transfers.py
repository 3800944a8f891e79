"""Queries about what moved, and about the statement of a citizen."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, union_all

from bot.wallet.model import (
    Bucket,
    HoldId,
    Journal,
    JournalId,
    Line,
    Note,
    Transfer,
    TransferCode,
    TransferId,
)
from bot.wallet.tables import account, transfer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select, Subquery

    from bot.kit.database import Transaction
    from bot.wallet.model import Account, Entry, StatementSpan

_debit = account.alias("debit_account")
_credit = account.alias("credit_account")
_TRANSFERS = (
    select(transfer, _debit.c.code.label("debit"), _credit.c.code.label("credit"))
    .join(_debit, _debit.c.id == transfer.c.debit_id)
    .join(_credit, _credit.c.id == transfer.c.credit_id)
)

# What every payment asks for is built once: that takes longer than to run it.
_ADD: Final = insert(transfer)
_JOURNAL: Final = _TRANSFERS.where(transfer.c.journal_id == bindparam("journal_id")).order_by(
    transfer.c.seq
)
_LOCK_JOURNAL: Final = _JOURNAL.with_for_update(of=transfer, key_share=True)
_REVERSED: Final = select(transfer.c.reverses_id).where(
    transfer.c.reverses_id.in_(bindparam("ids"))
)


class TransferRepository:
    """Transfers, which are added and read, never changed."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(
        self,
        journal_id: JournalId,
        entries: Sequence[Entry],
        accounts: Mapping[str, Account],
        note: Note,
    ) -> None:
        """Write the transfers of a journal."""
        rows = [
            {
                "journal_id": journal_id,
                "seq": seq,
                "code": entry.move.code.value,
                "debit_id": accounts[entry.move.debit].id,
                "credit_id": accounts[entry.move.credit].id,
                "amount_rial": entry.move.amount_rial,
                "reference": note.reference,
                "reason": note.reason,
                "actor": note.actor,
                "at": note.at,
                "reverses_id": entry.reverses_id,
                "hold_id": None if entry.hold is None else entry.hold.id,
            }
            for seq, entry in enumerate(entries, start=1)
        ]
        await self._tx.execute(_ADD, rows)

    async def journal(self, journal_id: JournalId) -> Journal | None:
        """Find a journal with all its transfers."""
        rows = (await self._tx.execute(_JOURNAL, {"journal_id": journal_id})).all()
        return _journal_of(rows) if rows else None

    async def lock_journal(self, journal_id: JournalId) -> Journal | None:
        """Find a journal, and keep others from reversing it meanwhile."""
        rows = (await self._tx.execute(_LOCK_JOURNAL, {"journal_id": journal_id})).all()
        return _journal_of(rows) if rows else None

    async def journals(self, ids: Collection[JournalId]) -> dict[JournalId, Journal]:
        """Find several journals in one statement."""
        query = _TRANSFERS.where(transfer.c.journal_id.in_(ids))
        rows = await self._tx.execute(query.order_by(transfer.c.journal_id, transfer.c.seq))
        parted = groupby(rows, key=lambda row: JournalId(row.journal_id))
        return {number: _journal_of(list(parts)) for number, parts in parted}

    async def journals_about(self, reference: str, *, limit: int) -> list[Journal]:
        """List what moved for something, the oldest first."""
        numbers = (
            select(transfer.c.journal_id)
            .where(transfer.c.reference == reference)
            .group_by(transfer.c.journal_id)
            .order_by(func.min(transfer.c.id))
            .limit(limit)
        )
        ids = [JournalId(number) for number in await self._scalars(numbers)]
        found = await self.journals(ids)
        return [found[number] for number in ids]

    async def reversed_among(self, ids: Collection[TransferId]) -> set[TransferId]:
        """Name those of these transfers that have been reversed."""
        reversed_ones = await self._tx.scalars(_REVERSED, {"ids": ids})
        return {TransferId(number) for number in reversed_ones}

    async def lines(
        self, wallet: Mapping[str, Bucket], *, before: int | None, limit: int
    ) -> list[Line]:
        """List what came into accounts and left them, the latest first, from before a line on."""
        sides = _sides(wallet)
        query = select(sides).order_by(sides.c.line_id.desc()).limit(limit)
        if before is not None:
            query = query.where(sides.c.line_id < before)
        return [_line_of(row, wallet) for row in await self._tx.execute(query)]

    async def lines_between(
        self, wallet: Mapping[str, Bucket], span: StatementSpan, *, limit: int
    ) -> list[Line]:
        """List the latest that came and went in a stretch of time, the oldest of them first."""
        sides = _sides(wallet, "at")
        query = select(sides).where(sides.c.at <= span.until)
        if span.since is not None:
            query = query.where(sides.c.at >= span.since)
        query = query.order_by(sides.c.at.desc(), sides.c.line_id.desc()).limit(limit)
        return [_line_of(row, wallet) for row in await self._tx.execute(query)][::-1]

    async def sum_until(self, code: str, moment: datetime) -> int:
        """Add up what had come into an account by a moment, less what had left it."""
        sides = _sides([code])
        total = func.coalesce(func.sum(sides.c.signed_rial), 0)
        query = select(total).where(sides.c.at <= moment)
        return int((await self._tx.execute(query)).scalar_one())

    async def _scalars(self, query: Select[tuple[Any]]) -> list[Any]:
        return list((await self._tx.scalars(query)).all())


def _sides(wallet: Collection[str], *before: str) -> Subquery:
    """Put what left accounts and what came into them under one another, and add it up.

    It is added up in the order of the lines, or of other columns before that.
    """
    sides = union_all(
        *(
            select(
                (transfer.c.id * 2 + is_credit).label("line_id"),
                (transfer.c.amount_rial * sign).label("signed_rial"),
                account.c.code.label("account"),
                transfer,
            )
            .join(account, account.c.id == own)
            .where(account.c.code.in_(wallet))
            for own, sign, is_credit in (
                (transfer.c.debit_id, -1, 0),
                (transfer.c.credit_id, 1, 1),
            )
        )
    ).subquery()
    order = [sides.c[name] for name in (*before, "line_id")]
    balance = func.sum(sides.c.signed_rial).over(order_by=order)
    return select(sides, balance.label("balance_rial")).subquery()


def _line_of(row: Row[Any], wallet: Mapping[str, Bucket]) -> Line:
    return Line(
        id=row.line_id,
        at=row.at,
        amount_rial=row.signed_rial,
        bucket=wallet[row.account],
        code=TransferCode(row.code),
        reason=row.reason,
        reference=row.reference,
        journal_id=JournalId(row.journal_id),
        balance_rial=int(row.balance_rial),
    )


def _journal_of(rows: Sequence[Row[Any]]) -> Journal:
    first = rows[0]
    return Journal(
        JournalId(first.journal_id),
        Note(first.reference, first.reason, first.actor, first.at),
        tuple(_transfer_of(row) for row in rows),
    )


def _transfer_of(row: Row[Any]) -> Transfer:
    return Transfer(
        id=TransferId(row.id),
        seq=row.seq,
        code=TransferCode(row.code),
        debit=row.debit,
        credit=row.credit,
        amount_rial=row.amount_rial,
        reverses_id=None if row.reverses_id is None else TransferId(row.reverses_id),
        hold_id=None if row.hold_id is None else HoldId(row.hold_id),
    )
