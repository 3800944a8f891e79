"""How staff bring a case to its end: with an outcome, in another case, or by changing the office.

Each raises NoSuchCase for a case of another office, and WrongState where the case has moved on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases.errors import (
    CodeUnreadable,
    MergeIntoItself,
    NoSuchCase,
    ReasonMissing,
    WrongState,
)
from bot.cases.model import TEXT_UNITS_MAX, Action, CaseState, Ending
from bot.cases.repository import CaseRepository
from bot.cases.use_cases import steps
from bot.kit import tracking
from bot.kit.text import cut

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case, CaseId
    from bot.citizens.model import Staff
    from bot.kit.database import Transaction


async def end(
    tx: Transaction,
    *,
    case_id: CaseId,
    actor: Staff,
    ending: Ending,
    reason: str | None = None,
    now: datetime,
) -> Case:
    """End a case with an outcome; the citizen has ten days to disagree.

    Raises ReasonMissing where "cannot be done" has none, and TextTooLongForCase.
    """
    assert ending in (Ending.DONE, Ending.ANSWERED, Ending.CANNOT_BE_DONE)
    cases, case = await steps.allowed(tx, case_id, actor, Action.ENDED)
    why = None if reason is None or not reason.strip() else rules.fit_text(reason)
    if ending is Ending.CANNOT_BE_DONE and why is None:
        raise ReasonMissing
    case = await steps.taken(tx, cases, case, actor, now)
    ended = await cases.change(
        case,
        state=CaseState.ANSWERED,
        ending=ending,
        ending_reason=why,
        ended_at=now,
        **steps.AWAKE,
    )
    await cases.meet_clocks(case.id, now)
    said = ending.value if why is None else cut(f"{ending.value}: {why}", TEXT_UNITS_MAX)
    await steps.note_act(tx, cases, case, Action.ENDED, now, actor=actor, note=said, after=ended)
    return ended


async def merge(
    tx: Transaction, *, case_id: CaseId, into_code: str, actor: Staff, now: datetime
) -> tuple[Case, Case]:
    """Let a case go on in another one of the same matter; gives it and the other one.

    Raises CodeUnreadable, and MergeIntoItself where the other one is itself or is over.
    """
    cases = CaseRepository(tx)
    code = tracking.read_code(into_code) or tracking.code_in(into_code)
    target = None if code is None else await cases.by_code(code)
    if target is not None:
        target = await cases.lock(target.id, case_id)
    cases, case = await steps.allowed(tx, case_id, actor, Action.MERGED)
    if code is None:
        raise CodeUnreadable
    if target is None or target.office_id != actor.office_id:
        raise NoSuchCase
    if target.id == case.id or target.is_over:
        raise MergeIntoItself
    merged = await cases.change(
        case,
        state=CaseState.ANSWERED,
        ending=Ending.MERGED,
        ended_at=now,
        merged_into=target.id,
        **steps.AWAKE,
    )
    for follower in await cases.merged_into(case.id):
        await cases.change(follower, merged_into=target.id)
    await cases.meet_clocks(case.id, now)
    named = tracking.shown(target.tracking_code)
    await steps.note_act(
        tx, cases, case, Action.MERGED, now, actor=actor, note=named, after=merged
    )
    came = tracking.shown(case.tracking_code)
    await steps.note_act(tx, cases, target, Action.NOTED, now, actor=actor, note=came)
    return merged, target


async def mark_process_changed(
    tx: Transaction, *, case_id: CaseId, actor: Staff, note: str | None = None, now: datetime
) -> Case:
    """Say that a case changed how the office works (MZ-12); once, so its author is told once."""
    cases, case = await steps.allowed(tx, case_id, actor, Action.PROCESS_CHANGED)
    why = None if note is None else rules.fit_text(note)
    if case.is_process_changed:
        raise WrongState(case.state)
    changed = await cases.change(case, is_process_changed=True)
    await steps.note_act(tx, cases, case, Action.PROCESS_CHANGED, now, actor=actor, note=why)
    return changed
