"""A bill of ours is about to be paid, and is paid.

What was paid is received wherever and whenever the platform reports it, before any conversation
looks at the message.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from telegram.constants import ChatType
from telegram.ext import MessageHandler, PreCheckoutQueryHandler, filters

from bot.wallet import use_cases as wallet
from bot.wallet.model import TopUpState
from bot.workshops import use_cases as workshops
from handlers.views.wallet import top_up_notices as views
from handlers.wallet.top_up_sending import tell_finance

if TYPE_CHECKING:
    from telegram import Message, Update

    from handlers.adding import Application
    from handlers.context import DeskContext

_CHARGE_LENGTH_MAX: Final = 255


def add(application: Application) -> None:
    """Add both; nobody else may take a payment for something that was written."""
    application.add_handler(PreCheckoutQueryHandler(check))
    paid = filters.SUCCESSFUL_PAYMENT & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(paid, receive))


async def check(update: Update, context: DeskContext) -> None:
    """Let a bill be paid, or say in words why it cannot be."""
    query = update.pre_checkout_query
    assert query is not None
    unit = context.unit
    await wallet.check_invoice(
        unit.tx,
        payload=query.invoice_payload,
        citizen_id=unit.citizen.id,
        amount_rial=query.total_amount,
        currency=query.currency,
        now=unit.now,
    )
    context.checkout(ok=True)


async def receive(update: Update, context: DeskContext) -> None:
    """Put what was paid into the wallet, once for each charge, and say so."""
    message = update.effective_message
    assert message is not None
    payment = message.successful_payment
    assert payment is not None
    unit = context.unit
    top_up = await wallet.receive_payment(
        unit.tx,
        payload=payment.invoice_payload,
        provider=str(context.bot.id),
        charge_id=_charge_of(message),
        citizen_id=unit.citizen.id,
        amount_rial=payment.total_amount,
        currency=payment.currency,
        office_id=_some_office(context),
        reference=payment.provider_payment_charge_id or None,
        now=unit.now,
    )
    if top_up.state is TopUpState.UNMATCHED:
        reply = views.unplaced(context.words, top_up)
        await tell_finance(context, top_up)
    else:
        balance = await wallet.balance(
            unit.tx, office_id=top_up.office_id, citizen_id=top_up.citizen_id
        )
        kept = await workshops.kept_for(
            unit.tx, payer_id=top_up.citizen_id, office_id=top_up.office_id
        )
        reply = views.paid(context.words, top_up, balance.withdrawable_rial, kept)
    once = f"{top_up.subject}:received"
    if message.chat.type == ChatType.PRIVATE:
        context.reply(reply, once=once)
    else:
        context.tell(int(top_up.citizen_id), reply, once=once)


def _charge_of(message: Message) -> str:
    """Name the payment by what no other payment has; a platform may leave its numbers out."""
    payment = message.successful_payment
    assert payment is not None
    named = payment.telegram_payment_charge_id or payment.provider_payment_charge_id
    charge = named or f"message:{message.chat_id}:{message.message_id}"
    return charge if len(charge) <= _CHARGE_LENGTH_MAX else sha256(charge.encode()).hexdigest()


def _some_office(context: DeskContext) -> str:
    """Name the office that looks into money of which no bill is known."""
    catalogue = context.unit.desk.catalogue
    keepers = [one.office.id for one in catalogue.offices if one.desk.wallet is not None]
    chosen = context.unit.citizen.office_id
    if chosen in keepers:
        return str(chosen)
    return (keepers or [one.office.id for one in catalogue.offices])[0]
