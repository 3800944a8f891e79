"""What is in one's wallet, and what came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler

from bot.wallet import use_cases as wallet
from handlers.adding import NEW_IN_PRIVATE, Application, add_buttons
from handlers.callback_data.wallet import StatementPressed, WalletPressed
from handlers.context import pressed
from handlers.keepers import ensure_private, keeper, keeper_of_choice, keepers
from handlers.views.wallet import wallet as views

if TYPE_CHECKING:
    from telegram import Update

    from handlers.context import DeskContext


def add(application: Application) -> None:
    """Add the command and the buttons."""
    application.add_handler(CommandHandler("wallet", show_wallet, filters=NEW_IN_PRIVATE))
    add_buttons(application, (WalletPressed, turn_to), (StatementPressed, show_statement))


async def show_wallet(_update: Update, context: DeskContext) -> None:
    """Answer /wallet, and whoever asks in their own words what they have."""
    await _show(context, "", is_page=False)


async def turn_to(update: Update, context: DeskContext) -> None:
    """Answer the button of the wallet."""
    asked = WalletPressed.unpack(pressed(update))
    ensure_private(update)
    await _show(context, asked.office_id, is_page=True)


async def show_statement(update: Update, context: DeskContext) -> None:
    """Answer the button of the statement."""
    asked = StatementPressed.unpack(pressed(update))
    ensure_private(update)
    published = keeper(context, asked.office_id)
    unit = context.unit
    lines = await wallet.statement(
        unit.tx,
        office_id=published.office.id,
        citizen_id=unit.citizen.id,
        before=asked.before_line,
        limit=views.LINES_ON_A_PAGE + 1,
    )
    is_first = asked.before_line is None
    context.reply(views.statement(context.words, published, lines, is_first=is_first))


async def _show(context: DeskContext, office_id: str, *, is_page: bool) -> None:
    published = keeper_of_choice(context, office_id)
    if published is None:
        context.reply(views.keepers(context.words, keepers(context), is_page=is_page))
        return
    tx, office_id, citizen_id = context.unit.tx, published.office.id, context.unit.citizen.id
    own = await wallet.payouts_of(tx, office_id=office_id, citizen_id=citizen_id, limit=1)
    page = views.wallet_page(
        context.words,
        published,
        await wallet.balance(tx, office_id=office_id, citizen_id=citizen_id),
        has_payouts=bool(own),
        claimed_rial=await wallet.claimed_rial(tx, office_id=office_id, citizen_id=citizen_id),
        is_page=is_page,
    )
    context.reply(page)
