"""Money of which a bank file tells and nobody knows whose it is: it waits, is claimed, goes back.

Whoever matches lines with what the desk has stands in one line at an office, so that money which
is claimed and found in the same moment is not put into a wallet twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.citizens import use_cases as citizens
from bot.wallet import rules
from bot.wallet.errors import LineMoved, NoSuchBankLine
from bot.wallet.model import BankFileKind, LineState, Move, TopUpWay, TransferCode
from bot.wallet.repository import BankLineRepository
from bot.wallet.use_cases.ledger import move, reverse
from bot.wallet.use_cases.posting import locked

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import (
        BankLine,
        BankLineId,
        JournalId,
        OutcomeSum,
        TopUp,
    )

_REASON_MAX: Final = 64


async def stand_in_line(tx: Transaction, office_id: str) -> None:
    """Wait until nobody else matches lines of this office; it ends with the transaction."""
    await locked(tx, [rules.account_code(office_id, "suspense")])


async def put_into_suspense(
    tx: Transaction, line: BankLine, *, key: str, actor: str, now: datetime
) -> JournalId:
    """Post money of which only the bank, or the gateway, knows."""
    source = "bank" if line.kind is BankFileKind.BANK else "gateway"
    journal = await move(
        tx,
        key=key,
        moves=[
            Move(
                rules.account_code(line.office_id, source),
                rules.account_code(line.office_id, "suspense"),
                line.amount_rial,
                TransferCode.UNMATCHED,
            )
        ],
        reference=line.ledger_reference,
        reason=line.reference[:_REASON_MAX],
        actor=actor,
        now=now,
    )
    return journal.id


async def find_for(tx: Transaction, claim: TopUp) -> BankLine | None:
    """Find the money in suspense that a claim of the same reference and amount is for."""
    if claim.way is not TopUpWay.BANK or claim.reference is None:
        return None
    return await BankLineRepository(tx).in_suspense_as(
        claim.office_id, BankFileKind.BANK, [claim.reference], claim.amount_rial
    )


async def take_over(
    tx: Transaction,
    office_id: str,
    references: tuple[str | None, ...],
    amount_rial: int,
    *,
    now: datetime,
) -> None:
    """Undo what a file of the gateway led to, where the payment itself is reported after it.

    It is then posted as any payment is, by whoever stands in line.
    """
    lines = BankLineRepository(tx)
    known = [reference for reference in references if reference is not None]
    line = await lines.in_suspense_as(office_id, BankFileKind.GATEWAY, known, amount_rial)
    if line is None:
        return
    assert line.journal_id is not None
    await reverse(
        tx,
        key=f"{line.ledger_reference}:reported",
        journal_id=line.journal_id,
        reference=line.ledger_reference,
        reason=line.reference[:_REASON_MAX],
        actor="gateway",
        now=now,
    )
    await lines.change(line.id, (LineState.SUSPENSE,), state=LineState.MATCHED.value)


async def give_to(tx: Transaction, line: BankLine, *, subject: str, journal_id: JournalId) -> None:
    """Say for which top-up the money of a line has left suspense."""
    claimed = await BankLineRepository(tx).change(
        line.id,
        (LineState.SUSPENSE,),
        state=LineState.CLAIMED.value,
        subject=subject,
        journal_id=journal_id,
    )
    assert claimed is not None


async def let_go(tx: Transaction, top_up: TopUp, *, actor: Staff, now: datetime) -> None:
    """Put the money of a top-up that was reversed where it is: at the bank, and nobody's.

    Where it had been in suspense, the reversal has put it there again.
    """
    lines = BankLineRepository(tx)
    line = await lines.about(top_up.subject)
    if line is None or line.kind is not BankFileKind.BANK:
        return
    values: dict[str, Any] = {"state": LineState.SUSPENSE.value, "subject": None}
    if line.state is LineState.MATCHED:
        key = f"{top_up.subject}:let_go"
        said = f"staff:{actor.id}"
        values["journal_id"] = await put_into_suspense(tx, line, key=key, actor=said, now=now)
    changed = await lines.change(line.id, (LineState.MATCHED, LineState.CLAIMED), **values)
    assert changed is not None


async def send_back(
    tx: Transaction, *, line_id: BankLineId, reason: str, actor: Staff, now: datetime
) -> BankLine:
    """Say that money which nobody claimed was sent back by the bank, and why.

    Raises NoSuchBankLine, StaffOnly, LineMoved, and TopUpReasonTooLong.
    """
    rules.ensure_sayable_reason(reason)
    line = await find_bank_line(tx, line_id=line_id)
    rules.ensure_sends_back(line, actor)
    await stand_in_line(tx, line.office_id)
    journal = await move(
        tx,
        key=f"{line.ledger_reference}:back",
        moves=[
            Move(
                rules.account_code(line.office_id, "suspense"),
                rules.account_code(line.office_id, "bank"),
                line.amount_rial,
                TransferCode.SENT_BACK,
            )
        ],
        reference=line.ledger_reference,
        reason=line.reference[:_REASON_MAX],  # the ledger keeps no words
        actor=f"staff:{actor.id}",
        now=now,
    )
    sent = await BankLineRepository(tx).change(
        line.id,
        (LineState.SUSPENSE,),
        state=LineState.SENT_BACK.value,
        reason=reason,
        journal_id=journal.id,
        decided_by=actor.id,
        decided_at=now,
    )
    if sent is None:
        raise LineMoved((await find_bank_line(tx, line_id=line_id)).state)
    await citizens.record(
        tx,
        actor=actor,
        action="bank.sent_back",
        subject=line.ledger_reference,
        note=f"{line.amount_rial}: {reason}",
        between=(line.state, sent.state),
        now=now,
    )
    return sent


async def find_bank_line(tx: Transaction, *, line_id: BankLineId) -> BankLine:
    """Find a line. Raises NoSuchBankLine."""
    found = await BankLineRepository(tx).find(line_id)
    if found is None:
        raise NoSuchBankLine
    return found


async def suspense_lines(
    tx: Transaction, *, office_id: str, after: int = 0, limit: int
) -> list[BankLine]:
    """Turn to a page of what waits in suspense at an office, the oldest first."""
    assert limit > 0
    return await BankLineRepository(tx).in_suspense(office_id, after=after, limit=limit)


async def suspense_sum(tx: Transaction, *, office_id: str) -> OutcomeSum:
    """Count what waits in suspense at an office, and add it up."""
    return await BankLineRepository(tx).suspense_sum(office_id)
