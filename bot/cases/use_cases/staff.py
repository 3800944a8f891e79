"""What staff do to a case of their office; each act is in its history and in the audit.

Each raises NoSuchCase for a case of another office, and WrongState where the case has moved on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases.errors import (
    NotYours,
    TakenByOther,
)
from bot.cases.model import Action, CaseState, MessageKind
from bot.cases.repository import CaseRepository
from bot.cases.use_cases import steps
from bot.citizens.model import Role

if TYPE_CHECKING:
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case, CaseId, CaseMessage
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction

_Source = tuple[int, int] | None


async def take(tx: Transaction, *, case_id: CaseId, actor: Staff, now: datetime) -> Case:
    """Take a case; a manager may take it from a colleague. Raises TakenByOther."""
    cases, case = await steps.allowed(tx, case_id, actor, Action.TAKEN)
    if case.assignee_id == actor.id:
        return case
    if case.assignee_id is not None and actor.role is not Role.MANAGER:
        raise TakenByOther(case.assignee_id)
    return await steps.take(tx, cases, case, actor, now)


async def release(tx: Transaction, *, case_id: CaseId, actor: Staff, now: datetime) -> Case:
    """Give a case back; raises NotYours."""
    cases, case = await steps.allowed(tx, case_id, actor, Action.RELEASED)
    is_theirs = case.assignee_id == actor.id
    if case.assignee_id is None or not (is_theirs or actor.role is Role.MANAGER):
        raise NotYours(case.assignee_id)
    released = await cases.change(case, assignee_id=None, assigned_at=None)
    await steps.note_act(tx, cases, case, Action.RELEASED, now, actor=actor)
    return released


async def reply(
    tx: Transaction,
    *,
    case_id: CaseId,
    actor: Staff,
    text: str,
    calendar: OfficeCalendar,
    source: _Source = None,
    now: datetime,
) -> Case:
    """Answer the citizen; who answers an untaken case has taken it.

    Where the citizen had been asked something, the clocks go on: the office has the next word.
    Raises TextMissing and TextTooLongForCase.
    """
    cases, case = await steps.allowed(tx, case_id, actor, Action.REPLIED)
    words = rules.fit_text(text)
    if await steps.was_said(cases, case, source):
        return case
    case = await steps.taken(tx, cases, case, actor, now)
    answered = await cases.change(case, state=rules.state_after(Action.REPLIED, case.state))
    await steps.say(cases, case, MessageKind.ANSWER, words, now, actor=actor, source=source)
    await cases.meet_clocks(case.id, now, rules.RESPONSES)
    await steps.note_act(tx, cases, case, Action.REPLIED, now, actor=actor, after=answered)
    if case.state is CaseState.WAITING:
        await steps.resume(cases, answered, calendar, now)
    return answered


async def ask(
    tx: Transaction,
    *,
    case_id: CaseId,
    actor: Staff,
    text: str,
    source: _Source = None,
    now: datetime,
) -> Case:
    """Ask the citizen something: the clocks stand still until words come, or an answer.

    Raises TextMissing and TextTooLongForCase.
    """
    cases, case = await steps.allowed(tx, case_id, actor, Action.ASKED)
    words = rules.fit_text(text)
    if await steps.was_said(cases, case, source):
        return case
    case = await steps.taken(tx, cases, case, actor, now)
    waiting = await cases.change(case, state=CaseState.WAITING, **steps.AWAKE)
    await steps.say(cases, case, MessageKind.ASKED, words, now, actor=actor, source=source)
    await cases.meet_clocks(case.id, now, rules.RESPONSES)
    await steps.note_act(tx, cases, case, Action.ASKED, now, actor=actor, after=waiting)
    return waiting


async def note(
    tx: Transaction,
    *,
    case_id: CaseId,
    actor: Staff,
    text: str,
    source: _Source = None,
    now: datetime,
) -> Case:
    """Write down something for colleagues; raises TextMissing and TextTooLongForCase."""
    cases, case = await steps.allowed(tx, case_id, actor, Action.NOTED)
    words = rules.fit_text(text)
    if not await steps.was_said(cases, case, source):
        await steps.say(cases, case, MessageKind.NOTE, words, now, actor=actor, source=source)
        await steps.note_act(tx, cases, case, Action.NOTED, now, actor=actor)
    return case


async def snooze(
    tx: Transaction, *, case_id: CaseId, actor: Staff, until: datetime | None, now: datetime
) -> Case:
    """Put a case aside until a moment that is ahead, or until the citizen writes."""
    assert until is None or until > now
    cases, case = await steps.allowed(tx, case_id, actor, Action.SNOOZED)
    snoozed = await cases.change(case, snoozed_until=until, is_snoozed_until_reply=until is None)
    moment = None if until is None else until.isoformat()
    await steps.note_act(tx, cases, case, Action.SNOOZED, now, actor=actor, note=moment)
    return snoozed


async def wake(tx: Transaction, *, case_id: CaseId, actor: Staff, now: datetime) -> Case:
    """Take a case up again before its time; nothing happens to one that is awake."""
    cases, case = await steps.allowed(tx, case_id, actor, Action.WOKEN)
    if case.snoozed_until is None and not case.is_snoozed_until_reply:
        return case
    awake = await cases.change(case, **steps.AWAKE)
    await steps.note_act(tx, cases, case, Action.WOKEN, now, actor=actor)
    return awake


async def transfer(
    tx: Transaction,
    *,
    case_id: CaseId,
    actor: Staff,
    service_id: str | None,
    service_version: int = 1,
    note: str | None = None,
    now: datetime,
) -> Case:
    """Put a case under another service of the office, for whoever is in charge of that to take.

    `service_version` is the one of the new service that held on the day of registration (MZ-25).
    """
    cases, case = await steps.allowed(tx, case_id, actor, Action.TRANSFERRED)
    why = None if note is None else rules.fit_text(note)
    if case.service_id == service_id:
        return case
    transferred = await cases.change(
        case,
        service_id=service_id,
        service_version=service_version,
        assignee_id=None,
        assigned_at=None,
        **steps.AWAKE,
    )
    await steps.note_act(
        tx, cases, case, Action.TRANSFERRED, now, actor=actor, note=why, after=transferred
    )
    return transferred


async def revise_answer(
    tx: Transaction, *, source: tuple[int, int], actor: Staff, text: str, now: datetime
) -> tuple[Case, CaseMessage] | None:
    """Keep an edited message of one's own as its next version; None where it is of no case.

    Raises TextMissing and TextTooLongForCase.
    """
    cases = CaseRepository(tx)
    message = await cases.message_said_at(source)
    if message is None or message.author_id != actor.id:
        return None
    case = await steps.of_office(cases, message.case_id, actor)
    rules.ensure_allowed(case, Action.WORDS_REVISED)
    words = rules.fit_text(text)
    if words == message.text:
        return None
    revised = await cases.revise(message, words, now)
    await steps.note_act(tx, cases, case, Action.WORDS_REVISED, now, actor=actor)
    return case, revised
