"""How a conversation is added to the edge, and which messages are meant for it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from telegram import Update
from telegram.ext import Application as AnyApplication
from telegram.ext import CallbackQueryHandler, filters

from handlers.context import DeskContext

if TYPE_CHECKING:
    from handlers.callback_data import Payload

Application: TypeAlias = AnyApplication[Any, DeskContext, Any, Any, Any, Any]
Answer: TypeAlias = Callable[[Update, DeskContext], Coroutine[Any, Any, None]]

NEW_IN_PRIVATE: Final = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
NEW_IN_GROUP: Final = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & ~filters.FORWARDED
WORDS: Final = filters.TEXT & ~filters.COMMAND
WORDLESS: Final = ~filters.TEXT & ~filters.StatusUpdate.ALL


def add_buttons(application: Application, *answers: tuple[type[Payload], Answer]) -> None:
    """Add what is done when one of these buttons is pressed."""
    for payload, answer in answers:
        application.add_handler(CallbackQueryHandler(answer, pattern=payload.is_in))
