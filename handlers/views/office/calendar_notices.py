"""What a citizen is told when a change of the calendar moves what was promised to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_day
from handlers.reply import Reply
from handlers.views.cases.case_notices import case_rows
from handlers.views.cases.case_receipt import my_cases_button
from handlers.views.cases.case_words import head, promised
from handlers.views.common import said
from handlers.views.desk.desk_words import clock_name
from handlers.views.office.days import closure_days, occasion, reason_said, windows_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.calendar.model import ClosureDraft, Holiday
    from bot.cases.model import CaseId, Shift
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words

_CASES_MAX = 12  # they fit one message, whatever the reason is


def closed(
    words: Words, published: OfficeCatalogue, draft: ClosureDraft, shifts: Sequence[Shift]
) -> Reply:
    """Say that the office will be closed, why, and until when the citizen hears from it now."""
    _ = words.gettext
    office = said(published.office.short_name, words)
    values = {"office": office, "days": closure_days(draft, words), "reason": reason_said(draft)}
    if draft.windows:
        hours = windows_said(draft.windows, words)
        cause = _("🗓 {office} works only {hours} on {days}. Reason: {reason}").format(
            hours=hours, **values
        )
    else:
        cause = _("🗓 {office} is closed on {days}. Reason: {reason}").format(**values)
    return _moved(words, cause, shifts)


def reopened(
    words: Words, published: OfficeCatalogue, draft: ClosureDraft, shifts: Sequence[Shift]
) -> Reply:
    """Say that the office works after all."""
    _ = words.gettext
    cause = _("🗓 {office} works as usual after all on {days}.").format(
        office=said(published.office.short_name, words), days=closure_days(draft, words)
    )
    return _moved(words, cause, shifts)


def holiday_moved(words: Words, holiday: Holiday, new_day: date, shifts: Sequence[Shift]) -> Reply:
    """Say that a holiday falls on another day than the calendar printed."""
    _ = words.gettext
    cause = _("🗓 The holiday of {occasion} is on {day}, not on {old_day}.").format(
        occasion=occasion(holiday, words),
        day=jalali_day(new_day, words.language, with_weekday=True),
        old_day=jalali_day(holiday.day, words.language, with_weekday=True),
    )
    return _moved(words, cause, shifts)


def _moved(words: Words, cause: str, shifts: Sequence[Shift]) -> Reply:
    _ = words.gettext
    by_case: dict[CaseId, list[Shift]] = {}
    for shift in sorted(shifts, key=lambda shift: shift.due_at):
        by_case.setdefault(shift.case.id, []).append(shift)
    if len(by_case) > 1:
        return _several_moved(words, cause, list(by_case.values()))
    case = shifts[0].case
    parts = [
        head(words, case),
        cause,
        _("So the date of your case has moved. You can now expect:"),
        _dates(words, by_case[case.id]),
        _("You need to do nothing: your case stays registered, and I am here at any hour."),
    ]
    return Reply("\n\n".join(parts), case_rows(words, case))


def _several_moved(words: Words, cause: str, cases: Sequence[Sequence[Shift]]) -> Reply:
    """Tell somebody of all their cases in one message; the list leads to those left out."""
    _ = words.gettext
    shown = [f"{head(words, moved[0].case)}\n{_dates(words, moved)}" for moved in cases]
    count = number(len(cases), words.language)
    parts = [
        cause,
        _("So the dates of {count} of your cases have moved. You can now expect:").format(
            count=count
        ),
        *shown[:_CASES_MAX],
        _("You need to do nothing: your cases stay registered, and I am here at any hour."),
    ]
    return Reply("\n\n".join(parts), [[my_cases_button(words)]])


def _dates(words: Words, shifts: Sequence[Shift]) -> str:
    _ = words.gettext
    return "\n".join(
        _("{promise}: {moment}").format(
            promise=clock_name(shift.clock.kind, words), moment=promised(shift.due_at, words)
        )
        for shift in shifts
    )
