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
    Banned,
    BanUnreadable,
    ChatTaken,
    InvitationGone,
    LastManager,
    NobodyToBan,
    NoSuchOffice,
    NotBanned,
    NothingToAudit,
    NotInDeskChat,
    NotStaff,
    NotToBeBanned,
    StaffOnly,
)
from bot.citizens.model import Role
from bot.kit.digits import number
from bot.kit.jalali import jalali_day, jalali_moment
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


@refusal.register
def _banned(error: Banned, words: Words) -> str:
    _ = words.gettext
    return _(
        "The office takes nothing new from you until {until}. The reason that it gave: "
        "«{reason}»\nYour wallet, payouts, places and all information stay open. If you think "
        "this is wrong, please object to the office by telephone or in person."
    ).format(
        until=jalali_moment(error.until, words.language),
        reason=isolate(escape(error.reason, quote=False)),
    )


@refusal.register
def _not_to_be_banned(_error: NotToBeBanned, words: Words) -> str:
    _ = words.gettext
    return _("Colleagues and you yourself cannot be banned. A colleague's role is ended at /staff")


@refusal.register
def _nobody_to_ban(_error: NobodyToBan, words: Words) -> str:
    _ = words.gettext
    return _("This case is anonymous: nobody knows who wrote it, so nobody can be banned for it.")


@refusal.register
def _not_banned(_error: NotBanned, words: Words) -> str:
    _ = words.gettext
    return _("This person is not banned here, or not any more. Who is: /ban")


@refusal.register
def _ban_unreadable(error: BanUnreadable, words: Words) -> str:
    _ = words.gettext
    return _(
        "Please reply to the card of a case with /ban, the number of days (at most {days}), and a "
        "reason that the person can read. Example: /ban 7 insults to a colleague"
    ).format(days=number(error.days_max, words.language))


@refusal.register
def _nothing_to_audit(_error: NothingToAudit, words: Words) -> str:
    _ = words.gettext
    return _(
        "Please write /audit alone, or with the code of a case or a payout, the number of a "
        "workshop such as w12, or the code of a person such as P-7K2M9QX (it is at /staff)."
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
