"""What is looked at before help is given: a flow, what is under way, closed offices, a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calendar import rules as calendars
from bot.cases import use_cases as cases
from handlers.views import helping as views

if TYPE_CHECKING:
    from datetime import datetime

    from bot.catalogue.model import OfficeCatalogue
    from handlers.context import DeskContext
    from handlers.reply import Reply


async def help_here(context: DeskContext, *, is_page: bool) -> Reply:
    """Help somebody where they are."""
    unit = context.unit
    items = await cases.cases_of(unit.tx, citizen_id=unit.citizen.id)
    situation = views.Situation(
        flow=None if unit.dialogue is None else unit.dialogue.name,
        cases_count=sum(not item.case.is_over for item in items),
        is_awaited=unit.is_awaited,
        closed=await _closed(context),
        is_staff=bool(unit.staff),
    )
    return views.help_page(context.words, situation, is_page=is_page)


async def _closed(context: DeskContext) -> list[tuple[OfficeCatalogue, datetime | None]]:
    """List the offices that are closed: the chosen one, or where none is chosen, any."""
    unit, closed = context.unit, []
    chosen = unit.desk.catalogue.find(unit.citizen.office_id or "")
    for published in unit.desk.catalogue.offices if chosen is None else (chosen,):
        calendar = await context.calendar(published.office.id)
        if not calendars.is_open(calendar, unit.now):
            closed.append((published, calendars.next_opening(calendar, unit.now)))
    return closed
