"""What becomes of what cannot be done: a refusal, or a message that came in a flood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens import use_cases as citizens
from bot.workshops.errors import FormUnreadable
from handlers.context import speak_to
from handlers.raw_updates import place_of, spoken_in
from handlers.reply import utf16_units
from handlers.views import floods
from handlers.views.errors import refusal, refused, refused_at_desk

if TYPE_CHECKING:
    from datetime import datetime

    from bot.kit.database import Transaction
    from bot.kit.errors import DeskError
    from bot.kit.words import Words
    from bot.outbox.model import OutgoingMessage
    from handlers.context import DeskContext, Shared


_TOAST_UNITS_MAX = 200


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


async def slow_down(
    desk: Shared, tx: Transaction, raw: dict[str, object], _now: datetime
) -> list[OutgoingMessage]:
    """Ask for patience in a private or an admin chat; in any other nobody reads us.

    The update was read by nobody yet: anything may stand anywhere in it.
    """
    chat_id, chat_type, _message_id = spoken_in(raw)
    if chat_id is None:
        return []
    if chat_type == "private":
        words = await _words_of(desk, tx, raw)
    elif await citizens.offices_of_chat(tx, chat_id=chat_id):
        words = desk.words_of(desk.default_language)
    else:
        return []
    reply = floods.slow_down(words)
    return [reply.as_message(chat_id)]


async def _words_of(desk: Shared, tx: Transaction, raw: dict[str, object]) -> Words:
    place = place_of(raw)
    if place is None:
        return desk.words_of(desk.default_language)
    citizen = await citizens.recall(tx, citizen_id=place[1])
    return desk.words_of(speak_to(citizen, None, desk.default_language))
