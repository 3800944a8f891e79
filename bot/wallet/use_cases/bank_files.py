"""A file of the bank or the gateway is laid beside what the desk has, line by line.

A line is taken up once, whichever file it comes in; what only one side has is a difference for
people to look into. The lines may be taken up in several transactions, one after another: a file
that was interrupted goes on where it stood.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.wallet import rules
from bot.wallet.errors import NoSuchBankLine
from bot.wallet.model import (
    BANK_FILE_NAME_MAX,
    BankFileState,
    Differences,
    FileFinding,
    LineOutcome,
)
from bot.wallet.repository import BankFileRepository
from bot.wallet.use_cases.bank_lines import stand_in_line
from bot.wallet.use_cases.matching import Matching, missing_from

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import BankFile, BankFileId, BankFileKind, RawLine

_RECEIVED_AT_ONCE: Final = 5
_MISSING_FROM: Final = 1_000_000  # behind every line of a file


async def receive_bank_file(
    tx: Transaction,
    *,
    office_id: str,
    kind: BankFileKind,
    name: str,
    file_id: str | None,
    chat_id: int | None,
    message_id: int | None,
    actor: Staff | None,
    now: datetime,
) -> BankFile:
    """Note that a file was sent, to be opened outside of any transaction. Raises StaffOnly."""
    if actor is not None:
        rules.ensure_reconciles(actor, office_id)
    return await BankFileRepository(tx).add(
        office_id=office_id,
        kind=kind.value,
        state=BankFileState.RECEIVED.value,
        name=name[:BANK_FILE_NAME_MAX],
        received_at=now,
        sent_by=None if actor is None else actor.id,
        chat_id=chat_id,
        message_id=message_id,
        file_id=file_id,
        lines_count=0,
    )


async def received_bank_files(tx: Transaction) -> list[BankFile]:
    """List the files that wait to be opened, the oldest first."""
    return await BankFileRepository(tx).received(limit=_RECEIVED_AT_ONCE)


async def refuse_bank_file(tx: Transaction, *, file_id: BankFileId, content: bytes) -> bool:
    """Say that a file cannot be read; False where somebody has ended it before."""
    digest = sha256(content).hexdigest()
    files = BankFileRepository(tx)
    return await files.end(file_id, BankFileState.REFUSED, digest=digest) is not None


async def lose_bank_file(tx: Transaction, *, file_id: BankFileId) -> bool:
    """Say that the messenger no longer gives a file; False where somebody has ended it before."""
    return await BankFileRepository(tx).end(file_id, BankFileState.LOST) is not None


async def import_lines(
    tx: Transaction,
    *,
    file: BankFile,
    lines: Sequence[RawLine],
    actor: Staff | None,
    now: datetime,
) -> list[FileFinding]:
    """Take up some lines of a file, of which those that are done are passed over.

    Without an actor, as from the shell, nobody's claim is verified and no payout is marked: their
    money waits in suspense, or is a difference. Raises StaffOnly.
    """
    if actor is not None:
        rules.ensure_reconciles(actor, file.office_id)
    await stand_in_line(tx, file.office_id)
    files = BankFileRepository(tx)
    done = await files.done_among(file.id, [line.row for line in lines])
    left = [line for line in lines if line.row not in done]
    matching = await Matching.of(tx, file, left, actor=actor, now=now)
    findings = [await matching.take_up(line) for line in left]
    await files.add_findings(file.id, findings)
    return findings


async def close_import(
    tx: Transaction,
    *,
    file: BankFile,
    content_digest: str,
    lines_count: int,
    actor: Staff | None,
    now: datetime,
) -> Differences | None:
    """End an import: say what the file lacks, and what it led to. None where it had ended."""
    files = BankFileRepository(tx)
    ended = await files.end(
        file.id,
        BankFileState.IMPORTED,
        digest=content_digest,
        lines_count=lines_count,
        imported_at=now,
    )
    if ended is None:
        return None
    days = await files.days(file.id)
    missing = [] if days is None else await missing_from(tx, file, days)
    await files.add_findings(
        file.id,
        [
            FileFinding(
                _MISSING_FROM + number,
                LineOutcome.MISSING,
                one.reference or one.charge_id or "",
                one.amount_rial,
                code=one.code,
            )
            for number, one in enumerate(missing)
        ],
    )
    if actor is not None:
        await citizens.record(
            tx,
            actor=actor,
            action="bank.imported",
            subject=f"bankfile:{file.id}",
            note=f"{lines_count}",
            between=(file.state, ended.state),
            now=now,
        )
    return Differences(ended, await files.sums(file.id))


async def import_bank_file(
    tx: Transaction,
    *,
    office_id: str,
    kind: BankFileKind,
    name: str,
    content_digest: str,
    lines: Sequence[RawLine],
    actor: Staff | None,
    now: datetime,
) -> Differences:
    """Import a whole file at once. Raises StaffOnly."""
    file = await receive_bank_file(
        tx,
        office_id=office_id,
        kind=kind,
        name=name,
        file_id=None,
        chat_id=None,
        message_id=None,
        actor=actor,
        now=now,
    )
    await import_lines(tx, file=file, lines=lines, actor=actor, now=now)
    closed = await close_import(
        tx,
        file=file,
        content_digest=content_digest,
        lines_count=len(lines),
        actor=actor,
        now=now,
    )
    assert closed is not None
    return closed


async def differences(tx: Transaction, *, file_id: BankFileId) -> Differences:
    """Count what a file led to. Raises NoSuchBankLine where there is no such file."""
    files = BankFileRepository(tx)
    file = await files.find(file_id)
    if file is None:
        raise NoSuchBankLine
    return Differences(file, await files.sums(file_id))


async def findings(
    tx: Transaction,
    *,
    file_id: BankFileId,
    outcomes: Collection[LineOutcome],
    after: int = -1,
    limit: int,
) -> list[FileFinding]:
    """Turn to a page of what a file led to, in the order of its lines."""
    assert limit > 0
    return await BankFileRepository(tx).findings(file_id, outcomes, after=after, limit=limit)
