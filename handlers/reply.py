"""What a view returns: a text in the messenger's HTML, and the buttons under it."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from bot.outbox.model import Choice, OutgoingMessage, Priority

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handlers.callback_data import Payload

TEXT_UNITS_MAX = 4096
CAPTION_UNITS_MAX = 1024
CURRENCY = "IRR"
_SIDE_BY_SIDE_MAX = 46  # signs in a row of buttons that a phone of 360 pixels shows whole
_UNSEEN = ("Cf", "Mn")  # kinds of signs that take no room
_TITLE_UNITS_MAX = 32
_DESCRIPTION_UNITS_MAX = 255
_PAYLOAD_BYTES_MAX = 128


class TextTooLong(ValueError):  # noqa: N818 - named for what it says of the text
    """A page does not fit one message; `bot.app` tells editors so before the desk starts."""


@dataclass(frozen=True)
class Button:
    """A button with a meaning of ours, or with an address outside."""

    label: str
    payload: Payload | None = None
    url: str | None = None
    is_own: bool = False  # what it names is the person's own, and is known to be
    number: int | None = None  # under which the text lists it

    def __post_init__(self) -> None:
        """Check that the button leads somewhere, and to one place only."""
        assert self.label
        assert (self.payload is None) != (self.url is None)

    def as_choice(self) -> Choice:
        """Say what is kept of it for a day, for whoever writes its words."""
        if self.payload is None:
            return Choice(self.label, address=self.url, number=self.number)
        kept = self.payload if self.is_own else self.payload.in_words()
        sends = None if kept is None else kept.pack()
        return Choice(self.label, sends, number=self.number)

    def as_markup(self) -> dict[str, str]:
        """Write the button as the Bot API does."""
        if self.payload is not None:
            return {"text": words_first(self.label), "callback_data": self.payload.pack()}
        assert self.url is not None
        return {"text": words_first(self.label), "url": self.url}


@dataclass(frozen=True)
class File:
    """A file that goes with a message, whose text becomes its caption."""

    name: str
    content: bytes
    is_picture: bool = False

    @property
    def method(self) -> str:
        """Name the call of the Bot API that sends it."""
        return "sendPhoto" if self.is_picture else "sendDocument"

    def as_params(self) -> dict[str, object]:
        """Write the file as a parameter of that call."""
        content = b64encode(self.content).decode()
        field = "photo" if self.is_picture else "document"
        return {field: {"file_name": self.name, "file_base64": content}}


@dataclass(frozen=True)
class FileToMake:
    """A file that is made when it is sent, so that what is in it is kept nowhere until then.

    `kind` and `id` say of what; `more` is handed to whoever makes it.
    """

    name: str
    kind: str
    id: int | str
    more: Mapping[str, object] = field(default_factory=dict)
    method: ClassVar[str] = "sendDocument"

    def as_params(self) -> dict[str, object]:
        """Write the file as a parameter of that call."""
        made = {**self.more, "made_of": self.kind, "id": self.id, "name": self.name}
        return {"document": made}


@dataclass(frozen=True)
class Invoice:
    """A bill, in rials and in plain words; the messenger draws its pay button."""

    title: str
    description: str
    payload: str
    amount_rial: int
    method: ClassVar[str] = "sendInvoice"

    def __post_init__(self) -> None:
        """Check the messenger's limits."""
        assert 1 <= len(self.payload.encode()) <= _PAYLOAD_BYTES_MAX
        assert self.amount_rial > 0
        limits = ((self.title, _TITLE_UNITS_MAX), (self.description, _DESCRIPTION_UNITS_MAX))
        for text, units_max in limits:
            units = utf16_units(text)
            assert units > 0
            if units > units_max:
                raise TextTooLong(units)

    def as_params(self) -> dict[str, object]:
        """Write the bill as parameters of a Bot API call; the sender knows who is to be paid."""
        return {
            "title": self.title,
            "description": self.description,
            "payload": self.payload,
            "currency": CURRENCY,
            "prices": [{"label": self.title, "amount": self.amount_rial}],
            "start_parameter": "home",  # a forwarded copy leads to the desk and cannot be paid
        }


@dataclass(frozen=True)
class Reply:
    """What to say. `is_page` replies take the place of the page whose button was pressed.

    A bill says all by itself: there is no text beside it, and no button but its own.
    """

    text: str = ""
    buttons: Sequence[Sequence[Button]] = ()
    is_page: bool = False
    file: File | FileToMake | None = None
    invoice: Invoice | None = None

    def __post_init__(self) -> None:
        """Check the messenger's limit here, where the view that broke it is still on the stack."""
        units = utf16_units(self.text)
        assert not (self.is_page and self.file), "a page has no file"
        if self.invoice is not None:
            assert not any((units, self.buttons, self.is_page, self.file)), "a bill stands alone"
            return
        assert units > 0
        if units > (TEXT_UNITS_MAX if self.file is None else CAPTION_UNITS_MAX):
            raise TextTooLong(units)

    @property
    def choices(self) -> list[Choice]:
        """The buttons, in the order in which they are read."""
        return [button.as_choice() for row in self.buttons for button in row]

    @property
    def method(self) -> str:
        """Name the call of the Bot API that says it."""
        part = self.invoice or self.file
        return "sendMessage" if part is None else part.method

    def as_message(
        self,
        chat_id: int,
        priority: Priority = Priority.ANSWER,
        *,
        about: str | None = None,
        once: str | None = None,
    ) -> OutgoingMessage:
        """Write the reply as a message that waits to be said; `about` is for who replies to it."""
        params = {"chat_id": chat_id, **self.as_params()}
        return OutgoingMessage(
            chat_id,
            self.method,
            params,
            priority=priority,
            once=once,
            about=about,
            choices=self.choices,
        )

    def as_params(self) -> dict[str, object]:
        """Write the reply as parameters of a Bot API call, without the chat."""
        if self.invoice is not None:
            return self.invoice.as_params()
        params: dict[str, object] = {"parse_mode": "HTML"}
        if self.file is None:
            params |= {"text": self.text, "link_preview_options": {"is_disabled": True}}
        else:
            params |= {"caption": self.text, **self.file.as_params()}
        if self.buttons:
            rows = [[one.as_markup() for one in row] for row in _fitting(self.buttons)]
            params["reply_markup"] = {"inline_keyboard": rows}
        return params


def _fitting(rows: Sequence[Sequence[Button]]) -> Iterator[Sequence[Button]]:
    """Put buttons below each other that would be cut off side by side."""
    for row in rows:
        if len(row) > 1 and len(row) * max(map(_width, row)) > _SIDE_BY_SIDE_MAX:
            yield from ([one] for one in row)
        elif row:
            yield row


def _width(button: Button) -> int:
    return sum(unicodedata.category(sign) not in _UNSEEN for sign in button.label)


def words_first(label: str) -> str:
    """Put the pictures of a button behind its words: a reader aloud begins with what it does."""
    parts = label.split(" ")
    is_word = (bool(part) and unicodedata.category(part[0]) != "So" for part in parts)
    first = next((place for place, says in enumerate(is_word) if says), 0)
    return " ".join([*parts[first:], *parts[:first]])


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
