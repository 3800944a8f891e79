"""What is not kept for ever: a year after its end, a case is only a figure (/privacy)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.repository.parting import forget, ids_ended_before
from bot.kit.keeping import KEPT_FOR, Kind
from bot.kit.tracking import new_code

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import CaseId
    from bot.kit.database import Transaction


async def forget_old(tx: Transaction, *, now: datetime, limit: int = 100) -> list[CaseId]:
    """Delete the words, the author and the code of cases that ended more than a year ago.

    What is left says which kind of case it was, of which service, and how long it took. Its
    history is only added to: what staff did stays there, with the reasons they wrote.
    """
    old = await ids_ended_before(tx, now - KEPT_FOR[Kind.CASE], limit=limit)
    for case_id in old:
        await forget(tx, case_id, new_code())
    return old
