"""What a raw update says of its place before it is read; anything may stand anywhere in it."""

from __future__ import annotations

from typing import TypeGuard

from bot.citizens.model import CitizenId

Place = tuple[int, CitizenId]  # a chat, and a person in it
_ID_MAX = 2**63 - 1


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


def is_receipt(raw: dict[str, object]) -> bool:
    """True when a raw update tells that somebody has paid."""
    message = raw.get("message")
    return isinstance(message, dict) and "successful_payment" in message
