"""Reading what staff typed about a workshop: line by line, and all that is wrong at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.kit.amounts import read_amount
from bot.kit.clock import TEHRAN
from bot.kit.digits import latin_digits
from bot.kit.text import normalise
from bot.kit.typed import read_weekdays, spelled_hours, take_days, take_hours
from bot.workshops.errors import FormUnreadable
from bot.workshops.model import FormField, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from bot.workshops.model import Details, FilledForm

_NUMBER: Final = re.compile(r"\d{1,9}")
_CLOCK: Final = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_TEXTS: Final = {
    FormField.TITLE: "title",
    FormField.DESCRIPTION: "description",
    FormField.SUBJECT: "subject",
    FormField.INSTRUCTOR: "instructor",
    FormField.PROVINCE: "province",
    FormField.LINK: "online_link",
    FormField.VENUE: "venue",
}
PLAN: Final = (FormField.FIRST_ON, FormField.WEEKDAYS, FormField.HOURS, FormField.COUNT)
_TWO: Final = 2


def with_form(
    details: Details, form: Mapping[FormField, str], today: date, free_words: frozenset[str]
) -> Details:
    """Put what a form says into the parts of a workshop; what it leaves out stays.

    `free_words` are those for a fee of nothing. Raises FormUnreadable with every line that could
    not be read.
    """
    readers: dict[FormField, Callable[[str], dict[str, object]]] = {
        FormField.AGES: _ages,
        FormField.FEE: lambda typed: {"fee_rial": _fee(typed, free_words)},
        FormField.PLACES: lambda typed: {"places": _number(typed)},
        FormField.QUORUM: lambda typed: {"quorum": _number(typed)},
        FormField.OPENS: lambda typed: {"opens_at": _moment(typed, today, is_end=False)},
        FormField.CLOSES: lambda typed: {"closes_at": _moment(typed, today, is_end=True)},
    }
    changes: dict[str, Any] = {}
    unread: list[FormField] = []
    for line, typed in form.items():
        if line in _TEXTS:
            changes[_TEXTS[line]] = typed
        elif line in readers:
            try:
                changes |= readers[line](typed)
            except ValueError:
                unread.append(line)
    if unread:
        raise FormUnreadable(tuple(unread))
    return replace(details, **changes)


def read_form(
    details: Details, filled: FilledForm, today: date, free_words: frozenset[str]
) -> tuple[Details, Plan | None]:
    """Read the parts of a workshop and the plan of its sessions, if there is one.

    Raises FormUnreadable with all that is wrong with either, and with what is not of the form.
    """
    changed, plan, unread = details, None, list[FormField]()
    try:
        changed = with_form(details, filled.lines, today, free_words)
    except FormUnreadable as error:
        unread += error.lines
    try:
        plan = _plan_of(filled.lines, today)
    except FormUnreadable as error:
        unread += error.lines
    if unread or filled.unknown:
        raise FormUnreadable(tuple(unread), filled.unknown)
    return changed, plan


def _plan_of(form: Mapping[FormField, str], today: date) -> Plan | None:
    """Read the plan of the sessions; None where the form says nothing of it.

    Raises FormUnreadable with every line of it that is missing or could not be read.
    """
    if not any(line in form for line in PLAN):
        return None
    unread = [line for line in PLAN if line not in form]
    day = take_days(form.get(FormField.FIRST_ON, ""), today)
    weekdays = read_weekdays(form.get(FormField.WEEKDAYS, ""))
    hours = take_hours(spelled_hours(form.get(FormField.HOURS, "")))
    count = _NUMBER.search(latin_digits(form.get(FormField.COUNT, "")))
    if day is None or day[0] != day[1] or day[2]:
        unread.append(FormField.FIRST_ON)
    if not weekdays:
        unread.append(FormField.WEEKDAYS)
    if hours is None or len(hours[0]) != 1 or hours[1]:
        unread.append(FormField.HOURS)
    if count is None:
        unread.append(FormField.COUNT)
    if unread or day is None or weekdays is None or hours is None or count is None:
        raise FormUnreadable(tuple(dict.fromkeys(line for line in PLAN if line in unread)))
    ((starts, ends),) = hours[0]
    return Plan(
        first_on=day[0],
        weekdays=weekdays,
        starts=starts,
        minutes=_minutes(ends) - _minutes(starts),
        session_count=int(count.group()),
    )


def read_moment(typed: str, today: date) -> datetime | None:
    """Read a day, with an hour if one is said; a day alone ends with it. None for no moment."""
    try:
        return _moment(typed, today, is_end=True)
    except ValueError:
        return None


def read_start(typed: str, today: date) -> datetime | None:
    """Read when a session begins; a day without an hour is not enough, nor is midnight."""
    moment = read_moment(typed, today)
    if moment is None or moment.astimezone(TEHRAN).time() == time():
        return None
    return moment


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _number(typed: str) -> int:
    found: list[str] = _NUMBER.findall(latin_digits(typed))
    if len(found) != 1:
        raise ValueError
    return int(found[0])


def _ages(typed: str) -> dict[str, object]:
    found: list[str] = _NUMBER.findall(latin_digits(typed))
    if not 1 <= len(found) <= _TWO:
        raise ValueError
    return {"age_min": int(found[0]), "age_max": int(found[1]) if len(found) == _TWO else None}


def _fee(typed: str, free_words: frozenset[str]) -> int:
    if normalise(typed) in free_words:
        return 0
    amount = read_amount(typed)
    if amount is None or amount.rials is None:
        raise ValueError
    return amount.rials


def _moment(typed: str, today: date, *, is_end: bool) -> datetime:
    read = take_days(typed, today)
    if read is None or read[0] != read[1]:
        raise ValueError
    day, rest = read[0], spelled_hours(read[2])
    found = _CLOCK.search(rest)
    if found is None:
        if rest:
            raise ValueError
        moment = datetime.combine(day + timedelta(days=is_end), time(), TEHRAN)
    else:
        at = time(int(found[1]), int(found[2]))
        moment = datetime.combine(day, at, TEHRAN)
    return moment.astimezone(UTC)
