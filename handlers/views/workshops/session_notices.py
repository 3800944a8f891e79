"""What people are told of single sessions: cancelled, moved, owed, and close at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.citizens.model import Notice
from bot.kit.digits import number
from bot.kit.jalali import jalali_day, tehran_day
from bot.workshops.model import CheckItem, ReminderKind
from handlers.callback_data.cases import MyCasesPressed
from handlers.callback_data.checklist import CheckPressed
from handlers.reply import Button, Reply
from handlers.views.common import led, quoted, tell_button, way_back
from handlers.views.notices import mute_button
from handlers.views.workshops.registering_words import mine_button, moment_said
from handlers.views.workshops.session_words import (
    cancel_reason,
    item_button,
    item_said,
    item_trouble,
)
from handlers.views.workshops.workshop_facts import Showcase, where_fact
from handlers.views.workshops.workshop_notices import head, opened, with_calendar
from handlers.views.workshops.workshop_words import closed_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.kit.words import Words
    from bot.workshops.model import Check, ClosedDay, MakeUp, Session, SessionId
    from handlers.views.workshops.workshop_notices import Told

_UNSAID: Final = "▫️"
_DATES_SAID: Final = 15


def cancelled(told: Told, session: Session, owed: MakeUp | None) -> Reply:
    """Say that a session is not held, and until when it is to be made up for (KN-18)."""
    words = told.words
    _ = words.gettext
    assert session.cancel_reason is not None
    parts = [
        _("⛔️ The session of <b>{moment}</b> is not held: {reason}.").format(
            moment=moment_said(session.slot.starts_at, words),
            reason=cancel_reason(session.cancel_reason, words),
        ),
        head(told),
    ]
    if owed is not None:
        parts.append(
            _(
                "The office owes you a make-up class for it, and has promised it by {day}. I "
                "write to you as soon as its date is known. Thank you for your patience."
            ).format(day=_day(told, owed))
        )
    return with_calendar(told, parts, _rows(told))


def moved(
    told: Told, sessions: Sequence[Session], before: Mapping[SessionId, datetime], reason: str
) -> Reply:
    """Say the new dates of sessions beside the old ones, and why, as staff wrote it.

    Without a reason they had lost theirs to closed days (KN-20).
    """
    words = told.words
    _ = words.gettext
    parts = [
        _("🗓 A new date of this workshop:\n{dates}").format(
            dates=new_dates(words, sessions, before)
        ),
        _("Reason:") + "\n" + quoted(reason)
        if reason
        else _("The old day has become a closed one; no session is lost by it."),
        head(told),
        _("The attached file puts it into your calendar in the place of the old one."),
    ]
    return with_calendar(told, parts, _rows(told))


def new_dates(
    words: Words, sessions: Sequence[Session], before: Mapping[SessionId, datetime]
) -> str:
    """Say the new dates beside the old ones; where they are many, all stand in the list."""
    _ = words.gettext
    lines = [
        _("• instead of {old}: <b>{new}</b>").format(
            old=moment_said(before[one.id], words), new=moment_said(one.slot.starts_at, words)
        )
        for one in sessions[:_DATES_SAID]
    ]
    more = len(sessions) - len(lines)
    if more:
        lines.append(_("… and {count} more").format(count=number(more, words.language)))
    return "\n".join(lines)


def displaced(told: Told, session: Session, closed: ClosedDay) -> Reply:
    """Say that a session has lost its date to a closed day (KN-20)."""
    words = told.words
    _ = words.gettext
    parts = [
        _("🗓 The session of <b>{moment}</b> is not held on that day.").format(
            moment=moment_said(session.slot.starts_at, words)
        ),
        closed_day(closed, words),
        head(told),
        _("No session is lost by it: the office finds another date, and I write to you then."),
    ]
    return with_calendar(told, parts, _rows(told))


def made_up(told: Told, missed: Session, session: Session) -> Reply:
    """Say when a session that was cancelled is made up for."""
    words = told.words
    _ = words.gettext
    parts = [
        _("🔁 The make-up class for the session of {missed} is on <b>{moment}</b>.").format(
            missed=moment_said(missed.slot.starts_at, words),
            moment=moment_said(session.slot.starts_at, words),
        ),
        head(told),
    ]
    return with_calendar(told, parts, _rows(told))


def overdue(told: Told, missed: Session, owed: MakeUp, *, is_credit_put: bool) -> Reply:
    """Own up to a make-up that has no date although its time is over."""
    words = told.words
    _ = words.gettext
    parts = [
        _(
            "⚠️ For the session of {missed} you were to have a make-up class until {day}, and it "
            "has no date yet. This is our delay, and we are sorry. A manager has been told; the "
            "class stays owed to you."
        ).format(missed=moment_said(missed.slot.starts_at, words), day=_day(told, owed)),
        head(told),
        _(
            "You do not have to claim a credit for it: whether the office gives one has been put "
            "before its staff with this. If two of them agree, it is in your wallet here and I "
            "write to you; if they decide against it, I write you why. You can complain at any "
            "time."
        )
        if is_credit_put
        else _("If you want to complain, or to claim a credit for it, you can tell the office."),
    ]
    rows = [[tell_button(words, told.workshop.office_id)], *_rows(told)]
    return Reply("\n\n".join(parts), rows)


def waived(told: Told, missed: Session, reason: str) -> Reply:
    """Say that a make-up is no longer owed, and why."""
    words = told.words
    _ = words.gettext
    parts = [
        _("🔁 No make-up class comes for the session of {missed} any more.").format(
            missed=moment_said(missed.slot.starts_at, words)
        ),
        head(told),
        _("Reason:") + "\n" + quoted(reason),
    ]
    rows = [[tell_button(words, told.workshop.office_id)], *_rows(told)]
    return Reply("\n\n".join(parts), rows)


def reminder(
    told: Told, session: Session, kind: ReminderKind, checks: Sequence[Check] = ()
) -> Reply:
    """Remind of a session; before an online one with the steps of getting ready (KN-28..36)."""
    words = told.words
    _ = words.gettext
    begins = {
        ReminderKind.DAY: _("⏰ The next session: <b>{moment}</b>"),
        ReminderKind.HOUR: _("⏰ The session begins soon: <b>{moment}</b>"),
    }[kind]
    parts = [
        begins.format(moment=moment_said(session.slot.starts_at, words)),
        head(told),
        where_fact(
            Showcase(
                words,
                told.published,
                told.workshop,
                told.sessions,
                session.slot.starts_at,
                own=told.registrations,
            )
        ),
    ]
    rows: list[list[Button]] = []
    if told.workshop.details.online_link is not None:
        parts.append(_checklist(told, checks))
        rows = _check_rows(told, session, kind)
    parts.append(
        _(
            "Whoever stays away from a session has no make-up class for it (KN-30); for a fault "
            "of ours there is one."
        )
    )
    mute = [mute_button(words, Notice.REMINDERS)]
    return Reply("\n\n".join(parts), [*rows, *_rows(told), mute])


def help_noted(told: Told, item: CheckItem, why: str) -> Reply:
    """Say that a need of help is kept beside the session although no case could be opened."""
    _ = told.words.gettext
    parts = [
        led(
            _(
                "🆘 I have noted beside this session that you need help: “{trouble}” The office "
                "sees it beside your name when it writes down who was there."
            ).format(trouble=item_trouble(item, told.words)),
            told.words,
        ),
        _("I could not open a new case for it just now. {why}").format(why=why),
        _(
            "What you can do: press Help once more later, add a message to an open case, or see "
            "on the page of the office how else to reach it."
        ),
    ]
    cases = Button(_("📂 My cases"), MyCasesPressed("0"))
    return Reply(
        "\n\n".join(parts), [[cases], *_rows(told), way_back(told.words, told.published.office)]
    )


def _checklist(told: Told, checks: Sequence[Check]) -> str:
    words = told.words
    _ = words.gettext
    said = {one.item: "✅" if one.is_ready else "🆘" for one in checks}
    # The picture of SOS has a direction of its own, as letters have.
    lines = [
        led(f"{said.get(item, _UNSAID)} {item_said(item, words)}", words) for item in CheckItem
    ]
    return "\n".join(
        [
            _("<b>Please get ready</b>, and press for each line whether it is done:"),
            *lines,
            _("🧕 Islamic norms are kept in every workshop (KN-29)."),
        ]
    )


def _check_rows(told: Told, session: Session, kind: ReminderKind) -> list[list[Button]]:
    words, own = told.words, told.registrations[0].id
    _ = words.gettext
    return [
        [
            Button(
                f"✅ {item_button(item, words)}",
                CheckPressed.on(own, session.id, kind, item, is_ready=True),
            ),
            Button(
                led(_("🆘 Help"), words),
                CheckPressed.on(own, session.id, kind, item, is_ready=False),
            ),
        ]
        for item in CheckItem
    ]


def _day(told: Told, owed: MakeUp) -> str:
    return jalali_day(tehran_day(owed.due_at), told.words.language, with_weekday=True)


def _rows(told: Told) -> list[list[Button]]:
    return [[opened(told)], [mine_button(told.words, below=True)]]
