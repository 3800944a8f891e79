"""What several things done to a case have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.calendar.errors import NoWorkingTime
from bot.calendar.rules import add_working_time
from bot.cases import rules
from bot.cases.errors import NoSuchCase
from bot.cases.model import Action, CaseState, ClockKind, Event
from bot.cases.repository import CaseRepository
from bot.citizens import use_cases as citizens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case, CaseId, CaseMessage, MessageKind
    from bot.citizens.model import CitizenId, Staff
    from bot.kit.database import Transaction

AWAKE = {"snoozed_until": None, "is_snoozed_until_reply": False}


async def of_citizen(cases: CaseRepository, code: str, citizen_id: CitizenId) -> Case:
    """Find a case that a person may change: theirs, or an anonymous one whose code they have.

    Raises NoSuchCase, the same for somebody else's code and for none.
    """
    case = await cases.lock_by_code(code)
    if case is None or case.author_id not in (None, citizen_id):
        raise NoSuchCase
    return case


async def of_office(cases: CaseRepository, case_id: CaseId, actor: Staff) -> Case:
    """Find a case of the office for which a member of staff acts; raises NoSuchCase."""
    case = await cases.lock(case_id)
    if case is None or case.office_id != actor.office_id:
        raise NoSuchCase
    return case


async def note_event(
    cases: CaseRepository, case: Case, action: Action, now: datetime, *, note: str | None = None
) -> None:
    """Add what a citizen did, or what came by itself; no event says which citizen."""
    await cases.add_events([Event(case.id, now, action, None, None, note)])


async def note_act(
    tx: Transaction,
    cases: CaseRepository,
    case: Case,
    action: Action,
    now: datetime,
    *,
    actor: Staff,
    note: str | None = None,
    after: Case | None = None,
) -> None:
    """Add what a member of staff did to the history and to the audit.

    `case` is as it was before, `after` as it is since, where that is something else.
    """
    await cases.add_events([Event(case.id, now, action, actor.id, actor.role, note)])
    await citizens.record(
        tx,
        actor=actor,
        action=action.value,
        subject=f"case:{case.id}",
        note=note,
        between=_between(case, after or case),
        now=now,
    )


def _between(before: Case, after: Case) -> tuple[str, str]:
    """Say what a step changed: the service where that is it, else where the case stands."""
    if before.service_id != after.service_id:
        return before.service_id or "-", after.service_id or "-"
    return before.state.value, after.state.value


async def say(
    cases: CaseRepository,
    case: Case,
    kind: MessageKind,
    text: str,
    now: datetime,
    *,
    actor: Staff | None = None,
    source: tuple[int, int] | None,
) -> CaseMessage:
    """Keep a message. Where an anonymous one came from is not kept, for it names its author."""
    is_nameless = actor is None and case.is_anonymous
    if is_nameless or (source is not None and await cases.message_said_at(source) is not None):
        source = None
    author_id = None if actor is None else actor.id
    return await cases.add_message(
        case.id, kind, text, author_id=author_id, source=source, now=now
    )


async def was_said(cases: CaseRepository, case: Case, source: tuple[int, int] | None) -> bool:
    """True where this message of the messenger is in the case already: it came twice."""
    if source is None:
        return False
    message = await cases.message_said_at(source)
    return message is not None and message.case_id == case.id


async def promise(
    cases: CaseRepository,
    case: Case,
    kinds: Iterable[ClockKind],
    calendar: OfficeCalendar,
    now: datetime,
) -> None:
    """Start the clocks of these promises.

    Where the calendar knows no open hour nothing is promised, but nobody is turned away (MZ-10).
    """
    for kind in kinds:
        try:
            minutes = rules.target_minutes(case.policy, kind)
            due_at = add_working_time(calendar, now, minutes)
        except NoWorkingTime:
            return
        await cases.start_clock(case.id, kind, due_at, now)


async def resume(
    cases: CaseRepository, case: Case, calendar: OfficeCalendar, now: datetime
) -> None:
    """Let the clocks go on after a pause, which is taken from the history."""
    pauses = rules.pauses_from(await cases.events(case.id), now)
    clocks = [clock for clock in await cases.clocks(case.id) if clock.is_running]
    try:
        moved = [rules.recounted(case, clock, calendar, pauses) for clock in clocks]
    except NoWorkingTime:
        return
    await cases.save_clocks(replace(clock, warned_at=None) for clock in moved)


async def begin_again(
    cases: CaseRepository, case: Case, calendar: OfficeCalendar, now: datetime
) -> Case:
    """Open a case that was answered: whoever had it has it still, and the promises are new."""
    opened = await cases.change(
        case,
        state=CaseState.OPEN,
        ending=None,
        ending_reason=None,
        ended_at=None,
        merged_into=None,
        escalated_at=None,
        assigned_at=None if case.assignee_id is None else now,
        **AWAKE,
    )
    kinds = (ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
    await promise(cases, opened, kinds, calendar, now)
    return opened


async def allowed(
    tx: Transaction, case_id: CaseId, actor: Staff, action: Action
) -> tuple[CaseRepository, Case]:
    """Find a case of the actor's office to which this may be done.

    Raises NoSuchCase and WrongState.
    """
    cases = CaseRepository(tx)
    case = await of_office(cases, case_id, actor)
    rules.ensure_allowed(case, action)
    return cases, case


async def take(
    tx: Transaction, cases: CaseRepository, case: Case, actor: Staff, now: datetime
) -> Case:
    """Put a case into somebody's hands."""
    taken = await cases.change(case, assignee_id=actor.id, assigned_at=now)
    await note_act(tx, cases, case, Action.TAKEN, now, actor=actor, after=taken)
    return taken


async def taken(
    tx: Transaction, cases: CaseRepository, case: Case, actor: Staff, now: datetime
) -> Case:
    """Take a case if nobody has; a colleague's may be answered, which its history shows."""
    return case if case.assignee_id is not None else await take(tx, cases, case, actor, now)
