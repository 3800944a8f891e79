"""The case card of the admin chat: all that an officer needs to see of a case, and to do to it.

It is for the office's own chat and in the office's language: never a citizen's name or account.
Whoever replies to it answers the citizen.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.cases.model import CaseState, MessageKind, Queue
from bot.kit.jalali import jalali_moment
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb, QueuePressed
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head as title
from handlers.views.catalogue.sources import terms_of_case
from handlers.views.common import shielded
from handlers.views.desk.desk_words import (
    clock_name,
    colleague,
    ending_name,
    service_name,
    state_name,
    time_left,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.cases.model import Case, CaseMessage, Dossier
    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words

_QUOTE_UNITS_MAX = 1400  # the messenger folds a long quote up; two of them fit one message
NAMELESS: Mapping[CitizenId, str] = MappingProxyType({})  # where colleagues are not looked up


def card(
    words: Words,
    published: OfficeCatalogue,
    dossier: Dossier,
    now: datetime,
    *,
    names: Mapping[CitizenId, str],
    head: str | None,
    is_page: bool = False,
) -> Reply:
    """Show a case to staff: what is asked, what was promised, who has it, and what can be done.

    `names` are the colleagues' names; `head` is the news for which the card is shown.
    """
    _ = words.gettext
    case = dossier.case
    lines = [] if head is None else [f"<b>{head}</b>"]
    lines += [title(words, case), "📂 " + service_name(words, published, case.service_id)]
    lines += [*_promise(words, dossier, now), *_standing(words, case, names, now)]
    lines += terms_of_case(words, published, case)
    quotes = [quote(words, message) for message in _worth_reading(dossier)]
    foot = [] if case.is_over else [_("↩️ Reply to this message to answer the citizen.")]
    return Reply("\n".join([*lines, *quotes, *foot]), _buttons(words, case), is_page=is_page)


def _promise(words: Words, dossier: Dossier, now: datetime) -> list[str]:
    """Say which promise is due next, that it is the office's own, and how much time is left."""
    _ = words.gettext
    if dossier.case.state is CaseState.WAITING:
        return [_("⏸ The deadline rests until the citizen writes.")]
    clock = dossier.next_clock
    if clock is None:
        return []
    line = _("⏰ {promise} by {when}, internal target ({left})")
    if clock.due_at < now:
        line = _("🔴 {promise} was due {when}, internal target ({left})")
    lines = [
        line.format(
            promise=clock_name(clock.kind, words),
            when=jalali_moment(clock.due_at, words.language),
            left=time_left(clock.due_at, now, words),
        )
    ]
    if clock.new_due_at is not None:
        when = jalali_moment(clock.new_due_at, words.language)
        lines.append(_("⏰ New date: {when}").format(when=when))
    return lines


def _standing(
    words: Words, case: Case, names: Mapping[CitizenId, str], now: datetime
) -> list[str]:
    """Say where a case stands, who has it, and whatever else is unusual about it."""
    _ = words.gettext
    lines = {
        _("📍 State: {state}").format(state=state_name(case.state, words)): (
            case.state is not CaseState.OPEN
        ),
        _("🏁 Ending: {ending}").format(
            ending="" if case.ending is None else ending_name(case.ending, words)
        ): case.ending is not None,
        _taken(words, case, names): case.assignee_id is not None or not case.is_over,
        _("😴 Snoozed until the citizen writes"): case.is_snoozed_until_reply,
        _snoozed(words, case, now): not case.is_snoozed_until_reply,
        _("📣 Escalated by the citizen"): case.escalated_at is not None and not case.is_over,
        _("🔧 Led to a change of the process"): case.is_process_changed,
        _("🔒 Anonymous: answers are read by the code, nobody is notified."): case.is_anonymous,
    }
    return [line for line, is_true in lines.items() if line and is_true]


def _taken(words: Words, case: Case, names: Mapping[CitizenId, str]) -> str:
    _ = words.gettext
    if case.assignee_id is None:
        return _("🙌 Nobody has taken it yet.")
    if not names:
        return _("✋ Taken by a colleague")
    return _("✋ Taken by {name}").format(name=colleague(names, case.assignee_id, words))


def _snoozed(words: Words, case: Case, now: datetime) -> str:
    _ = words.gettext
    if case.snoozed_until is None or case.snoozed_until <= now:
        return ""
    when = jalali_moment(case.snoozed_until, words.language)
    return _("😴 Snoozed until {when}").format(when=when)


def _worth_reading(dossier: Dossier) -> list[CaseMessage]:
    """The first words of the citizen, and what was said last if that is something else."""
    told = [message for message in dossier.messages if message.kind is not MessageKind.NOTE]
    words = [message for message in told if message.kind is MessageKind.WORDS]
    return [*words[:1], *(told[-1:] if told[-1:] != words[:1] else [])]


def quote(words: Words, message: CaseMessage, *, units_max: int = _QUOTE_UNITS_MAX) -> str:
    """Say who said it, and what; a corrected message is marked."""
    _ = words.gettext
    who = {
        MessageKind.WORDS: _("The citizen:"),
        MessageKind.ANSWER: _("Our answer:"),
        MessageKind.ASKED: _("We asked:"),
        MessageKind.NOTE: _("Note:"),
    }
    said = who[message.kind]
    if message.version > 1:
        said += " " + _("(corrected)")
    shown = shielded(message.text, units_max=units_max)
    return f"{said}\n<blockquote expandable>{shown}</blockquote>"


def _buttons(words: Words, case: Case) -> list[list[Button]]:
    _ = words.gettext

    def button(label: str, verb: DeskVerb) -> Button:
        return Button(label, CaseDeskPressed.on(case.id, verb))

    more = button(_("⋯ More"), DeskVerb.MORE)
    if case.is_over:
        rest = QueuePressed(case.office_id, Queue.NEW.value, "0")
        new = Button(_("📬 New cases"), rest)
        return [[button(_("📝 Note"), DeskVerb.NOTE), more], [new]]
    take = button(_("✋ Take"), DeskVerb.TAKE)
    snooze = button(_("😴 Snooze"), DeskVerb.SNOOZES)
    if case.snoozed_until is not None or case.is_snoozed_until_reply:
        snooze = button(_("🔔 Wake"), DeskVerb.WAKE)
    return [
        [*([take] if case.assignee_id is None else []), button(_("❔ Ask"), DeskVerb.ASK)],
        [button(_("💬 Ready answers"), DeskVerb.READY), button(_("📝 Note"), DeskVerb.NOTE)],
        [snooze, button(_("➡️ Transfer"), DeskVerb.MOVES)],
        [button(_("🏁 Close"), DeskVerb.ENDINGS), more],
    ]
