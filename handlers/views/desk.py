"""What the admin chat of an office is told about a case: each piece of news over the case's card.

All take the words of the desk's default language (never the citizen's), what the office
publishes, the case with all that belongs to it, and the moment. Each message is told with
`about=f"case:{id}"`, so that an officer answers the citizen by replying to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.jalali import jalali_moment
from handlers.views.case_card import NAMELESS, card
from handlers.views.desk_words import clock_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.cases.model import Clock, Dossier
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words
    from handlers.reply import Reply


def new_case_card(
    words: Words, published: OfficeCatalogue, dossier: Dossier, now: datetime
) -> Reply:
    """Tell that a case was registered."""
    _ = words.gettext
    return card(words, published, dossier, now, head=_("📬 New case"))


def words_added_notice(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell that the citizen wrote again, or answered what they were asked."""
    _ = words.gettext
    return card(words, published, dossier, now, names=names, head=_("💬 The citizen wrote again"))


def words_revised_notice(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell that the citizen edited something they had written."""
    _ = words.gettext
    return card(
        words, published, dossier, now, names=names, head=_("✏️ The citizen corrected their words")
    )


def withdrawn_notice(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell that the citizen withdrew the case: nothing more is to be done."""
    _ = words.gettext
    return card(words, published, dossier, now, names=names, head=_("↩️ Withdrawn by the citizen"))


def objected_notice(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell that the citizen objects to "cannot be done"; the case is open again."""
    _ = words.gettext
    return card(
        words, published, dossier, now, names=names, head=_("✋ The citizen objects; open again")
    )


def reopened_notice(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell that it is not solved for the citizen; the case is open again."""
    _ = words.gettext
    return card(words, published, dossier, now, names=names, head=_("🔁 Reopened by the citizen"))


def escalated_notice(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str] = NAMELESS,
) -> Reply:
    """Tell the office's managers that a late case was put before them."""
    _ = words.gettext
    return card(
        words,
        published,
        dossier,
        now,
        names=names,
        head=_("📣 For the manager: a late case was escalated"),
    )


def warned(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str],
) -> Reply:
    """Remind of a promise that is due soon."""
    _ = words.gettext
    return card(words, published, dossier, now, names=names, head=_("⏰ Due soon"))


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


def claim_returned(
    words: Words, published: OfficeCatalogue, dossier: Dossier, now: datetime
) -> Reply:
    """Tell that a case that was taken and then left alone is everybody's again."""
    _ = words.gettext
    head = _("🙌 Back in the list: nothing was done to it for a while")
    return card(words, published, dossier, now, head=head)


def woken(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str],
) -> Reply:
    """Tell that the time for which a case was put aside is over."""
    _ = words.gettext
    return card(words, published, dossier, now, names=names, head=_("🔔 No longer snoozed"))
