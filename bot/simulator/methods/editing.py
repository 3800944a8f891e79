"""Methods by which the bot changes or removes what was said."""

from bot.simulator.errors import bad_request
from bot.simulator.markup import read_markup
from bot.simulator.methods.sending import chat_id_of, read_caption, read_text
from bot.simulator.state import Chat, Message, World
from bot.simulator.wire import Json, Params

DELETED_SECONDS_MAX = 48 * 60 * 60
_MARKUP = frozenset({"reply_markup", "edit_date"})
_WORDS = frozenset({"text", "entities", "caption", "caption_entities"})
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(world: World, params: Params) -> Json:
    """Say a message of one's own differently."""
    content = read_text(world, params, is_edit=True)
    chat, message = _own_message(world, params)
    if "text" not in message.public:
        raise bad_request("there is no text in the message to edit")
    return _change(world, params, chat, message, content)


def edit_message_caption(world: World, params: Params) -> Json:
    """Change what stands under a picture or file."""
    content = read_caption(world, params)
    chat, message = _own_message(world, params)
    if "photo" not in message.public and "document" not in message.public:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, params, chat, message, content)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Change or remove the buttons under a message."""
    chat, message = _own_message(world, params)
    return _change(world, params, chat, message, None)


def delete_message(world: World, params: Params) -> bool:
    """Remove a message."""
    chat = world.chat_for_bot(chat_id_of(params))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    is_fresh = world.now() - message.public["date"] < DELETED_SECONDS_MAX
    may_delete = message.is_from_bot or chat.is_private or chat.bot_status == "administrator"
    if not (may_delete and is_fresh):
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    world.events.add("delete", chat.id, {"message_id": message.id})
    return True


def _own_message(world: World, params: Params) -> tuple[Chat, Message]:
    chat = world.chat_to_write(chat_id_of(params))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.is_from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _change(
    world: World, params: Params, chat: Chat, message: Message, content: Json | None
) -> Json:
    markup = read_markup(params, world.profile, is_private=chat.is_private)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    dropped = _MARKUP if content is None else _MARKUP | _WORDS
    fresh = {name: part for name, part in message.public.items() if name not in dropped}
    fresh |= content or {}
    if markup is not None:
        fresh["reply_markup"] = markup
    before = {name: part for name, part in message.public.items() if name != "edit_date"}
    if fresh == before:
        raise bad_request(_NOT_MODIFIED)
    world.limits.take(chat.id, is_group=not chat.is_private)
    message.public = fresh | {"edit_date": world.now()}
    message.keyboard = markup
    world.events.add("edit", chat.id, {"message_id": message.id})
    return message.public
