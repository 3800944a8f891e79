"""Giving a place back in time (KN-27), and giving it up when it is too late for the fee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.wallet import use_cases as wallet
from bot.workshops import use_cases as workshops
from bot.workshops.errors import NotYetLate, StepRefused, TooLateToDrop
from bot.workshops.model import RegistrationState
from bot.workshops.rules import money, registering
from handlers.adding import Application, add_buttons
from handlers.callback_data.my_workshops import DropPressed, WithdrawPressed
from handlers.callback_data.registering import operation_in
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import leaving as views
from handlers.views.workshops.paying_fees import drawn
from handlers.workshops import at_hand
from handlers.workshops.showing import show
from handlers.workshops.telling import tell_promoted

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet

_JOURNALS_MAX: Final = 20


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(application, (DropPressed, drop), (WithdrawPressed, withdraw))


async def drop(update: Update, context: DeskContext) -> None:
    """Drop a place: say what comes back, then do it, once."""
    asked = DropPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet(context, asked.registration)
    if sheet.first.state is not RegistrationState.CONFIRMED:
        await show(context, sheet, note=views.not_there_any_more(context.words))
        return
    try:
        if asked.operation:
            await _drop(context, sheet, operation_in(asked.operation))
        else:
            await _ask_to_drop(context, sheet)
    except (StepRefused, TooLateToDrop) as error:
        await show(context, sheet, note=refusal(error, context.words))


async def _ask_to_drop(context: DeskContext, sheet: Sheet) -> None:
    """Say what comes back. Raises TooLateToDrop."""
    registering.ensure_droppable(sheet.workshop, context.unit.now)
    journal = None
    if sheet.first.journal_id is not None:
        journal = await wallet.find_journal(context.unit.tx, journal_id=sheet.first.journal_id)
    context.reply(views.drop_asked(sheet, journal, drawn()))


async def _drop(context: DeskContext, sheet: Sheet, operation: str) -> None:
    """Do it, and tell whoever gets the place. Raises TooLateToDrop and StepRefused."""
    unit = context.unit
    freed = await workshops.drop(
        unit.tx,
        registration_id=sheet.first.id,
        actor=at_hand.citizen(context),
        calendar=await at_hand.calendar_of(context, sheet.workshop),
        policy=context.policy_of(sheet.workshop.office_id),
        now=unit.now,
        key=f"drop:{operation}:{sheet.first.id}",
    )
    left = await at_hand.sheet_of(context, sheet.workshop, freed.registrations)
    journals = await wallet.journals_about(
        unit.tx, reference=money.reference_of(sheet.first.id), limit=_JOURNALS_MAX
    )
    context.reply(views.dropped(left, journals))
    await tell_promoted(context, sheet.workshop, freed.promotions)


async def withdraw(update: Update, context: DeskContext) -> None:
    """Give a place up late: say that no money comes back, then do it, once."""
    asked = WithdrawPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.own_sheet(context, asked.registration)
    if sheet.first.state is not RegistrationState.CONFIRMED:
        await show(context, sheet, note=views.not_there_any_more(context.words))
        return
    try:
        if asked.operation:
            await _withdraw(context, sheet, operation_in(asked.operation))
        else:
            registering.ensure_late(sheet.workshop, context.unit.now)
            context.reply(views.withdraw_asked(sheet, drawn()))
    except (StepRefused, NotYetLate) as error:
        await show(context, sheet, note=refusal(error, context.words))


async def _withdraw(context: DeskContext, sheet: Sheet, operation: str) -> None:
    unit = context.unit
    freed = await workshops.withdraw(
        unit.tx,
        registration_id=sheet.first.id,
        actor=at_hand.citizen(context),
        calendar=await at_hand.calendar_of(context, sheet.workshop),
        policy=context.policy_of(sheet.workshop.office_id),
        now=unit.now,
        key=f"withdraw:{operation}:{sheet.first.id}",
    )
    context.reply(views.withdrawn(sheet))
    await tell_promoted(context, sheet.workshop, freed.promotions)
