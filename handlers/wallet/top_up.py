"""Paying in: the ways in, the steps, and what is typed at each.

Nothing is begun before the last step; whatever is refused on the way leaves the flow where it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.kit.amounts import read_amount
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import ReferenceIsAccount, ReferenceUnreadable, TopUpOutOfRange
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.top_ups import (
    MyTopUpsPressed,
    TopUpBegins,
    TopUpDialoguePressed,
    TopUpNeeded,
    TopUpPress,
)
from handlers.context import pressed
from handlers.keepers import (
    counted,
    ensure_private,
    keeper,
    keeper_of_choice,
    keepers,
    policy_of,
)
from handlers.recognizing import JustAsked, Nods, album_of
from handlers.views.cases.case_asides import cancelled
from handlers.views.common import button_needed
from handlers.views.refusals import refusal
from handlers.views.wallet import top_ups as views
from handlers.views.wallet.top_up_draft import FLOW, Draft, Step
from handlers.views.wallet.wallet_words import amount_unreadable
from handlers.wallet.top_up_sending import asking_of, go_on, limits_of, send, ways_of

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext

_TYPED_AT: Final = (Step.AMOUNT.value, Step.REFERENCE.value)


def add(application: Application) -> None:
    """Add the command, the buttons and the steps."""
    here = (
        JustAsked(FLOW, *_TYPED_AT) & NEW_IN_PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    )
    application.add_handler(CommandHandler("topup", begin, filters=NEW_IN_PRIVATE))
    application.add_handler(MessageHandler(here & filters.TEXT, take_text))
    application.add_handler(MessageHandler(here & ~filters.TEXT, refuse_other))
    nods = (
        JustAsked(FLOW, Step.REVIEW.value)
        & NEW_IN_PRIVATE
        & filters.TEXT
        & ~filters.COMMAND
        & Nods()
    )
    application.add_handler(MessageHandler(nods, ask_to_press))
    add_buttons(
        application,
        (TopUpBegins, begin_by_button),
        (TopUpNeeded, begin_with_amount),
        (TopUpDialoguePressed, answer_step),
        (MyTopUpsPressed, show_own),
    )


async def begin(_update: Update, context: DeskContext) -> None:
    """Answer /topup."""
    await _begin(context, "", is_page=False)


async def begin_by_button(update: Update, context: DeskContext) -> None:
    """Answer the button of the wallet, or that of an office."""
    asked = TopUpBegins.unpack(pressed(update))
    ensure_private(update)
    await _begin(context, asked.office_id, is_page=not asked.office_id)


async def begin_with_amount(update: Update, context: DeskContext) -> None:
    """Answer a button under something for which money is missing."""
    asked = TopUpNeeded.unpack(pressed(update))
    ensure_private(update)
    policy = policy_of(keeper(context, asked.office_id))
    amount_rial = min(max(asked.amount, policy.top_up_rial_min), policy.top_up_rial_max)
    await _begin(context, asked.office_id, is_page=False, amount_rial=amount_rial)


async def _begin(
    context: DeskContext, office_id: str, *, is_page: bool, amount_rial: int | None = None
) -> None:
    published = keeper_of_choice(context, office_id)
    if published is None:
        context.reply(views.keepers(context.words, keepers(context), is_page=is_page))
        return
    ways = ways_of(context, published)
    if not ways:
        context.reply(views.nothing_taken(context.words))
        return
    draft = Draft(published.office.id, ways[0] if len(ways) == 1 else None, amount_rial)
    await context.begin(FLOW, draft.next_step.value, **draft.as_values())
    await go_on(context, draft)


async def show_own(update: Update, context: DeskContext) -> None:
    """Answer the button of one's own top-ups."""
    MyTopUpsPressed.unpack(pressed(update))
    ensure_private(update)
    await _show_own(context)


async def _show_own(context: DeskContext, note: str = "") -> None:
    own = await wallet.top_ups_of(
        context.unit.tx, citizen_id=context.unit.citizen.id, limit=views.LISTED_MAX
    )
    context.reply(views.listed(context.words, own, note=note))


