"""What can be done to a case when, what is promised, and what stops a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.calendar.model import Span
from bot.calendar.rules import add_working_time, days, working_minutes
from bot.cases.errors import (
    AlreadyEscalated,
    CaseIsOver,
    CaseNotOver,
    NotLate,
    TextMissing,
    TextTooLongForCase,
    TooLateToReopen,
    WrongState,
)
from bot.cases.model import (
    REOPENED_WITHIN,
    TEXT_UNITS_MAX,
    Action,
    CaseState,
    ClockKind,
    CountedDay,
    Ending,
    Explanation,
    MessageKind,
    Sight,
)
from bot.kit.clock import TEHRAN
from bot.kit.identity import masked
from bot.kit.jalali import tehran_day
from bot.kit.text import normalise, strip_bidi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case, Clock, Dossier, Event, Policy

_ANY: Final = frozenset(CaseState)
_GOING_ON: Final = frozenset({CaseState.OPEN, CaseState.WAITING})
_OPEN: Final = frozenset({CaseState.OPEN})
_ANSWERED: Final = frozenset({CaseState.ANSWERED})

# In which states an action may happen; what is not named here begins a case.
ALLOWED_IN: Final[Mapping[Action, frozenset[CaseState]]] = {
    Action.WORDS_ADDED: _GOING_ON,
    Action.WORDS_REVISED: _GOING_ON | _ANSWERED,
    Action.TAKEN: _GOING_ON,
    Action.RELEASED: _GOING_ON,
    Action.REPLIED: _GOING_ON,
    Action.ASKED: _GOING_ON,
    Action.NOTED: _ANY,
    Action.SNOOZED: _GOING_ON,
    Action.WOKEN: _GOING_ON,
    Action.TRANSFERRED: _GOING_ON,
    Action.ENDED: _GOING_ON,
    Action.CLOSED: _ANSWERED,
    Action.OBJECTED: _ANSWERED,
    Action.REOPENED: _ANSWERED,
    Action.ESCALATED: _GOING_ON,
    Action.MERGED: _GOING_ON,
    Action.PROCESS_CHANGED: _ANY,
    Action.DEADLINE_MOVED: _OPEN,
    Action.LATE: _OPEN,
    Action.PRIVATE: _ANY,
}
_LEADS_TO: Final[Mapping[Action, CaseState]] = {
    Action.REGISTERED: CaseState.OPEN,
    Action.WORDS_ADDED: CaseState.OPEN,
    Action.REPLIED: CaseState.OPEN,  # Who answers without asking has the next word again.
    Action.ASKED: CaseState.WAITING,
    Action.ENDED: CaseState.ANSWERED,
    Action.MERGED: CaseState.ANSWERED,  # The author may say that theirs is another matter.
    Action.OBJECTED: CaseState.OPEN,
    Action.REOPENED: CaseState.OPEN,
    Action.CLOSED: CaseState.CLOSED,
}
PAUSING: Final = frozenset(_LEADS_TO)  # what `pauses_from` looks at
_ENDS_A_PAUSE: Final = PAUSING - {Action.ASKED}
RESPONSES: Final = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
_DOUBLINGS_MAX: Final = 4


def state_after(action: Action, state: CaseState) -> CaseState:
    """Say where a case stands after an action; most leave it where it was."""
    return _LEADS_TO.get(action, state)


def ensure_allowed(case: Case, action: Action) -> None:
    """Refuse what the state of the case no longer allows, with WrongState."""
    if case.state not in ALLOWED_IN[action]:
        raise WrongState(case.state)


def ensure_going_on(case: Case, now: datetime) -> None:
    """Refuse a citizen's words on a case that has ended, and say until when it can be reopened."""
    if case.is_over:
        until = case.reopenable_until
        raise CaseIsOver(case.tracking_code, until if until is not None and now < until else None)


def ensure_reopenable(case: Case, now: datetime) -> None:
    """Refuse to reopen what has not ended, what the citizen withdrew, and after ten days."""
    if not case.is_over:
        raise CaseNotOver(case.tracking_code)
    if case.ending is Ending.WITHDRAWN:
        raise CaseIsOver(case.tracking_code, until=None)
    assert case.ended_at is not None
    closed_at = case.ended_at + REOPENED_WITHIN
    if case.state is CaseState.CLOSED or now >= closed_at:
        raise TooLateToReopen(case.tracking_code, closed_at)


def ensure_objectable(case: Case, events: Sequence[Event], now: datetime) -> None:
    """Refuse an objection to anything but a rejection, and a second one."""
    ensure_reopenable(case, now)
    if not is_objectable(case, events):
        raise WrongState(case.state)


def is_objectable(case: Case, events: Sequence[Event]) -> bool:
    """True for a rejection to which nobody has objected yet: it is disagreed with so, once."""
    acts = {event.action for event in events}
    return case.ending is Ending.CANNOT_BE_DONE and Action.OBJECTED not in acts


def is_late(case: Case, clocks: Sequence[Clock], now: datetime) -> bool:
    """True where a promise is broken; one that stands still only if it was broken before."""
    is_counting = case.state is CaseState.OPEN
    return not case.is_over and any(
        clock.is_running
        and (clock.breached_at is not None or (is_counting and clock.due_at <= now))
        for clock in clocks
    )


def ensure_escalatable(case: Case, clocks: Sequence[Clock], now: datetime) -> None:
    """Refuse to escalate what is not late, and a second time."""
    ensure_going_on(case, now)
    if case.escalated_at is not None:
        raise AlreadyEscalated(case.tracking_code)
    if not is_late(case, clocks, now):
        raise NotLate(case.tracking_code)


