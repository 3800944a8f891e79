"""Queries about the lines of bank files that were taken up, and what the desk has for them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from bot.citizens.model import CitizenId
from bot.kit.clock import TEHRAN
from bot.kit.database import insert_new, keyring_of
from bot.wallet.model import (
    BankFileId,
    BankFileKind,
    BankLine,
    BankLineId,
    JournalId,
    LineState,
    OutcomeSum,
    TopUpState,
    TopUpWay,
)
from bot.wallet.repository.top_ups import top_up_of
from bot.wallet.tables import bank_line, line_reasons, top_up

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import Row, Select

    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.wallet.model import RawLine, TopUp


class BankLineRepository:
    """Lines, each of which is taken up once: office, kind, reference and sign name it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._keyring = keyring_of(tx)

    async def add(
        self,
        line: RawLine,
        *,
        office_id: str,
        kind: BankFileKind,
        file_id: BankFileId,
        state: LineState,
        now: datetime,
        subject: str | None = None,
        journal_id: JournalId | None = None,
    ) -> BankLine | None:
        """Take up a line; None where it was taken up before."""
        values = {
            "office_id": office_id,
            "kind": kind.value,
            "reference": line.reference,
            "amount_rial": line.amount_rial,
            "is_in": line.amount_rial > 0,
            "booked_on": line.on,
            "state": state.value,
            "file_id": file_id,
            "taken_at": now,
            "subject": subject,
            "journal_id": journal_id,
        }
        result = await self._tx.execute(
            insert_new(bank_line).values(**values).returning(bank_line)
        )
        row = result.one_or_none()
        return None if row is None else _line_of(row, self._keyring)

    async def find(self, line_id: BankLineId) -> BankLine | None:
        """Find a line."""
        return await self._one(select(bank_line).where(bank_line.c.id == line_id))

    async def find_among(
        self, office_id: str, kind: BankFileKind, references: Collection[str]
    ) -> list[BankLine]:
        """Find the lines with these references."""
        query = select(bank_line).where(
            bank_line.c.office_id == office_id,
            bank_line.c.kind == kind.value,
            bank_line.c.reference.in_(references),
        )
        return [_line_of(row, self._keyring) for row in await self._tx.execute(query)]

    async def in_suspense_as(
        self, office_id: str, kind: BankFileKind, references: Collection[str], amount_rial: int
    ) -> BankLine | None:
        """Find money in suspense by one of its references and its amount."""
        query = select(bank_line).where(
            bank_line.c.office_id == office_id,
            bank_line.c.kind == kind.value,
            bank_line.c.reference.in_(references),
            bank_line.c.amount_rial == amount_rial,
            bank_line.c.state == LineState.SUSPENSE.value,
        )
        return await self._one(query.order_by(bank_line.c.id).limit(1))

    async def about(self, subject: str) -> BankLine | None:
        """Find the line of a top-up or a payout."""
        query = select(bank_line).where(bank_line.c.subject == subject)
        return await self._one(query.order_by(bank_line.c.id.desc()).limit(1))

    async def in_suspense(self, office_id: str, *, after: int, limit: int) -> list[BankLine]:
        """Turn to a page of the lines in suspense, the oldest first."""
        query = select(bank_line).where(
            bank_line.c.office_id == office_id,
            bank_line.c.state == LineState.SUSPENSE.value,
            bank_line.c.id > after,
        )
        rows = await self._tx.execute(query.order_by(bank_line.c.id).limit(limit))
        return [_line_of(row, self._keyring) for row in rows]

    async def suspense_sum(self, office_id: str) -> OutcomeSum:
        """Count the lines in suspense, and add them up."""
        total = func.coalesce(func.sum(bank_line.c.amount_rial), 0)
        query = select(func.count(), total).where(
            bank_line.c.office_id == office_id, bank_line.c.state == LineState.SUSPENSE.value
        )
        count, rial = (await self._tx.execute(query)).one()
        return OutcomeSum(count, int(rial))

    async def without_line(
        self, office_id: str, kind: BankFileKind, days: tuple[date, date], *, limit: int
    ) -> list[TopUp]:
        """List the top-ups that were put into wallets on some days, and that no line tells of.

        A bill has its moment in when it was written, a claim in when it was verified.
        """
        first, last = (
            datetime.combine(day, time.min, TEHRAN)
            for day in (days[0], days[1] + timedelta(days=1))
        )
        is_bank = kind is BankFileKind.BANK
        moment = top_up.c.decided_at if is_bank else top_up.c.created_at
        way = TopUpWay.BANK if is_bank else TopUpWay.INVOICE
        has_line = (
            select(bank_line.c.id)
            .where(
                bank_line.c.office_id == office_id,
                bank_line.c.kind == kind.value,
                or_(
                    bank_line.c.reference == top_up.c.reference,
                    bank_line.c.reference == top_up.c.charge_id,
                ),
            )
            .exists()
        )
        query = select(top_up).where(
            top_up.c.office_id == office_id,
            top_up.c.way == way.value,
            top_up.c.state == TopUpState.VERIFIED.value,
            moment >= first,
            moment < last,
            ~has_line,
        )
        rows = await self._tx.execute(query.order_by(top_up.c.id).limit(limit))
        return [top_up_of(row, self._keyring) for row in rows]

    async def change(
        self,
        line_id: BankLineId,
        states: Collection[LineState],
        *,
        reason: str | None = None,
        **values: Any,  # noqa: ANN401 - columns of several types
    ) -> BankLine | None:
        """Change a line that is in one of these states; None where it is no longer."""
        if reason is not None:
            values["reason"] = line_reasons.seal(self._keyring, reason, line_id)
        is_so = bank_line.c.state.in_([state.value for state in states])
        statement = update(bank_line).where(bank_line.c.id == line_id, is_so).values(**values)
        row = (await self._tx.execute(statement.returning(bank_line))).one_or_none()
        return None if row is None else _line_of(row, self._keyring)

    async def _one(self, query: Select[Any]) -> BankLine | None:
        row = (await self._tx.execute(query)).one_or_none()
        return None if row is None else _line_of(row, self._keyring)


def _line_of(row: Row[Any], keyring: Keyring) -> BankLine:
    return BankLine(
        id=BankLineId(row.id),
        office_id=row.office_id,
        kind=BankFileKind(row.kind),
        reference=row.reference,
        amount_rial=row.amount_rial,
        on=row.booked_on,
        state=LineState(row.state),
        file_id=BankFileId(row.file_id),
        taken_at=row.taken_at,
        subject=row.subject,
        journal_id=None if row.journal_id is None else JournalId(row.journal_id),
        decided_by=None if row.decided_by is None else CitizenId(row.decided_by),
        decided_at=row.decided_at,
        reason=line_reasons.open_any(keyring, row.reason, row.id),
    )
