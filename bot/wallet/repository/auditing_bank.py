"""Queries that hold the lines of bank files against the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, and_, cast, func, literal, or_, select, union_all

from bot.wallet.model import LineState, TopUpState, TopUpWay, TransferCode
from bot.wallet.tables import account, bank_line, top_up, transfer

if TYPE_CHECKING:
    from bot.kit.database import Transaction

_POSTED = (LineState.SUSPENSE, LineState.CLAIMED, LineState.SENT_BACK, LineState.SETTLED)


class BankAuditRepository:
    """What an auditor reads of bank files; nothing here changes anything."""

    def __init__(self, tx: Transaction, *, limit: int) -> None:
        self._tx = tx
        self._limit = limit

    async def told(self) -> dict[str, int]:
        """Add up, an office at a time, what is said to be in suspense, piece by piece.

        A payment that was given to somebody by mistake is in suspense again, as it was before.
        """
        lines = select(bank_line.c.office_id, bank_line.c.amount_rial.label("rial")).where(
            bank_line.c.state == LineState.SUSPENSE.value
        )
        top_ups = select(top_up.c.office_id, top_up.c.amount_rial.label("rial")).where(
            top_up.c.state == TopUpState.UNMATCHED.value
        )
        given_back = (
            select(top_up.c.office_id, top_up.c.amount_rial.label("rial"))
            .join(transfer, transfer.c.journal_id == top_up.c.journal_id)
            .where(
                top_up.c.state == TopUpState.REVERSED.value,
                top_up.c.way == TopUpWay.INVOICE.value,
                transfer.c.code == TransferCode.MATCHED.value,
            )
        )
        pieces = union_all(lines, top_ups, given_back).subquery()
        query = select(pieces.c.office_id, func.sum(pieces.c.rial)).group_by(pieces.c.office_id)
        return {row[0]: int(row[1]) for row in await self._tx.execute(query)}

    async def standing(self) -> dict[str, int]:
        """Say what is in suspense by the ledger, an office at a time."""
        query = select(account).where(account.c.code.like("suspense@%"))
        return {
            row.code.partition("@")[2]: row.credits_rial - row.debits_rial
            for row in await self._tx.execute(query)
        }

    async def unposted(self) -> list[int]:
        """Name the lines whose money has not moved as their state says."""
        is_of_it = and_(
            transfer.c.journal_id == bank_line.c.journal_id,
            transfer.c.amount_rial == func.abs(bank_line.c.amount_rial),
            or_(
                transfer.c.reference == literal("bankline:") + cast(bank_line.c.id, String),
                transfer.c.reference.like("topup:%"),
            ),
        )
        query = (
            select(bank_line.c.id)
            .where(
                bank_line.c.state.in_([state.value for state in _POSTED]),
                ~select(transfer.c.id).where(is_of_it).exists(),
            )
            .order_by(bank_line.c.id)
            .limit(self._limit)
        )
        return list((await self._tx.scalars(query)).all())
