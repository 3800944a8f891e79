"""Queries about all that one person ever told the offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.cases.repository.rows import case_of
from bot.cases.tables import desk_case
from bot.kit.database import keyring_of

if TYPE_CHECKING:
    from bot.cases.model import Case
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


async def all_of_author(tx: Transaction, author_id: CitizenId) -> list[Case]:
    """List the cases of a person, the first one first; what stayed anonymous is nobody's."""
    query = select(desk_case).where(desk_case.c.author_id == author_id)
    keyring = keyring_of(tx)
    return [case_of(row, keyring) for row in await tx.execute(query.order_by(desk_case.c.id))]
