"""Finding the conversation that an update belongs to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, CallbackQueryHandler

from handlers.context import DeskContext

if TYPE_CHECKING:
    from telegram.ext import BaseHandler

    Handlers = list[BaseHandler[Any, DeskContext, Any]]


class Dispatcher(Application[Any, DeskContext, Any, Any, Any, Any]):
    """Python-telegram-bot's application, which asks about a press only those who take presses.

    Most conversations take nothing else, and a message is not theirs. What a conversation raises
    is for whoever owns the transaction.
    """

    async def process_update(self, update: object) -> None:
        """Let the first conversation have the update that says it is its own, if any does."""
        of_presses, of_others = self._apart
        for handler in of_presses if update.callback_query is not None else of_others:  # type: ignore[attr-defined] # nothing else is handed to it
            check = handler.check_update(update)
            if check is not None and check is not False:
                context = DeskContext.from_update(update, self)
                await handler.handle_update(update, self, check, context)
                return

    @cached_property
    def _apart(self) -> tuple[Handlers, Handlers]:
        """Part those that take presses from all others, each in the order they were added in."""
        added = [handler for group in self.handlers.values() for handler in group]
        of_presses: Handlers = [one for one in added if isinstance(one, CallbackQueryHandler)]
        return of_presses, [one for one in added if one not in of_presses]
