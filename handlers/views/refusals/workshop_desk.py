"""How workshops refuse the staff who plan and steer them, in words."""

from __future__ import annotations

from typing import Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.words import Words
from bot.workshops.errors import (
    AlreadyExtended,
    DeadlineUnfit,
    Lack,
    NoSuchSession,
    NoticeTooShort,
    NotPublishable,
    PartUnfit,
    PlanFault,
    PlanUnfit,
    SessionOnClosedDay,
    SessionsClash,
    TextFault,
)
from handlers.views.refusals import refusal
from handlers.views.workshops.workshop_words import closed_day

_COUNTED: Final = frozenset(
    {TextFault.FEE, TextFault.PLACES, TextFault.QUORUM, TextFault.SESSION_COUNT, TextFault.AGES}
)


@refusal.register
def _no_such_session(_error: NoSuchSession, words: Words) -> str:
    _ = words.gettext
    return _("I do not find this session. Please open the page of the workshop anew.")


@refusal.register
def _not_publishable(error: NotPublishable, words: Words) -> str:
    _ = words.gettext
    lacking = "\n".join(f"• {lack_said(lack, words)}" for lack in error.lacks)
    return _("Before the workshop can be shown, this is still needed:\n{list}").format(
        list=lacking
    )


def lack_said(lack: Lack, words: Words) -> str:
    """Say what a workshop still needs."""
    _ = words.gettext
    return {
        Lack.TITLE: _("a title"),
        Lack.DESCRIPTION: _("a description"),
        Lack.TERMS: _("the terms"),
        Lack.FEE: _("the fee, even where it is free"),
        Lack.PLACES: _("how many places there are"),
        Lack.QUORUM: _("the quorum"),
        Lack.QUORUM_ABOVE_PLACES: _("a quorum that is not above the number of places"),
        Lack.AGES: _("ages in order: the youngest first"),
        Lack.WHERE: _("where it takes place: a link or an address"),
        Lack.WINDOW: _("when registration begins and ends"),
        Lack.WINDOW_ORDER: _("a registration that begins before it ends"),
        Lack.WINDOW_PAST: _("a registration that ends in the future"),
        Lack.DEADLINE_AFTER_FIRST_SESSION: _("a deadline that is not after the first session"),
        Lack.SESSION_COUNT: _("the number of sessions (KN-14)"),
        Lack.SESSIONS: _("exactly as many sessions as are announced"),
        Lack.SESSIONS_OVERLAP: _("sessions that do not overlap"),
    }[lack]


@refusal.register
def _part_unfit(error: PartUnfit, words: Words) -> str:
    _ = words.gettext
    most = number(error.most, words.language)
    if error.part in _COUNTED:
        text = _("{part} must be a whole number, at most {most}. Nothing was changed.")
    else:
        text = _("{part} is missing, or longer than {most} characters. Nothing was changed.")
    return text.format(part=part_said(error.part, words), most=most)


def part_said(part: TextFault, words: Words) -> str:
    """Name a part of a workshop."""
    _ = words.gettext
    return {
        TextFault.TITLE: _("The title"),
        TextFault.DESCRIPTION: _("The description"),
        TextFault.TERMS: _("The text of the terms"),
        TextFault.INSTRUCTOR: _("The instructor's name"),
        TextFault.SUBJECT: _("The subject"),
        TextFault.PROVINCE: _("The province"),
        TextFault.ONLINE_LINK: _("The link of the class"),
        TextFault.VENUE: _("The address of the venue"),
        TextFault.AGES: _("An age"),
        TextFault.FEE: _("The fee in rials"),
        TextFault.PLACES: _("The number of places"),
        TextFault.QUORUM: _("The quorum"),
        TextFault.SESSION_COUNT: _("The number of sessions"),
        TextFault.REASON: _("The reason"),
    }[part]


@refusal.register
def _plan_unfit(error: PlanUnfit, words: Words) -> str:
    _ = words.gettext
    return {
        PlanFault.FIRST_DAY_PAST: _("The first day has passed. Please choose another."),
        PlanFault.WEEKDAYS: _("Please choose one weekday at least."),
        PlanFault.MINUTES: _("A session is between 15 minutes and 8 hours. Please say how long."),
        PlanFault.OVER_MIDNIGHT: _(
            "A session would go on past midnight. Please choose an earlier hour, or make it "
            "shorter."
        ),
        PlanFault.SESSION_COUNT: _(
            "The number of sessions must be between 1 and 60. Please say how many."
        ),
        PlanFault.NO_OPEN_DAYS: _(
            "There are not enough open days on these weekdays. Please choose others, or look at "
            "the calendar: /calendar"
        ),
    }[error.fault]


@refusal.register
def _session_on_closed_day(error: SessionOnClosedDay, words: Words) -> str:
    _ = words.gettext
    return _(
        "No session is held on a closed day (KN-20). {day}. Please choose another day; nothing "
        "was changed."
    ).format(day=closed_day(error.closed, words))


@refusal.register
def _sessions_clash(error: SessionsClash, words: Words) -> str:
    _ = words.gettext
    return _(
        "Two sessions of the workshop would overlap at {moment}. Please choose another hour; "
        "nothing was changed."
    ).format(moment=jalali_moment(error.starts_at, words.language))


@refusal.register
def _notice_too_short(error: NoticeTooShort, words: Words) -> str:
    _ = words.gettext
    return _(
        "A session is moved at least {hours} hours before it begins, to a time that is as far "
        "ahead. What is nearer can be cancelled, and a make-up class is owed for it then."
    ).format(hours=number(error.hours, words.language))


@refusal.register
def _already_extended(_error: AlreadyExtended, words: Words) -> str:
    _ = words.gettext
    return _(
        "The deadline was extended once already, and that is done once. The workshop can be held "
        "all the same, or the fees given back."
    )


@refusal.register
def _deadline_unfit(error: DeadlineUnfit, words: Words) -> str:
    _ = words.gettext
    return _(
        "A new deadline must lie ahead, and not after the first session, which is at {moment}. "
        "Please choose another."
    ).format(moment=jalali_moment(error.first_session_at, words.language))
