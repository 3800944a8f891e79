"""The quick reference card of the admin chat: every command, and what is done without one.

It is drawn from the same list as the menu of the chat, so it cannot lack a command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.text import ltr
from handlers.commands import described_at_desk
from handlers.views.papers.page import LEAD, QUIET, Page

if TYPE_CHECKING:
    from bot.kit.words import Words

_NAME_MM: Final = 44.0
_FOOT_MM: Final = 280.0


def drawn(words: Words) -> Page:
    """Draw the card on one page."""
    _ = words.gettext
    page = Page(is_right_to_left=words.language == "fa")
    page.write(_("Service desk: the admin chat on one page"), 20, color=LEAD)
    page.rule()
    for line in _habits(words):
        page.write(f"• {line}", 11)
    page.y += 2
    page.write(_("What is written in the group"), 14, color=LEAD)
    page.rule()
    for command in described_at_desk(words):
        page.at(ltr("/" + command["command"]), 11, color=LEAD)
        page.write(command["description"], 11, from_edge=_NAME_MM)
    assert page.y < _FOOT_MM, "the card takes more than its page"
    page.y = _FOOT_MM
    page.write(
        _("Never in the group: national ID, card or account number, documents, citizens' names."),
        10,
        color=QUIET,
        is_centred=True,
    )
    return page


def _habits(words: Words) -> list[str]:
    _ = words.gettext
    return [
        _("A new case comes as a card. “I take it” takes it; a reply to the card answers."),
        _("A reply that begins with the command note is read by colleagues only."),
        _("“Cannot be done” always names its reason, which the citizen reads."),
        _("The date on the card was promised to the citizen. It moves only with a closed day."),
        _("Before anything is changed for many, you see whom it concerns, and confirm."),
        _("Whoever presses a button that is not for their role is told so; nothing happens."),
    ]
