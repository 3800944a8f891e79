"""The page of one's own case, its messages in full, and what is said when it is acted on."""

from __future__ import annotations

from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases.model import CaseState, ClockKind, MessageKind
from bot.kit.digits import number
from bot.kit.jalali import jalali_moment
from bot.kit.text import strip_bidi
from handlers.callback_data.cases import CaseTimelinePressed, CaseWhyPressed
from handlers.reply import Button, Reply, utf16_units
from handlers.views.cases.case_receipt import my_cases_button
from handlers.views.cases.case_words import (
    CaseVerb,
    about,
    back_button,
    case_button,
    head,
    may_object,
    promise_line,
    promised,
    state_icon,
    state_name,
    words_button,
)
from handlers.views.catalogue.sources import terms_of_case
from handlers.views.common import paged, quoted, way_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.cases.model import Case, CaseMessage, Clock, Dossier
    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words
    from handlers.callback_data import Payload

FLOW = "case_words"
_PIECE_UNITS_MAX = 1500
_LATEST_UNITS_MAX = 1800


class Purpose(StrEnum):
    """What further words about a case are for: the steps of that flow."""

    WORDS = "words"
    OBJECT = "object"
    REOPEN = "reopen"
    REOPEN_WITH = "reopen_with"  # or object; the words are there, the consent is not


def case_page(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    is_page: bool,
) -> Reply:
    """Show where a case stands, what is promised, and what was said last."""
    _ = words.gettext
    case = dossier.case
    service = None if case.service_id is None else published.service(case.service_id)
    registered = jalali_moment(case.registered_at, words.language, with_weekday=False)
    lines = [
        head(words, case),
        about(words, published, service),
        _("🗓 Registered: {moment}").format(moment=registered),
        f"{state_icon(case)} " + _("Status: {state}").format(state=state_name(case, words)),
        *_promise(words, dossier, now),
        *_news(words, case),
        *terms_of_case(words, published, case),
    ]
    latest = _latest(words, dossier)
    text = "\n".join(lines) + (f"\n\n{latest}" if latest else "")
    return Reply(text, _buttons(words, dossier, now), is_page=is_page)


def _promise(words: Words, dossier: Dossier, now: datetime) -> list[str]:
    _ = words.gettext
    case, clock = dossier.case, dossier.next_clock
    if case.state is CaseState.WAITING:
        return [_("✋ The office asked you something; until you reply the deadline stands still.")]
    if case.reopenable_until is not None and now < case.reopenable_until:
        until = jalali_moment(case.reopenable_until, words.language)
        if rules.is_objectable(case, dossier.events):
            return ["⚖️ " + may_object(words, until)]
        return [_("🔁 Not solved? You can reopen it until {moment}.").format(moment=until)]
    if case.is_over or clock is None:
        return []
    if _is_late(dossier, now):
        return _late(words, clock)
    ahead = [clock, *(other for other in dossier.clocks if _is_outcome_after(other, clock))]
    return [promise_line(words, one.kind, one.promised_at) for one in ahead]


def _is_outcome_after(clock: Clock, first: Clock) -> bool:
    return clock.is_running and clock.kind is ClockKind.RESOLUTION and clock.id != first.id


def _late(words: Words, clock: Clock) -> list[str]:
    _ = words.gettext
    due = jalali_moment(clock.due_at, words.language)
    late = _("⏰ It was due on {moment}. I am sorry that the office is late.").format(moment=due)
    if clock.new_due_at is None:
        return [late]
    new = promised(clock.new_due_at, words)
    return [late, _("⏰ The new date: {moment}").format(moment=new)]


def _is_late(dossier: Dossier, now: datetime) -> bool:
    clock = dossier.next_clock
    return clock is not None and (clock.breached_at is not None or clock.due_at <= now)


def _news(words: Words, case: Case) -> list[str]:
    _ = words.gettext
    lines = []
    if case.escalated_at is not None and not case.is_over:
        lines.append(_("📣 The manager of the office knows of it."))
    if case.is_process_changed:
        lines.append(_("🌱 What you wrote has changed how the office works."))
    return lines


def _latest(words: Words, dossier: Dossier) -> str:
    """Show the last message; the reason of an ending is the last word, if there is one."""
    _ = words.gettext
    case = dossier.case
    if case.is_over and case.ending_reason:
        reason = quoted(case.ending_reason, units_max=_LATEST_UNITS_MAX)
        return _("The office explains:") + "\n" + reason
    told = _told(dossier)
    if not told:
        return ""
    last = told[-1]
    return f"{_said_by(words, last)}\n{quoted(last.text, units_max=_LATEST_UNITS_MAX)}"


