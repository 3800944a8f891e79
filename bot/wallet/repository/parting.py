"""Queries that let a ledger name nobody where it named a person, and change nothing else in it.

Triggers let these numbers change while the person parts, and no amount, account or moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update

from bot.wallet.model import OPEN_STATES, PayoutState, ProposalState, TopUpState
from bot.wallet.model.parting import Unfinished
from bot.wallet.repository.accounts import account_of
from bot.wallet.tables import (
    account,
    credit_proposal,
    hold,
    operation,
    payout,
    payout_event,
    top_up,
    transfer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select, Table

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import Account

_AT_ONCE: Final = 200
_NAMELESS: Final = "forgotten"  # as the triggers know it
_ENDED: Final = (
    *(PayoutState.PAID, PayoutState.RETURNED, PayoutState.RETURNED_LATE),
    *(PayoutState.REJECTED, PayoutState.WITHDRAWN),
)
_HOLD_ENDS: Final = ("hold", *(state.value for state in _ENDED))


class PartingRepository:
    """What the ledger keeps of one person."""

    def __init__(self, tx: Transaction, citizen_id: CitizenId) -> None:
        self._tx = tx
        self._id = citizen_id

    async def lock_accounts(self) -> list[Account]:
        """Find the person's accounts at all offices, and keep others from changing them."""
        is_theirs = or_(
            account.c.code.like(f"wallet:{self._id}:%"), account.c.code.like(f"debt:{self._id}@%")
        )
        query = select(account).where(is_theirs).order_by(account.c.id)
        rows = await self._tx.execute(query.with_for_update(key_share=True))
        return [account_of(row) for row in rows]

    async def renumber(self, accounts: Sequence[Account], number: int) -> None:
        """Write a number in the place of the person's, wherever money says whose it is."""
        ids = [one.id for one in accounts]
        is_near = transfer.c.debit_id.in_(ids) | transfer.c.credit_id.in_(ids)
        journal_ids = list(
            await self._tx.scalars(select(transfer.c.journal_id).where(is_near).distinct())
        )
        for one in accounts:
            code = _renumbered(one.code, self._id, number)
            await self._tx.execute(update(account).where(account.c.id == one.id).values(code=code))
        actor = {"actor": f"citizen:{number}"}
        for table, is_there in (
            (transfer, is_near),
            (hold, hold.c.account_id.in_(ids)),
            (payout_event, payout_event.c.payout_id.in_(self._payout_ids())),
        ):
            is_theirs = table.c.actor == f"citizen:{self._id}"
            await self._tx.execute(update(table).where(is_there, is_theirs).values(actor))
        await self._renumber_answers(ids, journal_ids, number)
        gone = {"iban": b"", "owner": b"", "iban_index": b"", "iban_tail": ""}
        await self._hand_over(payout, number, **gone)
        is_mere_bill = (top_up.c.citizen_id == self._id) & (top_up.c.state == TopUpState.CREATED)
        await self._tx.execute(update(top_up).where(is_mere_bill).values(state=TopUpState.EXPIRED))
        await self._hand_over(top_up, number)
        await self._hand_over(credit_proposal, number)

    async def _hand_over(self, table: Table, number: int, **gone: object) -> None:
        is_theirs = table.c.citizen_id == self._id
        await self._tx.execute(update(table).where(is_theirs).values(citizen_id=number, **gone))

    async def _renumber_answers(
        self, ids: Sequence[int], journal_ids: Sequence[str], number: int
    ) -> None:
        """Renumber what was answered: by journal, and of holds by the keys they are asked with."""
        of_them = select(hold.c.reference).where(hold.c.account_id.in_(ids))
        keys = [f"{held}:{end}" for held in await self._tx.scalars(of_them) for end in _HOLD_ENDS]
        for column, values in ((operation.c.journal_id, journal_ids), (operation.c.key, keys)):
            for at in range(0, len(values), _AT_ONCE):
                rows = await self._tx.execute(
                    select(operation.c.key, operation.c.answer).where(
                        column.in_(values[at : at + _AT_ONCE])
                    )
                )
                for row in rows.all():
                    await self._rewrite(row.key, row.answer, number)

    async def _rewrite(self, key: str, answer: bytes, number: int) -> None:
        before = answer.decode()
        after = _renumbered(before, self._id, number)
        after = after.replace(f'"citizen:{self._id}"', f'"citizen:{number}"')
        if after != before:
            values = {"answer": after.encode(), "fingerprint": _NAMELESS}
            await self._tx.execute(update(operation).where(operation.c.key == key).values(values))

    async def unfinished(self) -> dict[str, set[Unfinished]]:
        """Say at which offices what about the person's money has not come to its end."""
        waits = (
            (Unfinished.PAYOUT, payout, OPEN_STATES),
            (Unfinished.TOP_UP, top_up, (TopUpState.PENDING,)),
            (Unfinished.CREDIT, credit_proposal, (ProposalState.PROPOSED,)),
        )
        found: dict[str, set[Unfinished]] = {}
        for kind, table, states in waits:
            is_waiting = (table.c.citizen_id == self._id) & table.c.state.in_(states)
            offices = select(table.c.office_id).where(is_waiting).distinct()
            for office_id in await self._tx.scalars(offices):
                found.setdefault(office_id, set()).add(kind)
        return found

    def _payout_ids(self) -> Select[tuple[int]]:
        return select(payout.c.id).where(payout.c.citizen_id == self._id)


async def forget_accounts(tx: Transaction, before: datetime) -> int:
    """Blank the accounts' numbers and owners of payouts that ended before a moment; count them."""
    is_over = payout.c.state.in_(_ENDED) & (payout.c.changed_at < before)
    blanked = await tx.execute(
        update(payout).where(is_over, payout.c.iban != b"").values(iban=b"", owner=b"")
    )
    return blanked.rowcount


def _renumbered(text: str, citizen_id: CitizenId, number: int) -> str:
    for after in (":", "@"):
        text = text.replace(f":{citizen_id}{after}", f":{number}{after}")
    return text
