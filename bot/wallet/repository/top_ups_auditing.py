"""A query that holds what people paid in against the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, and_, case, cast, func, literal, or_, select

from bot.wallet.model import TopUpState, TransferCode
from bot.wallet.tables import account, top_up, transfer

if TYPE_CHECKING:
    from bot.kit.database import Transaction

_IN_WALLET = (TopUpState.VERIFIED.value, TopUpState.REVERSED.value)
_CODES = (TransferCode.TOP_UP.value, TransferCode.MATCHED.value)
_back = transfer.alias("back")


class TopUpAuditRepository:
    """What an auditor reads of top-ups; nothing here changes anything."""

    def __init__(self, tx: Transaction, *, limit: int) -> None:
        self._tx = tx
        self._limit = limit

    async def posted_otherwise(self) -> list[str]:
        """Name the top-ups without one transfer of their amount to their citizen's cash.

        It stands as long as the top-up does, and is reversed when that is taken back.
        """
        cash = literal("wallet:") + cast(top_up.c.citizen_id, String) + literal(":cash@")
        differs = or_(
            transfer.c.amount_rial != top_up.c.amount_rial,
            transfer.c.code.not_in(_CODES),
            account.c.code != cash + top_up.c.office_id,
        )
        is_reversed = func.count(_back.c.id) == 1
        query = (
            select(top_up.c.code)
            .outerjoin(transfer, transfer.c.journal_id == top_up.c.journal_id)
            .outerjoin(account, account.c.id == transfer.c.credit_id)
            .outerjoin(_back, _back.c.reverses_id == transfer.c.id)
            .where(top_up.c.state.in_(_IN_WALLET))
            .group_by(top_up.c.id, top_up.c.code, top_up.c.state)
            .having(
                or_(
                    func.count(transfer.c.id) != 1,
                    func.max(case((differs, 1), else_=0)) == 1,
                    and_(top_up.c.state == TopUpState.VERIFIED.value, is_reversed),
                    and_(top_up.c.state == TopUpState.REVERSED.value, func.count(_back.c.id) == 0),
                )
            )
        )
        query = query.order_by(top_up.c.id).limit(self._limit)
        return list((await self._tx.scalars(query)).all())
