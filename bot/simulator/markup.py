"""Checks keyboards as strictly as the messenger does."""

from urllib.parse import urlsplit

from bot.simulator.errors import bad_request
from bot.simulator.profiles import Profile
from bot.simulator.wire import Json, Params

BUTTONS_MAX = 100
ROW_BUTTONS_MAX = 8
CALLBACK_BYTES_MAX = 64


def read_markup(params: Params, profile: Profile, *, is_private: bool) -> Json | None:
    """Read `reply_markup`; None when there is none or the messenger knows no such kind."""
    markup = params.mapping("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"], profile)
    kind = next((kind for kind in profile.markups if kind in markup), None)
    if kind == "keyboard":
        return _reply_keyboard(markup, profile, is_private=is_private)
    return dict(markup) if kind is not None and markup[kind] else None


def _rows(rows: object, what: str) -> list[list[Json | str]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{what}" must be an Array of Arrays')
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > BUTTONS_MAX or any(len(row) > ROW_BUTTONS_MAX for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return rows


def _inline(rows: object, profile: Profile) -> Json | None:
    checked = [
        [_inline_button(button, profile) for button in row]
        for row in _rows(rows, "inline_keyboard")
    ]
    return {"inline_keyboard": checked} if checked else None


def _inline_button(button: Json | str, profile: Profile) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a String')
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    action = next((name for name in button if name in profile.button_actions), None)
    if action is None:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if action == "callback_data":
        _ensure_callback_data(button[action])
    if action == "url":
        _ensure_url(button[action])
    return {"text": button["text"], action: button[action]}


def _ensure_callback_data(value: object) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= CALLBACK_BYTES_MAX:
        raise bad_request("BUTTON_DATA_INVALID")


def _ensure_url(value: object) -> None:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in {"http", "https", "tg", ""} or " " in parts.geturl():
        raise bad_request("BUTTON_URL_INVALID")
    host = parts.netloc or parts.path
    if parts.scheme != "tg" and "." not in host and not host.startswith("localhost"):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")


def _reply_keyboard(markup: Json, profile: Profile, *, is_private: bool) -> Json:
    rows = [
        [_reply_button(button, profile, is_private=is_private) for button in row]
        for row in _rows(markup["keyboard"], "keyboard")
    ]
    if not rows:
        raise bad_request("reply keyboard must be non-empty")
    return {**markup, "keyboard": rows}


def _reply_button(button: Json | str, profile: Profile, *, is_private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse keyboard button: Field "text" must be a String')
    if not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    requests = {name for name in profile.keyboard_requests if button.get(name)}
    if requests and not is_private:
        raise bad_request("phone number can be requested in private chats only")
    return {"text": button["text"], **dict.fromkeys(sorted(requests), True)}
