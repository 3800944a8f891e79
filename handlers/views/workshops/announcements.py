"""Announcements to all who take part in a workshop: written, shown, sent or left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from handlers.callback_data.workshop_sessions import AnnouncementPressed
from handlers.reply import Button, Reply
from handlers.views.common import quoted
from handlers.views.workshops.registering_words import title_said
from handlers.views.workshops.workshop_alerts import card_button

if TYPE_CHECKING:
    from bot.kit.words import Words
    from bot.workshops.model import Workshop

ANNOUNCEMENT_UNITS_MAX: Final = 1500


def prompt(words: Words, workshop: Workshop, *, note: str = "") -> Reply:
    """Ask for the words of an announcement."""
    _ = words.gettext
    text = _(
        "📢 {title}: reply to this message with what all who take part should know, at most "
        "{most} characters. You see it before it is sent."
    ).format(
        title=title_said(workshop, words), most=number(ANNOUNCEMENT_UNITS_MAX, words.language)
    )
    return Reply("\n\n".join(part for part in (note, text) if part))


def too_long(words: Words) -> str:
    """Say that an announcement does not fit."""
    _ = words.gettext
    return _("That is too long; nothing was sent.")


def preview(words: Words, workshop: Workshop, text: str, families: int, token: str) -> Reply:
    """Show an announcement as it will be read, and to how many it goes."""
    _ = words.gettext
    parts = [
        _("📢 This goes to {count} families of {title}:").format(
            count=number(families, words.language), title=title_said(workshop, words)
        ),
        quoted(text),
    ]
    rows = [
        [Button(_("📢 Send it"), AnnouncementPressed(token, "1"))],
        [Button(_("✖️ Do not send it"), AnnouncementPressed(token))],
    ]
    return Reply("\n\n".join(parts), rows)


def sent(words: Words, workshop: Workshop, text: str, families: int) -> Reply:
    """Say that it is on its way, and to how many."""
    _ = words.gettext
    parts = [
        _("📢 Sent to {count} families of {title}:").format(
            count=number(families, words.language), title=title_said(workshop, words)
        ),
        quoted(text),
    ]
    return Reply("\n\n".join(parts), [[card_button(words, workshop)]], is_page=True)


def left(words: Words) -> Reply:
    """Say that nothing was sent."""
    _ = words.gettext
    return Reply(_("Nothing was sent."), is_page=True)
