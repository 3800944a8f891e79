"""A closure as an officer types it, and as a prompt for its reason remembers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.calendar.errors import DayUnreadable
from bot.calendar.model import ClosureDraft, ClosureScope, Window
from bot.calendar.use_cases import REASON_CHARACTERS_MAX
from bot.cases.errors import ReasonMissing
from bot.kit.identity import masked
from bot.kit.text import cut, normalise, strip_bidi
from bot.kit.typed import take_days, take_hours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalogue.model import OfficeCatalogue
    from bot.kit.words import Words

SUBJECT: Final = "do:close"
AHEAD_MAX: Final = timedelta(days=366)
_LENGTH_MAX: Final = timedelta(days=31)
_WINDOWS_MAX: Final = 2  # what fits into the subject of a prompt
_NAME_WORDS_MAX: Final = 6
_DAY, _TIME = "%y%m%d", "%H%M"
_SCOPES: Final = {scope.value[0]: scope for scope in ClosureScope}


def office_named(typed: str, offices: Sequence[OfficeCatalogue]) -> tuple[str | None, str]:
    """Read the office that a line begins with, if it does, and give the rest of the line."""
    names = {
        normalise(name): published.office.id
        for published in offices
        for name in published.office.names
    }
    words = typed.split()
    for count in range(min(len(words), _NAME_WORDS_MAX), 0, -1):
        found = names.get(normalise(" ".join(words[:count])))
        if found is not None:
            return found, " ".join(words[count:])
    return None, typed


def draft_in(line: str, office_id: str, today: date, words: Words) -> ClosureDraft:
    """Read days, hours, for whom it was decided, and the reason, which may be missing.

    Raises DayUnreadable.
    """
    taken = take_days(line, today)
    if taken is None:
        raise DayUnreadable(line)
    first_on, last_on, rest = taken
    if last_on - first_on > _LENGTH_MAX or first_on > today + AHEAD_MAX:
        raise DayUnreadable(line)
    hours = take_hours(rest)
    if hours is None or len(hours[0]) > _WINDOWS_MAX:
        raise DayUnreadable(rest)
    windows = tuple(Window(opens, closes) for opens, closes in hours[0])
    scope, reason = _scope_in(hours[1], words)
    reason = shown_reason(reason)
    return ClosureDraft(office_id, scope, first_on, last_on, windows, reason)


def _scope_in(line: str, words: Words) -> tuple[ClosureScope, str]:
    _ = words.gettext
    first, _space, rest = line.partition(" ")
    said = {
        ClosureScope.PROVINCE: ("province", _("province")),
        ClosureScope.COUNTRY: ("country", _("country")),
    }
    for scope, names in said.items():
        if normalise(first) in map(normalise, names):
            return scope, rest
    return ClosureScope.OFFICE, line


def shown_reason(typed: str) -> str:
    """Bring a reason to one line that turns no text around it and tells nobody's number."""
    readable = masked(strip_bidi(typed).encode("utf-8", "ignore").decode())
    return cut(" ".join(readable.split()), REASON_CHARACTERS_MAX)


def subject_of(draft: ClosureDraft) -> str:
    """Write a draft without its reason, for the message that asks for it."""
    windows = "".join(f"{window.opens:{_TIME}}{window.closes:{_TIME}}" for window in draft.windows)
    days = f"{draft.first_on:{_DAY}}{draft.last_on:{_DAY}}"
    return f"{SUBJECT}:{draft.office_id}:{days}:{draft.scope.value[0]}{windows}"


def draft_of(subject: str, reason: str) -> ClosureDraft:
    """Read a draft back from what our own prompt was about; raises ReasonMissing."""
    office_id, days, scope_and_hours = subject.removeprefix(f"{SUBJECT}:").split(":")
    scope, hours = _SCOPES[scope_and_hours[0]], scope_and_hours[1:]
    first_on, last_on = (_day(part) for part in (days[:6], days[6:]))
    draft = ClosureDraft(office_id, scope, first_on, last_on, (), shown_reason(reason))
    if not draft.reason:
        raise ReasonMissing
    windows = (_window(hours[start : start + 8]) for start in range(0, len(hours), 8))
    return replace(draft, windows=tuple(windows))


def as_kept(draft: ClosureDraft) -> dict[str, object]:
    """Write a draft as the values of a flow."""
    return {
        "office_id": draft.office_id,
        "scope": draft.scope.value,
        "first_on": draft.first_on.isoformat(),
        "last_on": draft.last_on.isoformat(),
        "windows": [f"{window.opens:{_TIME}}{window.closes:{_TIME}}" for window in draft.windows],
        "reason": draft.reason,
    }


def from_kept(kept: dict[str, object]) -> ClosureDraft:
    """Read a draft back from the values of a flow."""
    windows = kept["windows"]
    assert isinstance(windows, list)
    return ClosureDraft(
        office_id=str(kept["office_id"]),
        scope=ClosureScope(str(kept["scope"])),
        first_on=date.fromisoformat(str(kept["first_on"])),
        last_on=date.fromisoformat(str(kept["last_on"])),
        windows=tuple(_window(str(written)) for written in windows),
        reason=str(kept["reason"]),
    )


def _day(written: str) -> date:
    return datetime.strptime(written, _DAY).date()  # noqa: DTZ007 - a day has no zone


def _window(written: str) -> Window:
    return Window(time.fromisoformat(written[:4]), time.fromisoformat(written[4:]))
