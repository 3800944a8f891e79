"""A payout is asked for, once however often the button is pressed, and the desk is told."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.citizens import use_cases as citizens
from bot.wallet import use_cases as wallet
from bot.wallet.errors import InsufficientFunds, PayoutTooSmall
from handlers.callback_data import StaleButton
from handlers.callback_data.payouts import PayoutConfirmed
from handlers.consenting import keep_consent, with_consent
from handlers.context import pressed
from handlers.keepers import ensure_private, keeper, policy_of
from handlers.views.refusals import refusal
from handlers.views.wallet import payouts as views
from handlers.views.wallet.payout_card import Headline, Sheet, card
from handlers.views.wallet.payout_draft import FLOW, Draft, Step
from handlers.views.wallet.payouts import Asking

if TYPE_CHECKING:
    from telegram import Update

    from bot.citizens.model import Dialogue
    from bot.wallet.model import Payout
    from handlers.context import DeskContext

IBAN: Final = "dialogue.iban"
OWNER: Final = "dialogue.owner"
_OPERATION_BYTES: Final = 9
_OPERATION_LENGTH_MAX: Final = 40


def drawn(draft: Draft) -> Draft:
    """Number what is shown for a last look, so that it is confirmed as it was shown, and once."""
    if draft.next_step is not Step.REVIEW:
        return replace(draft, operation="")
    return replace(draft, operation=secrets.token_urlsafe(_OPERATION_BYTES))


def sealed(context: DeskContext, column: str, value: str) -> str:
    """Seal what a person typed for the row of their dialogue."""
    unit = context.unit
    return b64encode(
        unit.desk.keyring.seal(value, column=column, row=int(unit.citizen.id))
    ).decode()


def _opened(context: DeskContext, column: str, value: str) -> str:
    unit = context.unit
    return unit.desk.keyring.open(b64decode(value), column=column, row=int(unit.citizen.id))


async def asking_of(context: DeskContext, dialogue: Dialogue, draft: Draft) -> Asking:
    """Collect what a step is drawn from. Raises StaleButton where there is no wallet any more."""
    published, unit = keeper(context, draft.office_id), context.unit
    balance = await wallet.balance(unit.tx, office_id=draft.office_id, citizen_id=unit.citizen.id)
    policy = policy_of(published)
    takes_two = draft.next_step is Step.REVIEW and await wallet.takes_two(
        unit.tx,
        office_id=draft.office_id,
        citizen_id=unit.citizen.id,
        amount_rial=draft.amount_rial or 0,
        policy=policy,
        now=unit.now,
    )
    return Asking(
        context.words,
        published,
        policy,
        dialogue,
        draft,
        balance.withdrawable_rial,
        takes_two=takes_two,
    )


async def confirm(update: Update, context: DeskContext) -> None:
    """Register the request that was shown; what was shown before it changed is not registered."""
    asked = PayoutConfirmed.unpack(pressed(update))
    ensure_private(update)
    dialogue = context.unit.dialogue
    draft = None if dialogue is None or dialogue.name != FLOW else Draft.of(dialogue)
    if draft is not None and draft.operation and draft.operation == asked.operation:
        if await keep_consent(context):
            await _register(context, draft)
        else:
            await _show_anew(context, draft)
    else:
        await _say_registered(context, asked.operation)


async def _register(context: DeskContext, draft: Draft) -> None:
    unit, published = context.unit, keeper(context, draft.office_id)
    assert draft.amount_rial is not None
    assert draft.iban is not None
    assert draft.owner is not None
    try:
        payout = await wallet.request_payout(
            unit.tx,
            key=_key(draft.operation),
            office_id=draft.office_id,
            citizen_id=unit.citizen.id,
            amount_rial=draft.amount_rial,
            iban=_opened(context, IBAN, draft.iban),
            owner_name=_opened(context, OWNER, draft.owner),
            policy=policy_of(published),
            keyring=unit.desk.keyring,
            now=unit.now,
        )
    except (InsufficientFunds, PayoutTooSmall) as error:
        await _ask_another_amount(context, draft, refusal(error, context.words))
        return
    await context.end_dialogue()
    context.reply(views.receipt(context.words, payout))
    await tell_desk(context, payout, Headline.REQUESTED)


async def _show_anew(context: DeskContext, draft: Draft) -> None:
    """Show the last look once more, with what its button agrees to."""
    assert context.unit.dialogue is not None
    page = views.step_page(await asking_of(context, context.unit.dialogue, draft), is_page=True)
    context.reply(await with_consent(context, page))


async def _ask_another_amount(context: DeskContext, draft: Draft, note: str) -> None:
    """Go back to the amount: the money was spent, or the policy changed, since it was typed."""
    draft = drawn(replace(draft, amount_rial=None))
    dialogue = await context.advance(draft.next_step.value, **draft.as_values())
    asking = await asking_of(context, dialogue, draft)
    context.reply(views.step_page(asking, notes=[note], is_page=True))


async def _say_registered(context: DeskContext, operation: str) -> None:
    """Show what an earlier press has registered, if it was this person's. Raises StaleButton."""
    unit = context.unit
    payout = None
    if operation and len(operation) <= _OPERATION_LENGTH_MAX:
        payout = await wallet.payout_as(unit.tx, key=_key(operation), citizen_id=unit.citizen.id)
    if payout is None:
        raise StaleButton
    context.toast(views.registered_before(context.words))
    context.reply(views.receipt(context.words, payout))


async def tell_desk(context: DeskContext, payout: Payout, headline: Headline) -> None:
    """Tell the admin chat of the office what a citizen did, by the card as it is now."""
    unit = context.unit
    published = unit.desk.catalogue.published_by(payout.office_id)
    sheet = Sheet(
        payout,
        tuple(await wallet.payout_events(unit.tx, payout_id=payout.id)),
        await wallet.account_sharers(unit.tx, payout=payout),
    )
    words = unit.desk.words_of(unit.desk.default_language)
    staff = await citizens.staff_of_office(unit.tx, office_id=payout.office_id)
    names = {one.id: one.name for one in staff}
    reply = card(words, published, sheet, names=names, headline=headline)
    await context.tell_office(payout.office_id, reply, about=f"payout:{payout.code}")


def _key(operation: str) -> str:
    return f"payout:{operation}"
