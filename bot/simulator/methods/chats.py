"""Methods that ask about chats, people and files, and the small answers to presses."""

from bot.simulator.errors import bad_request
from bot.simulator.files import DOWNLOAD_BYTES_MAX
from bot.simulator.methods.sending import chat_id_of
from bot.simulator.state import Chat, World
from bot.simulator.texts import utf16_length
from bot.simulator.wire import Json, Params

QUERY_SECONDS_MAX = 150
ANSWER_UNITS_MAX = 200
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
    }
)
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: World, params: Params) -> Json:
    """Say who the bot is."""
    del params
    if not world.profile.is_complete:
        return world.bot
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, params: Params) -> Json:
    """Describe a chat."""
    chat = world.chat_for_bot(chat_id_of(params))
    if not world.profile.is_complete:
        return chat.public
    return chat.public | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, True),
    }


def get_chat_member(world: World, params: Params) -> Json:
    """Say what somebody is in a chat."""
    chat = world.chat_for_bot(chat_id_of(params))
    user_id = params.integer("user_id")
    if user_id != world.bot["id"] and user_id not in world.people:
        raise bad_request("user not found")
    return chat_member(world, chat, user_id)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """List those who run a group."""
    chat = world.chat_for_bot(chat_id_of(params))
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    members = [chat_member(world, chat, member_id) for member_id in chat.member_ids]
    members.append(chat_member(world, chat, world.bot["id"]))
    return [member for member in members if member["status"] in {"creator", "administrator"}]


def chat_member(world: World, chat: Chat, user_id: int) -> Json:
    """Describe a member; the first of a group is its owner."""
    if user_id == world.bot["id"]:
        status = "member" if chat.is_private else chat.bot_status
        return member(world, world.bot, status)
    person = world.people[user_id].public
    if user_id not in chat.member_ids:
        return {"status": "left", "user": person}
    is_owner = not chat.is_private and chat.member_ids[0] == user_id
    return member(world, person, "creator" if is_owner else "member")


def member(world: World, user: Json, status: str) -> Json:
    """Describe one membership, with every field its status asks for."""
    described: Json = {"status": status, "user": user}
    if not world.profile.is_complete:
        return described
    if status == "creator":
        return described | {"is_anonymous": False}
    if status == "administrator":
        extra = {"can_be_edited": False, "is_anonymous": False}
        return described | extra | dict.fromkeys(_RIGHTS, True)
    if status == "kicked":
        return described | {"until_date": 0}
    return described


def get_file(world: World, params: Params) -> Json:
    """Say where a file can be fetched."""
    stored = world.files.by_id(params.text("file_id") or "")
    if len(stored.content) > DOWNLOAD_BYTES_MAX:
        raise bad_request("file is too big")
    return stored.described() | {"file_path": stored.path}


def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is at work."""
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.chat_to_write(chat_id_of(params))
    world.events.add("action", chat.id, {"action": action})
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """Answer a press: a short word on the screen, or nothing."""
    text = params.text("text") or ""
    if utf16_length(text) > ANSWER_UNITS_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = params.text("callback_query_id") or ""
    query = world.queries.get(query_id)
    if query is None or world.clock() - query.asked_at > QUERY_SECONDS_MAX:
        raise bad_request(TOO_OLD)
    query.answer = {
        "text": text,
        "show_alert": params.flag("show_alert"),
        "url": params.text("url") or "",
    }
    event = {"query_id": query_id, "person_id": query.person_id, **query.answer}
    world.events.add("answer", query.chat_id, event)
    return True
