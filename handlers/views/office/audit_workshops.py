"""What staff did to workshops and to all that belongs to them, as the record of the staff says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.kit.words import Words


def workshop_actions(words: Words) -> dict[str, str]:
    """Name each action by what it was done to and which step that took."""
    return {**_of_workshops(words), **_of_sessions(words), **_of_places(words)}


def _of_workshops(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "workshop.draft": _("began a draft of a workshop"),
        "workshop.set_details": _("changed the parts of a workshop"),
        "workshop.set_terms": _("wrote the terms of a workshop anew"),
        "workshop.set_sessions": _("planned the sessions of a workshop"),
        "workshop.publish": _("published a workshop"),
        "workshop.delete": _("deleted the draft of a workshop"),
        "workshop.pause": _("paused the registration of a workshop"),
        "workshop.resume": _("let the registration of a workshop go on"),
        "workshop.extend": _("extended the registration of a workshop"),
        "workshop.run_anyway": _("decided to hold a workshop below its quorum"),
        "workshop.fail": _("called a workshop below its quorum off; the fees went back"),
        "workshop.cancel": _("cancelled a workshop"),
        "workshop.announced": _("sent an announcement to a workshop"),
    }


def _of_sessions(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "session.accept_date": _("accepted another date for a session"),
        "session.reschedule": _("gave a session another date"),
        "session.note_attendance": _("wrote down who was at a session"),
        "session.settle": _("closed the list of who was at a session"),
        "session.cancel": _("cancelled a session"),
        "session.cut_short": _("cancelled a session that was too short"),
        "make_up.schedule": _("gave a make-up class a date"),
        "make_up.reschedule": _("gave a make-up class another date"),
        "make_up.lose_date": _("took the date from a make-up class"),
        "make_up.credit": _("noted that a make-up class is owed no more"),
    }


def _of_places(words: Words) -> dict[str, str]:
    _ = words.gettext
    return {
        "registration.accept_terms": _("accepted the terms for a registration"),
        "registration.hold": _("kept a place for a registration"),
        "registration.await_bank": _("kept a place until a transfer comes"),
        "registration.pay": _("paid for a registration from the wallet"),
        "registration.abandon": _("ended a registration without a paid place"),
        "registration.drop": _("dropped a registration; the fee went back"),
        "registration.move": _("moved a registration to another workshop"),
        "registration.withdraw": _("gave a place up late, without the fee"),
        "registration.remove": _("took a place in a workshop away"),
        "registration.vouch_for": _("saw who takes part, without a national ID"),
        "registration.credit": _("gave a fee back instead of a make-up class"),
        "waiting_entry.accept": _("accepted the place that was offered to a turn"),
        "waiting_entry.decline": _("declined the place that was offered to a turn"),
        "waiting_entry.leave": _("took a turn out of a waiting list"),
    }
