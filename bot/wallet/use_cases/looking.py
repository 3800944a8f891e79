"""What a citizen sees of their money."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.wallet import rules
from bot.wallet.errors import NoSuchHold, NoSuchJournal
from bot.wallet.model import STATEMENT_LINES_MAX, Balance, Bucket, Statement, TransferCode
from bot.wallet.model.proposals import proposal_of_key
from bot.wallet.repository import (
    AccountRepository,
    HoldRepository,
    PayoutRepository,
    ProposalRepository,
    TransferRepository,
)

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import Hold, HoldId, Journal, JournalId, Line, StatementSpan

_HOLDS_MAX: Final = 100  # far more than there can be; each kind has its own limit


async def balance(tx: Transaction, *, office_id: str, citizen_id: CitizenId) -> Balance:
    """Say what a citizen has at an office; who never had money there has nothing."""
    cash_code, credit_code = (
        rules.wallet_code(office_id, citizen_id, bucket) for bucket in Bucket
    )
    accounts = await AccountRepository(tx).find([cash_code, credit_code])
    cash, credit = accounts.get(cash_code), accounts.get(credit_code)
    return Balance(
        cash_rial=0 if cash is None else cash.standing_rial,
        credit_rial=0 if credit is None else credit.standing_rial,
        held_rial=0 if cash is None else cash.held_rial,
    )


async def statement(
    tx: Transaction,
    *,
    office_id: str,
    citizen_id: CitizenId,
    before: int | None = None,
    limit: int,
) -> list[Line]:
    """List what came and went, the latest first; `before` is the id of the last line shown."""
    assert limit > 0
    wallet = {rules.wallet_code(office_id, citizen_id, bucket): bucket for bucket in Bucket}
    lines = await TransferRepository(tx).lines(wallet, before=before, limit=limit)
    return await _with_words(tx, lines)


async def statement_between(
    tx: Transaction,
    *,
    office_id: str,
    citizen_id: CitizenId,
    span: StatementSpan,
    limit: int = STATEMENT_LINES_MAX,
) -> Statement:
    """Write a statement over a stretch of time, with what was there before it and after it.

    What is set aside is what is so now, of what was so at its end.
    """
    assert limit > 0
    codes = {bucket: rules.wallet_code(office_id, citizen_id, bucket) for bucket in Bucket}
    wallet = {code: bucket for bucket, code in codes.items()}
    transfers = TransferRepository(tx)
    lines = await transfers.lines_between(wallet, span, limit=limit + 1)
    lines = await _with_words(tx, lines)
    sums = {bucket: await transfers.sum_until(code, span.until) for bucket, code in codes.items()}
    held = await open_holds(tx, office_id=office_id, citizen_id=citizen_id, limit=_HOLDS_MAX)
    holds = tuple(hold for hold in held if hold.note.at <= span.until)
    is_cut, listed = len(lines) > limit, tuple(lines[-limit:])
    before = [line.balance_rial - line.amount_rial for line in listed[:1]]
    return Statement(
        span=span,
        opening_rial=before[0] if before else sum(sums.values()),
        lines=listed,
        closing=Balance(
            cash_rial=sums[Bucket.CASH],
            credit_rial=sums[Bucket.CREDIT],
            held_rial=sum(hold.amount_rial for hold in holds),
        ),
        holds=holds,
        is_cut=is_cut,
    )


async def open_holds(
    tx: Transaction, *, office_id: str, citizen_id: CitizenId, limit: int
) -> list[Hold]:
    """List what is held of a citizen's cash, the oldest first."""
    assert limit > 0
    code = rules.wallet_code(office_id, citizen_id, Bucket.CASH)
    return await HoldRepository(tx).open_of(code, limit=limit)


async def find_hold(tx: Transaction, *, hold_id: HoldId) -> Hold:
    """Find a hold. Raises NoSuchHold."""
    found = await HoldRepository(tx).find(hold_id)
    if found is None:
        raise NoSuchHold(hold_id)
    return found


async def find_journal(tx: Transaction, *, journal_id: JournalId) -> Journal:
    """Find a journal. Raises NoSuchJournal."""
    found = await TransferRepository(tx).journal(journal_id)
    if found is None:
        raise NoSuchJournal(journal_id)
    return found


async def journals_about(tx: Transaction, *, reference: str, limit: int) -> list[Journal]:
    """List what moved for something, such as "registration:12", the oldest first."""
    assert limit > 0
    return await TransferRepository(tx).journals_about(reference, limit=limit)


async def _with_words(tx: Transaction, lines: list[Line]) -> list[Line]:
    """Say why money was given, or came back: the ledger knows only by what that is found."""
    credited = {line.id: number for line in lines if (number := proposal_of_key(line.reason))}
    back = {line.id: line.reference for line in lines if line.code is TransferCode.PAYOUT_RETURNED}
    given = await ProposalRepository(tx).reasons(set(credited.values())) if credited else {}
    came = await PayoutRepository(tx).reasons(set(back.values())) if back else {}
    said = {id_: given[number] for id_, number in credited.items() if number in given}
    said |= {
        line.id: f"{line.reason}: {came[line.reference]}"
        for line in lines
        if back.get(line.id) in came
    }
    return [replace(line, reason=said.get(line.id, line.reason)) for line in lines]
