"""Closing a case: the citizen is told how and why, and later asked what they think of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.cases import use_cases as cases
from bot.cases.model import REOPENED_WITHIN
from bot.surveys import use_cases as surveys
from bot.surveys.model import FOLLOW_UP_AFTER, SurveyKind
from handlers.staff.cases.at_hand import citizen_words, tell_author
from handlers.views.cases import case_notices

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cases.model import Case, Ending
    from handlers.context import DeskContext
    from handlers.staff.cases.at_hand import AtHand

RATED_AFTER: Final = timedelta(hours=1)  # time to read the outcome before being asked about it


async def close(
    context: DeskContext, hand: AtHand, ending: Ending, *, reason: str | None = None
) -> Case:
    """End a case, tell the citizen, and plan the two questions about the outcome (MZ-13)."""
    unit = context.unit
    case = await cases.end(
        unit.tx,
        case_id=hand.case.id,
        actor=hand.staff,
        ending=ending,
        reason=reason,
        now=unit.now,
    )
    _tell_outcome(context, case, reason, unit.now + REOPENED_WITHIN)
    await _plan_surveys(context, case)
    for follower in await cases.merged_into(unit.tx, case_id=case.id):
        # Whose case was merged waits for this outcome too; a reason may name another citizen's.
        shared = reason if follower.author_id == case.author_id else None
        until = follower.reopenable_until
        if until is not None and unit.now < until:
            _tell_outcome(context, replace(follower, ending=case.ending), shared, until)
    return case


def _tell_outcome(context: DeskContext, case: Case, reason: str | None, until: datetime) -> None:
    notice = case_notices.ended(citizen_words(context, case), case, reason, until)
    tell_author(context, case, notice)


async def _plan_surveys(context: DeskContext, case: Case) -> None:
    if case.author_id is None:
        return
    unit = context.unit
    dossier = await cases.dossier(unit.tx, case_id=case.id)
    await surveys.cancel(unit.tx, subject=f"case:{case.id}")  # about an earlier outcome
    for kind, after in (
        (SurveyKind.RATING, RATED_AFTER),
        (SurveyKind.FOLLOW_UP, FOLLOW_UP_AFTER),
    ):
        await surveys.plan(
            unit.tx,
            kind=kind,
            subject=f"case:{case.id}",
            resolution=dossier.resolution,
            office_id=case.office_id,
            service_id=case.service_id,
            citizen_id=case.author_id,
            officer_id=case.assignee_id,
            due_at=unit.now + after,
        )
