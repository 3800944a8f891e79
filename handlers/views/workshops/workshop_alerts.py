"""What the admin chat is told of workshops unasked; no learner has a name in a group."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from handlers.callback_data.late_credit import LateCreditAsked
from handlers.callback_data.workshop_desk import (
    DeskAct,
    DeskSessionPressed,
    DeskWorkshopPressed,
)
from handlers.callback_data.workshop_sessions import (
    MakeUpPressed,
    MakeUpVerb,
    ReplanPressed,
    SessionVerb,
)
from handlers.reply import Button, Reply
from handlers.views.workshops.registering_words import title_said
from handlers.views.workshops.workshop_acts import act_button
from handlers.views.workshops.workshop_words import closed_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.kit.words import Words
    from bot.workshops.model import ClosedDay, MakeUp, Replan, Session, Workshop

_MARK_SIGNS: Final = 8
_SHOWN_MAX: Final = 20


def fell_short(words: Words, workshop: Workshop, confirmed_count: int) -> Reply:
    """Ask a manager what becomes of a workshop for which too few came together (KN-16)."""
    _ = words.gettext
    assert workshop.grace_until is not None
    text = _(
        "⚠️ {title} did not reach its quorum: {confirmed} of {quorum} are registered.\nA manager "
        "can hold it all the same, extend registration once, or give the fees back now. Without a "
        "decision by {moment} the fees go back by themselves."
    ).format(
        title=title_said(workshop, words),
        confirmed=number(confirmed_count, words.language),
        quorum=number(workshop.quorum, words.language),
        moment=jalali_moment(workshop.grace_until, words.language),
    )
    rows = [
        [act_button(words, workshop, act)]
        for act in (DeskAct.RUN_ANYWAY, DeskAct.EXTEND, DeskAct.FAIL)
    ]
    return Reply(text, [*rows, [card_button(words, workshop)]])


def certain(words: Words, workshop: Workshop, confirmed_count: int) -> Reply:
    """Say that a workshop takes place, and how many were told."""
    _ = words.gettext
    text = _("✅ {title} takes place: {count} are registered, and all of them were told.").format(
        title=title_said(workshop, words), count=number(confirmed_count, words.language)
    )
    return Reply(text, [[card_button(words, workshop)]])


def failed(words: Words, workshop: Workshop, credited_count: int) -> Reply:
    """Say that a workshop is not held, and that the fees went back."""
    _ = words.gettext
    text = _(
        "↩️ {title} is not held, for want of a quorum. Fees that went back to wallets: {count}. "
        "Everybody was told (KN-16)."
    ).format(title=title_said(workshop, words), count=number(credited_count, words.language))
    return Reply(text, [[card_button(words, workshop)]])


def session_over(words: Words, workshop: Workshop, session: Session) -> Reply:
    """Ask for the attendance of a session that has just ended."""
    _ = words.gettext
    text = _("🏁 Session {number} of {title} is over. Please note who was there.").format(
        title=title_said(workshop, words), number=number(session.number, words.language)
    )
    attendance = DeskSessionPressed(str(session.id), SessionVerb.ATTENDANCE.value, "0")
    return Reply(text, [[Button(_("📝 Attendance"), attendance)], [card_button(words, workshop)]])


def overdue(
    words: Words, workshop: Workshop, missed: Session, owed: MakeUp, *, can_credit: bool
) -> Reply:
    """Say that a make-up has no date although its time is over; its people were told too."""
    _ = words.gettext
    text = _(
        "⚠️ The make-up class for session {number} of {title} was promised by {moment} and has no "
        "date. The families were told so, with our apology."
    ).format(
        title=title_said(workshop, words),
        number=number(missed.number, words.language),
        moment=jalali_moment(owed.due_at, words.language),
    )
    schedule = MakeUpPressed(str(owed.id), MakeUpVerb.SCHEDULE.value)
    rows = [[Button(_("🔁 Give it a date"), schedule)], [card_button(words, workshop)]]
    if can_credit:
        text += "\n\n" + _(
            "The agreement gives a right to credit where a service falls short (KN-07), and no "
            "family has to ask for it: propose one here for all of them, while no date is set. A "
            "manager other than you decides."
        )
        rows.insert(1, [late_credit_button(words, owed)])
    return Reply(text, rows)


def late_credit_button(words: Words, owed: MakeUp) -> Button:
    """Lead to proposing credit for everybody who waits for a make-up class."""
    _ = words.gettext
    return Button(_("🧾 Propose credit for the delay"), LateCreditAsked(str(owed.id)))


def completed(words: Words, workshop: Workshop, completed_count: int) -> Reply:
    """Say that a workshop is over, and that its fees are earned."""
    _ = words.gettext
    text = _(
        "🎓 {title} is completed. Registrations whose fees are earned: {count}. The families are "
        "asked how it was."
    ).format(title=title_said(workshop, words), count=number(completed_count, words.language))
    return Reply(text, [[card_button(words, workshop)]])


def displaced(
    words: Words,
    workshop: Workshop,
    sessions: Sequence[Session],
    closed: Sequence[ClosedDay],
    replan: Replan | None,
    *,
    is_page: bool = False,
) -> Reply:
    """Show the sessions that lost their dates, and the dates that are proposed for them."""
    _ = words.gettext
    by_id = {one.id: one for one in sessions}
    parts = [_("🗓 Sessions of {title} need new dates.").format(title=title_said(workshop, words))]
    if closed:
        days = dict.fromkeys(closed_day(one, words) for one in closed)
        parts.append("\n".join(f"• {day}" for day in days))
    rows: list[list[Button]] = []
    if replan is None or not replan.dates:
        parts.append("\n".join(_lost(words, one) for one in sessions[:_SHOWN_MAX]))
        parts.append(_("No free day is near; please give each of them a date by hand."))
    else:
        lines = [
            _("{number}. {old} ⬅️ {new}").format(
                number=number(by_id[date.session_id].number, words.language),
                old=jalali_moment(by_id[date.session_id].slot.starts_at, words.language),
                new=jalali_moment(date.slot.starts_at, words.language),
            )
            for date in replan.dates
            if date.session_id in by_id
        ]
        parts.append(_("<b>Proposed: old date and new one</b>") + "\n" + "\n".join(lines))
        accept = ReplanPressed(str(workshop.id), mark_of(replan))
        rows.append([Button(_("✅ Take these dates, and tell everybody"), accept)])
    rows.append([_sessions_button(words, workshop), card_button(words, workshop)])
    return Reply("\n\n".join(parts), rows, is_page=is_page)


def mark_of(replan: Replan) -> str:
    """Say in few signs which dates were shown."""
    dates = ",".join(f"{one.session_id}@{one.slot.starts_at.isoformat()}" for one in replan.dates)
    return sha256(dates.encode()).hexdigest()[:_MARK_SIGNS]


def card_button(words: Words, workshop: Workshop) -> Button:
    """Lead to the card of a workshop."""
    _ = words.gettext
    return Button(_("🔙 The workshop"), DeskWorkshopPressed(str(workshop.id)))


def _sessions_button(words: Words, workshop: Workshop) -> Button:
    _ = words.gettext
    sessions = DeskWorkshopPressed(str(workshop.id), DeskAct.SESSIONS.value)
    return Button(_("🗓 Sessions"), sessions)


def _lost(words: Words, session: Session) -> str:
    moment = jalali_moment(session.slot.starts_at, words.language)
    return f"{number(session.number, words.language)}. {moment}"
