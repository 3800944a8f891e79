"""A text on its own while an office waits for an answer: it may be that answer.

Few people reply to a message; most just write. The desk answers the text as any other, and offers
to take it as what the office asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases import use_cases as cases
from bot.cases.model import CaseState
from bot.kit.identity import masked
from handlers.my_cases import at_hand
from handlers.views.cases.case_draft import cleaned
from handlers.views.cases.my_case_acts import FLOW_OFFERED, with_offer

if TYPE_CHECKING:
    from handlers.context import DeskContext
    from handlers.reply import Reply


async def with_waiting_case(context: DeskContext, reply: Reply, text: str) -> Reply:
    """Add to what is said to a text that it can be the answer which an office waits for."""
    unit = context.unit
    if not unit.is_awaited:
        return reply
    items = await cases.cases_of(unit.tx, citizen_id=unit.citizen.id)
    case = next((item.case for item in items if item.case.state is CaseState.WAITING), None)
    kept = masked(cleaned(text), known=unit.desk.catalogue.codes)
    if case is None or not kept:
        return reply
    at_hand.published_of(context, case)
    dialogue = await context.begin(FLOW_OFFERED, "offered", code=case.tracking_code, text=kept)
    return with_offer(context.words, reply, case, dialogue)
