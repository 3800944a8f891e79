"""The sessions of a workshop in the admin chat: their list, each of them, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.kit.digits import number
from bot.kit.jalali import jalali_day, jalali_moment, tehran_day
from bot.workshops.model import CancelReason, MakeUpState, SessionState
from handlers.callback_data.workshop_desk import DeskAct, DeskSessionPressed, DeskWorkshopPressed
from handlers.callback_data.workshop_sessions import (
    MakeUpPressed,
    MakeUpVerb,
    ReplanPressed,
    SessionVerb,
)
from handlers.reply import Button, Reply
from handlers.views.common import in_pairs
from handlers.views.workshops.registering_words import title_said
from handlers.views.workshops.session_words import cancel_reason
from handlers.views.workshops.workshop_alerts import card_button
from handlers.views.workshops.workshop_words import make_up_state, of_managers, session_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.kit.words import Words
    from bot.workshops.model import MakeUp, Session, SessionId, Workshop

SURELY: Final = "y"
_OWED: Final = (MakeUpState.OWED, MakeUpState.OVERDUE)
_LISTED_MAX: Final = 40
_IN_A_ROW: Final = 4


def listed(
    words: Words, workshop: Workshop, sessions: Sequence[Session], make_ups: Sequence[MakeUp]
) -> Reply:
    """List the sessions with where they stand, and what is owed for those that were cancelled."""
    _ = words.gettext
    owed = {one.session_id: one for one in make_ups}
    made_up_in = {one.new_session_id for one in make_ups}
    lines = [
        _line(words, one, owed.get(one.id), is_make_up=one.id in made_up_in)
        for one in sessions[:_LISTED_MAX]
    ]
    head = _("🗓 <b>Sessions of {title}</b>").format(title=title_said(workshop, words))
    rows = _in_rows(
        Button(number(one.number, words.language), _pressed(one.id, SessionVerb.CARD))
        for one in sessions[:_LISTED_MAX]
    )
    if any(one.state is SessionState.DISPLACED for one in sessions):
        rows.append([Button(_("🗓 Propose new dates"), ReplanPressed(str(workshop.id)))])
    rows.append([card_button(words, workshop)])
    body = "\n".join(lines) or _("There are none yet.")
    return Reply(f"{head}\n\n{body}", rows, is_page=True)


def _in_rows(buttons: Iterable[Button]) -> list[list[Button]]:
    """Set buttons with a number each in rows of four."""
    found = list(buttons)
    return [found[start : start + _IN_A_ROW] for start in range(0, len(found), _IN_A_ROW)]


def _line(words: Words, session: Session, owed: MakeUp | None, *, is_make_up: bool) -> str:
    _ = words.gettext
    line = _("{number}. {moment} · {state}").format(
        number=number(session.number, words.language),
        moment=jalali_moment(session.slot.starts_at, words.language),
        state=session_state(session.state, words),
    )
    if is_make_up:
        line += _(" (a make-up class)")
    if owed is not None:
        line += "\n   🔁 " + _debt(words, owed)
    return line


def _debt(words: Words, owed: MakeUp) -> str:
    _ = words.gettext
    state = make_up_state(owed.state, words)
    if owed.state not in _OWED:
        return _("make-up class: {state}").format(state=state)
    day = jalali_day(tehran_day(owed.due_at), words.language, with_weekday=True)
    return _("make-up class: {state}, promised until {day}").format(state=state, day=day)


def card(
    words: Words,
    workshop: Workshop,
    session: Session,
    owed: MakeUp | None,
    *,
    head: str,
    is_page: bool,
) -> Reply:
    """Show one session, and what can be done about it now."""
    _ = words.gettext
    lines = [
        title_said(workshop, words),
        _("Session {number} · {moment} · {minutes} minutes").format(
            number=number(session.number, words.language),
            moment=jalali_moment(session.slot.starts_at, words.language),
            minutes=number(session.slot.minutes, words.language),
        ),
        _("State: {state}").format(state=session_state(session.state, words)),
    ]
    if session.cancel_reason is not None:
        reason = cancel_reason(session.cancel_reason, words)
        lines.append(_("Why: {reason}").format(reason=reason))
    if owed is not None:
        lines.append(f"🔁 {_debt(words, owed)}")
    text = "\n\n".join(part for part in (head, "\n".join(lines)) if part)
    rows = in_pairs(_acts(words, session, owed))
    if session.state is SessionState.DISPLACED:
        rows.append([Button(_("🗓 Propose new dates"), ReplanPressed(str(workshop.id)))])
    rows.append([_list_button(words, workshop), card_button(words, workshop)])
    return Reply(text, rows, is_page=is_page)


def _acts(words: Words, session: Session, owed: MakeUp | None) -> list[Button]:
    _ = words.gettext
    cancel = Button(_("⛔️ Cancel this session"), _pressed(session.id, SessionVerb.CANCEL))
    move = Button(_("🗓 Another date"), _pressed(session.id, SessionVerb.MOVE))
    attendance = Button(_("📝 Attendance"), _pressed(session.id, SessionVerb.ATTENDANCE, "0"))
    buttons: Mapping[SessionState, list[Button]] = {
        SessionState.PLANNED: [move, cancel],
        SessionState.DISPLACED: [cancel],
        SessionState.LIVE: [attendance, cancel],
        SessionState.HELD: [attendance],
        SessionState.SETTLED: [attendance],
    }
    found = list(buttons.get(session.state, []))
    if owed is not None and owed.state in _OWED:
        date = MakeUpPressed(str(owed.id), MakeUpVerb.SCHEDULE.value)
        waive = MakeUpPressed(str(owed.id), MakeUpVerb.WAIVE.value)
        found += [
            Button(_("🔁 Give it a date"), date),
            Button(of_managers(_("🤝 Waive it"), words), waive),
        ]
    return found


def reasons(words: Words, workshop: Workshop, session: Session) -> Reply:
    """Ask why a session is cancelled, which its people are told."""
    _ = words.gettext
    text = _("⛔️ Why is session {number} of {title} not held? The families are told.").format(
        number=number(session.number, words.language), title=title_said(workshop, words)
    )
    kinds = [CancelReason.TEACHER_ABSENT, CancelReason.PLATFORM_DOWN, CancelReason.OTHER]
    if session.state is SessionState.LIVE:
        kinds.append(CancelReason.TOO_SHORT)
    rows = [
        [Button(cancel_reason(one, words), _pressed(session.id, SessionVerb.CANCEL, one.value))]
        for one in kinds
    ]
    return Reply(text, [*rows, [_session_button(words, session)]], is_page=True)


def cancel_asked(
    words: Words, workshop: Workshop, session: Session, why: CancelReason, people: int
) -> Reply:
    """Ask whether somebody is sure, and say what it leads to (KN-18)."""
    _ = words.gettext
    text = _(
        "⛔️ Session {number} of {title} ({moment}) is cancelled: {reason}.\nA make-up class is "
        "then owed to {people} learners, and their families are told at once. Are you sure?"
    ).format(
        number=number(session.number, words.language),
        title=title_said(workshop, words),
        moment=jalali_moment(session.slot.starts_at, words.language),
        reason=cancel_reason(why, words),
        people=number(people, words.language),
    )
    sure = _pressed(session.id, SessionVerb.CANCEL, f"{why.value}-{SURELY}")
    rows = [[Button(_("Yes, cancel the session"), sure)], [_session_button(words, session)]]
    return Reply(text, rows, is_page=True)


def cancel_prompt(words: Words, workshop: Workshop, session: Session) -> Reply:
    """Ask for a reason in words."""
    _ = words.gettext
    text = _(
        "⛔️ {title}: reply to this message and say why session {number} ({moment}) is "
        "cancelled. The reason stays with the office; the session is cancelled at once, a "
        "make-up class is owed, and the families are told."
    )
    return Reply(text.format(**_named(words, workshop, session)))


def move_prompt(words: Words, workshop: Workshop, session: Session, *, note: str = "") -> Reply:
    """Ask for another date and the reason."""
    _ = words.gettext
    text = _(
        "🗓 {title}: reply to this message with the new date and hour of session {number} (now "
        "{moment}) on the first line, and on the second why; the families read both at once. Such "
        "as:\n<code>{example}</code>"
    ).format(
        **_named(words, workshop, session), example=_("1405/09/30 17:00\nthe instructor is away")
    )
    return Reply("\n\n".join(part for part in (note, text) if part))


def make_up_prompt(words: Words, workshop: Workshop, missed: Session, *, note: str = "") -> Reply:
    """Ask for the date of a make-up class."""
    _ = words.gettext
    text = _(
        "🔁 {title}: reply to this message with the date and hour of the make-up class for "
        "session {number} ({moment}), such as <code>{example}</code>. Closed days and overlaps "
        "are refused; the families are told at once."
    ).format(**_named(words, workshop, missed), example=_("1405/09/30 17:00"))
    return Reply("\n\n".join(part for part in (note, text) if part))


def waive_prompt(words: Words, workshop: Workshop, missed: Session) -> Reply:
    """Ask why nothing is owed any more."""
    _ = words.gettext
    text = _(
        "🤝 {title}: reply to this message and say why no make-up class is owed for session "
        "{number} ({moment}) any more, such as that all families agreed to credit. They are "
        "told your words."
    )
    return Reply(text.format(**_named(words, workshop, missed)))


def unread(words: Words) -> str:
    """Say that a date could not be read."""
    _ = words.gettext
    return _(
        "I could not read a date and an hour; nothing has changed. Please write an hour of the "
        "afternoon as 17:00."
    )


def reason_missing(words: Words) -> str:
    """Say that a reason is needed."""
    _ = words.gettext
    return _("Please say why on the second line; nothing has changed.")


def told_head(words: Words, what: str, count: int) -> str:
    """Say what was done, and how many families were told."""
    _ = words.gettext
    return _("{what} {count} families were told.").format(
        what=what, count=number(count, words.language)
    )


def _named(words: Words, workshop: Workshop, session: Session) -> dict[str, str]:
    return {
        "title": title_said(workshop, words),
        "number": number(session.number, words.language),
        "moment": jalali_moment(session.slot.starts_at, words.language),
    }


def _pressed(session_id: SessionId, verb: SessionVerb, step: str = "") -> DeskSessionPressed:
    return DeskSessionPressed(str(session_id), verb.value, step)


def _session_button(words: Words, session: Session) -> Button:
    _ = words.gettext
    return Button(_("No, go back"), _pressed(session.id, SessionVerb.CARD))


def _list_button(words: Words, workshop: Workshop) -> Button:
    _ = words.gettext
    return Button(_("🗓 Sessions"), DeskWorkshopPressed(str(workshop.id), DeskAct.SESSIONS.value))
