"""What becomes of a fee: paid into the escrow of a workshop, given back exactly, or earned.

The reason that the ledger keeps is the title of the workshop; the statement says the rest by the
code of the transfer and by the registration that the reference names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import use_cases as wallet
from bot.wallet.errors import InsufficientFunds
from bot.wallet.model import JournalId, Move, TransferCode
from bot.wallet.rules import account_code
from bot.workshops.rules import money
from bot.workshops.rules.money import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.database import Transaction
    from bot.workshops.model import Deed, Registration, RegistrationAct, Workshop


async def can_pay(
    tx: Transaction, workshop: Workshop, registrations: Sequence[Registration]
) -> bool:
    """True where the wallet of the payer bears the fees of all of them."""
    needed_rial, available_rial = await _means(tx, workshop, registrations)
    return needed_rial <= available_rial


async def ensure_can_pay(
    tx: Transaction, workshop: Workshop, registrations: Sequence[Registration]
) -> None:
    """Refuse where the wallet bears some of the fees and not all. Raises InsufficientFunds."""
    needed_rial, available_rial = await _means(tx, workshop, registrations)
    if needed_rial > available_rial:
        raise InsufficientFunds(needed_rial, available_rial)


async def settle(
    tx: Transaction,
    workshop: Workshop,
    registration: Registration,
    act: RegistrationAct,
    deed: Deed,
    *,
    is_refunded: bool = True,
    key: str | None = None,
) -> JournalId | None:
    """Do to the fee what an act does to it; gives the journal by which it was paid, if it was."""
    effect = money.effect_of(act, registration, is_refunded=is_refunded)
    key = money.key_of(effect, registration) if key is None else key
    match effect:
        case Effect.PAY:
            return await _pay(tx, workshop, registration, deed, key)
        case Effect.REVERSE:
            await _give_back(tx, workshop, registration, deed, key)
        case Effect.EARN:
            await _earn(tx, workshop, registration, deed, key)
        case Effect.NONE:
            pass
    return registration.journal_id


async def _means(
    tx: Transaction, workshop: Workshop, registrations: Sequence[Registration]
) -> tuple[int, int]:
    (payer_id,) = {one.payer_id for one in registrations}
    balance = await wallet.balance(tx, office_id=workshop.office_id, citizen_id=payer_id)
    return sum(one.fee_rial for one in registrations), balance.available_rial


async def _pay(
    tx: Transaction, workshop: Workshop, registration: Registration, deed: Deed, key: str
) -> JournalId:
    journal = await wallet.pay_from_wallet(
        tx,
        key=key,
        office_id=workshop.office_id,
        citizen_id=registration.payer_id,
        amount_rial=registration.fee_rial,
        workshop_id=workshop.id,
        reference=money.reference_of(registration.id),
        reason=workshop.details.title,
        actor=deed.actor.booked_as,
        now=deed.at,
    )
    return journal.id


async def _give_back(
    tx: Transaction, workshop: Workshop, registration: Registration, deed: Deed, key: str
) -> None:
    assert registration.journal_id is not None
    await wallet.reverse(
        tx,
        key=key,
        journal_id=registration.journal_id,
        reference=money.reference_of(registration.id),
        reason=workshop.details.title,
        actor=deed.actor.booked_as,
        now=deed.at,
    )


async def _earn(
    tx: Transaction, workshop: Workshop, registration: Registration, deed: Deed, key: str
) -> None:
    assert registration.journal_id is not None
    paid = await wallet.find_journal(tx, journal_id=registration.journal_id)
    revenue = account_code(workshop.office_id, "revenue")
    await wallet.move(
        tx,
        key=key,
        moves=[
            Move(one.credit, revenue, one.amount_rial, TransferCode.DELIVERED)
            for one in paid.transfers
        ],
        reference=money.reference_of(registration.id),
        reason=workshop.details.title,
        actor=deed.actor.booked_as,
        now=deed.at,
    )
