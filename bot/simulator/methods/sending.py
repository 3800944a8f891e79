"""Methods by which the bot says something."""

from bot.simulator import entities
from bot.simulator.errors import bad_request
from bot.simulator.files import StoredFile
from bot.simulator.markup import read_markup
from bot.simulator.state import Chat, Message, World
from bot.simulator.wire import Json, Params, whole

TEXT_UNITS_MAX = 4096


def send_message(world: World, params: Params) -> Json:
    """Say a text."""
    content = read_text(world, params)
    return deliver(world, params, content).public


def send_photo(world: World, params: Params) -> Json:
    """Show a picture."""
    stored = _file(world, params, "photo")
    content = {"photo": stored.as_photo()} | read_caption(world, params)
    return deliver(world, params, content, file_id=stored.file_id).public


def send_document(world: World, params: Params) -> Json:
    """Hand over a file."""
    stored = _file(world, params, "document")
    content = {"document": stored.as_document()} | read_caption(world, params)
    return deliver(world, params, content, file_id=stored.file_id).public


def copy_message(world: World, params: Params) -> Json:
    """Say what was said elsewhere, without the name of who said it."""
    source = world.chat_for_bot(chat_id_of(params, "from_chat_id"))
    original = source.messages.get(params.integer("message_id"))
    if original is None:
        raise bad_request("message to copy not found")
    kept = ("text", "entities", "photo", "document", "caption", "caption_entities", "contact")
    content = {name: original.public[name] for name in kept if name in original.public}
    if not content:
        raise bad_request("message can't be copied")
    if params.values.get("caption") is not None and ("photo" in content or "document" in content):
        content = {name: content[name] for name in content if "caption" not in name}
        content |= read_caption(world, params)
    copied = deliver(world, params, content, file_id=original.file_id)
    return {"message_id": copied.id}


def deliver(
    world: World, params: Params, content: Json, *, file_id: str = "", invoice_payload: str = ""
) -> Message:
    """Put a message of the bot into a chat, if the messenger lets it."""
    chat = world.chat_to_write(chat_id_of(params))
    keyboard = read_markup(params, world.profile, is_private=chat.is_private)
    reply = _replied_message(world, chat, params)
    world.limits.take(chat.id, is_group=not chat.is_private)
    public: Json = {"chat": chat.public, "date": world.now()}
    public |= {"sender_chat": chat.public} if chat.kind == "channel" else {"from": world.bot}
    if reply is not None:
        public["reply_to_message"] = without_reply(reply)
    public |= content
    if keyboard is not None and "inline_keyboard" in keyboard:
        public["reply_markup"] = keyboard
    message = Message(
        public,
        keyboard=keyboard,
        is_from_bot=True,
        file_id=file_id,
        invoice_payload=invoice_payload,
    )
    return world.add_message(chat, message)


def chat_id_of(params: Params, name: str = "chat_id") -> int:
    """Read which chat is meant."""
    value = params.values.get(name)
    if value is None or value == "":
        raise bad_request(f"{name} is empty")
    if isinstance(value, str) and value.startswith("@"):
        raise bad_request("chat not found")
    return whole(value, name)


def read_text(world: World, params: Params, *, is_edit: bool = False) -> Json:
    """Read the text of a message and what is formatted in it."""
    written = params.text("text") or ""
    explicit = params.objects("entities", "entities")
    formatted = entities.from_bot(written, world.profile, params.text("parse_mode"), explicit)
    if not formatted.text:
        raise bad_request("message text is empty")
    if formatted.units > TEXT_UNITS_MAX:
        raise bad_request("MESSAGE_TOO_LONG" if is_edit else "message is too long")
    return _named(world, formatted, "text", "entities")


def read_caption(world: World, params: Params) -> Json:
    """Read the caption of a picture or file; an empty one is none."""
    written = params.text("caption") or ""
    explicit = params.objects("caption_entities", "caption entities")
    formatted = entities.from_bot(written, world.profile, params.text("parse_mode"), explicit)
    if formatted.units > world.profile.caption_units_max:
        raise bad_request("message caption is too long")
    return _named(world, formatted, "caption", "caption_entities") if formatted.text else {}


def without_reply(message: Message) -> Json:
    """Quote a message without what it itself replied to."""
    if "reply_to_message" not in message.public:
        return message.public
    return {name: part for name, part in message.public.items() if name != "reply_to_message"}


def _named(world: World, formatted: entities.Formatted, text: str, listed: str) -> Json:
    if not formatted.entities:
        return {text: formatted.text}
    return {text: formatted.text, listed: [_known(world, one) for one in formatted.entities]}


def _known(world: World, entity: Json) -> Json:
    if entity["type"] != "text_mention" or "user_id" not in entity:
        return entity
    person = world.people.get(entity["user_id"])
    place = {"offset": entity["offset"], "length": entity["length"]}
    if person is None:
        return {"type": "text_link", "url": f"tg://user?id={entity['user_id']}", **place}
    return {"type": "text_mention", "user": person.public, **place}


def _replied_message(world: World, chat: Chat, params: Params) -> Message | None:
    wanted: Json = {}
    if world.profile.has_reply_parameters:
        wanted = params.mapping("reply_parameters", "reply parameters") or {}
    if not wanted and params.integer("reply_to_message_id"):
        wanted = {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not wanted:
        return None
    message = chat.messages.get(whole(wanted.get("message_id"), "message_id"))
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _file(world: World, params: Params, kind: str) -> StoredFile:
    upload = params.uploads.get(kind)
    name = params.text(kind) if upload is None else None
    if name is not None and name.startswith("attach://"):
        upload = params.uploads.get(name.removeprefix("attach://"))
    if upload is not None:
        return world.files.add(upload, is_photo=kind == "photo")
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if "://" in name:
        raise bad_request("failed to get HTTP URL content")
    return world.files.by_id(name)
