"""One's own wallet: what is in it, and what came and went.

A balance is nobody else's business: it is shown in private alone, whatever a group's button says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.constants import ChatType
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.wallet import use_cases as wallet
from handlers.callback_data import StaleButton
from handlers.callback_data.wallet import StatementPressed, WalletPressed
from handlers.context import pressed
from handlers.views import wallet as views

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import Application

    from handlers.context import DeskContext


def add(application: Application[Any, DeskContext, Any, Any, Any, Any]) -> None:
    """Add the command and the buttons."""
    new = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler("wallet", show_wallet, filters=new))
    application.add_handler(CallbackQueryHandler(turn_to, pattern=WalletPressed.pattern()))
    application.add_handler(
        CallbackQueryHandler(show_statement, pattern=StatementPressed.pattern())
    )


async def show_wallet(_update: Update, context: DeskContext) -> None:
    """Answer /wallet, and whoever asks in their own words what they have."""
    await _show(context, is_page=False)


async def turn_to(update: Update, context: DeskContext) -> None:
    """Answer the button of the wallet."""
    WalletPressed.unpack(pressed(update))
    _ensure_private(update)
    await _show(context, is_page=True)


async def show_statement(update: Update, context: DeskContext) -> None:
    """Answer the button of the statement."""
    before = StatementPressed.unpack(pressed(update)).before_line
    _ensure_private(update)
    unit = context.unit
    lines = await wallet.statement(
        unit.tx, citizen_id=unit.citizen.id, before=before, limit=views.LINES_ON_A_PAGE + 1
    )
    context.reply(views.statement(context.words, lines, is_first=before is None))


async def _show(context: DeskContext, *, is_page: bool) -> None:
    unit = context.unit
    balance = await wallet.balance(unit.tx, citizen_id=unit.citizen.id)
    context.reply(views.wallet_page(context.words, balance, is_page=is_page))


def _ensure_private(update: Update) -> None:
    chat = update.effective_chat
    if chat is not None and chat.type != ChatType.PRIVATE:
        raise StaleButton
