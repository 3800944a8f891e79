"""Paying in: the ways in, the steps, and what is typed at each.

Nothing is begun before the last step; whatever is refused on the way leaves the flow where it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters
from telegram.ext.filters import UpdateFilter

from bot.citizens.rules import DIALOGUE_LASTS
from bot.kit.amounts import Amount, Unit, read_amount
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.model import TopUpLimits, TopUpWay
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.top_ups import (
    MyTopUpsPressed,
    TopUpBegins,
    TopUpDialoguePressed,
    TopUpNeeded,
    TopUpPress,
)
from handlers.context import current_unit, pressed
from handlers.recognizing import InDialogue
from handlers.views import top_ups as views
from handlers.views import top_ups_desk as desk_views
from handlers.views.case_asides import cancelled
from handlers.views.top_up_draft import FLOW, Draft, Step
from handlers.wallet.looking import ensure_private, keeper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from telegram import Update
    from telegram.ext import Application

    from bot.catalogue.model import OfficeCatalogue, WalletPolicy
    from bot.citizens.model import Dialogue
    from bot.wallet.model import TopUp
    from handlers.context import DeskContext

_FRESH_FOR: Final[timedelta] = DIALOGUE_LASTS / 48  # what is written later is about something else
_TYPED_AT: Final = (Step.AMOUNT.value, Step.REFERENCE.value)


class _Answering(UpdateFilter):
    """Lets a message pass that answers what was asked a short while ago."""

    def filter(self, update: Update) -> bool:
        """Look at the unit, which knows what was asked and when."""
        del update
        unit = current_unit.get()
        assert unit.dialogue is not None
        return unit.dialogue.expires_at - unit.now > DIALOGUE_LASTS - _FRESH_FOR


def add(application: Application[Any, DeskContext, Any, Any, Any, Any]) -> None:
    """Add the command, the buttons and the steps."""
    new = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    here = new & ~filters.COMMAND & ~filters.StatusUpdate.ALL & InDialogue(FLOW, *_TYPED_AT)
    application.add_handler(CommandHandler("topup", begin, filters=new))
    application.add_handler(MessageHandler(here & filters.TEXT & _Answering(), take_text))
    application.add_handler(MessageHandler(here & ~filters.TEXT & _Answering(), refuse_other))
    for payload, handler in (
        (TopUpBegins, begin_by_button),
        (TopUpNeeded, begin_with_amount),
        (TopUpDialoguePressed, answer_step),
        (MyTopUpsPressed, show_own),
    ):
        application.add_handler(CallbackQueryHandler(handler, pattern=payload.pattern()))


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
    policy = _policy(keeper(context, asked.office_id))
    amount_rial = min(max(asked.amount, policy.top_up_rial_min), policy.top_up_rial_max)
    await _begin(context, asked.office_id, is_page=False, amount_rial=amount_rial)


async def _begin(
    context: DeskContext, office_id: str, *, is_page: bool, amount_rial: int | None = None
) -> None:
    unit = context.unit
    offices = [one for one in unit.desk.catalogue.offices if one.desk.wallet is not None]
    if not office_id and len(offices) != 1:
        context.reply(views.keepers(context.words, offices, is_page=is_page))
        return
    published = keeper(context, office_id or offices[0].office.id)
    ways = _ways(context, published)
    if not ways:
        context.reply(views.nothing_taken(context.words))
        return
    draft = Draft(published.office.id, ways[0] if len(ways) == 1 else None, amount_rial)
    await context.begin(FLOW, draft.next_step.value, **draft.as_values())
    await _go_on(context, draft)


async def show_own(update: Update, context: DeskContext) -> None:
    """Answer the button of one's own top-ups."""
    MyTopUpsPressed.unpack(pressed(update))
    ensure_private(update)
    await _show_own(context)


async def _show_own(context: DeskContext, note: str = "") -> None:
    own = await wallet.top_ups_of(
        context.unit.tx, citizen_id=context.unit.citizen.id, limit=views.LISTED_MAX
    )
    context.reply(views.listed(context.words, own, note=note, is_page=False))


async def take_text(update: Update, context: DeskContext) -> None:
    """Read what was typed as what was asked for."""
    message, dialogue = update.effective_message, context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    typed, draft = message.text or "", Draft.of(dialogue)
    if draft.next_step is Step.REFERENCE:
        await _go_on(context, replace(draft, reference=rules.read_reference(typed)))
        return
    amount = read_amount(typed)
    if amount is None:
        notes = [views.amount_unreadable(context.words)]
        await _go_on(context, replace(draft, bare=None), notes=notes)
    elif amount.rials is None:
        await _go_on(context, replace(draft, bare=amount.value))
    else:
        await _take_amount(context, draft, amount.rials)


async def refuse_other(update: Update, context: DeskContext) -> None:
    """Refuse a picture, a file or a voice without opening it, and go on waiting."""
    message, dialogue = update.effective_message, context.unit.dialogue
    assert message is not None
    assert dialogue is not None
    once = None if message.media_group_id is None else f"album:{message.media_group_id}"
    asking = _asking(context, dialogue, Draft.of(dialogue))
    context.reply(views.words_needed(asking), once=once)


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
        await _claim(context, draft)
    elif press is TopUpPress.AMOUNT:
        await _take_amount(context, draft, number_in(asked.value), is_page=True)
    else:
        await _go_on(context, _changed(context, draft, press, asked.value), is_page=True)


