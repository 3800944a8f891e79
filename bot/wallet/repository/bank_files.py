"""Queries about files of banks and gateways, and about what each led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from bot.citizens.model import CitizenId
from bot.wallet.model import (
    BankFile,
    BankFileId,
    BankFileKind,
    BankFileState,
    FileFinding,
    LineOutcome,
    OutcomeSum,
)
from bot.wallet.tables import bank_file, bank_finding

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import Row, Select

    from bot.kit.database import Transaction


class BankFileRepository:
    """Files, each of which is imported once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, **values: Any) -> BankFile:  # noqa: ANN401 - columns of several types
        """Keep that somebody sent a file."""
        result = await self._tx.execute(insert(bank_file).values(**values).returning(bank_file))
        return _file_of(result.one())

    async def find(self, file_id: BankFileId) -> BankFile | None:
        """Find a file."""
        row = await self._tx.execute(select(bank_file).where(bank_file.c.id == file_id))
        found = row.one_or_none()
        return None if found is None else _file_of(found)

    async def received(self, *, limit: int) -> list[BankFile]:
        """List the files that nobody has opened yet, the oldest first."""
        is_received = bank_file.c.state == BankFileState.RECEIVED.value
        query = select(bank_file).where(is_received).order_by(bank_file.c.id).limit(limit)
        return [_file_of(row) for row in await self._tx.execute(query)]

    async def end(
        self,
        file_id: BankFileId,
        state: BankFileState,
        **values: Any,  # noqa: ANN401 - columns of several types
    ) -> BankFile | None:
        """End the waiting of a file; None where it waits no longer."""
        is_received = bank_file.c.state == BankFileState.RECEIVED.value
        statement = update(bank_file).where(bank_file.c.id == file_id, is_received)
        result = await self._tx.execute(
            statement.values(state=state.value, **values).returning(bank_file)
        )
        row = result.one_or_none()
        return None if row is None else _file_of(row)

    async def add_findings(self, file_id: BankFileId, findings: Sequence[FileFinding]) -> None:
        """Keep what lines of a file led to."""
        rows = [
            {
                "file_id": file_id,
                "seq": one.seq,
                "outcome": one.outcome.value,
                "reference": one.reference,
                "amount_rial": one.amount_rial,
                "booked_on": one.on,
                "other_rial": one.other_rial,
                "code": one.code,
            }
            for one in findings
        ]
        if rows:
            await self._tx.execute(insert(bank_finding), rows)

    async def done_among(self, file_id: BankFileId, seqs: Collection[int]) -> set[int]:
        """Name those of these lines of a file that were taken up already."""
        query = select(bank_finding.c.seq).where(
            bank_finding.c.file_id == file_id, bank_finding.c.seq.in_(seqs)
        )
        return set(await self._tx.scalars(query))

    async def findings(
        self,
        file_id: BankFileId,
        outcomes: Collection[LineOutcome],
        *,
        after: int,
        limit: int,
    ) -> list[FileFinding]:
        """Turn to a page of what a file led to, in the order of its lines."""
        query = select(bank_finding).where(
            bank_finding.c.file_id == file_id,
            bank_finding.c.outcome.in_([outcome.value for outcome in outcomes]),
            bank_finding.c.seq > after,
        )
        query = query.order_by(bank_finding.c.seq).limit(limit)
        return [_finding_of(row) for row in await self._tx.execute(query)]

    async def sums(self, file_id: BankFileId) -> dict[LineOutcome, OutcomeSum]:
        """Count what a file led to, and add it up."""
        query: Select[Any] = (
            select(bank_finding.c.outcome, func.count(), func.sum(bank_finding.c.amount_rial))
            .where(bank_finding.c.file_id == file_id)
            .group_by(bank_finding.c.outcome)
        )
        rows = await self._tx.execute(query)
        return {LineOutcome(row[0]): OutcomeSum(row[1], int(row[2])) for row in rows}

    async def days(self, file_id: BankFileId) -> tuple[date, date] | None:
        """Say from which day to which the lines of a file are."""
        query = select(
            func.min(bank_finding.c.booked_on), func.max(bank_finding.c.booked_on)
        ).where(bank_finding.c.file_id == file_id)
        first, last = (await self._tx.execute(query)).one()
        return None if first is None else (first, last)


def _file_of(row: Row[Any]) -> BankFile:
    return BankFile(
        id=BankFileId(row.id),
        office_id=row.office_id,
        kind=BankFileKind(row.kind),
        state=BankFileState(row.state),
        name=row.name,
        received_at=row.received_at,
        sent_by=None if row.sent_by is None else CitizenId(row.sent_by),
        chat_id=row.chat_id,
        message_id=row.message_id,
        file_id=row.file_id,
        digest=row.digest,
        lines_count=row.lines_count,
        imported_at=row.imported_at,
    )


def _finding_of(row: Row[Any]) -> FileFinding:
    return FileFinding(
        seq=row.seq,
        outcome=LineOutcome(row.outcome),
        reference=row.reference,
        amount_rial=row.amount_rial,
        on=row.booked_on,
        other_rial=row.other_rial,
        code=row.code,
    )
