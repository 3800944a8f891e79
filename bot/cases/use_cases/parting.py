"""What becomes of a person's cases when they are forgotten: they end, and are only figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cases.model import Action, CaseState, Ending
from bot.cases.repository import CaseRepository
from bot.cases.repository.parting import forget, ids_of_author
from bot.cases.use_cases import steps
from bot.kit.tracking import new_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.cases.model import Case, CaseId
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction


async def all_of_author(tx: Transaction, *, author_id: CitizenId) -> list[Case]:
    """List all cases of a person, those of long ago too."""
    cases = CaseRepository(tx)
    found = [await cases.by_id(case_id) for case_id in await ids_of_author(tx, author_id)]
    return [case for case in found if case is not None]


async def forget_author(
    tx: Transaction, *, author_id: CitizenId, now: datetime
) -> tuple[list[CaseId], list[Case]]:
    """End the cases of a person as withdrawn, and delete the words, the author and the codes.

    Gives the numbers of all, and those that an office was still working on as they were before.
    """
    found = await all_of_author(tx, author_id=author_id)
    ended = []
    for case in found:
        if case.state in (CaseState.OPEN, CaseState.WAITING):
            ended.append(case)
        await _end_and_forget(tx, case, now)
    return [case.id for case in found], ended


async def forget_samples(tx: Transaction, *, codes: Sequence[str], now: datetime) -> list[CaseId]:
    """End made-up cases, which are nobody's, and delete their words and codes."""
    cases, gone = CaseRepository(tx), []
    for code in codes:
        case = await cases.by_code(code)
        if case is not None and case.author_id is None:
            await _end_and_forget(tx, case, now)
            gone.append(case.id)
    return gone


async def _end_and_forget(tx: Transaction, case: Case, now: datetime) -> None:
    cases = CaseRepository(tx)
    if case.state in (CaseState.OPEN, CaseState.WAITING):
        await cases.change(
            case,
            state=CaseState.CLOSED,
            ending=Ending.WITHDRAWN,
            ended_at=now,
            **steps.AWAKE,
        )
        await cases.meet_clocks(case.id, now)
        await steps.note_event(cases, case, Action.ENDED, now, note=Ending.WITHDRAWN.value)
    elif case.state is CaseState.ANSWERED:
        await cases.change(case, state=CaseState.CLOSED)
        await steps.note_event(cases, case, Action.CLOSED, now)
    await forget(tx, case.id, new_code())
