"""What the admin chat of an office is told about a case: each piece of news over the case's card.

All take the words of the desk's default language (never the citizen's), what the office
publishes, the case with all that belongs to it, and the moment. Each message is told with
`about=f"case:{id}"`, so that an officer answers the citizen by replying to it.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.kit.jalali import jalali_moment
from handlers.views.desk.case_card import NAMELESS, card
from handlers.views.desk.desk_words import clock_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.cases.model import Clock, Dossier
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from handlers.reply import Reply


class Headline(Enum):
    """Why the card of a case is shown."""

    REGISTERED = auto()
    WORDS_ADDED = auto()  # or what was asked is answered
    WORDS_REVISED = auto()
    WITHDRAWN = auto()  # nothing more is to be done
    OBJECTED = auto()  # to "cannot be done"; open again
    REOPENED = auto()
    ESCALATED = auto()  # the office's managers look at it
    DUE_SOON = auto()
    CLAIM_RETURNED = auto()  # it was taken and then left alone
    WOKEN = auto()  # the time for which it was put aside is over


def told(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    headline: Headline,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell a piece of news that is one line."""
    head = _headlines(words)[headline]
    return card(words, published, dossier, now, names=names, head=head)


def late(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    clock: Clock,
    new_due_at: datetime,
    names: Mapping[CitizenId, str],
) -> Reply:
    """Tell that a promise was broken, and what the citizen has been told already."""
    _ = words.gettext
    if dossier.case.is_anonymous:
        head = _("🔴 Late: {promise}. New date for it: {when}.")
    else:
        head = _("🔴 Late: {promise}. The citizen was told so, with the new date: {when}.")
    head = head.format(
        promise=clock_name(clock.kind, words), when=jalali_moment(new_due_at, words.language)
    )
    return card(words, published, dossier, now, names=names, head=head)


def _headlines(words: Words) -> dict[Headline, str]:
    _ = words.gettext
    return {
        Headline.REGISTERED: _("📬 New case"),
        Headline.WORDS_ADDED: _("💬 The citizen wrote again"),
        Headline.WORDS_REVISED: _("✏️ The citizen corrected their words"),
        Headline.WITHDRAWN: _("↩️ Withdrawn by the citizen"),
        Headline.OBJECTED: _("✋ The citizen objects; open again"),
        Headline.REOPENED: _("🔁 Reopened by the citizen"),
        Headline.ESCALATED: _("📣 For the manager: a late case was escalated"),
        Headline.DUE_SOON: _("⏰ Due soon"),
        Headline.CLAIM_RETURNED: _("🙌 Back in the list: nothing was done to it for a while"),
        Headline.WOKEN: _("🔔 No longer snoozed"),
    }
