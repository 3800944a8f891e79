"""What a raw update says of its place before it is read; anything may stand anywhere in it.

And, once it is read, whether what the desk builds upon is there: the library checks no types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from telegram import Message, Update

from bot.citizens.model import CitizenId
from bot.messenger.contract import Unreadable

if TYPE_CHECKING:
    from telegram import Bot

Place = tuple[int, CitizenId]  # a chat, and a person in it
_ID_MAX = 2**63 - 1
# What the desk looks at in a message; of what else a platform may put there, nothing is missed.
_LOOKED_AT = {
    "message_id",
    "date",
    "edit_date",
    "chat",
    "from",
    "sender_chat",
    "forward_origin",
    "forward_date",
    "media_group_id",
    "text",
    "entities",
    "caption",
    "document",
    "photo",
    "successful_payment",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
}


def place_of(raw: dict[str, object]) -> Place | None:
    """The chat and the person of a raw update, as far as the database can look for them."""
    for content in raw.values():
        if not isinstance(content, dict):
            continue
        author, message = content.get("from"), content.get("message", content)
        chat = message.get("chat") if isinstance(message, dict) else None
        id_ = author.get("id") if isinstance(author, dict) else None
        chat_id = chat.get("id") if isinstance(chat, dict) else id_
        if _is_id(id_) and _is_id(chat_id):
            return chat_id, CitizenId(id_)
    return None


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and abs(value) <= _ID_MAX


def spoken_in(raw: dict[str, object]) -> tuple[int | None, object, int | None]:
    """The chat of a raw update, its type, and the message in it; anything may stand there."""
    for content in raw.values():
        message = content.get("message", content) if isinstance(content, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(message, dict) and isinstance(chat, dict):
            id_, message_id = chat.get("id"), message.get("message_id")
            return (
                id_ if _is_id(id_) else None,
                chat.get("type"),
                message_id if _is_id(message_id) else None,
            )
    return None, None, None


def text_of(raw: dict[str, object]) -> str | None:
    """What a person wrote in a raw update, if it may be a question; anything may stand there."""
    message = raw.get("message", raw.get("edited_message"))
    if not isinstance(message, dict):
        return None
    chat, said = message.get("chat"), message.get("text")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    is_said = isinstance(said, str) and not said.startswith("/")
    return str(said) if is_private and is_said else None


def read(raw: dict[str, object], bot: Bot) -> Update:
    """Read an update, without what nobody looks at where that cannot be read.

    Raises Unreadable.
    """
    try:
        try:
            update = Update.de_json(raw, bot)
        except (TypeError, KeyError, ValueError):
            update = Update.de_json(_without_extras(raw), bot)
    except Exception as error:
        raise Unreadable from error
    if not _is_well_formed(update):
        raise Unreadable
    return update


def _without_extras(raw: dict[str, object]) -> dict[str, object]:
    """Leave of each message what the desk looks at: a library may stumble over all the rest.

    So a poll, or a kind of content that a platform writes in its own way, is a message like any
    other that says nothing.
    """
    return {
        kind: _bare(content)
        if isinstance(content, dict) and "message_id" in content
        else {**content, "message": _bare(content["message"])}
        if isinstance(content, dict) and isinstance(content.get("message"), dict)
        else content
        for kind, content in raw.items()
    }


def _bare(message: dict[str, object]) -> dict[str, object]:
    bare = {name: said for name, said in message.items() if name in _LOOKED_AT}
    replied = message.get("reply_to_message")
    return bare | {"reply_to_message": _bare(replied)} if isinstance(replied, dict) else bare


def is_receipt(raw: dict[str, object]) -> bool:
    """True when a raw update tells that somebody has paid."""
    message = raw.get("message")
    return isinstance(message, dict) and "successful_payment" in message


def _is_well_formed(update: Update) -> bool:
    """True when numbers are numbers and words are words, wherever the desk will look for them."""
    query, message = update.callback_query, update.effective_message
    if query is not None and not _is_text(query.data):
        return False
    asked = update.inline_query
    words: tuple[object, ...] = () if asked is None else (asked.id, asked.query)
    if not all(isinstance(one, str) for one in words):
        return False
    if isinstance(message, Message) and not (
        _is_message(message)
        and (message.reply_to_message is None or _is_message(message.reply_to_message))
    ):
        return False
    chat = update.effective_chat
    if chat is not None and not _is_text(chat.type):
        return False
    places = update.effective_user, chat
    return all(place is None or _is_id(place.id) for place in places)


def _is_message(message: Message) -> bool:
    chat_id = getattr(message.chat, "id", None)  # against its type, there may be no chat
    return (
        _is_id(chat_id)
        and _is_id(message.message_id)
        and all(_is_text(said) for said in (message.text, message.caption, message.media_group_id))
    )


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)
