"""Approved payouts go to the bank together, in one file that can be made again (KN-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.kit.tracking import new_code
from bot.wallet import rules
from bot.wallet.errors import KeyReused, NoSuchBatch, NothingToSend, OwnPayout, PayoutMoved
from bot.wallet.model import BATCH_MAX, KEY_LENGTH_MAX, BatchRow, PayoutAct, PayoutState
from bot.wallet.repository import PayoutBatchRepository, PayoutRepository
from bot.wallet.use_cases.payout_requests import open_account
from bot.wallet.use_cases.payout_steps import claim_payout, record_step, take_step

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.citizens.model import Staff
    from bot.kit.crypto import Keyring
    from bot.kit.database import Transaction
    from bot.wallet.model import BatchId, Payout, PayoutBatch


async def export_batch(
    tx: Transaction,
    *,
    office_id: str,
    actor: Staff,
    key: str,
    now: datetime,
    codes: Collection[str] | None = None,
) -> PayoutBatch:
    """Send what is approved to the bank, the oldest first, as many as one file holds.

    With codes, exactly those: what was approved meanwhile is left for the next file. The same key
    gives the same batch. What the actor asked for themselves is left for a colleague.
    Raises StaffOnly, NothingToSend, OwnPayout where nothing else waits, PayoutMoved where one of
    the codes waits no longer, and KeyReused.
    """
    assert 0 < len(key) <= KEY_LENGTH_MAX
    assert codes is None or len(codes) <= BATCH_MAX
    rules.ensure_payout_role(PayoutAct.EXPORT, office_id, actor)
    payouts = PayoutRepository(tx)
    waiting = await payouts.claim_approved(
        office_id, but_of=actor.id, codes=codes, limit=BATCH_MAX
    )
    # After the claim: who waited here for a colleague with the same key finds their batch.
    earlier = await _sent_before(tx, key, office_id)
    if earlier is not None:
        return earlier
    if not waiting:
        own = await payouts.in_states(office_id, [PayoutState.APPROVED], after_id=0, limit=1)
        raise OwnPayout if own else NothingToSend
    await _ensure_all_wait(tx, waiting, codes)
    batch = await PayoutBatchRepository(tx).add(
        key=key, code=new_code(), sent=waiting, actor=actor, now=now
    )
    if batch is None:
        raise KeyReused(key)
    await _send(tx, batch, waiting, actor, now)
    return batch


async def find_batch(tx: Transaction, *, batch_id: BatchId) -> PayoutBatch:
    """Find a batch. Raises NoSuchBatch."""
    found = await PayoutBatchRepository(tx).find(batch_id)
    if found is None:
        raise NoSuchBatch
    return found


async def batches_of(tx: Transaction, *, office_id: str, limit: int) -> list[PayoutBatch]:
    """List what an office sent to the bank, the latest first."""
    assert limit > 0
    return await PayoutBatchRepository(tx).of_office(office_id, limit=limit)


async def batch_rows(tx: Transaction, *, batch: PayoutBatch, keyring: Keyring) -> list[BatchRow]:
    """Open what the bank must know of a batch: for the file, at the moment it is sent."""
    rows = []
    for payout in await PayoutRepository(tx).of_batch(batch.id):
        iban, owner = open_account(payout, keyring)
        rows.append(BatchRow(payout.code, payout.amount_rial, iban, owner))
    assert len(rows) == batch.count
    return rows


async def _sent_before(tx: Transaction, key: str, office_id: str) -> PayoutBatch | None:
    found = await PayoutBatchRepository(tx).by_key(key)
    if found is not None and found.office_id != office_id:
        raise KeyReused(key)
    return found


async def _ensure_all_wait(
    tx: Transaction, waiting: Sequence[Payout], codes: Collection[str] | None
) -> None:
    """Refuse to send a part of what was named. Raises PayoutMoved, and NoSuchPayout."""
    missing = sorted(set(codes or ()) - {payout.code for payout in waiting})
    if missing:
        raise PayoutMoved((await claim_payout(tx, missing[0])).state)


async def _send(
    tx: Transaction, batch: PayoutBatch, sent: Sequence[Payout], actor: Staff, now: datetime
) -> None:
    who, values = f"staff:{actor.id}", {"batch_id": batch.id}
    for payout in sent:
        step = rules.payout_step(payout, PayoutAct.EXPORT, actor)
        await take_step(tx, payout, step, who=who, now=now, values=values)
        await record_step(tx, payout, step, actor, now, note=batch.code)
    await citizens.record(
        tx,
        actor=actor,
        action="payout.batch",
        subject=f"payout_batch:{batch.id}",
        note=f"{batch.code} {batch.count} {batch.total_rial}",
        now=now,
    )
