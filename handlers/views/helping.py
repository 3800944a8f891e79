"""Help for whoever asks for it, beginning with where they are just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from handlers.callback_data import PagePressed
from handlers.reply import Button, Reply
from handlers.views.common import said, tell_button, way_back
from handlers.views.my_affairs import affairs_button
from handlers.views.notices import notices_button

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words


@dataclass(frozen=True)
class Situation:
    """Where somebody is who asks for help."""

    flow: str | None = None  # what they have begun and not ended
    cases_count: int = 0  # of their own, under way
    is_awaited: bool = False  # an office waits for their answer
    closed: Sequence[tuple[OfficeCatalogue, datetime | None]] = ()  # and when each opens
    is_staff: bool = False


def help_page(words: Words, situation: Situation, *, is_page: bool) -> Reply:
    """Say where the person is, what can be done there, and then what can be asked at all."""
    _ = words.gettext
    parts = [_("<b>How can I help?</b>"), *_here(words, situation)]
    parts.append(
        _(
            "• <b>Ask</b> in your own words, such as “Until when can I drop a workshop?” Each "
            "answer names its source. When I am not sure I say so and never guess.\n"
            "• <b>Tell the office</b> anything, day and night: /case. You get a tracking code and "
            "a date by which you are answered.\n"
            "• <b>Follow up</b>: /my shows all of yours; a tracking code alone is enough, too.\n"
            "• <b>Workshops and money</b>: /workshops and /wallet.\n"
            "• <b>Instead of a button</b> you can write what stands on it; /options lists what "
            "can be chosen, by number."
        )
    )
    parts.append(
        _("I take no documents or pictures. Please write no national ID, card or phone number.")
    )
    rows = [
        [affairs_button(words)],
        [tell_button(words)],
        [
            Button(_("🔒 Privacy"), PagePressed("privacy")),
            Button(_("🌐 Language"), PagePressed("language")),
        ],
        [notices_button(words)],
        way_back(words),
    ]
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def _here(words: Words, situation: Situation) -> list[str]:
    _ = words.gettext
    lines = []
    if situation.flow is not None:
        lines.append(begun_line(words, situation.flow))
    if situation.is_awaited:
        lines.append(_("👉 An office has asked you something and waits for your answer: /my"))
    elif situation.cases_count:
        count = number(situation.cases_count, words.language)
        lines.append(_("👉 Cases of yours under way: {count}. See them: /my").format(count=count))
    elif situation.flow is None:
        lines.append(_("👉 Nothing of yours is open just now."))
    lines += [_closed(words, *one) for one in situation.closed]
    if situation.is_staff:
        lines.append(
            _(
                "👉 You are of the staff: cases are answered in the admin chat; write /help "
                "there. Here you have /staff, /invite and /audit, as your role allows."
            )
        )
    return ["\n".join(lines)] if lines else []


def begun_line(words: Words, flow: str) -> str:
    """Remind somebody of what they have begun: what they write next goes there."""
    _ = words.gettext
    return _(
        "👉 You are in the middle of this: <b>{begun}</b>. Go on where you were, or leave "
        "it with /cancel; nothing is registered before the last step."
    ).format(begun=flow_name(flow, words))


def _closed(words: Words, published: OfficeCatalogue, opens: datetime | None) -> str:
    _ = words.gettext
    office = said(published.office.short_name, words)
    if opens is None:
        return _("👉 {office} is closed now; what you write is registered all the same.").format(
            office=office
        )
    return _(
        "👉 {office} is closed now, until {moment}; what you write is registered all the same."
    ).format(office=office, moment=jalali_moment(opens, words.language))


def flow_name(flow: str, words: Words) -> str:
    """Name what somebody has begun."""
    _ = words.gettext
    names = {
        "case": _("telling the office something"),
        "case_words": _("adding to a case"),
        "case_answer": _("answering the office"),
        "survey": _("saying how content you are"),
        "erase": _("erasing what is kept of you"),
        "topup": _("topping up the wallet"),
        "payout": _("asking for a payout"),
        "learner": _("entering a learner"),
        "national_id": _("entering a national ID"),
        "wish": _("asking to be told of workshops"),
    }
    return names.get(flow, _("something begun"))
