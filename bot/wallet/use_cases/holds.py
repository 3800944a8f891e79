"""Cash is held, and a hold is posted or voided, once (ADR 0005)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import rules
from bot.wallet.errors import HoldResolved, NoSuchHold, ReferenceHeld
from bot.wallet.model import Bucket, Entry, Hold, Journal, Move, Note, Operation, TransferCode
from bot.wallet.repository import AccountRepository, HoldRepository
from bot.wallet.use_cases.once import once
from bot.wallet.use_cases.posting import lacking, opened, post

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import HoldId


async def hold(
    tx: Transaction,
    *,
    key: str,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    reference: str,
    reason: str,
    actor: str,
    now: datetime,
) -> Hold:
    """Hold a part of a citizen's cash, for one thing: it stays theirs and cannot be spent.

    Raises InsufficientFunds, ReferenceHeld where something is or was held for it, and KeyReused.
    """
    rules.ensure_amount(amount_rial)
    note = Note(reference, reason, actor, now)
    code = rules.wallet_code(office_id, citizen_id, Bucket.CASH)

    async def unit() -> Hold:
        holds = HoldRepository(tx)
        if await holds.by_reference(reference) is not None:
            raise ReferenceHeld(reference)
        account = (await opened(tx, [code]))[code]
        accounts = AccountRepository(tx)
        if not await accounts.keep_back(account, amount_rial):
            raise await lacking(accounts, code, amount_rial)
        hold_id = await holds.add(account.id, amount_rial, note)
        if hold_id is None:
            raise ReferenceHeld(reference)
        return await _found(holds, hold_id)

    return await once(
        tx, key=key, op=Operation.HOLD, asked=(code, amount_rial), note=note, kind=Hold, unit=unit
    )


async def post_hold(
    tx: Transaction,
    *,
    key: str,
    hold_id: HoldId,
    amount_rial: int,
    to_code: str,
    code: TransferCode,
    reason: str,
    actor: str,
    now: datetime,
) -> Journal:
    """Take what was held, or a part of it, and set the rest free; the hold is over.

    Its reference is the hold's. Raises NoSuchHold, HoldResolved, MoreThanHeld, and KeyReused.
    """
    rules.ensure_amount(amount_rial)
    holds = HoldRepository(tx)
    held = await _found(holds, hold_id)
    note = Note(held.note.reference, reason, actor, now)
    taken = Move(held.account, to_code, amount_rial, code)
    rules.ensure_way(taken)

    async def unit() -> Journal:
        rules.ensure_open(held)
        rules.ensure_covered(held, amount_rial)
        if not await holds.resolve(hold_id, amount_rial, now):
            raise HoldResolved(held.note.reference)
        return await post(tx, [Entry(taken, hold=held)], note)

    asked = (hold_id, taken)
    return await once(
        tx, key=key, op=Operation.POST, asked=asked, note=note, kind=Journal, unit=unit
    )


async def void_hold(
    tx: Transaction, *, key: str, hold_id: HoldId, reason: str, actor: str, now: datetime
) -> Hold:
    """Set free what was held. Raises NoSuchHold, HoldResolved, and KeyReused."""
    holds = HoldRepository(tx)
    held = await _found(holds, hold_id)
    note = Note(held.note.reference, reason, actor, now)

    async def unit() -> Hold:
        rules.ensure_open(held)
        if not await holds.resolve(hold_id, 0, now):
            raise HoldResolved(held.note.reference)
        account = (await opened(tx, [held.account]))[held.account]
        is_free = await AccountRepository(tx).set_free(account.id, held.amount_rial)
        assert is_free
        return await _found(holds, hold_id)

    return await once(
        tx, key=key, op=Operation.VOID, asked=(hold_id,), note=note, kind=Hold, unit=unit
    )


async def _found(holds: HoldRepository, hold_id: HoldId) -> Hold:
    found = await holds.find(hold_id)
    if found is None:
        raise NoSuchHold(hold_id)
    return found
