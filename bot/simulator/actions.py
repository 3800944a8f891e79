"""What people do in the messenger; each deed becomes the update the real one would send."""

from bot.simulator import entities
from bot.simulator.errors import PersonError
from bot.simulator.methods.chats import member
from bot.simulator.methods.sending import TEXT_UNITS_MAX, without_reply
from bot.simulator.state import Chat, Message, Person, World
from bot.simulator.texts import without_lone_surrogates
from bot.simulator.wire import Json, Upload

_ANONYMOUS: Json = {
    "id": 1_087_968_824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
_SERVICES = frozenset(
    {"migrate_to_chat_id", "migrate_from_chat_id", "new_chat_members", "left_chat_member"}
)


def say(
    world: World,
    person: Person,
    chat: Chat,
    text: str,
    *,
    reply_to: int | None = None,
    is_anonymous: bool = False,
) -> Message:
    """Type a text into a chat; anonymously, as its administrators may, in the chat's own name."""
    formatted = entities.from_person(without_lone_surrogates(text), world.profile)
    if not formatted.text:
        raise PersonError("there is nothing to send")
    if formatted.units > TEXT_UNITS_MAX:
        raise PersonError("the text is too long for one message")
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    return post(world, person, chat, content, reply_to=reply_to, is_anonymous=is_anonymous)


def edit(world: World, person: Person, chat: Chat, message_id: int, text: str) -> Message:
    """Change one's own message."""
    message = chat.messages.get(message_id)
    if message is None or message.author_id != person.id or "text" not in message.public:
        raise PersonError("only one's own text can be edited")
    formatted = entities.from_person(without_lone_surrogates(text), world.profile)
    if not formatted.text or formatted.text == message.public["text"]:
        raise PersonError("the text has not changed")
    kept = {name: part for name, part in message.public.items() if name != "entities"}
    message.public = kept | {"text": formatted.text, "edit_date": world.now()}
    if formatted.entities:
        message.public["entities"] = formatted.entities
    kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
    world.updates.add(kind, message.public, f"chat:{chat.id}")
    world.events.add("edit", chat.id, {"message_id": message_id})
    return message


def send_file(
    world: World,
    person: Person,
    chat: Chat,
    upload: Upload,
    *,
    as_photo: bool,
    caption: str,
    reply_to: int | None,
) -> Message:
    """Attach a picture or a document."""
    stored = world.files.add(upload, is_photo=as_photo)
    content: Json = (
        {"photo": stored.as_photo()} if as_photo else {"document": stored.as_document()}
    )
    formatted = entities.from_person(without_lone_surrogates(caption), world.profile)
    if formatted.text:
        content["caption"] = formatted.text
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    return post(world, person, chat, content, reply_to=reply_to, file_id=stored.file_id)


def share_contact(world: World, person: Person, chat: Chat) -> Message:
    """Share one's own phone number."""
    content = {
        "phone_number": person.phone.removeprefix("+"),
        "first_name": person.public["first_name"],
        "user_id": person.id,
    }
    return post(world, person, chat, {"contact": content})


def press(world: World, person: Person, chat: Chat, message_id: int, wanted: str) -> str:
    """Press the button with this data or label; gives the number of the query."""
    message = chat.messages.get(message_id)
    if message is None:
        raise PersonError("that message is gone")
    button = _button(message, wanted)
    if "callback_data" not in button:
        raise PersonError("that button asks nothing of the bot")
    return press_old(world, person, chat, message, button["callback_data"])


def press_old(world: World, person: Person, chat: Chat, message: Message, data: str) -> str:
    """Press a button as it was drawn, though it may be gone by now."""
    query_id = world.add_query(person.id, chat.id)
    query: Json = {"id": query_id, "from": person.public, "message": message.public}
    if world.profile.is_complete:
        query["chat_instance"] = str(7_000_000_000 + abs(chat.id))
    world.updates.add("callback_query", query | {"data": data}, f"user:{person.id}")
    return query_id


def ask_inline(world: World, person: Person, text: str) -> str:
    """Ask the bot from within another chat; gives the number of the query."""
    if "inline_query" not in world.profile.update_kinds:
        raise PersonError("this messenger asks nothing from within other chats")
    query_id = world.add_query(person.id, person.id)
    asked: Json = {"id": query_id, "from": person.public, "query": text, "offset": ""}
    world.updates.add("inline_query", asked, f"user:{person.id}")
    return query_id


def _button(message: Message, wanted: str) -> Json:
    rows = message.public.get("reply_markup", {}).get("inline_keyboard", [])
    buttons: list[Json] = [button for row in rows for button in row]
    for button in buttons:
        if wanted in {button.get("callback_data"), button["text"]}:
            return button
    labels = [button["text"] for button in buttons]
    raise PersonError(f"there is no button {wanted!r}; there are {labels}")


def set_blocked(world: World, person: Person, *, is_blocked: bool) -> None:
    """Block the bot, or let it write again."""
    chat = world.chats[person.id]
    if chat.is_blocked == is_blocked:
        return
    chat.is_blocked = is_blocked
    if not is_blocked:
        chat.is_started = True
    statuses = ("member", "kicked") if is_blocked else ("kicked", "member")
    tell_of_membership(world, person, chat, statuses)
    world.events.add("chats", chat.id, {})


def post(
    world: World,
    person: Person,
    chat: Chat,
    content: Json,
    *,
    reply_to: int | None = None,
    file_id: str = "",
    is_anonymous: bool = False,
) -> Message:
    """Put what a person sends into a chat, and tell the bot of it if it may hear it."""
    if person.id not in chat.member_ids:
        raise PersonError("they are not in that chat")
    if chat.migrated_to is not None:
        raise PersonError("that group has moved")
    if chat.is_blocked:
        set_blocked(world, person, is_blocked=False)
    chat.is_started = True
    public: Json = {"chat": chat.public, "date": world.now()}
    public |= _sender(person, chat, is_anonymous=is_anonymous)
    replied = chat.messages.get(reply_to) if reply_to is not None else None
    if replied is not None:
        public["reply_to_message"] = without_reply(replied)
    message = world.add_message(
        chat, Message(public | content, file_id=file_id, author_id=person.id)
    )
    if _reaches_bot(world, chat, message):
        kind = "channel_post" if chat.kind == "channel" else "message"
        world.updates.add(kind, message.public, f"chat:{chat.id}")
    return message


def _sender(person: Person, chat: Chat, *, is_anonymous: bool) -> Json:
    if chat.kind == "channel":
        return {"sender_chat": chat.public}
    if not is_anonymous:
        return {"from": person.public}
    if chat.kind != "supergroup":
        raise PersonError("only in a supergroup can one write in its name")
    return {"from": _ANONYMOUS, "sender_chat": chat.public}


def _reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """A bot that is an ordinary member of a group sees only what is meant for it."""
    if chat.is_private or chat.bot_status == "administrator":
        return True
    if chat.bot_status != "member":
        return False
    text = message.public.get("text", "")
    reply = message.public.get("reply_to_message", {})
    is_reply_to_bot = reply.get("from", {}).get("id") == world.bot["id"]
    is_service = not _SERVICES.isdisjoint(message.public)
    is_meant = text.startswith("/") or f"@{world.bot['username']}" in text
    return is_meant or is_reply_to_bot or is_service


def tell_of_membership(
    world: World, person: Person, chat: Chat, statuses: tuple[str, str]
) -> None:
    """Tell the bot what somebody has made of it in a chat."""
    before, after = (member(world, world.bot, status) for status in statuses)
    change = {
        "chat": chat.public,
        "from": person.public,
        "date": world.now(),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    world.updates.add("my_chat_member", change, f"chat:{chat.id}")
