"""The sheets about the desk of an office, and about what is to be settled with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from handlers.views.catalogue.hours import weekday_names
from handlers.views.workbook import choices
from handlers.views.workbook.columns import ABOUT, CASES, OWNER, Column, Kind, Sheet
from handlers.views.workbook.layout_services import both

if TYPE_CHECKING:
    from bot.kit.words import Words


def desk_sheets(words: Words) -> tuple[Sheet, ...]:
    """Lay out what the office decided about its desk, and what its sources leave open."""
    return (_desk(words), *_of_desk(words), _flags(words))


def _desk(words: Words) -> Sheet:
    _ = words.gettext
    two = partial(both, words)
    limits = {
        "hold_minutes": _("Minutes a place is kept for who pays at once"),
        "bank_grace_days": _("Working days a place is kept for a bank transfer"),
        "offer_open_hours": _("Open hours a freed place is kept for the next"),
        "quorum_grace_hours": _("Hours before a workshop without quorum fails"),
        "make_up_within_days": _("Days within which a make-up class is given"),
        "group_max": _("Learners registered together, at most"),
        "reschedule_notice_hours": _("Hours of notice for a new date"),
        "overdue_credit_rial": _("Service credit for an overdue make-up class (rials)"),
    }
    left_out = _("Empty: as is usual here.")
    return Sheet(
        "desk",
        _("Desk"),
        "desk",
        (),
        (
            Column(("claim_kept_minutes",), _("Minutes an idle case stays taken"), Kind.WHOLE),
            Column(("digest_at",), _("Hour of the daily report"), Kind.CLOCK),
            Column(
                ("weekly_on",),
                _("Day of the weekly report"),
                Kind.CHOICE,
                choices=weekday_names(words),
            ),
            *(
                Column(("workshops", name), label, Kind.WHOLE, is_optional=True, hint=left_out)
                for name, label in limits.items()
            ),
            Column(
                ("workshops", "requires_national_id"),
                _("A place needs the learner's national ID"),
                Kind.YES_NO,
                is_optional=True,
                hint=left_out,
            ),
            *two(_("Source"), "source"),
            Column(("is_sample",), _("Is a sample"), Kind.YES_NO, is_optional=True),
        ),
        is_form=True,
    )


def _of_desk(words: Words) -> tuple[Sheet, Sheet, Sheet]:
    _ = words.gettext
    two = partial(both, words)
    hours = Sheet(
        "desk_hours",
        _("Desk hours"),
        "desk",
        ("hours",),
        (
            Column(("valid_from",), _("From the day"), Kind.DAY),
            Column(("valid_to",), _("To the day"), Kind.DAY, hint=_("Empty: until changed.")),
            Column(("weekdays",), _("Weekdays"), Kind.CHOICES, choices=weekday_names(words)),
            Column(("windows",), _("Hours"), Kind.WINDOWS, hint=_("Such as 08:00-12:30.")),
            *two(_("Note"), "note"),
        ),
    )
    targets = Sheet(
        "targets",
        _("Targets"),
        "desk",
        (),
        (
            Column(CASES, _("Kind of case"), Kind.CHOICE, choices=choices.case_kinds(words)),
            Column(("first_response_minutes",), _("First answer (working minutes)"), Kind.WHOLE),
            Column(("next_response_minutes",), _("Next answer (working minutes)"), Kind.WHOLE),
            Column(("resolution_minutes",), _("Result (working minutes)"), Kind.WHOLE),
            Column(("warn_minutes",), _("Reminder before it (minutes)"), Kind.WHOLE),
        ),
    )
    ready = Sheet(
        "ready_answers",
        _("Ready answers sheet"),
        "desk",
        ("ready_answers",),
        (
            Column(("id",), _("Answer id"), Kind.ID),
            *two(_("Title"), "title"),
            *two(_("Text"), "text"),
        ),
    )
    return hours, targets, ready


def _flags(words: Words) -> Sheet:
    _ = words.gettext
    return Sheet(
        "flags",
        _("To settle"),
        "",
        ("flags",),
        (
            Column(ABOUT, _("About what"), Kind.CHOICE, choices=choices.of_office(words)["owner"]),
            Column(OWNER, _("Its id"), Kind.ID, hint=_("Not needed for the agreement.")),
            Column(
                ("code",), _("What is to be settled"), Kind.CHOICE, choices=choices.flags(words)
            ),
            *both(words, _("Note"), "note"),
        ),
    )
