"""How the messenger's world is shown to its page."""

from collections.abc import Mapping
from itertools import islice

from bot.simulator.entities import displayed_markdown
from bot.simulator.signals import Event
from bot.simulator.state import Chat, Message, World
from bot.simulator.wire import Json, dumps

PEOPLE_SHOWN_MAX = 30
MESSAGES_SHOWN_MAX = 300
Wishes = Mapping[str, str] | Json


def state(world: World) -> Json:
    """Show who is here and which chats they have."""
    people = list(islice(world.people.values(), PEOPLE_SHOWN_MAX))
    shown_ids = {person.id for person in people}
    return {
        "profile": world.profile.name,
        "bot": world.bot,
        "people": [person.public | {"key": person.key, "role": person.role} for person in people],
        "chats": [
            _chat(world, chat)
            for chat in world.chats.values()
            if shown_ids & set(chat.member_ids) and chat.migrated_to is None
        ],
        "last_event": world.events.last_number,
    }


def messages(world: World, chat: Chat) -> list[Json]:
    """Show the last messages of a chat, oldest first."""
    skipped = max(0, len(chat.messages) - MESSAGES_SHOWN_MAX)
    return [message(world, one) for one in islice(chat.messages.values(), skipped, None)]


def message(world: World, shown: Message) -> Json:
    """Show a message with what only people's apps know of it."""
    described: Json = shown.public | {
        "keyboard": shown.keyboard,
        "is_from_bot": shown.is_from_bot,
        "file_id": shown.file_id,
    }
    if not world.profile.parses_html and shown.is_from_bot:
        for text, listed in (("text", "entities"), ("caption", "caption_entities")):
            if text in described:
                described[text], marks = displayed_markdown(described[text])
                described[listed] = marks or described.get(listed, [])
    return described


def event_lines(world: World, events: list[Event] | None) -> bytes:
    """Write events for a stream; `reset` when some were missed, a comment when there are none."""
    if events is None:
        return b"id: %d\ndata: %b\n\n" % (world.events.last_number, dumps({"kind": "reset"}))
    if not events:
        return b": still here\n\n"
    return b"".join(
        b"id: %d\ndata: %b\n\n" % (event.number, dumps(_event(world, event))) for event in events
    )


def _event(world: World, event: Event) -> Json:
    described: Json = {"kind": event.kind, "chat_id": event.chat_id, **event.content}
    chat = world.chats.get(event.chat_id)
    if event.kind in {"message", "edit"} and chat is not None:
        shown = chat.messages.get(event.content["message_id"])
        described["message"] = None if shown is None else message(world, shown)
    return described


def _chat(world: World, chat: Chat) -> Json:
    last = next(reversed(chat.messages.values()), None)
    return {
        "id": chat.id,
        "kind": chat.kind,
        "title": chat.public.get("title", ""),
        "member_ids": chat.member_ids,
        "is_started": chat.is_started,
        "is_blocked": chat.is_blocked,
        "has_bot": chat.bot_status not in {"left", "kicked"},
        "last": None if last is None else message(world, last),
    }
