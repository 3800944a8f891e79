"""The facts of a workshop as its page says them at first sight: each in a line, where it can.

What is left out here stands in full behind the buttons of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_day, jalali_moment, tehran_day
from handlers.views.workshops.workshop_facts import (
    dropping_fact,
    instructor_fact,
    quorum_fact,
    registration_fact,
    sessions_fact,
    subject_fact,
)
from handlers.views.workshops.workshop_words import deadline_said

if TYPE_CHECKING:
    from handlers.views.workshops.workshop_facts import Showcase


def stated(shown: Showcase) -> list[str]:
    """Say who teaches and what it is about, as far as the office has stated it."""
    details = shown.workshop.details
    return [
        *([subject_fact(shown)] if details.subject or details.province else []),
        *([instructor_fact(shown)] if details.instructor else []),
    ]


def span(shown: Showcase) -> str:
    """Say how many sessions there are, when the first is and on which day the last."""
    _ = shown.words.gettext
    if len(shown.sessions) <= 1:
        return sessions_fact(shown, most=1)
    language = shown.words.language
    first, last = shown.sessions[0].slot, shown.sessions[-1].slot
    return _("🗓 Sessions: {count}; the first {first}, the last {last}").format(
        count=number(len(shown.sessions), language),
        first=jalali_moment(first.starts_at, language),
        last=jalali_day(tehran_day(last.starts_at), language, with_weekday=True),
    )


def deadline(shown: Showcase) -> str:
    """Say until when one can register, and from when on as long as it has not begun."""
    _ = shown.words.gettext
    if shown.now < shown.workshop.opens_at:
        return registration_fact(shown)
    closes = deadline_said(shown.workshop.closes_at, shown.words)
    return _("⏳ Register until: {moment}").format(moment=closes)


def dropping(shown: Showcase) -> str:
    """Say the last moment to drop or move a place, and what it costs to miss it (KN-27)."""
    _ = shown.words.gettext
    until = shown.workshop.drop_until
    if until is None:
        return dropping_fact(shown)
    moment = deadline_said(until, shown.words)
    if not shown.workshop.fee_rial:
        return _("↩️ Dropping or moving: until {moment}").format(moment=moment)
    return _("↩️ Dropping or moving: until {moment}; later no fee comes back").format(moment=moment)


def quorum(shown: Showcase) -> str:
    """Say how many must take part, and that otherwise nobody pays (KN-16)."""
    _ = shown.words.gettext
    if not (shown.workshop.quorum and shown.workshop.fee_rial):
        return quorum_fact(shown)
    return _(
        "👥 Quorum: {count} people; with fewer it is not held and the fee is back in your wallet"
    ).format(count=number(shown.workshop.quorum, shown.words.language))
