"""Wishing to be told of new workshops, and wishing it no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import CallbackQueryHandler

from bot.workshops import use_cases as workshops
from bot.workshops.errors import TooManySubscriptions
from bot.workshops.model import Sieve, SubscriptionId
from handlers.callback_data import StaleButton
from handlers.callback_data.sieves import read
from handlers.callback_data.workshops import SubscriptionPressed, SubscriptionVerb
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import subscriptions as views
from handlers.workshops.browsing import known_of, published_of

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import Application

    from handlers.context import DeskContext


def add(application: Application[Any, DeskContext, Any, Any, Any, Any]) -> None:
    """Add the buttons."""
    application.add_handler(
        CallbackQueryHandler(act, pattern=SubscriptionPressed.pattern()),
    )


async def act(update: Update, context: DeskContext) -> None:
    """Answer a button about what one is told of."""
    asked = SubscriptionPressed.unpack(pressed(update))
    if context.place_id != context.unit.citizen.id:
        raise StaleButton  # what somebody wishes for is nobody else's business
    verb = next((verb for verb in SubscriptionVerb if verb == asked.verb), None)
    match verb:
        case None:
            raise StaleButton
        case SubscriptionVerb.LIST:
            await _show_list(context)
        case SubscriptionVerb.ADD:
            await _subscribe(context, asked)
        case SubscriptionVerb.END_ALL:
            await workshops.unsubscribe(context.unit.tx, citizen_id=context.unit.citizen.id)
            await _show_list(context)
        case SubscriptionVerb.END:
            await _end(context, asked)
            await _show_list(context, note=views.ended_words(context.words))
        case SubscriptionVerb.END_HERE:
            await _end(context, asked)
            context.reply(views.ended_here(context.words))


async def _subscribe(context: DeskContext, asked: SubscriptionPressed) -> None:
    unit = context.unit
    published = published_of(context, asked.value)
    sieve = read(asked.sieve, await known_of(context, published.office.id))
    try:
        subscription, is_new = await workshops.subscribe(
            unit.tx,
            citizen_id=unit.citizen.id,
            office_id=published.office.id,
            sieve=Sieve(sieve.age, sieve.province, sieve.subject),
            now=unit.now,
        )
    except TooManySubscriptions as error:  # the list is where one can be ended
        await _show_list(context, note=refusal(error, context.words))
        return
    context.reply(views.made(context.words, published, subscription, is_new=is_new))


async def _end(context: DeskContext, asked: SubscriptionPressed) -> None:
    """Forget one's own wish; where it is gone already, that is what was wanted."""
    unit = context.unit
    await workshops.unsubscribe(
        unit.tx,
        citizen_id=unit.citizen.id,
        subscription_id=SubscriptionId(asked.subscription),
    )


async def _show_list(context: DeskContext, note: str = "") -> None:
    unit = context.unit
    kept = await workshops.subscriptions_of(unit.tx, citizen_id=unit.citizen.id)
    context.reply(views.list_page(context.words, unit.desk.catalogue, kept, note))
