"""What becomes of a failure: it is kept for the worker, who rolls the update back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workshops.errors import FormUnreadable
from handlers.reply import utf16_units
from handlers.views.errors import refusal, refused, refused_at_desk

if TYPE_CHECKING:
    from bot.kit.errors import DeskError
    from handlers.context import DeskContext


_TOAST_UNITS_MAX = 200


async def keep_for_the_worker(_update: object, context: DeskContext) -> None:
    """Hand the error of a conversation to whoever owns the transaction."""
    assert context.error is not None
    context.unit.error = context.error


def refuse(context: DeskContext, error: DeskError) -> None:
    """Say a refusal to the person who can act on it.

    What a press in a group is refused is said over the chat of who pressed, not to everybody.
    Whoever is about to pay reads it where they were about to.
    """
    if context.is_checkout:
        context.checkout(ok=False, error=refusal(error, context.words))
        return
    if context.place_id > 0:
        context.reply(refused(context.words, error))
        return
    reply = refused_at_desk(context.words, error)
    if context.is_press and utf16_units(reply.text) <= _TOAST_UNITS_MAX:
        context.toast(reply.text)
    else:
        # Who sends a form once more replies to whichever message is the last.
        is_form = isinstance(error, FormUnreadable)
        context.reply(reply, about=context.unit.subject if is_form else None)
