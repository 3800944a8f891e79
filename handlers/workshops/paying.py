"""Paying for places that are kept, from the wallet, or having them wait for a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet.errors import InsufficientFunds
from bot.workshops import use_cases as workshops
from bot.workshops.errors import OfferOver, StepRefused, TermsNotAccepted, TimesClash
from bot.workshops.model import RegistrationState
from handlers.adding import Application, add_buttons
from handlers.callback_data.registering import (
    SURELY,
    BankPressed,
    OfferAccepted,
    PayPressed,
    operation_in,
)
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import paying_fees as views
from handlers.views.workshops import registering as registering_views
from handlers.views.workshops.registering_terms import terms_changed
from handlers.workshops import at_hand
from handlers.workshops.showing import show, show_terms

if TYPE_CHECKING:
    from telegram import Update

    from bot.kit.errors import DeskError
    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(
        application, (PayPressed, pay), (OfferAccepted, accept_offer), (BankPressed, await_bank)
    )


async def pay(update: Update, context: DeskContext) -> None:
    """Pay for places that are kept; a second press shows what there is."""
    asked = PayPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    operation = operation_in(asked.operation)
    sheet = await at_hand.own_sheet_of_all(context, asked.registrations)
    await _pay(context, sheet, operation)


async def accept_offer(update: Update, context: DeskContext) -> None:
    """Take what was offered to somebody in the line, and pay for it."""
    asked = OfferAccepted.unpack(pressed(update))
    at_hand.ensure_private(update)
    operation = operation_in(asked.operation)
    sheet = await at_hand.turn_sheet(context, asked.entry)
    is_clash_accepted = asked.all_the_same == SURELY
    await _pay(context, sheet, operation, is_clash_accepted=is_clash_accepted)


async def _pay(
    context: DeskContext, sheet: Sheet, operation: str, *, is_clash_accepted: bool = False
) -> None:
    unit = context.unit
    if not sheet.is_held:
        await show(context, sheet, note=views.not_kept(context.words, sheet))
        return
    try:
        paid = await workshops.confirm(
            unit.tx,
            registration_ids=sheet.ids,
            payer_id=unit.citizen.id,
            now=unit.now,
            is_clash_accepted=is_clash_accepted,
            key=f"pay:{operation}:{sheet.first.id}",
        )
    except TermsNotAccepted:
        await show_terms(context, sheet, note=terms_changed(context.words))
    except (InsufficientFunds, OfferOver, TimesClash, StepRefused) as error:
        await _say_in_the_way(context, sheet, error)
    else:
        assert all(one.state is RegistrationState.CONFIRMED for one in paid)
        context.reply(views.receipt(await at_hand.sheet_of(context, sheet.workshop, paid)))


async def _say_in_the_way(context: DeskContext, sheet: Sheet, error: DeskError) -> None:
    why = refusal(error, context.words)
    if isinstance(error, TimesClash):
        assert sheet.turn is not None, "who takes a place at once was asked before"
        payload = OfferAccepted(str(sheet.turn.id), views.drawn(), SURELY)
        context.reply(registering_views.clash(sheet, why, payload))
    elif isinstance(error, OfferOver):
        context.reply(views.over(sheet, why))
    else:
        await show(context, await at_hand.own_sheet(context, sheet.first.id), note=why)


async def await_bank(update: Update, context: DeskContext) -> None:
    """Keep places longer for somebody who sends the money by bank; once for each."""
    asked = BankPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    unit = context.unit
    sheet = await at_hand.own_sheet_of_all(context, asked.registrations)
    try:
        kept = await workshops.await_bank(
            unit.tx,
            registration_ids=asked.registrations,
            payer_id=unit.citizen.id,
            calendar=await at_hand.calendar_of(context, sheet.workshop),
            policy=context.policy_of(sheet.workshop.office_id),
            now=unit.now,
        )
    except OfferOver as error:
        context.reply(views.over(sheet, refusal(error, context.words)))
    except StepRefused:
        await show(context, sheet, note=views.waits_already(context.words, sheet))
    else:
        context.reply(views.bank_awaited(await at_hand.sheet_of(context, sheet.workshop, kept)))
