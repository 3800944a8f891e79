"""A payout goes step by step to the bank or back (KN-17).

Every step is kept for ever, and those of staff are in the audit of the office. What each raises
besides what is said there: NoSuchPayout, StaffOnly, OwnPayout, and PayoutMoved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import rules
from bot.wallet.errors import ReferenceClaimed
from bot.wallet.model import CORRECTION_REASON_LENGTH_MAX, PayoutAct, PayoutEvent
from bot.wallet.repository import PayoutRepository
from bot.wallet.use_cases.bank_lines import stand_in_line
from bot.wallet.use_cases.payout_steps import claim_payout, record_step, take_step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.citizens.model import CitizenId, Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import Payout, PayoutStep


async def withdraw_payout(
    tx: Transaction, *, code: str, citizen_id: CitizenId, now: datetime
) -> Payout:
    """Take one's own request back while it is not approved; the money is free again.

    Raises NoSuchPayout, for another's too, and PayoutMoved.
    """
    payout = await claim_payout(tx, code)
    rules.ensure_own_payout(payout, citizen_id)
    step = rules.step_from(payout, PayoutAct.WITHDRAW)
    await take_step(tx, payout, step, who=f"citizen:{citizen_id}", now=now)
    return await claim_payout(tx, code)


async def take_payout(tx: Transaction, *, code: str, actor: Staff, now: datetime) -> Payout:
    """Begin to look at a request."""
    return await _act(tx, code, PayoutAct.TAKE, actor, now)


async def approve_payout(tx: Transaction, *, code: str, actor: Staff, now: datetime) -> Payout:
    """Approve a request; above the office's threshold a manager approves it as well."""
    return await _act(tx, code, PayoutAct.APPROVE, actor, now)


async def second_payout(tx: Transaction, *, code: str, actor: Staff, now: datetime) -> Payout:
    """Approve what somebody else has approved. Raises SamePerson."""
    return await _act(tx, code, PayoutAct.SECOND, actor, now)


async def reject_payout(
    tx: Transaction, *, code: str, reason: str, actor: Staff, now: datetime
) -> Payout:
    """Reject a request that is not approved, and say why; the money is free again."""
    return await _act(tx, code, PayoutAct.REJECT, actor, now, reason=rules.payout_reason(reason))


async def recall_payout(
    tx: Transaction, *, code: str, reason: str, actor: Staff, now: datetime
) -> Payout:
    """Look again at what is approved and not sent yet: no approval of it counts any longer."""
    return await _act(tx, code, PayoutAct.RECALL, actor, now, reason=rules.payout_reason(reason))


async def mark_paid(
    tx: Transaction, *, code: str, bank_reference: str, actor: Staff, now: datetime
) -> Payout:
    """Say under which reference the bank has paid; the money leaves the wallet.

    Raises ReferenceUnreadable, ReferenceIsAccount and ReferenceClaimed.
    """
    reference = rules.read_reference(bank_reference)
    await _to_be_named(tx, code, PayoutAct.PAY, reference, actor)
    values = {"bank_reference": reference}
    return await _act(tx, code, PayoutAct.PAY, actor, now, values=values, note=reference)


async def correct_reference(
    tx: Transaction, *, code: str, bank_reference: str, reason: str, actor: Staff, now: datetime
) -> Payout:
    """Name the right reference of what was paid, and why; both stay in its history.

    No money moves: the ledger never knew the reference. The same one again changes nothing.
    Raises ReferenceUnreadable, ReferenceIsAccount, ReferenceClaimed, PayoutReasonUnreadable.
    """
    reference = rules.read_reference(bank_reference)
    why = rules.payout_reason(reason, CORRECTION_REASON_LENGTH_MAX)
    payout, step = await _to_be_named(tx, code, PayoutAct.CORRECT, reference, actor)
    if payout.bank_reference == reference:
        return payout
    payouts = PayoutRepository(tx)
    is_changed = await payouts.correct_reference(payout, step, reference)
    assert is_changed, "nobody else changes what is claimed"
    said = f"{payout.bank_reference} \u2192 {reference}: {why}"
    event = PayoutEvent(step.begins, step.ends, f"staff:{actor.id}", said, now)
    await payouts.add_event(payout.id, event)
    await record_step(tx, payout, step, actor, now, note=said)
    return await claim_payout(tx, code)


async def _to_be_named(
    tx: Transaction, code: str, act: PayoutAct, reference: str, actor: Staff
) -> tuple[Payout, PayoutStep]:
    """Claim a payout for a reference that no other one has, but in the same file to the bank.

    Whoever names one stands in the line of the office, so that no two name the same at once.
    """
    await stand_in_line(tx, actor.office_id)
    payout = await claim_payout(tx, code)
    step = rules.payout_step(payout, act, actor)
    other = await PayoutRepository(tx).paid_under(reference, besides=payout)
    if other is not None:
        raise ReferenceClaimed(other.code)
    return payout, step


async def mark_returned(
    tx: Transaction, *, code: str, reason: str, actor: Staff, now: datetime
) -> Payout:
    """Say that the bank did not pay, and why; the money is free again."""
    return await _act(tx, code, PayoutAct.RETURN, actor, now, reason=rules.payout_reason(reason))


async def mark_returned_late(
    tx: Transaction,
    *,
    code: str,
    bank_reference: str,
    reason: str,
    actor: Staff,
    now: datetime,
) -> Payout:
    """Say that the bank sent back what it had paid; the money returns to the wallet.

    Raises ReferenceUnreadable and ReferenceIsAccount.
    """
    reference = rules.read_reference(bank_reference)
    why = rules.payout_reason(reason)
    values = {"return_reference": reference}
    return await _act(
        tx,
        code,
        PayoutAct.RETURN_LATE,
        actor,
        now,
        values=values,
        reason=why,
        note=f"{reference}: {why}",
    )


async def _act(
    tx: Transaction,
    code: str,
    act: PayoutAct,
    actor: Staff,
    now: datetime,
    *,
    reason: str | None = None,
    values: Mapping[str, object] | None = None,
    note: str | None = None,
) -> Payout:
    payout = await claim_payout(tx, code)
    step = rules.payout_step(payout, act, actor)
    written = {**(values or {}), **rules.payout_signatures(act, actor.id)}
    await take_step(
        tx, payout, step, who=f"staff:{actor.id}", now=now, reason=reason, values=written
    )
    await record_step(tx, payout, step, actor, now, note=note or reason)
    return await claim_payout(tx, code)
