"""Groups: replies, what an ordinary member bot may see, and becoming a supergroup."""

from collections.abc import Callable
from typing import Any

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Forbidden

from bot.simulator import Simulator
from bot.simulator.errors import PersonError
from bot.simulator.profiles import BALE

Call = Callable[..., Any]


async def test_staff_reply_to_the_bot_in_their_group(simulator: Simulator, bot: Bot) -> None:
    asked = await bot.send_message(simulator.group, "چه کسی پاسخ می‌دهد؟")
    simulator.say("officer", "من", chat=simulator.group, reply_to=asked.message_id)
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == asked.message_id
    assert message.chat.type == "supergroup"


async def test_messages_are_counted_per_supergroup(simulator: Simulator) -> None:
    private = simulator.say("officer", "/start")
    here = simulator.say("officer", "سلام", chat=simulator.group)
    assert (private["message_id"], here["message_id"]) == (1, 1)
    assert simulator.say("sara", "سلام")["message_id"] == 2


async def test_a_citizen_cannot_speak_in_the_staff_group(simulator: Simulator) -> None:
    with pytest.raises(PersonError):
        simulator.say("sara", "سلام", chat=simulator.group)


async def test_an_ordinary_member_hears_only_what_is_meant_for_it(
    simulator: Simulator, bot: Bot
) -> None:
    simulator.set_bot_member("officer", simulator.group, "member")
    asked = await bot.send_message(simulator.group, "؟")
    simulator.say("officer", "میان خودمان", chat=simulator.group)
    simulator.say("officer", "پاسخ", chat=simulator.group, reply_to=asked.message_id)
    simulator.say("officer", "/help", chat=simulator.group)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["پاسخ", "/help"]


async def test_a_group_moves_to_a_supergroup(simulator: Simulator, bot: Bot) -> None:
    group = simulator.add_group("گروه", ["officer", "finance"], kind="group")
    await bot.send_message(group, "پیش از کوچ")
    moved = simulator.migrate(group)
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group, "پس از کوچ")
    assert refused.value.new_chat_id == moved
    old, new = [update.message for update in await bot.get_updates()]
    assert old is not None
    assert new is not None
    assert (old.migrate_to_chat_id, new.migrate_from_chat_id) == (moved, group)
    assert (await bot.send_message(moved, "در خانهٔ نو")).chat.id == moved


async def test_the_menu_a_person_sees_is_the_narrowest(simulator: Simulator, call: Call) -> None:
    async def menu(person: str, chat: int) -> str:
        url = f"{call.address}/sim/menu?person={person}&chat={chat}"
        async with call.session.get(url) as response:
            return "".join(one["command"] for one in await response.json())

    def command(name: str) -> list[dict[str, str]]:
        return [{"command": name, "description": "x"}]

    await call("setMyCommands", commands=command("a"))
    assert await menu("sara", 1001) == "a"
    await call("setMyCommands", commands=command("b"), scope={"type": "all_private_chats"})
    assert (await menu("sara", 1001), await menu("officer", simulator.group)) == ("b", "a")
    scope = {"type": "chat", "chat_id": simulator.group}
    await call("setMyCommands", commands=command("c"), scope=scope, language_code="fa")
    assert await menu("finance", simulator.group) == "c"


async def test_an_administrator_can_write_in_the_name_of_the_group(
    simulator: Simulator, bot: Bot
) -> None:
    said = simulator.say("officer", "از سوی گروه", chat=simulator.group, is_anonymous=True)
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.sender_chat is not None
    assert message.from_user is not None
    assert message.sender_chat.id == message.chat.id == simulator.group
    assert message.from_user.id == 1087968824
    simulator.edit("officer", said["message_id"], "ما", chat=simulator.group)
    with pytest.raises(PersonError):
        simulator.edit("finance", said["message_id"], "من", chat=simulator.group)
    with pytest.raises(PersonError):
        simulator.say("sara", "سلام", is_anonymous=True)


async def test_the_bot_is_brought_into_a_group_and_removed(simulator: Simulator, bot: Bot) -> None:
    group = simulator.add_group("گروه", ["officer"], kind="group")
    simulator.set_bot_member("officer", group, "kicked")
    with pytest.raises(Forbidden):
        await bot.send_message(group, "؟")
    simulator.say("officer", "میان خودمان", chat=group)
    simulator.set_bot_member("officer", group, "member")
    assert (await bot.send_message(group, "!")).chat.id == group
    left, removed, added, greeted = await bot.get_updates()
    assert left.message is not None
    assert left.message.left_chat_member == bot.bot
    assert removed.my_chat_member is not None
    assert removed.my_chat_member.new_chat_member.status == "kicked"
    assert added.my_chat_member is not None
    assert added.my_chat_member.new_chat_member.status == "member"
    assert greeted.message is not None
    assert greeted.message.new_chat_members == (bot.bot,)


async def test_people_come_and_go(simulator: Simulator, bot: Bot) -> None:
    simulator.join("sara", simulator.group)
    simulator.say("sara", "آمدم", chat=simulator.group)
    simulator.leave("sara", simulator.group)
    with pytest.raises(PersonError):
        simulator.say("sara", "رفتم", chat=simulator.group)
    came, _, went = (update.message for update in await bot.get_updates())
    assert came is not None
    assert came.new_chat_members[0].id == 1001
    assert went is not None
    assert went.left_chat_member is not None


async def test_a_picture_can_be_a_reply(simulator: Simulator, bot: Bot) -> None:
    asked = await bot.send_message(simulator.group, "؟")
    simulator.send_file("officer", "a.txt", b"a", chat=simulator.group, reply_to=asked.message_id)
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.reply_to_message is not None


async def test_a_reply_after_the_move_cannot_name_what_was_said_before(
    simulator: Simulator, bot: Bot
) -> None:
    group = simulator.add_group("گروه", ["officer"], kind="group")
    old = await bot.send_message(group, "پیش از کوچ")
    moved = simulator.migrate(group)
    simulator.say("officer", "پاسخ", chat=moved, reply_to=old.message_id + 1000)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.reply_to_message is None


async def test_where_there_are_no_supergroups_no_group_becomes_one() -> None:
    simulator = Simulator(profile=BALE)
    with pytest.raises(PersonError):
        simulator.migrate(simulator.group)
