"""The real python-telegram-bot must be able to read everything the simulator says."""

import struct
import zlib

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.constants import ChatMemberStatus

from bot.simulator import Simulator


def png(width: int = 3, height: int = 2) -> bytes:
    """Draw the smallest honest picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x20\x90\xf0" * width) * height
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


async def test_a_conversation_reads_from_start_to_answer(simulator: Simulator, bot: Bot) -> None:
    simulator.say("sara", "/start payload")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "/start payload"
    assert update.message.parse_entities(["bot_command"]).popitem()[1] == "/start"
    assert update.effective_user is not None
    assert update.effective_user.first_name == "سارا"

    sent = await bot.send_message(
        update.message.chat_id,
        "سلام <b>سارا</b> 🙂 <code>MZ-1</code>",
        parse_mode="HTML",
        reply_parameters=ReplyParameters(update.message.message_id),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("بله", callback_data="yes")]]),
    )
    assert sent.text == "سلام سارا 🙂 MZ-1"
    assert sent.parse_entities() == {sent.entities[0]: "سارا", sent.entities[1]: "MZ-1"}
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/start payload"

    query_id = simulator.press("sara", sent.message_id, "بله")
    (pressed,) = await bot.get_updates(offset=update.update_id + 1, timeout=1)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "yes"
    assert pressed.callback_query.message is not None
    assert await bot.answer_callback_query(pressed.callback_query.id, "ثبت شد", show_alert=True)
    assert simulator.answer(query_id) == {"text": "ثبت شد", "show_alert": True, "url": ""}

    edited = await bot.edit_message_text("تمام", chat_id=1001, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    assert await bot.delete_message(1001, sent.message_id)


async def test_pictures_and_files_travel_both_ways(simulator: Simulator, bot: Bot) -> None:
    simulator.send_file("ali", "رسید.png", png(), as_photo=True, caption="رسید من")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.caption == "رسید من"
    photo = update.message.photo[-1]
    assert (photo.width, photo.height) == (3, 2)
    fetched = await (await bot.get_file(photo.file_id)).download_as_bytearray()
    assert bytes(fetched) == png()

    sent = await bot.send_photo(1002, png(5, 4), caption="<i>نمودار</i>", parse_mode="HTML")
    assert sent.photo[0].width == 5
    assert sent.caption_entities[0].type == "italic"
    again = await bot.send_photo(1002, sent.photo[0].file_id)
    assert again.photo[0].file_unique_id == sent.photo[0].file_unique_id

    document = await bot.send_document(1002, InputFile(b"a,b\n1,2\n", filename="گزارش.csv"))
    assert document.document is not None
    assert document.document.file_name == "گزارش.csv"
    copied = await bot.copy_message(1002, 1002, document.message_id)
    assert simulator.messages(1002)[-1]["message_id"] == copied.message_id


async def test_everything_about_a_chat_can_be_read(simulator: Simulator, bot: Bot) -> None:
    me = await bot.get_me()
    assert me.username == "mizban_demo_bot"
    assert (await bot.get_chat(1001)).full_name == "سارا محمدی"
    group = await bot.get_chat(simulator.group)
    assert group.type == "supergroup"
    owner = await bot.get_chat_member(simulator.group, 2001)
    assert owner.status == ChatMemberStatus.OWNER
    stranger = await bot.get_chat_member(simulator.group, 1001)
    assert stranger.status == ChatMemberStatus.LEFT
    administrators = await bot.get_chat_administrators(simulator.group)
    assert {member.user.id for member in administrators} == {2001, me.id}
    assert (await bot.get_webhook_info()).url == ""


async def test_the_command_menu_is_kept_per_scope_and_language(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "راهنما")], language_code="fa")
    await bot.set_my_commands([BotCommand("ask", "Ask")], BotCommandScopeAllPrivateChats())
    assert (await bot.get_my_commands(language_code="fa"))[0].command == "help"
    assert await bot.get_my_commands() == ()
    assert len(await bot.get_my_commands(BotCommandScopeAllPrivateChats())) == 1
    assert await bot.delete_my_commands(language_code="fa")
    assert await bot.get_my_commands(language_code="fa") == ()


async def test_a_contact_is_shared_from_a_reply_keyboard(simulator: Simulator, bot: Bot) -> None:
    simulator.say("sara", "/start")
    button = KeyboardButton("شمارهٔ من", request_contact=True)
    sent = await bot.send_message(
        1001, "شماره؟", reply_markup=ReplyKeyboardMarkup([[button]], resize_keyboard=True)
    )
    keyboard = simulator.keyboard(1001, sent.message_id)
    assert keyboard is not None
    assert keyboard["keyboard"][0][0]["request_contact"] is True
    simulator.share_contact("sara")
    update = (await bot.get_updates(offset=-1))[0]
    assert update.message is not None
    assert update.message.contact is not None
    assert update.message.contact.user_id == 1001


async def test_the_other_updates_are_read_too(simulator: Simulator, bot: Bot) -> None:
    said = simulator.say("ali", "سلام")
    simulator.edit("ali", said["message_id"], "درود")
    simulator.block("ali")
    channel = simulator.add_group("اطلاعیه‌ها", ["officer"], kind="channel")
    simulator.say("officer", "تعطیل است", chat=channel)
    _, edited, blocked, posted = await bot.get_updates()
    assert edited.edited_message is not None
    assert edited.edited_message.text == "درود"
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED
    assert posted.channel_post is not None
    assert posted.channel_post.sender_chat is not None
