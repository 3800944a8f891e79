"""The history of a case for staff: every message in full, every step, who took it and when."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from bot.cases.model import Action, ClockKind, Ending, MessageKind
from bot.kit.jalali import jalali_moment
from bot.kit.text import cut, isolate
from handlers.callback_data.desk import CaseDeskPressed, DeskVerb
from handlers.reply import Button, Reply
from handlers.views.cases.case_words import head
from handlers.views.common import paged
from handlers.views.desk.case_card import quote
from handlers.views.desk.case_menus import back_to_card
from handlers.views.desk.desk_words import action_name, clock_name, colleague, ending_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.cases.model import CaseMessage, Dossier, Event
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words

_TEXT_UNITS_MAX = 2600  # what may be said in one message, with room for its markup
_NOTE_UNITS_MAX = 300
_TOLD_BY_MESSAGES = (Action.WORDS_ADDED, Action.REPLIED, Action.ASKED, Action.NOTED)


def history(
    words: Words, dossier: Dossier, names: Mapping[CitizenId, str], page_number: int
) -> Reply:
    """Show one page of a case's history, the newest first."""
    _ = words.gettext
    told: list[tuple[datetime, int, str]] = [
        (event.at, 0, _step(words, event, names))
        for event in dossier.events
        if event.action not in _TOLD_BY_MESSAGES or event.note
    ]
    told += [(message.said_at, 1, _message(words, message, names)) for message in dossier.messages]
    told.sort(key=lambda line: line[:2], reverse=True)
    pages = paged([text for _at, _rank, text in told])
    position = min(page_number, len(pages) - 1)
    row = []
    for label, other in ((_("◀️ Newer"), position - 1), (_("Older ▶️"), position + 1)):
        if 0 <= other < len(pages):
            row.append(Button(label, CaseDeskPressed.on(dossier.case.id, DeskVerb.HISTORY, other)))
    heading = f"{head(words, dossier.case)}\n" + _("🕘 History, newest first")
    text = "\n\n".join([heading, *pages[position]])
    return Reply(text, [row, [back_to_card(words, dossier.case)]], is_page=True)


def _step(words: Words, event: Event, names: Mapping[CitizenId, str]) -> str:
    """One step; the citizen's own steps name nobody."""
    _ = words.gettext
    is_staff = event.role is not None and event.actor_id is not None
    line = f"<b>{action_name(event.action, words, is_staff=is_staff)}</b> · "
    line += jalali_moment(event.at, words.language)
    if is_staff and event.actor_id is not None:
        line += " · " + colleague(names, event.actor_id, words)
    note = _note(words, event)
    return f"{line}\n{note}" if note else line


def _message(words: Words, message: CaseMessage, names: Mapping[CitizenId, str]) -> str:
    """What was said, when, and by which colleague."""
    line = jalali_moment(message.said_at, words.language)
    if message.author_id is not None and message.kind is not MessageKind.WORDS:
        line += " · " + colleague(names, message.author_id, words)
    return f"{line}\n{quote(words, message, units_max=_TEXT_UNITS_MAX)}"


def _note(words: Words, event: Event) -> str:
    """Say the note of a step; some hold moments and names of ours, as the program writes them."""
    _ = words.gettext
    note = event.note or ""
    if event.action is Action.SNOOZED:
        if not note:
            return _("until the citizen writes")
        return _("until {when}").format(when=_moment(note, words))
    if event.action in (Action.LATE, Action.DEADLINE_MOVED) and note:
        kind, before, after = note.split(" ")
        return _("{promise}: {before}, now {after}").format(
            promise=clock_name(ClockKind(kind), words),
            before=_moment(before, words),
            after=_moment(after, words),
        )
    if event.action is Action.ENDED and note:
        ending, colon, reason = note.partition(": ")
        note = ending_name(Ending(ending), words) + colon + reason
    return escape(isolate(cut(note, _NOTE_UNITS_MAX)), quote=False) if note else ""


def _moment(written: str, words: Words) -> str:
    return jalali_moment(datetime.fromisoformat(written), words.language)
