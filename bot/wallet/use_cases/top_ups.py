"""Paying in by bank: a reference is claimed, and verified or rejected by finance.

Also what is true of every top-up: it can be taken back, runs out, and can be looked at.
Each act of staff is in the audit of the office.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.citizens.model import Role
from bot.kit.tracking import new_code
from bot.wallet import rules
from bot.wallet.errors import NoSuchTopUp, ReferenceClaimed
from bot.wallet.model import (
    CLAIM_LASTS,
    WITHDRAWN_PER_DAY,
    Bucket,
    Move,
    TopUp,
    TopUpState,
    TopUpWay,
    TransferCode,
)
from bot.wallet.repository import TopUpRepository
from bot.wallet.use_cases.bank_lines import find_for, give_to, let_go, stand_in_line
from bot.wallet.use_cases.bills import ensure_room
from bot.wallet.use_cases.ledger import move, reverse

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId, Staff
    from bot.kit.database import Transaction
    from bot.wallet.model import TopUpLimits

HANDLERS: Final = (Role.FINANCE, Role.MANAGER)
_OVERDUE_AT_ONCE: Final = 200
_DAY: Final = timedelta(days=1)
_OPEN: Final = (TopUpState.CREATED, TopUpState.PENDING)
_VERIFIABLE: Final = (TopUpState.PENDING, TopUpState.EXPIRED, TopUpState.UNMATCHED)


async def claim_reference(
    tx: Transaction,
    *,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    reference: str,
    limits: TopUpLimits,
    now: datetime,
) -> TopUp:
    """Register that a payment by bank is one's own; finance looks for it.

    Whoever registers the same once more is given what they have. Raises TopUpOutOfRange,
    ReferenceUnreadable, ReferenceIsAccount, ReferenceClaimed, and TooManyTopUps.
    """
    rules.ensure_in_limits(amount_rial, limits)
    plain = rules.read_reference(reference)
    top_ups = TopUpRepository(tx)
    known = await top_ups.claim_of(office_id, plain)
    if known is not None:
        is_same = (known.citizen_id, known.amount_rial) == (citizen_id, amount_rial)
        if is_same and known.state is TopUpState.PENDING:
            return known
        raise ReferenceClaimed
    await ensure_room(tx, citizen_id, now)
    claimed = await top_ups.add(
        code=new_code(),
        office_id=office_id,
        citizen_id=citizen_id,
        way=TopUpWay.BANK.value,
        amount_rial=amount_rial,
        state=TopUpState.PENDING.value,
        created_at=now,
        expires_at=now + CLAIM_LASTS,
        reference=plain,
    )
    if claimed is None:  # somebody else was faster by a moment
        raise ReferenceClaimed
    return claimed


async def withdraw_claim(
    tx: Transaction, *, code: str, citizen_id: CitizenId, now: datetime
) -> TopUp:
    """Take back a claim of one's own that finance has not decided; nothing moves.

    The reference is free for whoever registers it rightly. Once more changes nothing. Raises
    NoSuchTopUp, for another's and for a bill too, TopUpMoved, and SlowDown.
    """
    claim = await top_up(tx, code=code)
    rules.ensure_own_claim(claim, citizen_id)
    await stand_in_line(tx, claim.office_id)  # before the claim is taken, as by who verifies it
    claim = await TopUpRepository(tx).find_to_change(code) or claim
    if claim.state is TopUpState.WITHDRAWN:
        return claim
    rules.ensure_state(claim, (TopUpState.PENDING,))
    await citizens.spend(
        tx, citizen_id=citizen_id, kind="claim", most=WITHDRAWN_PER_DAY, window=_DAY, now=now
    )
    withdrawn = await TopUpRepository(tx).change(
        claim, (TopUpState.PENDING,), state=TopUpState.WITHDRAWN.value, expires_at=now
    )
    assert withdrawn is not None
    return withdrawn


async def verify_reference(tx: Transaction, *, code: str, actor: Staff, now: datetime) -> TopUp:
    """Put into the wallet what finance has found; a claim that ran out counts all the same.

    So is given to its payer what the gateway has without a bill. Raises NoSuchTopUp, StaffOnly,
    OwnTopUp, TopUpMoved, and ReferenceClaimed.
    """
    await stand_in_line(tx, actor.office_id)
    top_up = await _taken(tx, code, actor, HANDLERS)
    rules.ensure_state(top_up, _VERIFIABLE)
    rules.ensure_verifiable(top_up)
    await _ensure_only_claim(tx, top_up)
    found = None if top_up.state is TopUpState.UNMATCHED else await find_for(tx, top_up)
    journal = await move(
        tx,
        key=f"topup:{code}",
        moves=[_move_to_wallet(top_up, is_in_suspense=found is not None)],
        reference=top_up.subject,
        reason=top_up.shown_code,
        actor=f"staff:{actor.id}",
        now=now,
    )
    verified = await TopUpRepository(tx).change(
        top_up,
        _VERIFIABLE,
        state=TopUpState.VERIFIED.value,
        decided_by=actor.id,
        decided_at=now,
        journal_id=journal.id,
    )
    assert verified is not None
    if found is not None:
        await give_to(tx, found, subject=top_up.subject, journal_id=journal.id)
    await _record(tx, top_up.state, verified, actor, now)
    return verified


async def reject_reference(
    tx: Transaction, *, code: str, reason: str, actor: Staff, now: datetime
) -> TopUp:
    """Reject a claim with a reason that its citizen reads; nothing moves.

    Raises NoSuchTopUp, StaffOnly, OwnTopUp, TopUpMoved, and TopUpReasonTooLong.
    """
    rules.ensure_sayable_reason(reason)
    top_up = await _taken(tx, code, actor, HANDLERS)
    rules.ensure_claim(top_up)
    rules.ensure_state(top_up, (TopUpState.PENDING,))
    rejected = await TopUpRepository(tx).change(
        top_up,
        (TopUpState.PENDING,),
        state=TopUpState.REJECTED.value,
        decided_by=actor.id,
        decided_at=now,
        reason=reason,
    )
    assert rejected is not None
    await _record(tx, top_up.state, rejected, actor, now)
    return rejected


async def reverse_top_up(
    tx: Transaction, *, code: str, reason: str, actor: Staff, now: datetime
) -> TopUp:
    """Take back exactly what was put into a wallet by mistake, while it is still there.

    Raises NoSuchTopUp, StaffOnly, OwnTopUp, SameVerifier, TopUpMoved, TopUpReasonTooLong, and
    InsufficientFunds.
    """
    rules.ensure_sayable_reason(reason)
    await stand_in_line(tx, actor.office_id)
    top_up = await _taken(tx, code, actor, (Role.MANAGER,))
    rules.ensure_state(top_up, (TopUpState.VERIFIED,))
    rules.ensure_verifier_is_another(top_up, actor)
    assert top_up.journal_id is not None
    await reverse(
        tx,
        key=f"topup:{code}:reversed",
        journal_id=top_up.journal_id,
        reference=top_up.subject,
        reason=top_up.shown_code,  # the ledger keeps no words of a person
        actor=f"staff:{actor.id}",
        now=now,
    )
    undone = await TopUpRepository(tx).change(
        top_up,
        (TopUpState.VERIFIED,),
        state=TopUpState.REVERSED.value,
        reversed_by=actor.id,
        reversed_at=now,
        reason=reason,
    )
    assert undone is not None
    await let_go(tx, undone, actor=actor, now=now)
    await _record(tx, top_up.state, undone, actor, now)
    return undone


async def expire_top_ups(tx: Transaction, *, now: datetime) -> list[TopUp]:
    """End what was open beyond its time, at most so many at once; names what ended."""
    top_ups = TopUpRepository(tx)
    ended = [
        await top_ups.change(one, _OPEN, state=TopUpState.EXPIRED.value)
        for one in await top_ups.overdue(now, limit=_OVERDUE_AT_ONCE)
    ]
    return [one for one in ended if one is not None]


async def top_up(tx: Transaction, *, code: str) -> TopUp:
    """Find a top-up. Raises NoSuchTopUp."""
    found = await TopUpRepository(tx).find(code)
    if found is None:
        raise NoSuchTopUp
    return found


async def top_ups_waiting(
    tx: Transaction, *, office_id: str, limit: int, offset: int = 0
) -> tuple[list[TopUp], int]:
    """List what waits for the finance of an office, the oldest first, and count it."""
    assert limit > 0
    return await TopUpRepository(tx).waiting(office_id, limit=limit, offset=offset)


async def top_ups_of(tx: Transaction, *, citizen_id: CitizenId, limit: int) -> list[TopUp]:
    """List what a citizen has paid in, or tried to, the latest first."""
    assert limit > 0
    return await TopUpRepository(tx).of(citizen_id, limit=limit)


async def claimed_rial(tx: Transaction, *, office_id: str, citizen_id: CitizenId) -> int:
    """Sum up what a citizen has claimed at an office and finance has not decided."""
    return await TopUpRepository(tx).claimed_rial(office_id, citizen_id)


def _move_to_wallet(top_up: TopUp, *, is_in_suspense: bool) -> Move:
    """Say from where the money of a top-up comes that is verified now."""
    wallet = rules.wallet_code(top_up.office_id, top_up.citizen_id, Bucket.CASH)
    if is_in_suspense or top_up.state is TopUpState.UNMATCHED:
        source, why = "suspense", TransferCode.MATCHED
    else:
        source, why = "bank", TransferCode.TOP_UP
    account = rules.account_code(top_up.office_id, source)
    return Move(account, wallet, top_up.amount_rial, why)


async def _taken(tx: Transaction, code: str, actor: Staff, roles: tuple[Role, ...]) -> TopUp:
    """Find a top-up for somebody who may decide about it."""
    found = await TopUpRepository(tx).find_to_change(code)
    if found is None:
        raise NoSuchTopUp
    rules.ensure_handles(found, actor, roles)
    return found


async def _ensure_only_claim(tx: Transaction, top_up: TopUp) -> None:
    """Refuse to verify what ran out while somebody else's claim to the same payment stands."""
    if top_up.way is TopUpWay.BANK and top_up.reference is not None:
        standing = await TopUpRepository(tx).claim_of(top_up.office_id, top_up.reference)
        if standing is not None and standing.id != top_up.id:
            raise ReferenceClaimed


async def _record(
    tx: Transaction, before: TopUpState, top_up: TopUp, actor: Staff, now: datetime
) -> None:
    said = top_up.reason or top_up.reference or top_up.charge_id
    await citizens.record(
        tx,
        actor=actor,
        action=f"topup.{top_up.state.value}",
        subject=top_up.subject,
        note=f"{top_up.amount_rial}: {said}",
        between=(before, top_up.state),
        now=now,
    )