def fit_text(text: str) -> str:
    """Prepare a text to be kept; raises TextMissing and TextTooLongForCase."""
    fit = strip_bidi(text).replace("\0", "").strip()
    if not normalise(fit):
        raise TextMissing
    units = len(fit.encode("utf-16-le", "surrogatepass")) // 2
    if units > TEXT_UNITS_MAX:
        raise TextTooLongForCase(units, TEXT_UNITS_MAX)
    return fit


def fit_words(text: str, known: AbstractSet[str]) -> str:
    """Prepare a citizen's words: numbers that name a person or their money are not kept."""
    return masked(fit_text(text), known=known)


def target_minutes(policy: Policy, kind: ClockKind) -> int:
    """Find the target of a promise."""
    match kind:
        case ClockKind.FIRST_RESPONSE:
            return policy.first_response_minutes
        case ClockKind.NEXT_RESPONSE:
            return policy.next_response_minutes
        case ClockKind.RESOLUTION:
            return policy.resolution_minutes


def extension_minutes(policy: Policy, clock: Clock) -> int:
    """Say how much longer a late promise takes: twice as long each time, not to promise daily."""
    assert clock.late_count > 0
    doublings = min(clock.late_count - 1, _DOUBLINGS_MAX)
    return int(target_minutes(policy, clock.kind) * 2**doublings)


def pauses_from(events: Sequence[Event], now: datetime) -> list[Span]:
    """Rebuild from its history when a case waited for its citizen; the last may last until now."""
    pauses: list[Span] = []
    asked_at: datetime | None = None
    for event in events:
        if event.action is Action.ASKED:
            asked_at = asked_at or event.at
        elif event.action in _ENDS_A_PAUSE and asked_at is not None:
            if asked_at < event.at:
                pauses.append(Span(asked_at, event.at))
            asked_at = None
    if asked_at is not None and asked_at < now:
        pauses.append(Span(asked_at, now))
    return pauses


def recounted(case: Case, clock: Clock, calendar: OfficeCalendar, pauses: Sequence[Span]) -> Clock:
    """Count the last promised date anew; raises NoWorkingTime.

    What was promised first is history once it is broken; its new date still moves.
    """
    if clock.extended_at is None:
        minutes = target_minutes(case.policy, clock.kind)
        return replace(clock, due_at=add_working_time(calendar, clock.started_at, minutes, pauses))
    minutes = extension_minutes(case.policy, clock)
    new_due_at = add_working_time(calendar, clock.extended_at, minutes, pauses)
    return replace(clock, new_due_at=new_due_at)


def late(case: Case, clock: Clock, calendar: OfficeCalendar, now: datetime) -> Clock:
    """Break a promise and make the next; raises NoWorkingTime."""
    broken = replace(
        clock,
        breached_at=clock.breached_at or now,
        extended_at=now,
        late_count=clock.late_count + 1,
    )
    return recounted(case, broken, calendar, ())


def moved_note(before: Clock, after: Clock) -> str:
    """Note which promise moved, from when to when: three words apart by spaces, moments in ISO."""
    return f"{before.kind.value} {before.promised_at.isoformat()} {after.promised_at.isoformat()}"


def explain(
    dossier: Dossier, clock: Clock, calendar: OfficeCalendar, now: datetime
) -> Explanation:
    """Say why a deadline is when it is, day by day."""
    starts_at = clock.extended_at or clock.started_at
    due_at = clock.promised_at
    pauses = [
        pause
        for pause in pauses_from(dossier.events, now)
        if pause.starts_at < due_at and starts_at < pause.ends_at
    ]
    counted = tuple(_counted(calendar, Span(starts_at, due_at), pauses))
    return Explanation(
        clock, starts_at, due_at, sum(day.minutes for day in counted), counted, tuple(pauses)
    )


def _counted(calendar: OfficeCalendar, span: Span, pauses: Sequence[Span]) -> Iterator[CountedDay]:
    """Part a stretch into days; what is counted up to each is rounded, so the sum is right."""
    before = 0
    for day in days(calendar, tehran_day(span.starts_at), tehran_day(span.ends_at)):
        midnight = datetime.combine(day.day, time(), TEHRAN).astimezone(UTC)
        until = min(span.ends_at, end_of_day(midnight))
        minutes = working_minutes(calendar, span.starts_at, until, pauses)
        yield CountedDay(day, minutes - before)
        before = minutes


def end_of_day(at: datetime) -> datetime:
    """Say when the day of a moment ends in Tehran."""
    tomorrow = tehran_day(at) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), TEHRAN).astimezone(UTC)


def for_citizen(dossier: Dossier) -> Dossier:
    """Leave out what is said among staff: notes, and who did what."""
    messages = tuple(
        replace(message, author_id=None)
        for message in dossier.messages
        if message.kind is not MessageKind.NOTE
    )
    events = tuple(
        replace(event, actor_id=None, role=None, note=None)
        for event in dossier.events
        if event.action is not Action.NOTED
    )
    return replace(dossier, messages=messages, events=events)


def for_stranger(dossier: Dossier) -> Sight:
    """Leave only where a case stands, and until when it is promised."""
    case = replace(
        dossier.case,
        author_id=None,
        service_id=None,
        assignee_id=None,
        assigned_at=None,
        ending_reason=None,
        question_id=None,
        merged_into=None,
    )
    return Sight(replace(dossier, case=case, messages=(), events=()), is_whole=False)


def key_digest(key: str) -> str:
    """What is kept of a registration key, which may tell who registered."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
