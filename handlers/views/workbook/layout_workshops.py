"""The sheets about workshops: a row for each that is not over, and the sessions of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.workshops.model import FormField
from handlers.views.workbook.columns import Column, Kind, Sheet
from handlers.views.workshops.workshop_form import label

if TYPE_CHECKING:
    from bot.kit.words import Words

WORKSHOPS: Final = "workshops"
SESSIONS: Final = "sessions"
STATE: Final = ("@state",)
TAKEN: Final = ("@taken",)
TITLE: Final = ("@title",)


def workshop_sheets(words: Words) -> tuple[Sheet, Sheet]:
    """Lay out the workshops of the office and their sessions; either may be missing."""
    return _workshops(words), _sessions(words)


def _workshops(words: Words) -> Sheet:
    _ = words.gettext
    of = FormField
    whole_day = _("Empty: the whole day counts.")
    return Sheet(
        WORKSHOPS,
        _("Workshops of the office"),
        WORKSHOPS,
        (),
        (
            Column(("code",), _("Code"), Kind.ID, hint=_("Empty: a new workshop, as a draft.")),
            Column(STATE, _("State"), Kind.SHOWN),
            Column(("title",), label(of.TITLE, words), Kind.LINE),
            Column(("description",), label(of.DESCRIPTION, words), Kind.PROSE),
            Column(("subject",), label(of.SUBJECT, words), Kind.LINE),
            Column(("instructor",), label(of.INSTRUCTOR, words), Kind.LINE),
            Column(("province",), label(of.PROVINCE, words), Kind.LINE),
            Column(("age_min",), _("Age from"), Kind.WHOLE),
            Column(("age_max",), _("Age to"), Kind.WHOLE),
            Column(("fee_rial",), _("Fee (rials)"), Kind.WHOLE, hint=_("0: it is free.")),
            Column(("places",), label(of.PLACES, words), Kind.WHOLE),
            Column(("quorum",), label(of.QUORUM, words), Kind.WHOLE),
            Column(("opens_on",), label(of.OPENS, words), Kind.DAY),
            Column(("opens_at",), _("Registration from: hour"), Kind.CLOCK, hint=whole_day),
            Column(("closes_on",), label(of.CLOSES, words), Kind.DAY),
            Column(("closes_at",), _("Registration until: hour"), Kind.CLOCK, hint=whole_day),
            Column(("online_link",), label(of.LINK, words), Kind.LINE),
            Column(("venue",), label(of.VENUE, words), Kind.PROSE),
            Column(("is_on_days_off",), _("Meets on days off too"), Kind.YES_NO),
            Column(("terms",), label(of.TERMS, words), Kind.PROSE),
            Column(TAKEN, _("Places taken"), Kind.SHOWN),
        ),
        is_left_out=True,
    )


def _sessions(words: Words) -> Sheet:
    _ = words.gettext
    which = _("Its code; of a new workshop its title.")
    return Sheet(
        SESSIONS,
        _("Sessions of workshops"),
        SESSIONS,
        (),
        (
            Column(("workshop",), _("Workshop"), Kind.LINE, refers=WORKSHOPS, hint=which),
            Column(TITLE, _("Its title (only shown)"), Kind.SHOWN),
            Column(("day",), _("Day"), Kind.DAY),
            Column(("starts",), _("From the hour"), Kind.CLOCK),
            Column(("ends",), _("To the hour"), Kind.CLOCK),
        ),
        is_left_out=True,
    )
