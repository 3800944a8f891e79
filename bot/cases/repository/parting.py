"""Queries about all that one person ever told the offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.cases.model import CaseId
from bot.cases.tables import desk_case

if TYPE_CHECKING:
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


async def ids_of_author(tx: Transaction, author_id: CitizenId) -> list[CaseId]:
    """Number the cases of a person, the first one first; what stayed anonymous is nobody's."""
    query = select(desk_case.c.id).where(desk_case.c.author_id == author_id)
    return [CaseId(id_) for id_ in await tx.scalars(query.order_by(desk_case.c.id))]
