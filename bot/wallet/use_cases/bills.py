"""Paying in by a bill in the chat: it is written, about to be paid, and paid.

What was paid is never refused and never lost. What no bill of the payer explains waits in
suspense, with the charge by which the gateway knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.kit.tracking import new_code, shown
from bot.wallet import rules
from bot.wallet.errors import NoSuchTopUp, TooManyTopUps
from bot.wallet.model import (
    BILL_LASTS,
    REASON_LENGTH_MAX,
    TOP_UPS_OPEN_MAX,
    Bucket,
    Move,
    TopUp,
    TopUpState,
    TopUpWay,
    TransferCode,
)
from bot.wallet.repository import TopUpRepository
from bot.wallet.use_cases.bank_lines import stand_in_line, take_over
from bot.wallet.use_cases.ledger import move

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.wallet.model import Journal, TopUpLimits

_REFERENCE_SIGNS_MAX = 100
_PAYABLE = (TopUpState.CREATED, TopUpState.PENDING, TopUpState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment as the gateway reported it."""

    provider: str
    charge_id: str
    citizen_id: CitizenId
    amount_rial: int
    currency: str
    reference: str | None

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept of it with the top-up that it was for."""
        reference = self.reference and self.reference[:_REFERENCE_SIGNS_MAX]
        return {
            "provider": self.provider,
            "charge_id": self.charge_id,
            "reference": reference,
            "amount_rial": self.amount_rial,
        }


async def begin_invoice(
    tx: Transaction,
    *,
    office_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    limits: TopUpLimits,
    now: datetime,
) -> TopUp:
    """Write a bill, to be paid within a day; its payload is the `subject`.

    Who has an open bill of the same amount is given that one again, so that a double tap makes
    one. Raises TopUpOutOfRange, and TooManyTopUps.
    """
    rules.ensure_in_limits(amount_rial, limits)
    top_ups = TopUpRepository(tx)
    known = await top_ups.open_bill(office_id, citizen_id, amount_rial, now)
    if known is not None:
        return known
    await ensure_room(tx, citizen_id, now)
    added = await top_ups.add(
        code=new_code(),
        office_id=office_id,
        citizen_id=citizen_id,
        way=TopUpWay.INVOICE.value,
        amount_rial=amount_rial,
        state=TopUpState.CREATED.value,
        created_at=now,
        expires_at=now + BILL_LASTS,
    )
    assert added is not None
    return added


async def ensure_room(tx: Transaction, citizen_id: CitizenId, now: datetime) -> None:
    """Refuse to begin more than a few top-ups at once. Raises TooManyTopUps."""
    if await TopUpRepository(tx).count_open(citizen_id, now) >= TOP_UPS_OPEN_MAX:
        raise TooManyTopUps(TOP_UPS_OPEN_MAX)


async def check_invoice(
    tx: Transaction,
    *,
    payload: str,
    citizen_id: CitizenId,
    amount_rial: int,
    currency: str,
    now: datetime,
) -> TopUp:
    """Let a bill be paid by its citizen, once, in time, and as it was written.

    Raises NoSuchTopUp, TopUpMoved, and BillNotAsWritten.
    """
    bill = await _bill(tx, payload, to_change=True)
    if bill is None:
        raise NoSuchTopUp
    rules.ensure_payable(
        bill, citizen_id=citizen_id, amount_rial=amount_rial, currency=currency, now=now
    )
    changed = await TopUpRepository(tx).change(
        bill,
        (TopUpState.CREATED, TopUpState.PENDING),
        state=TopUpState.PENDING.value,
    )
    assert changed is not None
    return changed


async def receive_payment(
    tx: Transaction,
    *,
    payload: str,
    provider: str,
    charge_id: str,
    citizen_id: CitizenId,
    amount_rial: int,
    currency: str,
    office_id: str,
    reference: str | None = None,
    now: datetime,
) -> TopUp:
    """Put what was really paid into the payer's wallet, once for each charge.

    A charge that is reported again changes nothing. A second charge for one bill is money too,
    and one for a bill that has expired counts. What no bill of the payer explains waits in the
    suspense of its office, or of `office_id` where none is known: the state says UNMATCHED.
    """
    charge = Charge(provider, charge_id, citizen_id, amount_rial, currency, reference)
    written = await _bill(tx, payload)
    office = office_id if written is None else written.office_id
    await stand_in_line(tx, office)  # before the bill is taken, as by whoever takes one back
    known = await TopUpRepository(tx).by_charge(provider, charge_id)
    if known is not None:
        return known
    await take_over(tx, office, (charge_id, reference), amount_rial, now=now)
    bill = await _bill(tx, payload, to_change=True)
    is_theirs = bill is not None and bill.citizen_id == citizen_id
    if bill is None or not is_theirs or not rules.is_bearable(amount_rial, currency):
        return await _keep_unmatched(tx, charge, office, now)
    wallet = rules.wallet_code(bill.office_id, citizen_id, Bucket.CASH)
    code = bill.code if bill.state in _PAYABLE else new_code()
    journal = await _post(tx, charge, code, wallet, now)
    verified = {
        **charge.columns,
        "state": TopUpState.VERIFIED.value,
        "journal_id": journal.id,
    }
    if bill.state in _PAYABLE:
        done = await TopUpRepository(tx).change(bill, _PAYABLE, **verified)
    else:
        done = await _add(tx, charge, code, bill.office_id, now, **verified)
    assert done is not None
    return done


async def _keep_unmatched(tx: Transaction, charge: Charge, office_id: str, now: datetime) -> TopUp:
    """Keep what nobody knows the owner of; money of another kind is written down, not posted."""
    code = new_code()
    is_bearable = rules.is_bearable(charge.amount_rial, charge.currency)
    said = {} if is_bearable else {"amount_rial": 0, "reason": _said(charge)}
    values = {**charge.columns, **said, "state": TopUpState.UNMATCHED.value}
    kept = await _add(tx, charge, code, office_id, now, **values)
    assert kept is not None
    if is_bearable:
        suspense = rules.account_code(office_id, "suspense")
        await _post(tx, charge, code, suspense, now)
    return kept


async def _add(
    tx: Transaction,
    charge: Charge,
    code: str,
    office_id: str,
    now: datetime,
    **values: Any,  # noqa: ANN401 - columns of several types
) -> TopUp | None:
    return await TopUpRepository(tx).add(
        code=code,
        office_id=office_id,
        citizen_id=charge.citizen_id,
        way=TopUpWay.INVOICE.value,
        created_at=now,
        expires_at=now,
        **values,
    )


async def _post(tx: Transaction, charge: Charge, code: str, to: str, now: datetime) -> Journal:
    gateway = rules.account_code(rules.office_of(to), "gateway")
    is_known = rules.class_of(to) == "wallet:cash"
    why = TransferCode.TOP_UP if is_known else TransferCode.UNMATCHED
    return await move(
        tx,
        key=rules.charge_key(charge.provider, charge.charge_id),
        moves=[Move(gateway, to, charge.amount_rial, why)],
        reference=f"topup:{code}",
        reason=shown(code),
        actor=f"gateway:{charge.provider}",
        now=now,
    )


async def _bill(tx: Transaction, payload: str, *, to_change: bool = False) -> TopUp | None:
    code = rules.code_of_bill(payload)
    if code is None:
        return None
    top_ups = TopUpRepository(tx)
    found = await (top_ups.find_to_change(code) if to_change else top_ups.find(code))
    return None if found is None or found.way is not TopUpWay.INVOICE else found


def _said(charge: Charge) -> str:
    """Write what was paid as the gateway said it, for somebody to look into."""
    return f"{charge.amount_rial} {charge.currency}"[:REASON_LENGTH_MAX]