def _changed(context: DeskContext, draft: Draft, press: TopUpPress, value: str) -> Draft:
    """Take what was chosen. Raises StaleButton."""
    changed = None
    if press is TopUpPress.CHANGE:
        changed = draft.without(value)
    elif press is TopUpPress.WAY:
        ways = _ways(context, keeper(context, draft.office_id))
        way = next((way for way in ways if way == value), None)
        changed = None if way is None else replace(draft, way=way)
    elif press is TopUpPress.UNIT and draft.bare is not None:
        unit = next((unit for unit in Unit if unit == value), None)
        if unit is not None:
            amount_rial = Amount(draft.bare).counted_in(unit)
            rules.ensure_in_limits(amount_rial, _limits(context, draft))
            changed = replace(draft, amount_rial=amount_rial, bare=None)
    if changed is None:
        raise StaleButton
    return changed


async def _take_amount(
    context: DeskContext, draft: Draft, amount_rial: int, *, is_page: bool = False
) -> None:
    """Keep an amount that the office takes. Raises TopUpOutOfRange."""
    rules.ensure_in_limits(amount_rial, _limits(context, draft))
    taken = replace(draft, amount_rial=amount_rial, bare=None)
    await _go_on(context, taken, is_page=is_page)


async def _go_on(
    context: DeskContext, draft: Draft, *, notes: Sequence[str] = (), is_page: bool = False
) -> None:
    """Keep the draft, and ask what is missing; of a bill nothing is missing but its payment."""
    if draft.way is TopUpWay.INVOICE and draft.next_step is Step.REVIEW:
        await _bill(context, draft, is_page=is_page)
        return
    dialogue = await context.advance(draft.next_step.value, **draft.as_values())
    asking = _asking(context, dialogue, draft)
    context.reply(views.step_page(asking, notes=notes, is_page=is_page))


async def _bill(context: DeskContext, draft: Draft, *, is_page: bool) -> None:
    """Write the bill and put it into the chat."""
    assert draft.amount_rial is not None
    unit, published = context.unit, keeper(context, draft.office_id)
    if TopUpWay.INVOICE not in _ways(context, published):
        raise StaleButton
    bill = await wallet.begin_invoice(
        unit.tx,
        office_id=draft.office_id,
        citizen_id=unit.citizen.id,
        amount_rial=draft.amount_rial,
        limits=_limits(context, draft),
        now=unit.now,
    )
    await context.end_dialogue()
    context.reply(views.bill_made(context.words, bill, is_page=is_page))
    context.reply(views.bill(context.words, published, bill))


async def _claim(context: DeskContext, draft: Draft) -> None:
    """Register the payment at the bank, and tell finance of it."""
    published = keeper(context, draft.office_id)
    is_whole = draft.next_step is Step.REVIEW and draft.way is TopUpWay.BANK
    if not is_whole or TopUpWay.BANK not in _ways(context, published):
        raise StaleButton
    assert draft.amount_rial is not None
    assert draft.reference is not None
    unit = context.unit
    claim = await wallet.claim_reference(
        unit.tx,
        office_id=draft.office_id,
        citizen_id=unit.citizen.id,
        amount_rial=draft.amount_rial,
        reference=draft.reference,
        limits=_limits(context, draft),
        now=unit.now,
    )
    await context.end_dialogue()
    context.reply(views.receipt(context.words, claim, is_page=True))
    await tell_finance(context, claim)


async def tell_finance(context: DeskContext, top_up: TopUp) -> None:
    """Tell the admin chat of an office that something waits; silently while it is closed."""
    desk = context.unit.desk
    published = desk.catalogue.find(top_up.office_id)
    if published is None:  # what is paid to an office that has gone is kept, and read by audit
        return
    words = desk.words_of(desk.default_language)
    await context.tell_office(
        top_up.office_id,
        desk_views.card(words, published, top_up, names={}, is_new=True),
        about=top_up.subject,
        once=f"{top_up.subject}:new",
    )


def _ways(context: DeskContext, published: OfficeCatalogue) -> list[TopUpWay]:
    """Say how money can be paid in at an office, now."""
    is_by_bank = _policy(published).bank_reference is not None
    offered = {TopUpWay.INVOICE: context.unit.desk.takes_payments, TopUpWay.BANK: is_by_bank}
    return [way for way, is_offered in offered.items() if is_offered]


def _policy(published: OfficeCatalogue) -> WalletPolicy:
    assert published.desk.wallet is not None
    return published.desk.wallet


def _limits(context: DeskContext, draft: Draft) -> TopUpLimits:
    policy = _policy(keeper(context, draft.office_id))
    return TopUpLimits(policy.top_up_rial_min, policy.top_up_rial_max)


def _asking(context: DeskContext, dialogue: Dialogue, draft: Draft) -> views.Asking:
    published = keeper(context, draft.office_id)
    return views.Asking(context.words, published, _policy(published), dialogue, draft)
