"""The audit: every invariant of the ledger, added up from transfers and holds alone (ADR 0004)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from bot.kit.auditing import finding
from bot.wallet import rules
from bot.wallet.model import Bucket, Finding, Hold, HoldState, Invariant, Journal, Operation
from bot.wallet.repository import (
    AuditRepository,
    HistoryRepository,
    HoldRepository,
    TopUpAuditRepository,
    TransferRepository,
)
from bot.wallet.use_cases.auditing_bank import bank_findings
from bot.wallet.use_cases.auditing_payouts import payout_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.kit.database import Transaction
    from bot.wallet.model import AccountSums, Done, HoldId, JournalId

_FINDINGS_MAX: Final = 100  # of a kind
_PAGE: Final = 500
_CASH: Final = ("wallet:cash", "escrow:cash", "suspense", "debt")
_CREDIT: Final = ("wallet:credit", "escrow:credit")


async def audit(tx: Transaction) -> list[Finding]:
    """Look for whatever is wrong with the ledger; nothing found means that it is right.

    At most a hundred findings of a kind are named. Read it in one moment of the database.
    """
    repository = AuditRepository(tx, limit=_FINDINGS_MAX)
    found = await _sums(repository)
    found += await _history(HistoryRepository(tx))
    found += await _resolutions(repository)
    found += await _answers(tx, repository)
    found += await payout_findings(tx, limit=_FINDINGS_MAX)
    found += await bank_findings(tx, limit=_FINDINGS_MAX)
    found += await _top_ups(TopUpAuditRepository(tx, limit=_FINDINGS_MAX))
    return found


async def _sums(repository: AuditRepository) -> list[Finding]:
    """Check I0 to I3 on each account, then I1, I9 and I10 on all of them."""
    found: list[Finding] = []
    kept: Counter[str] = Counter()
    standing: defaultdict[str, Counter[str]] = defaultdict(Counter)
    async for sums in repository.sums():
        if len(found) < _FINDINGS_MAX:
            found += _of_account(sums)
        kept.update(debits=sums.account.debits_rial, credits=sums.account.credits_rial)
        kind = rules.find_class(sums.account.code) or "unknown"
        standing[rules.office_of(sums.account.code)][kind] += sums.standing_rial
    if kept["debits"] != kept["credits"]:
        found.append(finding(Invariant.SUMS_EQUAL, "all credits", kept["debits"], kept["credits"]))
    for office_id, stands in standing.items():
        revenue = {bucket: await repository.revenue_from(office_id, bucket) for bucket in Bucket}
        found += _of_whole(office_id, stands, revenue)
    return found


def _of_account(sums: AccountSums) -> Iterator[Finding]:
    account, name = sums.account, f"account {sums.account.code}"
    listed = rules.find_class(account.code)
    shape = None if listed is None else rules.shape_of(account.code)
    if shape is None or (shape.kind, shape.is_no_overdraft) != (
        account.kind,
        account.is_no_overdraft,
    ):
        yield finding(Invariant.LISTED, name, "an account of the list", "another one")
    for part, expected, kept in (
        ("debits", sums.debits_rial, account.debits_rial),
        ("credits", sums.credits_rial, account.credits_rial),
        ("held", sums.held_rial, account.held_rial),
    ):
        if expected != kept:
            yield finding(Invariant.SUMS_KEPT, f"{part} of {name}", expected, kept)
    available = sums.standing_rial - sums.held_rial
    if account.is_no_overdraft and available < 0:
        yield finding(Invariant.NO_OVERDRAFT, f"available in {name}", "0 or more", available)


def _of_whole(
    office_id: str, standing: Counter[str], revenue: dict[Bucket, int]
) -> Iterator[Finding]:
    at = f" at {office_id}"
    came_in = -standing["gateway"] - standing["bank"]
    if came_in < 0:
        yield finding(Invariant.CASH_WHOLE, f"cash in less cash out{at}", "0 or more", came_in)
    cash = sum(standing[kind] for kind in _CASH)
    expected = came_in - revenue[Bucket.CASH]
    if cash != expected:
        yield finding(Invariant.CASH_WHOLE, f"cash owed to people{at}", expected, cash)
    credit = sum(standing[kind] for kind in _CREDIT)
    expected = -standing["expense:sla"] - revenue[Bucket.CREDIT]
    if credit != expected:
        yield finding(
            Invariant.CREDIT_WHOLE, f"service credit owed to people{at}", expected, credit
        )


async def _history(repository: HistoryRepository) -> list[Finding]:
    """Check I4: the guards stand, and no transfer is missing."""
    missing = await repository.missing_transfers()
    found = [
        finding(Invariant.APPEND_ONLY, f"trigger {name}", "there", "gone")
        for name in await repository.missing_guards()
    ]
    if missing:
        found.append(finding(Invariant.APPEND_ONLY, "transfers removed", 0, missing))
    return found


async def _resolutions(repository: AuditRepository) -> list[Finding]:
    """Check I6 and I7, and that no journal stands there unasked."""
    kinds = (
        (
            Invariant.REVERSED_ONCE,
            "transfer",
            "the exact opposite of one earlier transfer",
            await repository.inexact_reversals(),
        ),
        (
            Invariant.REVERSED_ONCE,
            "journal",
            "reversed whole and once, or not at all",
            await repository.journals_not_reversed_once(),
        ),
        (
            Invariant.HOLD_RESOLVED_ONCE,
            "hold",
            "one transfer of what was posted, or none",
            await repository.holds_not_resolved_once(),
        ),
        (
            Invariant.ONE_EFFECT,
            "journal",
            "one key that answers for it",
            await repository.unasked_journals(),
        ),
    )
    return [
        finding(invariant, f"{name} {number}", expected, "something else")
        for invariant, name, expected, numbers in kinds
        for number in numbers
    ]


async def _top_ups(repository: TopUpAuditRepository) -> list[Finding]:
    """Check I16: what was paid in is in the wallet, once."""
    expected = "one transfer of its amount to its citizen, reversed if it was taken back"
    return [
        finding(Invariant.TOP_UP_POSTED, f"top-up {code}", expected, "something else")
        for code in await repository.posted_otherwise()
    ]


async def _answers(tx: Transaction, repository: AuditRepository) -> list[Finding]:
    """Check I5: what each key answers is what the ledger holds; and I0 for each way."""
    found: list[Finding] = []
    after = ""
    while page := await repository.answers(after, limit=_PAGE):
        after = page[-1].key
        journals = await TransferRepository(tx).journals(
            [done.answer.id for done in page if isinstance(done.answer, Journal)]
        )
        holds = await HoldRepository(tx).find_all(
            [done.answer.id for done in page if isinstance(done.answer, Hold)]
        )
        for done in page:
            found += _of_answer(done, journals, holds)
        if len(found) >= _FINDINGS_MAX:
            break
    return found


def _of_answer(
    done: Done, journals: dict[JournalId, Journal], holds: dict[HoldId, Hold]
) -> Iterator[Finding]:
    answer = done.answer
    if isinstance(answer, Journal):
        journal = journals.get(answer.id)
        if journal != answer:
            yield finding(
                Invariant.ONE_EFFECT, f"journal {answer.id}", "as it was answered", "another"
            )
        if journal is not None:
            yield from _of_ways(journal)
    elif isinstance(answer, Hold):
        hold = holds.get(answer.id)
        if hold is None or not _is_as_answered(done.op, answer, hold):
            yield finding(
                Invariant.ONE_EFFECT, f"hold {answer.id}", "as it was answered", "another"
            )


def _is_as_answered(op: Operation, answer: Hold, hold: Hold) -> bool:
    is_same = (answer.account, answer.amount_rial, answer.note) == (
        hold.account,
        hold.amount_rial,
        hold.note,
    )
    return is_same and (op is Operation.HOLD or hold.state is HoldState.VOIDED)


def _of_ways(journal: Journal) -> Iterator[Finding]:
    for one in journal.transfers:
        if one.reverses_id is None and not rules.is_way(one.code, one.debit, one.credit):
            way = f"{one.code} from {one.debit} to {one.credit}"
            yield finding(Invariant.LISTED, f"transfer {one.id}", "a way of the list", way)
