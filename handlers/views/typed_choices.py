"""What is said to whoever writes instead of pressing: the choices by number, or an address."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.text import isolate
from handlers.callback_data import PagePressed, Payload
from handlers.reply import Button, Reply, words_first
from handlers.views.common import digits, tell_button, way_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.outbox.model import Choice


class _AsOffered(Payload):
    """What a button sent that was offered before, as it was."""

    sends: str

    def pack(self) -> str:
        """Write it as it was."""
        return self.sends


def numbered(words: Words, choices: Sequence[Choice], *, asked: str | None = None) -> Reply:
    """List what the last message offered by number; one that was written chose nothing yet."""
    _ = words.gettext
    buttons = [_again(choice) for choice in choices if choice.sends or choice.address]
    if not buttons:
        text = _("There is nothing to choose from right now. Write your question, or start here:")
        return Reply(text, [[Button(_("❓ Help"), PagePressed("help"))], way_back(words)])
    buttons = [
        Button(button.label, button.payload, button.url, is_own=True, number=place)
        for place, button in enumerate(buttons, start=1)
    ]
    head = _("What you can choose now. Write its number, or its words:")
    if asked is not None:
        head = _("I was not sure what {number} stands for, so I did nothing.").format(
            number=isolate(escape(digits(asked.strip(), words), quote=False))
        )
        head += "\n" + _("What you can choose now. Write its number, or its words:")
    listed = [
        f"{number(place, words.language)}. {escape(words_first(button.label), quote=False)}"
        for place, button in enumerate(buttons, start=1)
    ]
    return Reply("\n".join([head, "", *listed]), [[button] for button in buttons])


def _again(choice: Choice) -> Button:
    if choice.sends is None:
        return Button(choice.label, url=choice.address)
    return Button(choice.label, _AsOffered(choice.sends))


def address(words: Words, choice: Choice) -> Reply:
    """Write out where a button leads; what is kept of nobody's cannot be chosen by words."""
    _ = words.gettext
    if choice.address is not None:
        return Reply(_("This opens {address}").format(address=escape(choice.address)))
    text = _(
        "I keep no note of what you asked, so I can do this only when the button is pressed. "
        "Write your question in other words, or tell the office:"
    )
    return Reply(text, [[tell_button(words)], way_back(words)])
