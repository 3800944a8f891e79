"""What is wrong at a cell about a workshop, in plain words."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from bot.workshops.errors import Lack
from bot.workshops.model import ClosedDay
from handlers.views.refusals.workshop_desk import lack_said
from handlers.views.workshops.workshop_words import closed_day

if TYPE_CHECKING:
    from bot.kit.words import Words


def of_workshops(words: Words) -> dict[str, str]:
    """Word each kind of fault at a cell of the sheets about workshops."""
    _ = words.gettext
    return {
        "no_workshop": _(
            "The office has no workshop with this code that is not over. Leave it empty for a "
            "new one."
        ),
        "drafted_already": _(
            "There is a draft of this title: {one}. Write its code here, or another title."
        ),
        "many_at_once": _(
            "A workbook changes {one} workshops at most. Send the others in a second one."
        ),
        "terms_stay": _("The terms can be said otherwise, not taken away. Write them."),
        "no_such_row": _(
            "No workshop is called «{one}». Write its code, or the title of a new one."
        ),
        "whose_session": _("Several workshops are called «{one}». Give each its own title."),
        "session_length": _("A session ends 15 minutes to 8 hours after it begins."),
        "promised": _(
            "People have read this workshop and chose it for this, so it stays. Put back what "
            "stood here."
        ),
        "sessions_promised": _(
            "This workshop is shown already. Its sessions are moved at its card (/workshops), "
            "where those who take part are told. Take this row out."
        ),
        "lack": _("What belongs here: {one}"),
        "closed_day": _("No session is possible on this day. {one}"),
    }


def said_of(words: Words, value: object) -> object:
    """Word what a fault is about, where it is a thing of workshops."""
    if isinstance(value, Lack):
        return lack_said(value, words)
    return unescape(closed_day(value, words)) if isinstance(value, ClosedDay) else value
