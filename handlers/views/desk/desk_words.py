"""How the staff desk names things: states, endings, lists, actions, and the time that is left."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.cases.model import Action, CaseState, ClockKind, Ending, Queue
from bot.kit.digits import number
from bot.kit.text import cut, isolate
from handlers.views.common import said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from bot.citizens.model import CitizenId
    from bot.kit.words import Words

_TITLE_UNITS_MAX = 80
_HOUR_SECONDS = 3600
_DAY_SECONDS = 24 * _HOUR_SECONDS


def state_name(state: CaseState, words: Words) -> str:
    """Name a state as staff see it."""
    _ = words.gettext
    names = {
        CaseState.OPEN: _("open, our turn"),
        CaseState.WAITING: _("waiting for the citizen"),
        CaseState.ANSWERED: _("ended; the citizen has ten days to object"),
        CaseState.CLOSED: _("closed"),
    }
    return names[state]


def ending_name(ending: Ending, words: Words) -> str:
    """Name how a case ended."""
    _ = words.gettext
    names = {
        Ending.DONE: _("Done"),
        Ending.ANSWERED: _("Answered"),
        Ending.CANNOT_BE_DONE: _("Cannot be done"),
        Ending.WITHDRAWN: _("Withdrawn by the citizen"),
        Ending.MERGED: _("Merged into another case"),
    }
    return names[ending]


def clock_name(kind: ClockKind, words: Words) -> str:
    """Name what is promised."""
    _ = words.gettext
    names = {
        ClockKind.FIRST_RESPONSE: _("First answer"),
        ClockKind.NEXT_RESPONSE: _("Next answer"),
        ClockKind.RESOLUTION: _("Solution"),
    }
    return names[kind]


def queue_name(queue: Queue, words: Words) -> str:
    """Name a list of the staff desk."""
    _ = words.gettext
    names = {
        Queue.NEW: _("📬 New"),
        Queue.MINE: _("✋ Mine"),
        Queue.OPEN: _("📂 Open cases"),
        Queue.DUE: _("⏰ Due soon"),
        Queue.LATE: _("🔴 Late"),
        Queue.WAITING: _("⏸ Waiting for the citizen"),
        Queue.SNOOZED: _("😴 Snoozed"),
        Queue.ANSWERED: _("✅ Ended"),
        Queue.ESCALATED: _("📣 Escalated"),
        Queue.RECENT: _("📥 Registered in seven days"),
    }
    return names[queue]


def action_name(action: Action, words: Words, *, is_staff: bool = True) -> str:
    """Name a line of the history."""
    _ = words.gettext
    names = {
        Action.REGISTERED: _("Registered"),
        Action.WORDS_ADDED: _("The citizen wrote"),
        Action.WORDS_REVISED: (
            _("Our words corrected") if is_staff else _("The citizen corrected their words")
        ),
        Action.TAKEN: _("Taken"),
        Action.RELEASED: _("Given back"),
        Action.REPLIED: _("Answered the citizen"),
        Action.ASKED: _("Asked the citizen"),
        Action.NOTED: _("Note"),
        Action.SNOOZED: _("Snoozed"),
        Action.WOKEN: _("Woken"),
        Action.TRANSFERRED: _("Transferred"),
        Action.ENDED: _("Ended"),
        Action.CLOSED: _("Closed"),
        Action.OBJECTED: _("The citizen objected"),
        Action.REOPENED: _("The citizen reopened it"),
        Action.ESCALATED: _("The citizen escalated it"),
        Action.MERGED: _("Merged"),
        Action.PROCESS_CHANGED: _("The process was changed"),
        Action.DEADLINE_MOVED: _("The deadline moved"),
        Action.LATE: _("Became late"),
        Action.PRIVATE: _("The author's account was detached"),
    }
    return names[action]


def service_name(words: Words, published: OfficeCatalogue, service_id: str | None) -> str:
    """Name the office and the service of a case, safe for the messenger's HTML."""
    office = said(published.office.short_name, words)
    service = None if service_id is None else published.service(service_id)
    if service is None:
        return office
    title = cut(service.title.in_language(words.language), _TITLE_UNITS_MAX)
    return f"{office}: {escape(title, quote=False)}"


def colleague(names: Mapping[CitizenId, str], id_: CitizenId, words: Words) -> str:
    """Name a colleague, safe for the messenger's HTML; who has left has no name any more."""
    _ = words.gettext
    name = names.get(id_)
    if name is None:
        return _("a former colleague")
    return escape(isolate(cut(name, 60)), quote=False)


def time_left(moment: datetime, now: datetime, words: Words) -> str:
    """Say how much time is left until a promised moment, or how late it is, in plain words."""
    _ = words.gettext
    seconds = int((moment - now).total_seconds())
    span = _span(abs(seconds), words)
    if seconds < 0:
        return _("late by {span}").format(span=span)
    return _("{span} left").format(span=span)


def _span(seconds: int, words: Words) -> str:
    _ = words.gettext
    if seconds < _HOUR_SECONDS:
        return _("{count} min").format(count=number(max(1, seconds // 60), words.language))
    if seconds < 2 * _DAY_SECONDS:
        return _("{count} h").format(count=number(seconds // _HOUR_SECONDS, words.language))
    return _("{count} d").format(count=number(seconds // _DAY_SECONDS, words.language))
