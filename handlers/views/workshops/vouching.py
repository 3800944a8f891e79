"""Staff vouch for who takes part: what they are told, and what the family reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.reply import Reply
from handlers.views.common import said, way_back
from handlers.views.workshops.registering_words import code_said, mine_button, title_said
from handlers.views.workshops.workshop_alerts import card_button
from handlers.views.workshops.workshop_notices import head, opened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.kit.words import Words
    from bot.workshops.model import Registration, Workshop
    from handlers.views.workshops.workshop_notices import Told


def explained(words: Words) -> Reply:
    """Say how somebody is vouched for."""
    _ = words.gettext
    return Reply(
        _(
            "🪪 Where a learner has no Iranian national ID and you saw in another way who they "
            "are, note how: as a reply to the message of their case, \u200e/vouch and the "
            "reason, or with the number of the registration, such as:\n"
            "\u200e/vouch R-12 passport shown at the counter\n\n"
            "Please write no number of a document. The family is told and can go on; who noted "
            "it, and why, stays in the history."
        )
    )


def which(words: Words, found: Iterable[Registration]) -> Reply:
    """Ask which of several registrations is meant."""
    _ = words.gettext
    codes = ["\u200e" + code_said(one.id, words) for one in found]
    return Reply(
        _(
            "Which of these is it? {codes}\nPlease write its number after the command, such as "
            "\u200e/vouch R-12 and the reason."
        ).format(codes=" · ".join(codes))
    )


def done(words: Words, workshop: Workshop, one: Registration) -> Reply:
    """Confirm to who vouched that it is noted, and that the family was told."""
    _ = words.gettext
    text = _(
        "✅ {workshop}: it is noted that you saw who takes part as {code}. The family was told, "
        "and can go on without a national ID."
    ).format(workshop=title_said(workshop, words), code=code_said(one.id, words))
    return Reply(text, [[card_button(words, workshop)]])


def notice(told: Told) -> Reply:
    """Tell the family that they can go on."""
    words = told.words
    _ = words.gettext
    parts = [
        _("🪪 {office} knows now who takes part: no national ID is needed here.").format(
            office=said(told.published.office.short_name, words)
        ),
        head(told),
        _("You can go on where you stopped; what you have begun is there."),
    ]
    rows = [[opened(told)], [mine_button(words, below=True)], way_back(words)]
    return Reply("\n\n".join(parts), rows)
