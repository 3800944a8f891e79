"""What a change of the calendar would move, before it is made, and what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_day, jalali_moment
from bot.kit.tracking import shown
from handlers.callback_data.closures import ConfirmPressed, DropPressed
from handlers.reply import Button, Reply
from handlers.views.common import code, said
from handlers.views.office.days import (
    calendar_button,
    closure_said,
    occasion,
    reason_said,
    scope_name,
    short_day,
)
from handlers.views.workshops.registering_words import title_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.calendar.model import ClosureDraft, Holiday
    from bot.cases.model import Shift
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from bot.workshops.model import Session, Workshop

_CASES_SHOWN = 5
_SESSIONS_SHOWN = 5


def closure_preview(
    words: Words,
    published: OfficeCatalogue,
    draft: ClosureDraft,
    shifts: Sequence[Shift],
    token: str,
    *,
    sessions: Sequence[tuple[Workshop, Session]],
    changes_hours: bool,
) -> Reply:
    """Show what a closure would move, before it is decided."""
    _ = words.gettext
    parts = [
        _("🗓 <b>{office}</b>\n{closure}").format(
            office=said(published.office.short_name, words), closure=closure_said(draft, words)
        ),
        _("Reason: {reason}\nDecided for: {scope}").format(
            reason=reason_said(draft), scope=scope_name(draft.scope, words)
        ),
    ]
    if not changes_hours:
        parts.append(_("The hours of these days stay as they are: nobody works then anyway."))
    return _preview(words, [*parts, *_shifts(words, shifts), *_lost(words, sessions)], token)


def withdrawal_preview(
    words: Words,
    published: OfficeCatalogue,
    draft: ClosureDraft,
    shifts: Sequence[Shift],
    token: str,
) -> Reply:
    """Show what it would move to take a closure back."""
    _ = words.gettext
    text = _("↩️ <b>{office}</b>\nTo be withdrawn from today on: {closure} ({reason})").format(
        office=said(published.office.short_name, words),
        closure=closure_said(draft, words),
        reason=reason_said(draft),
    )
    return _preview(words, [text, *_shifts(words, shifts)], token)


def move_preview(
    words: Words,
    moves: Sequence[tuple[Holiday, date]],
    shifts: Sequence[Shift],
    token: str,
    *,
    sessions: Sequence[tuple[Workshop, Session]],
    cases_elsewhere: int,
) -> Reply:
    """Show which holidays would move where, and what that does to the cases."""
    _ = words.gettext
    lines = [
        _("• {occasion}: {old_day} → {day}").format(
            occasion=occasion(holiday, words),
            old_day=short_day(holiday.day, words),
            day=short_day(day, words),
        )
        for holiday, day in moves
    ]
    parts = [_("🗓 <b>To be moved, for every office</b>"), "\n".join(lines)]
    parts += [*_shifts(words, shifts), *_lost(words, sessions)]
    if cases_elsewhere:
        parts.append(
            _("In other offices, cases whose dates move: {count}").format(
                count=number(cases_elsewhere, words.language)
            )
        )
    return _preview(words, parts, token)


def settled(
    words: Words, published: OfficeCatalogue, what: str, *, moved: int, told: int
) -> Reply:
    """Sum up what a confirmed change has done."""
    _ = words.gettext
    text = _("✅ {change}\nCases whose dates moved: {moved}. Citizens told: {told}.").format(
        change=what, moved=number(moved, words.language), told=number(told, words.language)
    )
    return Reply(text, [[calendar_button(words, published)]], is_page=True)


def told_elsewhere(
    words: Words, published: OfficeCatalogue, what: str, *, moved: int, told: int
) -> Reply:
    """Tell another office's desk what a moved holiday has done to its cases."""
    _ = words.gettext
    text = _(
        "🗓 {office}: {change}\nCases whose dates moved: {moved}. Citizens told: {told}."
    ).format(
        office=said(published.office.short_name, words),
        change=what,
        moved=number(moved, words.language),
        told=number(told, words.language),
    )
    return Reply(text)


def closed_now(words: Words, draft: ClosureDraft) -> str:
    """Name a closure that was decided."""
    _ = words.gettext
    return _("Decided: {closure} ({reason})").format(
        closure=closure_said(draft, words), reason=reason_said(draft)
    )


def withdrawn_now(words: Words, draft: ClosureDraft) -> str:
    """Name a closure that was withdrawn."""
    _ = words.gettext
    return _("Withdrawn from today on: {closure}").format(closure=closure_said(draft, words))


def moved_now(words: Words, holiday: Holiday, day: date) -> str:
    """Name a holiday that was moved."""
    _ = words.gettext
    return _("{occasion} is now on {day}.").format(
        occasion=occasion(holiday, words), day=jalali_day(day, words.language, with_weekday=True)
    )


def left_alone(words: Words) -> Reply:
    """Say that nothing was changed."""
    _ = words.gettext
    return Reply(_("Nothing was changed."), is_page=True)


def _preview(words: Words, parts: Sequence[str], token: str) -> Reply:
    _ = words.gettext
    buttons = [
        Button(_("✅ Confirm"), ConfirmPressed(token)),
        Button(_("✖️ Cancel"), DropPressed(token)),
    ]
    return Reply("\n\n".join(parts), [buttons], is_page=False)


def _lost(words: Words, sessions: Sequence[tuple[Workshop, Session]]) -> list[str]:
    """Name the sessions that would lose their day; nothing where there are none."""
    _ = words.gettext
    if not sessions:
        return []
    lines = [
        f"• {title_said(workshop, words)}: {jalali_moment(session.slot.starts_at, words.language)}"
        for workshop, session in sessions[:_SESSIONS_SHOWN]
    ]
    more = len(sessions) - _SESSIONS_SHOWN
    if more > 0:
        lines.append(_("… and {count} more").format(count=number(more, words.language)))
    head = _(
        "Sessions of workshops that lose their day: {count}. Other dates are proposed here after "
        "you confirm, and families are told."
    )
    return [head.format(count=number(len(sessions), words.language)), "\n".join(lines)]


def _shifts(words: Words, shifts: Sequence[Shift]) -> list[str]:
    _ = words.gettext
    first = {
        shift.case.id: shift for shift in sorted(shifts, key=lambda s: s.due_at, reverse=True)
    }
    if not first:
        return [_("No case's date moves.")]
    listed = sorted(first.values(), key=lambda shift: shift.due_at)
    lines = [
        _("• {code}: {old_moment} → {moment}").format(
            code=code(shown(shift.case.tracking_code)),
            old_moment=jalali_moment(shift.clock.promised_at, words.language, with_weekday=False),
            moment=jalali_moment(shift.due_at, words.language, with_weekday=False),
        )
        for shift in listed[:_CASES_SHOWN]
    ]
    count = number(len(first), words.language)
    head = _("Cases whose dates move: {count}. Their citizens are told once you confirm.")
    more = len(listed) - _CASES_SHOWN
    if more > 0:
        lines.append(_("… and {count} more").format(count=number(more, words.language)))
    return [head.format(count=count), "\n".join(lines)]
