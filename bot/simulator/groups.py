"""What happens to groups: who comes and goes, what the bot may do there, and where they move."""

from bot.simulator.actions import post, tell_of_membership
from bot.simulator.errors import PersonError
from bot.simulator.state import Chat, Person, World

BOT_STATUSES = frozenset({"administrator", "member", "left", "kicked"})
_ABSENT = frozenset({"left", "kicked"})


def set_bot_member(world: World, person: Person, chat: Chat, status: str) -> None:
    """Let a person bring the bot into a group, promote it, or remove it."""
    if status not in BOT_STATUSES:
        raise PersonError(f"a bot is one of {sorted(BOT_STATUSES)}")
    if chat.is_private:
        raise PersonError("that is no group")
    if person.id not in chat.member_ids:
        raise PersonError("they are not in that group")
    before = chat.bot_status
    if status == before:
        return
    if status in _ABSENT and before not in _ABSENT:
        post(world, person, chat, {"left_chat_member": world.bot})
    chat.bot_status = status
    tell_of_membership(world, person, chat, (before, status))
    if before in _ABSENT and status not in _ABSENT:
        post(world, person, chat, {"new_chat_members": [world.bot]})
    world.events.add("chats", chat.id, {})


def join(world: World, person: Person, chat: Chat) -> None:
    """Let a person into a group."""
    if chat.is_private or person.id in chat.member_ids:
        raise PersonError("they cannot join that chat")
    chat.member_ids.append(person.id)
    post(world, person, chat, {"new_chat_members": [person.public]})
    world.events.add("chats", chat.id, {})


def leave(world: World, person: Person, chat: Chat) -> None:
    """Let a person go from a group."""
    if chat.is_private or person.id not in chat.member_ids:
        raise PersonError("they are not in that group")
    post(world, person, chat, {"left_chat_member": person.public})
    chat.member_ids.remove(person.id)
    world.events.add("chats", chat.id, {})


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup: a new number, and the old one refuses from now on."""
    if chat.kind != "group" or chat.migrated_to is not None:
        raise PersonError("only a group becomes a supergroup")
    if not world.profile.has_supergroups:
        raise PersonError("this messenger has no supergroups")
    successor = world.add_chat("supergroup", chat.public["title"], chat.member_ids)
    successor.bot_status = chat.bot_status
    owner = world.people[chat.member_ids[0]]
    post(world, owner, chat, {"migrate_to_chat_id": successor.id})
    chat.migrated_to = successor.id
    if world.group is chat:
        world.group = successor
    post(world, owner, successor, {"migrate_from_chat_id": chat.id})
    world.events.add("chats", successor.id, {"moved_from": chat.id})
    return successor
