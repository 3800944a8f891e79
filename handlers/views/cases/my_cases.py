"""The list of one's own cases, and what is shown of somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import CaseState
from bot.kit.jalali import jalali_month_day, tehran_day
from bot.kit.text import cut, isolate, strip_bidi
from handlers.callback_data.cases import NOT_CHOSEN, CaseBegins, MyCasesPressed
from handlers.reply import Button, Reply
from handlers.views.cases.case_receipt import my_cases_button
from handlers.views.cases.case_words import (
    CaseVerb,
    case_button,
    head,
    kind_icon,
    kind_name,
    promised,
    shown_code,
    state_icon,
    state_name,
)
from handlers.views.common import code, shielded, way_back

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Dossier, QueueItem
    from bot.kit.words import Words

EXAMPLE_CODE = "K7M29-QXFAT"
_LISTED_MAX = 8
_SUBJECT_LETTERS_MAX = 30


def list_page(
    words: Words, items: list[QueueItem], page: int, now: datetime, *, is_page: bool
) -> Reply:
    """List a person's cases, those that wait for something first as they come."""
    _ = words.gettext
    if not items:
        text = _(
            "You have no cases yet. Whatever you want to tell the office, praise or complaint, is "
            "registered here day and night, and you follow it with a code."
        )
        return Reply(text, [[_begin(words)], way_back(words)], is_page=is_page)
    last = (len(items) - 1) // _LISTED_MAX
    page = min(page, last)
    shown = items[page * _LISTED_MAX : (page + 1) * _LISTED_MAX]
    lines = [_line(words, item, now) for item in shown]
    rows = [[_list_button(words, item)] for item in shown]
    turns = []
    if page > 0:
        turns.append(Button(_("Newer"), MyCasesPressed(str(page - 1))))
    if page < last:
        turns.append(Button(_("Older"), MyCasesPressed(str(page + 1))))
    heading = _("📂 <b>My cases</b>")
    foot = _("Anonymous ones are not listed here: write their code to me.")
    text = "\n\n".join([heading, *lines, foot])
    return Reply(text, [*rows, turns, [_begin(words)], way_back(words)], is_page=is_page)


def _line(words: Words, item: QueueItem, now: datetime) -> str:
    _ = words.gettext
    case = item.case
    subject = shielded(isolate(cut(_one_line(item.first_words), 80)), units_max=300)
    line = f"{state_icon(case)} {head(words, case)}\n{subject}\n{state_name(case, words)}"
    if item.due_at is not None and case.state is CaseState.OPEN:
        due = jalali_month_day(tehran_day(item.due_at), words.language)
        late = _("was due on {day}") if item.due_at < now else _("due on {day}")
        line += " · " + late.format(day=due)
    return line


def _list_button(words: Words, item: QueueItem) -> Button:
    case = item.case
    subject = cut(strip_bidi(_one_line(item.first_words)), _SUBJECT_LETTERS_MAX) or kind_name(
        case.kind, words
    )
    label = f"{state_icon(case)} {kind_icon(case.kind)} {subject}"
    return case_button(label, case, CaseVerb.SHOW)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def foreign_page(words: Words, dossier: Dossier) -> Reply:
    """Say of somebody else's case where it stands and when it is due, and nothing more."""
    _ = words.gettext
    case = dossier.case
    lines = [
        _("🔖 Tracking code: {code}").format(code=shown_code(case)),
        _("📍 Status: {state}").format(state=state_name(case, words)),
    ]
    clock = dossier.next_clock
    if clock is not None and case.state is CaseState.OPEN:
        lines.append(_("⏰ Due: {moment}").format(moment=promised(clock.promised_at, words)))
    note = _("It was registered from another account, so I can show no more of it here.")
    return Reply("\n".join(lines) + f"\n\n{note}", [way_back(words)])


def code_wanted(words: Words) -> Reply:
    """Ask for the code that /track is about."""
    _ = words.gettext
    text = _(
        "Please write the tracking code to me, such as {code}. Small letters, Persian digits and "
        "a missing dash are all fine."
    ).format(code=code(EXAMPLE_CODE))
    return Reply(text, [[my_cases_button(words)], way_back(words)])


def _begin(words: Words) -> Button:
    _ = words.gettext
    return Button(_("✍️ Write to the office"), CaseBegins(NOT_CHOSEN, NOT_CHOSEN, NOT_CHOSEN))
