"""Waiting for places: joining the line, where one stands in it, and leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops import use_cases as workshops
from bot.workshops.errors import (
    PlacesFree,
    StepRefused,
    TermsNotAccepted,
    TimesClash,
)
from bot.workshops.errors.identifying import (
    NationalIdNeeded,
    NationalIdTaken,
)
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.registering import (
    SURELY,
    JoinLinePressed,
    LineLeft,
    OfferDeclined,
    StandingPressed,
)
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import registering as registering_views
from handlers.views.workshops import waiting_line as views
from handlers.views.workshops.registering_terms import terms_changed
from handlers.workshops import at_hand, identifying
from handlers.workshops.showing import show, show_terms
from handlers.workshops.telling import tell_promoted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Update

    from bot.kit.errors import DeskError
    from bot.workshops.model import Freed, WaitingEntry
    from handlers.context import DeskContext
    from handlers.views.workshops.registering_words import Sheet


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(
        application,
        (JoinLinePressed, join),
        (StandingPressed, explain),
        (OfferDeclined, decline),
        (LineLeft, leave),
    )


async def join(update: Update, context: DeskContext) -> None:
    """Join the line, or say why nobody needs to; a second press shows the turn."""
    asked = JoinLinePressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    if asked.is_auto not in ("0", "1"):
        raise StaleButton
    unit, ids = context.unit, asked.registrations
    sheet = await at_hand.own_sheet_of_all(context, ids)
    try:
        waits = await workshops.join_line(
            unit.tx,
            registration_ids=ids,
            payer_id=unit.citizen.id,
            is_auto_accept=asked.is_auto == "1",
            policy=context.policy_of(sheet.workshop.office_id),
            now=unit.now,
            is_clash_accepted=asked.all_the_same == SURELY,
        )
    except NationalIdNeeded as error:
        await identifying.go_on(context, sheet, why=refusal(error, context.words))
    except NationalIdTaken as error:
        await identifying.ask_anew(context, sheet, error)
    except (PlacesFree, StepRefused, TermsNotAccepted, TimesClash) as error:
        await _say_in_the_way(context, sheet, error, asked)
    else:
        await show(context, await at_hand.sheet_of(context, sheet.workshop, waits))


async def _say_in_the_way(
    context: DeskContext, sheet: Sheet, error: DeskError, asked: JoinLinePressed
) -> None:
    why = refusal(error, context.words)
    if isinstance(error, TermsNotAccepted):
        await show_terms(context, sheet, note=terms_changed(context.words))
    elif isinstance(error, TimesClash):
        again = JoinLinePressed(asked.registration_ids, asked.is_auto, SURELY)
        context.reply(registering_views.clash(sheet, why, again))
    elif isinstance(error, PlacesFree):
        context.reply(registering_views.free_after_all(sheet, why))
    else:
        await show(context, await at_hand.own_sheet(context, sheet.first.id))


async def explain(update: Update, context: DeskContext) -> None:
    """Answer "why has my turn not come?"."""
    asked = StandingPressed.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.turn_sheet(context, asked.entry)
    if sheet.turn is None:
        await show(context, sheet)
        return
    _workshop, _entry, standing = await workshops.explain_standing(
        context.unit.tx, entry_id=asked.entry, actor=at_hand.citizen(context)
    )
    context.reply(views.explained(sheet, standing))


async def decline(update: Update, context: DeskContext) -> None:
    """Decline an offer, which is asked about once."""
    asked = OfferDeclined.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.turn_sheet(context, asked.entry)
    if sheet.turn is None or not sheet.is_held:
        await show(context, sheet)
    elif asked.step != SURELY:
        context.reply(views.decline_asked(sheet))
    else:
        await _leave(context, sheet, sheet.turn, workshops.decline_offer)


async def leave(update: Update, context: DeskContext) -> None:
    """Leave the line, which is asked about once."""
    asked = LineLeft.unpack(pressed(update))
    at_hand.ensure_private(update)
    sheet = await at_hand.turn_sheet(context, asked.entry)
    if sheet.turn is None:
        await show(context, sheet)
    elif asked.step != SURELY:
        context.reply(views.leave_asked(sheet))
    else:
        await _leave(context, sheet, sheet.turn, workshops.leave_line)


async def _leave(
    context: DeskContext, sheet: Sheet, turn: WaitingEntry, how: Callable[..., Awaitable[Freed]]
) -> None:
    freed = await how(
        context.unit.tx,
        entry_id=turn.id,
        actor=at_hand.citizen(context),
        calendar=await at_hand.calendar_of(context, sheet.workshop),
        policy=context.policy_of(sheet.workshop.office_id),
        now=context.unit.now,
    )
    context.reply(views.left(context.words, sheet.workshop))
    await tell_promoted(context, sheet.workshop, freed.promotions)
