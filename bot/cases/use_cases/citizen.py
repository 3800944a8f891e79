"""What citizens do: register, add, take back, disagree."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.cases import rules
from bot.cases.errors import TooManyOpenCases
from bot.cases.model import (
    OPEN_CASES_MAX,
    REGISTRATIONS_PER_HOUR,
    WORDS_PER_HOUR,
    Action,
    Case,
    CaseId,
    CaseState,
    ClockKind,
    Ending,
    MessageKind,
)
from bot.cases.repository import CaseRepository
from bot.cases.use_cases import steps
from bot.citizens import use_cases as citizens
from bot.kit import tracking

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bot.calendar.model import OfficeCalendar
    from bot.cases.model import CaseKind, CaseMessage, Policy
    from bot.citizens.model import CitizenId
    from bot.kit.database import Transaction
    from bot.kit.words import Language

_HOUR = timedelta(hours=1)
_PROMISED = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)
_NOTHING_KNOWN: frozenset[str] = frozenset()


async def register(
    tx: Transaction,
    *,
    key: str,
    office_id: str,
    service_id: str | None,
    service_version: int,
    kind: CaseKind,
    text: str,
    author_id: CitizenId,
    is_anonymous: bool,
    language: Language,
    policy: Policy,
    calendar: OfficeCalendar,
    question_id: int | None = None,
    source_message_id: tuple[int, int] | None = None,
    known: AbstractSet[str] = _NOTHING_KNOWN,
    now: datetime,
) -> Case:
    """Register a case, at any hour of any day (MZ-10); the same key gives the same case.

    Of an anonymous one the author is kept nowhere. `known` are numbers the office publishes, which
    are nobody's. Raises TextMissing, TextTooLongForCase, Banned, TooManyOpenCases, SlowDown.
    """
    cases, digest = CaseRepository(tx), rules.key_digest(key)
    earlier = await cases.by_key(digest)
    if earlier is not None:
        return earlier
    words = rules.fit_words(text, known)
    await _ensure_may_register(tx, cases, author_id, office_id, now)
    draft = Case(
        id=CaseId(0),
        tracking_code=await _unused_code(cases),
        office_id=office_id,
        service_id=service_id,
        service_version=service_version,
        kind=kind,
        author_id=None if is_anonymous else author_id,
        language=language,
        state=CaseState.OPEN,
        policy=policy,
        registered_at=now,
        question_id=question_id,
    )
    case = await cases.add(draft, digest)
    if case is None:
        return await _registered_meanwhile(cases, digest)
    await _spend_a_registration(tx, author_id, now)
    await _begin(cases, case, words, calendar, now, source=source_message_id)
    return case


async def _begin(
    cases: CaseRepository,
    case: Case,
    words: str,
    calendar: OfficeCalendar,
    now: datetime,
    *,
    source: tuple[int, int] | None,
) -> None:
    await steps.note_event(cases, case, Action.REGISTERED, now)
    await steps.say(cases, case, MessageKind.WORDS, words, now, source=source)
    await steps.promise(cases, case, _PROMISED, calendar, now)


async def _registered_meanwhile(cases: CaseRepository, digest: str) -> Case:
    """Find what somebody with the same key registered first, for whom this one has waited."""
    case = await cases.by_key(digest)
    assert case is not None
    return case


async def add_words(
    tx: Transaction,
    *,
    code: str,
    citizen_id: CitizenId,
    text: str,
    calendar: OfficeCalendar,
    source: tuple[int, int] | None = None,
    known: AbstractSet[str] = _NOTHING_KNOWN,
    now: datetime,
) -> Case:
    """Add to a case: the office has the next word, and its clocks go on.

    Raises NoSuchCase, TextMissing, TextTooLongForCase, CaseIsOver, Banned and SlowDown.
    """
    cases = CaseRepository(tx)
    case = await steps.of_citizen(cases, code, citizen_id)
    rules.ensure_going_on(case, now)
    words = rules.fit_words(text, known)
    if await steps.was_said(cases, case, source):
        return case
    await citizens.ensure_welcome(tx, citizen_id=citizen_id, office_id=case.office_id, now=now)
    await _spend_words(tx, citizen_id, now)
    is_snoozed = case.is_snoozed_until_reply or case.snoozed_until is not None
    after = await cases.change(case, state=CaseState.OPEN, **steps.AWAKE)
    await steps.say(cases, case, MessageKind.WORDS, words, now, source=source)
    await steps.note_event(cases, case, Action.WORDS_ADDED, now)
    if is_snoozed:
        await steps.note_event(cases, case, Action.WOKEN, now)
    if case.state is CaseState.WAITING:
        await steps.resume(cases, after, calendar, now)
    await steps.promise(cases, after, (ClockKind.NEXT_RESPONSE,), calendar, now)
    return after


async def revise_words(
    tx: Transaction,
    *,
    source: tuple[int, int],
    citizen_id: CitizenId,
    text: str,
    known: AbstractSet[str] = _NOTHING_KNOWN,
    now: datetime,
) -> tuple[Case, CaseMessage] | None:
    """Keep an edited message as its next version; None where it is of no case, or says the same.

    Raises TextMissing, TextTooLongForCase, CaseIsOver, Banned and SlowDown.
    """
    cases = CaseRepository(tx)
    message = await cases.message_said_at(source)
    case = None if message is None else await cases.by_id(message.case_id)
    if message is None or case is None or case.author_id != citizen_id:
        return None
    if message.kind is not MessageKind.WORDS:
        return None
    if case.state is CaseState.CLOSED:
        rules.ensure_going_on(case, now)
    words = rules.fit_words(text, known)
    if words == message.text:
        return None
    await citizens.ensure_welcome(tx, citizen_id=citizen_id, office_id=case.office_id, now=now)
    await _spend_words(tx, citizen_id, now)
    revised = await cases.revise(message, words, now)
    await steps.note_event(cases, case, Action.WORDS_REVISED, now)
    return case, revised


async def withdraw(tx: Transaction, *, code: str, citizen_id: CitizenId, now: datetime) -> Case:
    """Take a case back; raises NoSuchCase and CaseIsOver."""
    cases = CaseRepository(tx)
    case = await steps.of_citizen(cases, code, citizen_id)
    rules.ensure_going_on(case, now)
    closed = await cases.change(
        case, state=CaseState.CLOSED, ending=Ending.WITHDRAWN, ended_at=now, **steps.AWAKE
    )
    await cases.meet_clocks(case.id, now)
    await steps.note_event(cases, case, Action.ENDED, now, note=Ending.WITHDRAWN.value)
    return closed


async def reopen(
    tx: Transaction,
    *,
    code: str,
    citizen_id: CitizenId,
    text: str,
    calendar: OfficeCalendar,
    source: tuple[int, int] | None = None,
    known: AbstractSet[str] = _NOTHING_KNOWN,
    now: datetime,
) -> Case:
    """Say within ten days that it is not solved.

    Raises NoSuchCase, CaseNotOver, TooLateToReopen, CaseIsOver for what was withdrawn, TextMissing
    and TextTooLongForCase.
    """
    cases = CaseRepository(tx)
    case = await steps.of_citizen(cases, code, citizen_id)
    rules.ensure_reopenable(case, now)
    words = rules.fit_words(text, known)
    return await _disagree(cases, case, Action.REOPENED, words, calendar, source=source, now=now)


async def object_to(
    tx: Transaction,
    *,
    code: str,
    citizen_id: CitizenId,
    text: str,
    calendar: OfficeCalendar,
    source: tuple[int, int] | None = None,
    known: AbstractSet[str] = _NOTHING_KNOWN,
    now: datetime,
) -> Case:
    """Object to "cannot be done", once, within ten days.

    Raises what `reopen` raises, and WrongState where there is no rejection to object to any more.
    """
    cases = CaseRepository(tx)
    case = await steps.of_citizen(cases, code, citizen_id)
    rules.ensure_objectable(case, await cases.events(case.id), now)
    words = rules.fit_words(text, known)
    return await _disagree(cases, case, Action.OBJECTED, words, calendar, source=source, now=now)


async def escalate(tx: Transaction, *, code: str, citizen_id: CitizenId, now: datetime) -> Case:
    """Bring a late case before the manager, once.

    Raises NoSuchCase, CaseIsOver, NotLate and AlreadyEscalated.
    """
    cases = CaseRepository(tx)
    case = await steps.of_citizen(cases, code, citizen_id)
    rules.ensure_escalatable(case, await cases.clocks(case.id), now)
    escalated = await cases.change(case, escalated_at=now)
    await steps.note_event(cases, case, Action.ESCALATED, now)
    return escalated


async def _ensure_may_register(
    tx: Transaction, cases: CaseRepository, author_id: CitizenId, office_id: str, now: datetime
) -> None:
    await citizens.ensure_welcome(tx, citizen_id=author_id, office_id=office_id, now=now)
    if await cases.count_going_on(author_id) >= OPEN_CASES_MAX:
        raise TooManyOpenCases(OPEN_CASES_MAX)


async def _spend_a_registration(tx: Transaction, author_id: CitizenId, now: datetime) -> None:
    await citizens.spend(
        tx, citizen_id=author_id, kind="case", most=REGISTRATIONS_PER_HOUR, window=_HOUR, now=now
    )


async def _spend_words(tx: Transaction, citizen_id: CitizenId, now: datetime) -> None:
    """Let nobody fill the desk of an office with messages, or a case with versions."""
    await citizens.spend(
        tx, citizen_id=citizen_id, kind="words", most=WORDS_PER_HOUR, window=_HOUR, now=now
    )


async def _disagree(
    cases: CaseRepository,
    case: Case,
    action: Action,
    words: str,
    calendar: OfficeCalendar,
    *,
    source: tuple[int, int] | None,
    now: datetime,
) -> Case:
    opened = await steps.begin_again(cases, case, calendar, now)
    await steps.say(cases, case, MessageKind.WORDS, words, now, source=source)
    await steps.note_event(cases, case, action, now)
    return opened


async def _unused_code(cases: CaseRepository) -> str:
    while await cases.by_code(code := tracking.new_code()) is not None:
        pass
    return code
