"""Everything that a person is told unasked, in one place, with one press to end each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citizens.model import Notice
from bot.kit.digits import number
from handlers.callback_data.notices import NoticePressed
from handlers.reply import Button, Reply
from handlers.views.common import way_back
from handlers.views.workshops.subscriptions import subscriptions_button

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.kit.words import Words

ON, OFF, OFF_BELOW = "on", "off", "offb"


def notices_button(words: Words) -> Button:
    """Lead to the list."""
    _ = words.gettext
    return Button(_("🔔 What I write to you"), NoticePressed("-", "-"))


def mute_button(words: Words, notice: Notice) -> Button:
    """End such notices from below one of them."""
    _ = words.gettext
    label = {
        Notice.SURVEYS: _("🔕 Ask me no more such questions"),
        Notice.REMINDERS: _("🔕 Remind me of sessions no more"),
    }[notice]
    return Button(label, NoticePressed(notice.value, OFF_BELOW))


def page(
    words: Words,
    muted: Collection[Notice],
    subscriptions_count: int,
    *,
    is_page: bool,
) -> Reply:
    """List what is told and what is not, and what cannot be ended and why."""
    _ = words.gettext
    lines = [_("<b>What I write to you unasked</b>"), ""]
    rows = []
    for notice, name in _names(words).items():
        is_on = notice not in muted
        state = _("on") if is_on else _("off")
        lines.append(f"• {name}: <b>{state}</b>")
        label = _("🔕 Off: {notice}") if is_on else _("🔔 On: {notice}")
        pressed = NoticePressed(notice.value, OFF if is_on else ON)
        rows.append([Button(label.format(notice=name), pressed)])
    count = number(subscriptions_count, words.language)
    lines.append(_("• New workshops, as you wished: <b>{count}</b>").format(count=count))
    lines += [
        "",
        _(
            "What became of your own cases, registrations and money I always tell you: it is the "
            "answer to what you began."
        ),
    ]
    rows += [[subscriptions_button(words)], way_back(words)]
    return Reply("\n".join(lines), rows, is_page=is_page)


def muted_below(words: Words, notice: Notice) -> Reply:
    """Say below a notice that it was the last of its kind."""
    _ = words.gettext
    text = _("Ended: {notice}. You can have it again here:").format(notice=_names(words)[notice])
    return Reply(text, [[notices_button(words)], way_back(words)])


def _names(words: Words) -> dict[Notice, str]:
    _ = words.gettext
    return {
        Notice.SURVEYS: _("questions how content you are"),
        Notice.REMINDERS: _("reminders of sessions"),
    }
