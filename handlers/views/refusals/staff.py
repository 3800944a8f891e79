"""How staff are refused, in words."""

from __future__ import annotations

from html import escape

from bot.calendar.errors import (
    DayIsPast,
    DayUnreadable,
    NoSuchClosure,
    NoSuchHoliday,
    NoWorkingTime,
)
from bot.cases.errors import MergeIntoItself, NotYours, ReasonMissing, TakenByOther, WrongState
from bot.citizens.errors import (
    AnonymousAdmin,
    ChatTaken,
    InvitationGone,
    LastManager,
    NoSuchOffice,
    NotInDeskChat,
    NotStaff,
    StaffOnly,
)
from bot.citizens.model import Role
from bot.kit.jalali import jalali_day
from bot.kit.text import isolate
from bot.kit.words import Words
from handlers.views.refusals import refusal


@refusal.register
def _taken_by_other(_error: TakenByOther, words: Words) -> str:
    _ = words.gettext
    return _("A colleague has taken this case. You can still answer or write a note.")


@refusal.register
def _not_yours(_error: NotYours, words: Words) -> str:
    _ = words.gettext
    return _("Only whoever took the case, or a manager, can do that.")


@refusal.register
def _wrong_state(_error: WrongState, words: Words) -> str:
    _ = words.gettext
    return _(
        "The case has moved on meanwhile, so this was not done. Please see how it stands now: "
        "/cases"
    )


@refusal.register
def _reason_missing(_error: ReasonMissing, words: Words) -> str:
    _ = words.gettext
    return _("The citizen needs a reason that they can read. Please write one.")


@refusal.register
def _merge_into_itself(_error: MergeIntoItself, words: Words) -> str:
    _ = words.gettext
    return _("A case can be joined only to another open case of the same office.")


@refusal.register
def _no_working_time(_error: NoWorkingTime, words: Words) -> str:
    _ = words.gettext
    return _(
        "The calendar of this office shows no open hour ahead, so no date can be promised. Please "
        "tell a manager of the office."
    )


@refusal.register
def _no_such_holiday(_error: NoSuchHoliday, words: Words) -> str:
    _ = words.gettext
    return _("This holiday is no longer in the calendar. Please open it anew: /calendar")


@refusal.register
def _no_such_closure(_error: NoSuchClosure, words: Words) -> str:
    _ = words.gettext
    return _("This closure is no longer in the calendar. Please open it anew: /calendar")


@refusal.register
def _day_is_past(error: DayIsPast, words: Words) -> str:
    _ = words.gettext
    return _("{day} has passed; only days from today on can be changed.").format(
        day=jalali_day(error.day, words.language)
    )


@refusal.register
def _day_unreadable(error: DayUnreadable, words: Words) -> str:
    _ = words.gettext
    return _("I could not read a day or a time in “{typed}”. Please write it like {day}.").format(
        typed=isolate(escape(error.typed[:60], quote=False)), day=_("“3 Azar” or “3 Azar 1405”")
    )


@refusal.register
def _staff_only(error: StaffOnly, words: Words) -> str:
    _ = words.gettext
    return _(
        "This is for {roles} of the office. If you are one of them, please ask a manager "
        "for an invitation link."
    ).format(roles=_(" or ").join(role_name(role, words) for role in error.roles))


@refusal.register
def _not_in_desk_chat(_error: NotInDeskChat, words: Words) -> str:
    _ = words.gettext
    return _(
        "This is done in the admin chat of the office, and this is not it. A manager can make a "
        "group the admin chat by writing /desk in it."
    )


@refusal.register
def _anonymous_admin(_error: AnonymousAdmin, words: Words) -> str:
    _ = words.gettext
    return _(
        "You are writing as the group. Please turn off “remain anonymous” for yourself, so that "
        "the record shows who did it."
    )


@refusal.register
def _invitation_gone(_error: InvitationGone, words: Words) -> str:
    _ = words.gettext
    return _(
        "This invitation was used, or its time is over. Please ask a manager of your office for a "
        "new one."
    )


@refusal.register
def _not_staff(_error: NotStaff, words: Words) -> str:
    _ = words.gettext
    return _("This person no longer has that role. Please open the list anew: /staff")


@refusal.register
def _last_manager(_error: LastManager, words: Words) -> str:
    _ = words.gettext
    return _("This is the only manager of the office. Please invite another one first: /invite")


@refusal.register
def _chat_taken(_error: ChatTaken, words: Words) -> str:
    _ = words.gettext
    return _("This group is the admin chat of another office. Please make a group of your own.")


@refusal.register
def _no_such_office(error: NoSuchOffice, words: Words) -> str:
    _ = words.gettext
    return _("I know no office called “{typed}”. Please choose one from the buttons.").format(
        typed=isolate(escape(error.typed[:60], quote=False))
    )


def role_name(role: Role, words: Words) -> str:
    """Name a role of staff."""
    _ = words.gettext
    names = {
        Role.OFFICER: _("officer"),
        Role.FINANCE: _("finance"),
        Role.MANAGER: _("manager"),
    }
    return names[role]
