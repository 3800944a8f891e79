"""Asking for a payout (KN-17): the ways in, the steps, and what is typed at each.

An account number is deleted from the chat as soon as it is read, whatever is wrong with it. So no
step refuses by an exception, which would leave the message standing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from telegram.ext import CommandHandler, MessageHandler, filters
from telegram.ext.filters import MessageFilter

from bot.kit.amounts import read_amount
from bot.wallet import rules
from bot.wallet import use_cases as wallet
from bot.wallet.errors import (
    InsufficientFunds,
    OwnerUnreadable,
    PayoutTooSmall,
    TooManyPayouts,
)
from bot.wallet.model import PAYOUTS_OPEN_MAX
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import (
    PayoutBegins,
    PayoutConfirmed,
    PayoutDialoguePressed,
    PayoutPress,
)
from handlers.consenting import with_consent
from handlers.context import pressed
from handlers.keepers import (
    counted,
    ensure_private,
    keeper,
    keeper_of_choice,
    keepers,
    policy_of,
)
from handlers.recognizing import InDialogue, JustAsked, Nods, album_of
from handlers.views.cases.case_asides import cancelled
from handlers.views.cases.case_draft import cleaned
from handlers.views.common import button_needed
from handlers.views.refusals import refusal
from handlers.views.wallet import payouts as views
from handlers.views.wallet.payout_draft import (
    FLOW,
    Draft,
    IbanFault,
    Step,
    fault_of,
    hint_of,
    iban_in,
    is_account,
    is_telling,
)
from handlers.views.wallet.wallet_words import amount_unreadable
from handlers.wallet import payout_sending
from handlers.wallet.payout_sending import IBAN, OWNER, asking_of, drawn, sealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Message, Update

    from bot.catalogue.model import WalletPolicy
    from bot.citizens.model import Dialogue
    from bot.kit.amounts import Amount
    from bot.kit.errors import DeskError
    from bot.wallet.model import Balance
    from handlers.context import DeskContext

_OPEN_LOOKED_AT: Final = 50
_TYPED_AT: Final = (Step.AMOUNT.value, Step.IBAN.value, Step.OWNER.value)


class _Account(MessageFilter):
    """Lets an account number pass however late it comes: it is read, or at least deleted."""

    def filter(self, message: Message) -> bool:
        """Look at the digits."""
        return is_account(message.text or "")


def add(application: Application) -> None:
    """Add the command, the buttons and the steps."""
    here = NEW_IN_PRIVATE & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    asked = JustAsked(FLOW, *_TYPED_AT)
    typed = asked | (InDialogue(FLOW) & _Account())
    application.add_handler(CommandHandler("payout", begin, filters=NEW_IN_PRIVATE))
    application.add_handler(MessageHandler(typed & here & filters.TEXT, take_text))
    application.add_handler(MessageHandler(asked & here & ~filters.TEXT, refuse_other))
    nods = JustAsked(FLOW, Step.REVIEW.value) & here & filters.TEXT & Nods()
    application.add_handler(MessageHandler(nods, ask_to_press))
    add_buttons(
        application,
        (PayoutBegins, begin_by_button),
        (PayoutDialoguePressed, answer_step),
        (PayoutConfirmed, payout_sending.confirm),
    )


async def begin(_update: Update, context: DeskContext) -> None:
    """Answer /payout."""
    await _begin(context, "", is_page=False)


async def begin_by_button(update: Update, context: DeskContext) -> None:
    """Answer the button of the wallet, below it, or that of an office."""
    asked = PayoutBegins.unpack(pressed(update))
    ensure_private(update)
    await _begin(context, asked.office_id, is_page=not asked.office_id)


async def _begin(context: DeskContext, office_id: str, *, is_page: bool) -> None:
    unit = context.unit
    published = keeper_of_choice(context, office_id)
    if published is None:
        context.reply(views.keepers(context.words, keepers(context), is_page=is_page))
        return
    office_id, citizen_id = published.office.id, unit.citizen.id
    balance = await wallet.balance(unit.tx, office_id=office_id, citizen_id=citizen_id)
    try:
        rules.ensure_payout_amount(balance.withdrawable_rial, policy_of(published))
    except PayoutTooSmall as error:
        context.reply(
            views.too_little(
                context.words, published, error.amount_rial, least_rial=error.amount_rial_min
            )
        )
        return
    listed = await wallet.payouts_of(
        unit.tx, office_id=office_id, citizen_id=citizen_id, limit=_OPEN_LOOKED_AT
    )
    if sum(payout.state.is_open for payout in listed) >= PAYOUTS_OPEN_MAX:
        raise TooManyPayouts(PAYOUTS_OPEN_MAX)
    draft = Draft(office_id)
    dialogue = await context.begin(FLOW, draft.next_step.value, **draft.as_values())
    context.reply(views.step_page(await asking_of(context, dialogue, draft)))


async def take_text(update: Update, context: DeskContext) -> None:
    """Read what was typed as what was asked for."""
    message = update.effective_message
    assert message is not None
    _dialogue, draft = _here(context)
    typed = cleaned(message.text or "")
    if draft.next_step is Step.IBAN or is_account(typed):
        await _take_account(context, draft, typed)
    elif draft.next_step is Step.AMOUNT:
        await _take_amount(context, draft, read_amount(typed))
    else:
        await _take_owner(context, draft, typed)


async def _take_account(context: DeskContext, draft: Draft, typed: str) -> None:
    notes = []
    if is_telling(typed):
        context.unsay()
        notes.append(views.deleted(context.words))
    iban = iban_in(typed)
    if iban is None:
        notes.append(views.iban_fault(context.words, typed))
        if fault_of(typed) is not IbanFault.CARD:  # a card is no other try at the account
            draft = replace(draft, iban=None, iban_tail="")
    else:
        draft = replace(draft, iban=sealed(context, IBAN, iban), iban_tail=iban[-4:])
    await _go_on(context, draft, notes=notes)


async def _take_amount(context: DeskContext, draft: Draft, amount: Amount | None) -> None:
    if amount is None:
        notes = [amount_unreadable(context.words)]
        await _go_on(context, replace(draft, bare=None), notes=notes)
        return
    (unit, *others) = amount.readings(policy_of(keeper(context, draft.office_id)).payout_rial_min)
    if others:
        await _go_on(context, replace(draft, bare=amount.value))
    else:
        await _set_amount(context, draft, amount.counted_in(unit))


async def _set_amount(
    context: DeskContext, draft: Draft, amount_rial: int, *, is_page: bool = False
) -> None:
    """Keep an amount that can be paid out, or say why it cannot and ask for another."""
    unit = context.unit
    published = keeper(context, draft.office_id)
    balance = await wallet.balance(unit.tx, office_id=draft.office_id, citizen_id=unit.citizen.id)
    draft, notes = replace(draft, bare=None), []
    refused = _refused(amount_rial, balance, policy_of(published))
    if refused is None:
        draft = replace(draft, amount_rial=amount_rial)
    else:
        notes = [refusal(refused, context.words)]
    await _go_on(context, draft, notes=notes, is_page=is_page)


def _refused(amount_rial: int, balance: Balance, policy: WalletPolicy) -> DeskError | None:
    """Say why an amount cannot be paid out, if it cannot."""
    try:
        rules.ensure_payout_amount(amount_rial, policy)
    except PayoutTooSmall as error:
        return error
    if amount_rial > balance.withdrawable_rial:
        return InsufficientFunds(amount_rial, balance.withdrawable_rial)
    return None


async def _take_owner(context: DeskContext, draft: Draft, typed: str) -> None:
    try:
        name = rules.owner_of(typed)
    except OwnerUnreadable as error:
        await _go_on(context, draft, notes=[refusal(error, context.words)])
        return
    owner = sealed(context, OWNER, name)
    await _go_on(context, replace(draft, owner=owner, owner_hint=hint_of(name)))


async def ask_to_press(_update: Update, context: DeskContext) -> None:
    """Show the last look anew: a typed "yes" asks for nothing."""
    _dialogue, draft = _here(context)
    await _go_on(context, draft, notes=[button_needed(context.words)])


async def refuse_other(update: Update, context: DeskContext) -> None:
    """Refuse a picture, a voice or a sticker without opening it, and go on waiting."""
    message = update.effective_message
    assert message is not None
    dialogue, draft = _here(context)
    page = views.words_needed(await asking_of(context, dialogue, draft))
    context.reply(page, once=album_of(message))


async def answer_step(update: Update, context: DeskContext) -> None:
    """Answer a button of the flow; one of an earlier run changes nothing."""
    asked = PayoutDialoguePressed.unpack(pressed(update))
    ensure_private(update)
    dialogue, draft = _here(context)
    if dialogue.token != asked.token:
        raise StaleButton
    if asked.verb == PayoutPress.CANCEL:
        await context.end_dialogue()
        context.reply(cancelled(context.words, is_page=True))
    elif asked.verb == PayoutPress.ALL:
        balance = await wallet.balance(
            context.unit.tx, office_id=draft.office_id, citizen_id=context.unit.citizen.id
        )
        await _set_amount(context, draft, balance.withdrawable_rial, is_page=True)
    elif asked.verb == PayoutPress.UNIT:
        amount_rial = counted(draft.bare, asked.value)
        await _set_amount(context, draft, amount_rial, is_page=True)
    elif asked.verb == PayoutPress.CHANGE:
        await _change(context, draft, asked.value)
    else:
        raise StaleButton


async def _change(context: DeskContext, draft: Draft, what: str) -> None:
    changed = draft.without(what)
    if changed is None:
        raise StaleButton
    await _go_on(context, changed, is_page=True)


async def _go_on(
    context: DeskContext, draft: Draft, *, notes: Sequence[str] = (), is_page: bool = False
) -> None:
    """Keep the draft, and ask what is missing or show it for a last look."""
    draft = drawn(draft)
    dialogue = await context.advance(draft.next_step.value, **draft.as_values())
    asking = await asking_of(context, dialogue, draft)
    page = views.step_page(asking, notes=notes, is_page=is_page)
    if draft.next_step is Step.REVIEW:
        page = await with_consent(context, page)
    context.reply(page)


def _here(context: DeskContext) -> tuple[Dialogue, Draft]:
    """Find where the person is in the flow. Raises StaleButton."""
    dialogue = context.unit.dialogue
    if dialogue is None or dialogue.name != FLOW:
        raise StaleButton
    return dialogue, Draft.of(dialogue)