async def take_text(update: Update, context: DeskContext) -> None:
    """Read what was typed as what was asked for."""
    message, dialogue = update.effective_message, context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    typed, draft = message.text or "", Draft.of(dialogue)
    if draft.next_step is Step.REFERENCE:
        await _take_reference(context, draft, typed)
        return
    amount = read_amount(typed)
    if amount is None:
        notes = [amount_unreadable(context.words)]
        await go_on(context, replace(draft, bare=None), notes=notes)
        return
    (unit, *others) = amount.readings(limits_of(context, draft).rial_min)
    if others:
        await go_on(context, replace(draft, bare=amount.value))
    else:
        await _take_amount(context, draft, amount.counted_in(unit))


async def _take_reference(context: DeskContext, draft: Draft, typed: str) -> None:
    """Keep a reference, or ask for another; an account's number is deleted from the chat."""
    notes = []
    try:
        draft = replace(draft, reference=rules.read_reference(typed))
    except ReferenceUnreadable as error:
        notes = [refusal(error, context.words)]
    except ReferenceIsAccount:
        context.unsay()
        notes = [views.account_deleted(context.words)]
    await go_on(context, draft, notes=notes)


async def ask_to_press(_update: Update, context: DeskContext) -> None:
    """Show the last look anew: a typed "yes" begins nothing."""
    dialogue = context.unit.dialogue
    assert dialogue is not None
    await go_on(context, Draft.of(dialogue), notes=[button_needed(context.words)])


async def refuse_other(update: Update, context: DeskContext) -> None:
    """Refuse a picture, a file or a voice without opening it, and go on waiting."""
    message, dialogue = update.effective_message, context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    asking = asking_of(context, dialogue, Draft.of(dialogue))
    context.reply(views.words_needed(asking), once=album_of(message))


async def answer_step(update: Update, context: DeskContext) -> None:
    """Answer a button of the flow; one of an earlier run shows where all stands instead."""
    asked = TopUpDialoguePressed.unpack(pressed(update))
    ensure_private(update)
    press = next((press for press in TopUpPress if press == asked.verb), None)
    if press is None:
        raise StaleButton
    dialogue = context.unit.dialogue
    if dialogue is None or dialogue.name != FLOW or dialogue.token != asked.token:
        await _show_own(context, views.step_over(context.words))
        return
    draft = Draft.of(dialogue)
    if press is TopUpPress.CANCEL:
        await context.end_dialogue()
        context.reply(cancelled(context.words, is_page=True))
    elif press is TopUpPress.SEND:
        await send(context, draft)
    elif press is TopUpPress.AMOUNT:
        await _take_amount(context, draft, number_in(asked.value), is_page=True)
    elif press is TopUpPress.UNIT:
        await _take_amount(context, draft, counted(draft.bare, asked.value), is_page=True)
    else:
        await go_on(context, _changed(context, draft, press, asked.value), is_page=True)


def _changed(context: DeskContext, draft: Draft, press: TopUpPress, value: str) -> Draft:
    """Take what was chosen. Raises StaleButton."""
    changed = None
    if press is TopUpPress.CHANGE:
        changed = draft.without(value)
    elif press is TopUpPress.WAY:
        ways = ways_of(context, keeper(context, draft.office_id))
        way = next((way for way in ways if way == value), None)
        changed = None if way is None else replace(draft, way=way)
    if changed is None:
        raise StaleButton
    return changed


async def _take_amount(
    context: DeskContext, draft: Draft, amount_rial: int, *, is_page: bool = False
) -> None:
    """Keep an amount that the office takes, or say why it does not and ask for another."""
    draft, notes = replace(draft, bare=None), []
    try:
        rules.ensure_in_limits(amount_rial, limits_of(context, draft))
    except TopUpOutOfRange as error:
        notes = [refusal(error, context.words)]
    else:
        draft = replace(draft, amount_rial=amount_rial)
    await go_on(context, draft, notes=notes, is_page=is_page)
