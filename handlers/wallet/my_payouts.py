"""One's own payouts: the list, each with all its steps, and withdrawing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.wallet import use_cases as wallet
from bot.wallet.errors import PayoutMoved
from handlers.adding import Application, add_buttons
from handlers.callback_data import StaleButton, number_in
from handlers.callback_data.payouts import MyPayoutPressed, MyPayoutsPressed, MyPayoutVerb
from handlers.context import pressed
from handlers.keepers import ensure_private, keeper
from handlers.views.wallet import my_payouts as views
from handlers.views.wallet.payout_card import Headline
from handlers.wallet.payout_sending import tell_desk

if TYPE_CHECKING:
    from telegram import Update

    from bot.wallet.model import Payout
    from handlers.context import DeskContext

_LISTED_MAX = 120


def add(application: Application) -> None:
    """Add the list and the pages."""
    add_buttons(application, (MyPayoutsPressed, show_list), (MyPayoutPressed, answer))


async def show_list(update: Update, context: DeskContext) -> None:
    """Answer the button of the list."""
    asked = MyPayoutsPressed.unpack(pressed(update))
    ensure_private(update)
    published, unit = keeper(context, asked.office_id), context.unit
    payouts = await wallet.payouts_of(
        unit.tx,
        office_id=published.office.id,
        citizen_id=unit.citizen.id,
        limit=_LISTED_MAX,
    )
    context.reply(views.list_page(context.words, published, payouts, number_in(asked.page)))


async def answer(update: Update, context: DeskContext) -> None:
    """Answer a button of a payout of one's own; another's is as good as none (NoSuchPayout)."""
    asked = MyPayoutPressed.unpack(pressed(update))
    ensure_private(update)
    verb = next((verb for verb in MyPayoutVerb if verb == asked.verb), None)
    if verb is None:
        raise StaleButton
    unit = context.unit
    payout = await wallet.find_own_payout(unit.tx, code=asked.code, citizen_id=unit.citizen.id)
    if verb is MyPayoutVerb.WITHDRAW_SURELY:
        payout = await _withdraw(context, payout)
    elif verb is MyPayoutVerb.WITHDRAW and payout.state.is_withdrawable:
        context.reply(views.withdraw_asked(context.words, payout))
        return
    elif verb is MyPayoutVerb.WITHDRAW:
        context.toast(views.moved(context.words, payout.state))
    await show(context, payout, is_page=verb is not MyPayoutVerb.OPEN)


async def _withdraw(context: DeskContext, payout: Payout) -> Payout:
    """Withdraw it and tell the desk; of what has moved on meanwhile it is said so."""
    unit = context.unit
    try:
        withdrawn = await wallet.withdraw_payout(
            unit.tx, code=payout.code, citizen_id=unit.citizen.id, now=unit.now
        )
    except PayoutMoved as error:
        context.toast(views.moved(context.words, error.state))
        return await wallet.find_own_payout(unit.tx, code=payout.code, citizen_id=unit.citizen.id)
    context.toast(views.withdrawn(context.words))
    await tell_desk(context, withdrawn, Headline.WITHDRAWN)
    return withdrawn


async def show(context: DeskContext, payout: Payout, *, is_page: bool) -> None:
    """Show a payout with every step that it took."""
    unit = context.unit
    published = unit.desk.catalogue.find(payout.office_id)
    if published is None:
        raise StaleButton
    events = await wallet.payout_events(unit.tx, payout_id=payout.id)
    context.reply(views.page(context.words, published, payout, events, is_page=is_page))