def _buttons(words: Words, dossier: Dossier, now: datetime) -> list[list[Button]]:
    _ = words.gettext
    case = dossier.case
    messages = _of(
        case,
        _("📜 Messages ({count})").format(count=number(len(_told(dossier)), words.language)),
        CaseTimelinePressed(case.tracking_code, "0"),
    )
    rows = []
    if not case.is_over:
        rows.append([words_button(words, case)])
        if rules.is_late(case, dossier.clocks, now) and case.escalated_at is None:
            rows.append([case_button(_("📣 Bring it to the manager"), case, CaseVerb.ESCALATE)])
        withdraw = case_button(_("🗑 Withdraw it"), case, CaseVerb.WITHDRAW)
        why = _of(case, _("❔ Why this date?"), CaseWhyPressed(case.tracking_code, "0"))
        rows += [[messages, why], [withdraw]]
    else:
        rows += [[button] for button in _disagreement(words, dossier, now)]
        rows.append([messages])
    refresh = case_button(_("🔄 Refresh"), case, CaseVerb.SHOW)
    rows.append([refresh, *([] if case.is_anonymous else [my_cases_button(words)])])
    return [*rows, way_back(words)]


def _of(case: Case, label: str, payload: Payload) -> Button:
    return Button(label, payload, is_own=not case.is_anonymous)


def _disagreement(words: Words, dossier: Dossier, now: datetime) -> list[Button]:
    _ = words.gettext
    case = dossier.case
    if case.reopenable_until is None or case.reopenable_until <= now:
        return []
    if rules.is_objectable(case, dossier.events):
        return [case_button(_("⚖️ I object"), case, CaseVerb.OBJECT)]
    return [case_button(_("🔁 Not solved yet"), case, CaseVerb.REOPEN)]


def timeline(words: Words, dossier: Dossier, page: int) -> Reply:
    """Tell every message in full, from the first on."""
    _ = words.gettext
    pages = paged(list(_paragraphs(words, dossier)) or [_("There are no messages.")])
    page = min(page, len(pages) - 1)
    case = dossier.case
    turns = []
    if page > 0:
        before = CaseTimelinePressed(case.tracking_code, str(page - 1))
        turns.append(_of(case, _("Earlier"), before))
    if page < len(pages) - 1:
        after = CaseTimelinePressed(case.tracking_code, str(page + 1))
        turns.append(_of(case, _("More"), after))
    rows = [turns, [back_button(words, case)]]
    return Reply("\n\n".join([head(words, case), *pages[page]]), rows, is_page=True)


def _told(dossier: Dossier) -> list[CaseMessage]:
    """The messages that are for the citizen; notes are among staff."""
    return [message for message in dossier.messages if message.kind is not MessageKind.NOTE]


def _paragraphs(words: Words, dossier: Dossier) -> Iterator[str]:
    for message in _told(dossier):
        for position, piece in enumerate(_pieces(message.text)):
            shown = f"<blockquote>{piece}</blockquote>"
            yield f"{_said_by(words, message)}\n{shown}" if position == 0 else shown


def _said_by(words: Words, message: CaseMessage) -> str:
    _ = words.gettext
    who = {
        MessageKind.WORDS: _("<b>You</b>, {moment}"),
        MessageKind.ANSWER: _("<b>The office</b>, {moment}"),
        MessageKind.ASKED: _("<b>The office asks</b>, {moment}"),
    }
    moment = jalali_moment(message.said_at, words.language, with_weekday=False)
    line = who[message.kind].format(moment=moment)
    return line if message.version == 1 else f"{line} " + _("(corrected)")


def _pieces(text: str) -> Iterator[str]:
    """Part a text so that each piece fits a message however much of it is markup."""
    rest = strip_bidi(text).strip()
    while rest:
        size = min(_PIECE_UNITS_MAX, len(rest))
        while utf16_units(escape(rest[:size], quote=False)) > _PIECE_UNITS_MAX:
            size = size * 3 // 4
        if size < len(rest):
            size = max(rest.rfind(" ", 0, size), size // 2)
        yield escape(rest[:size], quote=False)
        rest = rest[size:]
