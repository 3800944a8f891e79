"""Queries about all that one person ever told the offices, and about what is to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, select, update

from bot.cases.model import CaseId, CaseState
from bot.cases.tables import case_message, case_message_version, desk_case

if TYPE_CHECKING:
    from datetime import datetime

    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


async def ids_of_author(tx: Transaction, author_id: CitizenId) -> list[CaseId]:
    """Number the cases of a person, the first one first; what stayed anonymous is nobody's."""
    query = select(desk_case.c.id).where(desk_case.c.author_id == author_id)
    return [CaseId(id_) for id_ in await tx.scalars(query.order_by(desk_case.c.id))]


async def ids_ended_before(tx: Transaction, moment: datetime, *, limit: int) -> list[CaseId]:
    """Number the cases that ended before a moment and still hold somebody's words."""
    has_words = select(case_message.c.id).where(case_message.c.case_id == desk_case.c.id)
    query = (
        select(desk_case.c.id)
        .where(
            desk_case.c.state == CaseState.CLOSED,
            desk_case.c.ended_at < moment,
            has_words.exists(),
        )
        .order_by(desk_case.c.id)
        .limit(limit)
    )
    return [CaseId(case_id) for case_id in await tx.scalars(query)]


async def forget(tx: Transaction, case_id: CaseId, unknown_code: str) -> None:
    """Delete what was said in a case, who said it, and what it was found by."""
    of_case = select(case_message.c.id).where(case_message.c.case_id == case_id)
    versions = case_message_version.c.message_id.in_(of_case)
    await tx.execute(delete(case_message_version).where(versions))
    await tx.execute(delete(case_message).where(case_message.c.case_id == case_id))
    gone = {"author_id": None, "tracking_code": unknown_code, "question_id": None}
    gone["registration_key"] = f"forgotten:{unknown_code}"
    reason = case((desk_case.c.ending_reason.is_not(None), b""), else_=None)
    await tx.execute(
        update(desk_case).where(desk_case.c.id == case_id).values(**gone, ending_reason=reason)
    )
