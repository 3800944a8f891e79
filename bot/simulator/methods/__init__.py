"""The Bot API's methods: each takes the world and the parameters, and returns its result."""

from collections.abc import Callable

from bot.simulator.methods import chats, commands, editing, inline, intake, payments, sending
from bot.simulator.state import World
from bot.simulator.wire import Params

METHODS: dict[str, Callable[[World, Params], object]] = {
    "answercallbackquery": chats.answer_callback_query,
    "answerinlinequery": inline.answer_inline_query,
    "answerprecheckoutquery": payments.answer_pre_checkout_query,
    "copymessage": sending.copy_message,
    "deletemessage": editing.delete_message,
    "deletemycommands": commands.delete_my_commands,
    "deletewebhook": intake.delete_webhook,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "editmessagetext": editing.edit_message_text,
    "getchat": chats.get_chat,
    "getchatadministrators": chats.get_chat_administrators,
    "getchatmember": chats.get_chat_member,
    "getfile": chats.get_file,
    "getme": chats.get_me,
    "getmycommands": commands.get_my_commands,
    "getwebhookinfo": intake.get_webhook_info,
    "sendchataction": chats.send_chat_action,
    "senddocument": sending.send_document,
    "sendinvoice": payments.send_invoice,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "setmycommands": commands.set_my_commands,
    "setwebhook": intake.set_webhook,
}
