"""What becomes of a failure: it is kept for the worker, who rolls the update back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.views.errors import refused

if TYPE_CHECKING:
    from bot.kit.errors import DeskError
    from handlers.context import DeskContext


async def keep_for_the_worker(_update: object, context: DeskContext) -> None:
    """Hand the error of a conversation to whoever owns the transaction."""
    assert context.error is not None
    context.unit.error = context.error


def refuse(context: DeskContext, error: DeskError) -> None:
    """Say a refusal to the person who can act on it."""
    context.reply(refused(context.words, error, is_private=context.place_id > 0))
