"""A top-up is begun: a bill is put into the chat, or finance is told of a payment at the bank."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.wallet import use_cases as wallet
from bot.wallet.errors import ReferenceClaimed, TopUpOutOfRange
from bot.wallet.model import TopUpLimits, TopUpWay
from handlers.callback_data import StaleButton
from handlers.consenting import has_agreed, keep_consent, with_consent
from handlers.keepers import keeper, policy_of
from handlers.views.refusals import refusal
from handlers.views.wallet import top_ups as views
from handlers.views.wallet import top_ups_desk as desk_views
from handlers.views.wallet.top_up_draft import Draft, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Dialogue
    from bot.wallet.model import TopUp
    from handlers.context import DeskContext


async def go_on(
    context: DeskContext, draft: Draft, *, notes: Sequence[str] = (), is_page: bool = False
) -> None:
    """Keep the draft, and ask what is missing; of a bill nothing is, once consent was given."""
    is_bill = draft.way is TopUpWay.INVOICE and draft.next_step is Step.REVIEW
    if is_bill and await has_agreed(context):
        await _bill(context, draft, is_page=is_page)
        return
    dialogue = await context.advance(draft.next_step.value, **draft.as_values())
    asking = asking_of(context, dialogue, draft)
    page = views.step_page(asking, notes=notes, is_page=is_page)
    if draft.next_step is Step.REVIEW:
        page = await with_consent(context, page)
    context.reply(page)


async def _bill(context: DeskContext, draft: Draft, *, is_page: bool) -> None:
    """Write the bill and put it into the chat."""
    assert draft.amount_rial is not None
    unit, published = context.unit, keeper(context, draft.office_id)
    if TopUpWay.INVOICE not in ways_of(context, published):
        raise StaleButton
    bill = await wallet.begin_invoice(
        unit.tx,
        office_id=draft.office_id,
        citizen_id=unit.citizen.id,
        amount_rial=draft.amount_rial,
        limits=limits_of(context, draft),
        now=unit.now,
    )
    await context.end_dialogue()
    context.reply(views.bill_made(context.words, bill, is_page=is_page))
    context.reply(views.bill(context.words, published, bill))


async def send(context: DeskContext, draft: Draft) -> None:
    """Do what was looked at last, once it is agreed to: write the bill, or register a payment."""
    ways = ways_of(context, keeper(context, draft.office_id))
    if draft.next_step is not Step.REVIEW or draft.way not in ways:
        raise StaleButton
    if not await keep_consent(context):
        await go_on(context, draft, is_page=True)
    elif draft.way is TopUpWay.INVOICE:
        await _bill(context, draft, is_page=True)
    else:
        await _claim(context, draft)


async def _claim(context: DeskContext, draft: Draft) -> None:
    """Register the payment at the bank; where that cannot be, ask anew what is in its way."""
    try:
        claimed = await _claimed(context, draft)
    except ReferenceClaimed as error:
        notes = [refusal(error, context.words)]
        await go_on(context, replace(draft, reference=None), notes=notes, is_page=True)
    except TopUpOutOfRange as error:
        notes = [refusal(error, context.words)]
        await go_on(context, replace(draft, amount_rial=None), notes=notes, is_page=True)
    else:
        await context.end_dialogue()
        context.reply(views.receipt(context.words, claimed))
        await tell_finance(context, claimed)


async def _claimed(context: DeskContext, draft: Draft) -> TopUp:
    assert draft.amount_rial is not None
    assert draft.reference is not None
    unit = context.unit
    return await wallet.claim_reference(
        unit.tx,
        office_id=draft.office_id,
        citizen_id=unit.citizen.id,
        amount_rial=draft.amount_rial,
        reference=draft.reference,
        limits=limits_of(context, draft),
        now=unit.now,
    )


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


def ways_of(context: DeskContext, published: OfficeCatalogue) -> list[TopUpWay]:
    """Say how money can be paid in at an office, now."""
    is_by_bank = policy_of(published).bank_reference is not None
    offered = {TopUpWay.INVOICE: context.unit.desk.takes_payments, TopUpWay.BANK: is_by_bank}
    return [way for way, is_offered in offered.items() if is_offered]


def limits_of(context: DeskContext, draft: Draft) -> TopUpLimits:
    """Say how much the office takes at once."""
    policy = policy_of(keeper(context, draft.office_id))
    return TopUpLimits(policy.top_up_rial_min, policy.top_up_rial_max)


def asking_of(context: DeskContext, dialogue: Dialogue, draft: Draft) -> views.Asking:
    """Collect what a step is drawn from. Raises StaleButton where there is no wallet any more."""
    published = keeper(context, draft.office_id)
    return views.Asking(context.words, published, policy_of(published), dialogue, draft)
