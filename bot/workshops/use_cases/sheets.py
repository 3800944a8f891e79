"""Workshops that come in a sheet: the sheet is noted, and what it says becomes drafts, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.workshops.errors import NoticeTooShort, PlanUnfit, SessionOnClosedDay, SessionsClash
from bot.workshops.repository import SheetRepository
from bot.workshops.use_cases.drafting import draft, propose_sessions, set_sessions, set_terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.citizens.model import CitizenId, Staff
    from bot.kit.database import Transaction
    from bot.workshops.model import Details, Plan, SheetId, Slot, Workshop, WorkshopSheet

_AT_ONCE: Final = 10


async def receive_sheet(
    tx: Transaction,
    *,
    office_id: str,
    file_id: str,
    sent_by: CitizenId,
    chat_id: int,
    message_id: int,
    now: datetime,
) -> None:
    """Note that a sheet came; it is fetched and opened outside of any transaction."""
    await SheetRepository(tx).add(
        office_id=office_id,
        file_id=file_id,
        sent_by=sent_by,
        chat_id=chat_id,
        message_id=message_id,
        now=now,
    )


async def received_sheets(tx: Transaction) -> list[WorkshopSheet]:
    """List the sheets that wait to be opened."""
    return await SheetRepository(tx).waiting(limit=_AT_ONCE)


async def finish_sheet(tx: Transaction, *, sheet_id: SheetId, now: datetime) -> bool:
    """Note that a sheet was opened; False where somebody was faster, who then does nothing."""
    return await SheetRepository(tx).finish(sheet_id, now)


async def draft_all(
    tx: Transaction,
    *,
    found: Sequence[tuple[Details, str, Plan | None]],
    calendar: OfficeCalendar,
    actor: Staff,
    now: datetime,
) -> list[tuple[Workshop, tuple[Slot, ...]]]:
    """Begin a draft for each, with the dates that its plan leads to; some have none.

    `found` has the parts, the terms, which may be empty, and the plan. Raises PartUnfit.
    """
    drafts = []
    for details, terms, plan in found:
        begun = await draft(tx, details=details, actor=actor, now=now)
        if terms:
            begun = await set_terms(tx, workshop_id=begun.id, text=terms, actor=actor, now=now)
        drafts.append(
            (begun, await _dated(tx, begun, plan, calendar=calendar, actor=actor, now=now))
        )
    return drafts


async def _dated(
    tx: Transaction,
    begun: Workshop,
    plan: Plan | None,
    *,
    calendar: OfficeCalendar,
    actor: Staff,
    now: datetime,
) -> tuple[Slot, ...]:
    """Give a draft the dates of its plan; none where it has no plan or the plan does not fit."""
    if plan is None:
        return ()
    try:
        slots = propose_sessions(plan, calendar=calendar, now=now).slots
        await set_sessions(
            tx, workshop_id=begun.id, slots=slots, calendar=calendar, actor=actor, now=now
        )
    except (PlanUnfit, SessionOnClosedDay, SessionsClash, NoticeTooShort):
        return ()
    return slots
