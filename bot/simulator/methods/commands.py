"""Methods that fill the command menu, per scope and language."""

import re
from collections.abc import Iterator

from bot.simulator.errors import bad_request
from bot.simulator.state import Chat, Person, World
from bot.simulator.wire import Json, Params, whole

COMMANDS_MAX = 100
DESCRIPTION_UNITS_MAX = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)


def set_my_commands(world: World, params: Params) -> bool:
    """Replace the menu of one scope and language."""
    commands = params.objects("commands", "commands list") or []
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_key(world, params)] = [_command(command) for command in commands]
    world.events.add("commands", 0, {})
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """Read the menu of one scope and language."""
    return world.commands.get(_key(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Empty the menu of one scope and language."""
    world.commands.pop(_key(world, params), None)
    world.events.add("commands", 0, {})
    return True


def menu_for(world: World, person: Person, chat: Chat) -> list[Json]:
    """List the commands a person sees in a chat: the narrowest scope that has any wins."""
    language = person.public.get("language_code", "")
    for scope in _scopes_seen(person, chat):
        for code in (language, ""):
            if world.commands.get((scope, code)):
                return world.commands[scope, code]
    return []


def _scopes_seen(person: Person, chat: Chat) -> Iterator[str]:
    if chat.is_private:
        yield from (f"chat:{chat.id}", "all_private_chats", "default")
        return
    yield f"chat_member:{chat.id}:{person.id}"
    is_owner = chat.member_ids[:1] == [person.id]
    if is_owner:
        yield f"chat_administrators:{chat.id}"
    yield f"chat:{chat.id}"
    if is_owner:
        yield "all_chat_administrators"
    yield from ("all_group_chats", "default")


def _key(world: World, params: Params) -> tuple[str, str]:
    scope = params.mapping("scope", "bot command scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    code = params.text("language_code") or ""
    if not kind.startswith("chat"):
        return kind, code
    chat = world.chat_for_bot(whole(scope.get("chat_id"), "chat_id"))
    if kind == "chat_member":
        return f"{kind}:{chat.id}:{whole(scope.get('user_id'), 'user_id')}", code
    return f"{kind}:{chat.id}", code


def _command(command: Json) -> Json:
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if _NAME.fullmatch(name) is None:
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= DESCRIPTION_UNITS_MAX:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
