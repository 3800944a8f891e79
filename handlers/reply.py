"""What a view returns: a text in the messenger's HTML, and the buttons under it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.callback_data import Payload

TEXT_UNITS_MAX = 4096
CAPTION_UNITS_MAX = 1024


class TextTooLong(ValueError):  # noqa: N818 - named for what it says of the text
    """A page does not fit one message; `bot.app` tells editors so before the desk starts."""


@dataclass(frozen=True)
class Button:
    """A button with a meaning of ours, or with an address outside."""

    label: str
    payload: Payload | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        """Check that the button leads somewhere, and to one place only."""
        assert self.label
        assert (self.payload is None) != (self.url is None)

    def as_markup(self) -> dict[str, str]:
        """Write the button as the Bot API does."""
        if self.payload is not None:
            return {"text": self.label, "callback_data": self.payload.pack()}
        assert self.url is not None
        return {"text": self.label, "url": self.url}


@dataclass(frozen=True)
class File:
    """A file that goes with a message, whose text becomes its caption."""

    name: str
    content: bytes
    is_picture: bool = False


@dataclass(frozen=True)
class Reply:
    """What to say. `is_page` replies take the place of the page whose button was pressed."""

    text: str
    buttons: Sequence[Sequence[Button]] = ()
    is_page: bool = False
    file: File | None = None

    def __post_init__(self) -> None:
        """Check the messenger's limit here, where the view that broke it is still on the stack."""
        units = utf16_units(self.text)
        assert units > 0
        assert not (self.is_page and self.file), "a page has no file"
        if units > (TEXT_UNITS_MAX if self.file is None else CAPTION_UNITS_MAX):
            raise TextTooLong(units)

    @property
    def method(self) -> str:
        """Name the call of the Bot API that says it."""
        if self.file is None:
            return "sendMessage"
        return "sendPhoto" if self.file.is_picture else "sendDocument"

    def as_params(self) -> dict[str, object]:
        """Write the reply as parameters of a Bot API call, without the chat."""
        params: dict[str, object] = {"parse_mode": "HTML"}
        if self.file is None:
            params |= {"text": self.text, "link_preview_options": {"is_disabled": True}}
        else:
            content = b64encode(self.file.content).decode()
            field = "photo" if self.file.is_picture else "document"
            params |= {
                "caption": self.text,
                field: {"file_name": self.file.name, "file_base64": content},
            }
        if self.buttons:
            rows = [[button.as_markup() for button in row] for row in self.buttons if row]
            params["reply_markup"] = {"inline_keyboard": rows}
        return params


def utf16_units(text: str) -> int:
    """Count as the messenger counts: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def replying_to(message_id: int | None) -> dict[str, object]:
    """Write the parameters of a reply to a message, which may be gone by then; None is none."""
    if message_id is None:
        return {}
    return {
        "reply_parameters": {"message_id": message_id, "allow_sending_without_reply": True},
    }
