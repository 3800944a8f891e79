"""Why a deadline is when it is: the days that count, the hours of each, and the pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head
from handlers.views.common import paged
from handlers.views.desk.case_menus import back_to_card
from handlers.views.desk.desk_words import clock_name
from handlers.views.office.days import day_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cases.model import Case, CountedDay, Explanation
    from bot.kit.words import Words

_HOUR_MINUTES = 60
_WEEK = 7  # days told in one paragraph


def why(words: Words, case: Case, explanations: Sequence[Explanation], page_number: int) -> Reply:
    """Show staff one page of the reasons for the promises of a case."""
    _ = words.gettext
    told = [line for explanation in explanations for line in reasons(words, explanation)]
    if told:
        told.append(_("The targets are the office's own; no agreement promises any."))
    pages = paged(told or [_("Nothing is promised in this case any more.")])
    position = min(page_number, len(pages) - 1)
    row = [
        Button(label, CaseDeskPressed.on(case.id, DeskVerb.WHY, other))
        for label, other in ((_("◀️ Previous"), position - 1), (_("Next ▶️"), position + 1))
        if 0 <= other < len(pages)
    ]
    text = "\n\n".join([head(words, case), *pages[position]])
    return Reply(text, [row, [back_to_card(words, case)]], is_page=True)


def reasons(words: Words, explanation: Explanation) -> list[str]:
    """Say from when a promise counts, which hours of which days, and what was left out."""
    _ = words.gettext
    heading = _("<b>{promise}: {when}</b>\n{span} of working time, counted from {start}.").format(
        promise=clock_name(explanation.clock.kind, words),
        when=jalali_moment(explanation.due_at, words.language),
        span=span_said(explanation.minutes, words),
        start=jalali_moment(explanation.starts_at, words.language),
    )
    pauses = [
        _("⏸ Not counted, for we waited for the citizen: {first} to {last}").format(
            first=jalali_moment(pause.starts_at, words.language),
            last=jalali_moment(pause.ends_at, words.language),
        )
        for pause in explanation.pauses
    ]
    counted = [_counted(words, day) for day in explanation.days]
    weeks = [counted[start : start + _WEEK] for start in range(0, len(counted), _WEEK)]
    return [heading, *("\n".join(week) for week in weeks), *pauses]


def _counted(words: Words, counted: CountedDay) -> str:
    """One day; a day without open hours says why."""
    _ = words.gettext
    name = day_name(counted.day, words)
    if not counted.minutes:
        return f"• {name}"
    return _("• {day} → {span}").format(day=name, span=span_said(counted.minutes, words))


def span_said(minutes: int, words: Words) -> str:
    """Say working time in hours and minutes."""
    _ = words.gettext
    hours, rest = divmod(minutes, _HOUR_MINUTES)
    parts = []
    if hours:
        parts.append(_("{count} hours").format(count=number(hours, words.language)))
    if rest or not hours:
        parts.append(_("{count} minutes").format(count=number(rest, words.language)))
    return _(" and ").join(parts)
