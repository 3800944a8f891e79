"""Looking at cases: by code, by person, and whole for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases.errors import CodeUnreadable, NoSuchCase
from bot.cases.model import CODES_TRIED_PER_HOUR, Sight
from bot.cases.repository import CaseLists, CaseRepository
from bot.citizens import use_cases as citizens
from bot.kit import tracking

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import Case, CaseId, CaseMessage, Clock, Dossier, Explanation, QueueItem
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction

_HOUR = timedelta(hours=1)


async def registered_as(tx: Transaction, *, key: str) -> Case | None:
    """Find the case that was registered under a key."""
    return await CaseRepository(tx).by_key(rules.key_digest(key))


async def look_up(tx: Transaction, *, typed: str, citizen_id: CitizenId, now: datetime) -> Sight:
    """Show a case by the code that was typed, alone or in a sentence.

    Codes of nothing and of somebody else's cases count against a limit. It is kept only if the
    transaction is, so the caller answers NoSuchCase instead of letting it undo the update. Raises
    CodeUnreadable, NoSuchCase and SlowDown.
    """
    code = tracking.read_code(typed) or tracking.code_in(typed)
    if code is None:
        raise CodeUnreadable
    cases = CaseRepository(tx)
    case = await cases.by_code(code)
    if case is None or case.author_id not in (None, citizen_id):
        await citizens.spend(
            tx,
            citizen_id=citizen_id,
            kind="code",
            most=CODES_TRIED_PER_HOUR,
            window=_HOUR,
            now=now,
        )
    return await _shown(cases, case, citizen_id)


async def sight(tx: Transaction, *, code: str, citizen_id: CitizenId) -> Sight:
    """Show a case: whole to its author, or to anybody if it is anonymous; else where it stands.

    Raises NoSuchCase.
    """
    cases = CaseRepository(tx)
    return await _shown(cases, await cases.by_code(code), citizen_id)


async def _shown(cases: CaseRepository, case: Case | None, citizen_id: CitizenId) -> Sight:
    if case is None:
        raise NoSuchCase
    whole = await cases.dossier(case)
    if case.author_id in (None, citizen_id):
        return Sight(rules.for_citizen(whole), is_whole=True)
    return rules.for_stranger(whole)


async def cases_of(tx: Transaction, *, citizen_id: CitizenId, limit: int = 20) -> list[QueueItem]:
    """List a person's cases, those that go on first."""
    return await CaseLists(tx).of_author(citizen_id, limit=limit)


async def awaited_of(tx: Transaction, *, citizen_ids: Collection[CitizenId]) -> set[CitizenId]:
    """Say of which of these people an office waits for an answer, in one statement."""
    return await CaseLists(tx).awaited_authors(citizen_ids) if citizen_ids else set()


async def cases_of_questions(tx: Transaction, *, question_ids: Collection[int]) -> list[Case]:
    """List the cases that grew from asked questions, so that their authors can be told more."""
    return await CaseRepository(tx).of_questions(question_ids)


async def dossier(tx: Transaction, *, case_id: CaseId) -> Dossier:
    """Read all of a case, with what only staff may see; raises NoSuchCase."""
    cases = CaseRepository(tx)
    case = await cases.by_id(case_id)
    if case is None:
        raise NoSuchCase
    whole = await cases.dossier(case)
    if not whole.messages:  # forgotten: an old button leads nowhere
        raise NoSuchCase
    return whole


async def merged_into(tx: Transaction, *, case_id: CaseId) -> list[Case]:
    """List the cases that go on in this one; their authors wait for its outcome too."""
    return await CaseRepository(tx).merged_into(case_id)


async def earlier_versions(tx: Transaction, *, message: CaseMessage) -> list[CaseMessage]:
    """List what a message said before it was edited, oldest first."""
    return await CaseRepository(tx).earlier_versions(message)


def explain(
    whole: Dossier, clock: Clock, calendar: OfficeCalendar, *, now: datetime
) -> Explanation:
    """Say why a deadline is when it is: the days that count, the pauses, the sum."""
    return rules.explain(whole, clock, calendar, now)
