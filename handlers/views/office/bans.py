"""What is said about bans: to the manager who bans, and to the person who is banned."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import isolate
from handlers.callback_data.members import BanLifted
from handlers.reply import Button, Reply
from handlers.views.common import code as shown_code
from handlers.views.common import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import Ban
    from bot.kit.words import Words


def banned(words: Words, ban: Ban, code: str) -> Reply:
    """Say that it is done, until when, what it leaves open, and how it is undone."""
    _ = words.gettext
    text = _(
        "⛔️ {code} cannot open cases, write in them, or take new places until {until}. They were "
        "told so with your reason: {reason}\n\nTheir wallet, payouts, places they have and all "
        "information stay open to them. To undo it: the button below, or /unban {code}"
    ).format(
        code=shown_code(code),
        until=jalali_moment(ban.until, words.language),
        reason=_quoted(ban.reason),
    )
    return Reply(text, [[_lift_button(words, ban, code)]])


def lifted(words: Words, code: str) -> Reply:
    """Say that the person may write again."""
    _ = words.gettext
    return Reply(_("✅ {code} may write again, and was told so.").format(code=shown_code(code)))


def list_of_bans(
    words: Words, published: OfficeCatalogue, bans: Sequence[tuple[Ban, str]]
) -> Reply:
    """List whom an office takes nothing new from, the first to end first."""
    _ = words.gettext
    title = _("⛔️ <b>Banned at {office}</b>").format(
        office=said(published.office.short_name, words)
    )
    help_ = _(
        "To ban the author of a case for some days, reply to its card: /ban 7 and the reason, "
        "which they will read."
    )
    if not bans:
        nobody = _("Nobody.")
        return Reply(f"{title}\n\n{nobody}\n\n{help_}")
    lines = [
        _("{place}. {code} until {until}: {reason}").format(
            place=number(place, words.language),
            code=shown_code(code),
            until=jalali_moment(ban.until, words.language, with_weekday=False),
            reason=_quoted(ban.reason),
        )
        for place, (ban, code) in enumerate(bans, start=1)
    ]
    rows = [[_lift_button(words, ban, code)] for ban, code in bans]
    return Reply("\n".join([title, "", *lines, "", help_]), rows)


def you_are_banned(words: Words, published: OfficeCatalogue, ban: Ban) -> Reply:
    """Tell a person until when the office takes nothing new from them, and why."""
    _ = words.gettext
    text = _(
        "{office} takes no new cases, messages or registrations from you until {until}. The "
        "reason that the office gave: {reason}\n\nYour wallet and payouts, the places you have, "
        "your cases and all information stay open to you. After that time you can write again by "
        "itself.\n\nIf you think this is wrong, please object to the office by telephone or in "
        "person; how to reach it is on its page: /start"
    )
    return Reply(
        text.format(
            office=said(published.office.name, words),
            until=jalali_moment(ban.until, words.language),
            reason=_quoted(ban.reason),
        )
    )


def you_are_welcome_again(words: Words, published: OfficeCatalogue) -> Reply:
    """Tell a person that the office has lifted their ban."""
    _ = words.gettext
    text = _("You can write to {office} again, and register for its workshops. Welcome back.")
    return Reply(text.format(office=said(published.office.name, words)))


def _lift_button(words: Words, ban: Ban, code: str) -> Button:
    _ = words.gettext
    return Button(_("↩️ Lift the ban of {code}").format(code=code), BanLifted(ban.office_id, code))


def _quoted(reason: str) -> str:
    return "«" + isolate(escape(reason, quote=False)) + "»"
