"""Where Bale's Bot API differs from the one it follows, in both directions."""

from typing import Any, Final

from bot.messenger.markup import bale_markdown

_BUTTON_FIELDS: Final = frozenset({"text", "callback_data", "url"})
_UNKNOWN_PARAMS: Final = (
    "link_preview_options",
    "protect_content",
    "message_thread_id",
    "start_parameter",
)
ESSENTIAL_METHODS: Final = frozenset({"getMe", "getUpdates", "sendMessage"})
"""A 404 for one of these says that the token is wrong, for others that Bale lacks the method."""

_REQUIRED: Final[dict[str, dict[str, object]]] = {
    "callback_query": {"chat_instance": ""},
    "voice": {"duration": 0},
    "audio": {"duration": 0},
    "video": {"duration": 0, "width": 0, "height": 0},
    "successful_payment": {"provider_payment_charge_id": "", "telegram_payment_charge_id": ""},
}
_RESULT_REQUIRED: Final[dict[str, dict[str, object]]] = {
    "getChat": {
        "accent_color_id": 0,
        "max_reaction_count": 0,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    },
    "getWebhookInfo": {"has_custom_certificate": False, "pending_update_count": 0},
}
_DEPTH_MAX: Final = 16


def rewrite(method: str, params: dict[str, object]) -> tuple[str, dict[str, object]]:
    """Say a Telegram call as Bale understands it."""
    said = {name: value for name, value in params.items() if name not in _UNKNOWN_PARAMS}
    reply = said.pop("reply_parameters", None)
    if isinstance(reply, dict):
        said["reply_to_message_id"] = reply.get("message_id")
    is_html = str(said.pop("parse_mode", "")).upper() == "HTML"
    for name in ("text", "caption"):
        written = said.get(name)
        if is_html and isinstance(written, str):
            said[name] = bale_markdown(written)
    keyboard = said.get("reply_markup")
    if isinstance(keyboard, dict) and "inline_keyboard" in keyboard:
        said["reply_markup"] = {"inline_keyboard": _buttons(keyboard["inline_keyboard"])}
    if method == "editMessageText":
        # Edits under inline keyboards are reported to get lost there: say it anew.
        said.pop("message_id", None)
        return "sendMessage", said
    return method, said


def complete(method: str, result: object) -> object:
    """Put back the fields that python-telegram-bot insists on and Bale leaves out."""
    if isinstance(result, dict):
        for name, value in _RESULT_REQUIRED.get(method, {}).items():
            result.setdefault(name, value)
    _complete_within(result, 0)
    return result


def _complete_within(value: object, depth: int) -> None:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for item in value:
            _complete_within(item, depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, dict):
                for field, default in _REQUIRED.get(name, {}).items():
                    item.setdefault(field, default)
            _complete_within(item, depth + 1)


def _buttons(rows: Any) -> list[list[dict[str, object]]]:  # noqa: ANN401 - what a caller wrote, of any shape
    kept = [
        [
            {name: value for name, value in button.items() if name in _BUTTON_FIELDS}
            for button in row
            if "callback_data" in button or "url" in button
        ]
        for row in rows
    ]
    return [row for row in kept if row]
