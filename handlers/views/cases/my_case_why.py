"""Why a promise has its date, told to the citizen: the days that count, and those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import CaseState
from bot.kit.jalali import jalali_moment
from handlers.callback_data.cases import CaseWhyPressed
from handlers.reply import Button, Reply
from handlers.views.cases.case_why import span_said
from handlers.views.cases.case_words import back_button, head, promise_line
from handlers.views.common import paged
from handlers.views.office.days import day_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cases.model import Case, CountedDay, Explanation
    from bot.kit.words import Words

_PAGE_UNITS_MAX = 2500
_WEEK = 7  # days told in one paragraph


def why_page(
    words: Words,
    case: Case,
    explanations: Sequence[Explanation],
    page: int,
    *,
    is_page: bool,
) -> Reply:
    """Explain what is promised, day by day; what comes first is explained first."""
    _ = words.gettext
    paragraphs = [_("❔ <b>Why this date?</b>")]
    for position, explanation in enumerate(explanations):
        paragraphs += _beginning(words, explanation, is_first=position == 0)
        days = [_day_line(words, counted) for counted in explanation.days]
        paragraphs += ["\n".join(days[at : at + _WEEK]) for at in range(0, len(days), _WEEK)]
        paragraphs += _pauses(words, explanation)
        if case.state is not CaseState.WAITING:
            clock = explanation.clock.kind
            paragraphs.append(promise_line(words, clock, explanation.due_at))
    if case.state is CaseState.WAITING:
        paragraphs.append(
            _("✋ The office asked you something; until you reply the deadline stands still.")
        )
    pages = paged(paragraphs, units_max=_PAGE_UNITS_MAX)
    page = min(page, len(pages) - 1)
    turns = []
    if page > 0:
        before = CaseWhyPressed(case.tracking_code, str(page - 1))
        turns.append(Button(_("Earlier"), before, is_own=not case.is_anonymous))
    if page < len(pages) - 1:
        after = CaseWhyPressed(case.tracking_code, str(page + 1))
        turns.append(Button(_("More"), after, is_own=not case.is_anonymous))
    text = "\n\n".join([head(words, case), *pages[page]])
    return Reply(text, [turns, [back_button(words, case)]], is_page=is_page)


def _beginning(words: Words, explanation: Explanation, *, is_first: bool) -> list[str]:
    """Say from when is counted, and how much; and that the measure is the office's own."""
    _ = words.gettext
    about = (
        _(
            "The documents of the office promise no time, so it has set itself a target: {span} "
            "of working time, counted from {moment}. Only the hours in which people are at their "
            "desks count."
        )
        if is_first
        else _("And for the outcome: {span} of working time, counted from {moment}.")
    )
    parts = [
        about.format(
            span=span_said(explanation.minutes, words),
            moment=jalali_moment(explanation.starts_at, words.language),
        )
    ]
    if explanation.clock.extended_at is not None:
        due = jalali_moment(explanation.clock.due_at, words.language)
        missed = _("The first date, {moment}, was missed, so it is counted anew.")
        parts.append(missed.format(moment=due))
    return parts


def _day_line(words: Words, counted: CountedDay) -> str:
    _ = words.gettext
    name = day_name(counted.day, words)
    if counted.minutes:
        return _("▪️ {day}; {span} of it count").format(
            day=name, span=span_said(counted.minutes, words)
        )
    if counted.day.spans:
        return _("▫️ {day}; nothing of it counts").format(day=name)
    return f"▫️ {name}"


def _pauses(words: Words, explanation: Explanation) -> list[str]:
    _ = words.gettext
    line = _("⏸ Not counted, because the office waited for your reply: {first} to {last}")
    return [
        line.format(
            first=jalali_moment(pause.starts_at, words.language, with_weekday=False),
            last=jalali_moment(pause.ends_at, words.language, with_weekday=False),
        )
        for pause in explanation.pauses
    ]
