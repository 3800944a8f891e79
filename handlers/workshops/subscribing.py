"""Wishing to be told of new workshops, and wishing it no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.workshops import use_cases as workshops
from bot.workshops.errors import TooManySubscriptions
from bot.workshops.model import Sieve, SubscriptionId
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.sieves import read
from handlers.callback_data.workshops import SubscriptionPressed, SubscriptionVerb
from handlers.consenting import has_agreed, keep_consent, with_consent
from handlers.context import pressed
from handlers.views.refusals import refusal
from handlers.views.workshops import subscriptions as views
from handlers.workshops.browsing import known_of, published_of

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

FLOW: Final = "wish"
_REVIEW: Final = "review"


def add(application: Application) -> None:
    """Add the buttons."""
    add_buttons(application, (SubscriptionPressed, act))


async def act(update: Update, context: DeskContext) -> None:
    """Answer a button about what one is told of."""
    asked = SubscriptionPressed.unpack(pressed(update))
    if context.place_id != context.unit.citizen.id:
        raise StaleButton  # what somebody wishes for is nobody else's business
    verb = next((verb for verb in SubscriptionVerb if verb == asked.verb), None)
    if verb is None:
        raise StaleButton
    if verb is SubscriptionVerb.ADD:
        await _ask(context, asked.value, asked.sieve)
    elif verb is SubscriptionVerb.AGREE:
        await _agree(context, asked.value)
    else:
        await _change(context, verb, asked)


async def _change(
    context: DeskContext, verb: SubscriptionVerb, asked: SubscriptionPressed
) -> None:
    """List the wishes that are kept, or end some of them."""
    match verb:
        case SubscriptionVerb.END_ALL:
            await workshops.unsubscribe(context.unit.tx, citizen_id=context.unit.citizen.id)
            await _show_list(context)
        case SubscriptionVerb.END:
            await _end(context, asked)
            await _show_list(context, note=views.ended_words(context.words))
        case SubscriptionVerb.END_HERE:
            await _end(context, asked)
            context.reply(views.ended_here(context.words))
        case _:
            await _show_list(context)


async def _ask(context: DeskContext, office_id: str, written: str) -> None:
    """Keep the wish of who agreed before; all others read first what is kept for it."""
    if await has_agreed(context):
        await _subscribe(context, office_id, written)
        return
    published = published_of(context, office_id)
    sieve = read(written, await known_of(context, published.office.id))
    dialogue = await context.begin(FLOW, _REVIEW, office_id=office_id, sieve=written)
    page = views.about_to(context.words, published, sieve, dialogue)
    context.reply(await with_consent(context, page))


async def _agree(context: DeskContext, token: str) -> None:
    """Keep the wish that was looked at with the text below it."""
    dialogue = context.unit.dialogue
    if dialogue is None or (dialogue.name, dialogue.token) != (FLOW, token):
        raise StaleButton
    office_id, written = str(dialogue.draft["office_id"]), str(dialogue.draft["sieve"])
    if not await keep_consent(context):
        await _ask(context, office_id, written)
        return
    await context.end_dialogue()
    await _subscribe(context, office_id, written)


async def _subscribe(context: DeskContext, office_id: str, written: str) -> None:
    unit = context.unit
    published = published_of(context, office_id)
    sieve = read(written, await known_of(context, published.office.id))
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
