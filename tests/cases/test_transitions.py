"""Everything that can be done to a case, in every state: done, or refused without a trace."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.cases import rules
from bot.cases import use_cases as cases
from bot.cases.errors import (
    CaseIsOver,
    CaseNotOver,
    TooLateToReopen,
    WrongState,
)
from bot.cases.model import Action, Case, CaseState, Ending
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from tests.cases.support import (
    CALENDAR,
    DAY,
    HOUR,
    NOW,
    OFFICER,
    SARA,
    given_case,
    given_in,
    rows_of,
)

OPEN, WAITING, ANSWERED, CLOSED = CaseState
LATER = NOW + HOUR
Act = Callable[[Transaction, Case], Awaitable[Any]]


def staff(act: Callable[..., Awaitable[Any]], **more: Any) -> Act:
    return lambda tx, case: act(tx, case_id=case.id, actor=OFFICER, now=LATER, **more)


def citizen(act: Callable[..., Awaitable[Any]], **more: Any) -> Act:
    return lambda tx, case: act(
        tx, code=case.tracking_code, citizen_id=SARA, now=more.get("now", LATER), **more
    )


async def revise(tx: Transaction, case: Case) -> object:
    del case
    return await cases.revise_words(tx, source=(1, 2), citizen_id=SARA, text="تازه", now=LATER)


async def merge(tx: Transaction, case: Case) -> object:
    target = await given_case(tx)
    return await cases.merge(
        tx, case_id=case.id, into_code=target.tracking_code, actor=OFFICER, now=LATER
    )


async def escalate(tx: Transaction, case: Case) -> object:
    return await cases.escalate(tx, code=case.tracking_code, citizen_id=SARA, now=NOW + 30 * DAY)


# What each act leads to, state by state, or the refusal; written down apart from the program.
WORDS: dict[str, Any] = {"text": "سلام", "calendar": CALENDAR}
REJECTED = {"ending": Ending.CANNOT_BE_DONE, "reason": "بودجه نیست"}
TABLE: dict[str, tuple[Act, dict[CaseState, CaseState | type[DeskError]]]] = {
    "words_added": (
        citizen(cases.add_words, **WORDS),
        {OPEN: OPEN, WAITING: OPEN, ANSWERED: CaseIsOver, CLOSED: CaseIsOver},
    ),
    "words_revised": (
        revise,
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: ANSWERED, CLOSED: CaseIsOver},
    ),
    "withdrawn": (
        citizen(cases.withdraw),
        {OPEN: CLOSED, WAITING: CLOSED, ANSWERED: CaseIsOver, CLOSED: CaseIsOver},
    ),
    "reopened": (
        citizen(cases.reopen, **WORDS),
        {OPEN: CaseNotOver, WAITING: CaseNotOver, ANSWERED: OPEN, CLOSED: TooLateToReopen},
    ),
    "objected": (
        citizen(cases.object_to, **WORDS),
        {OPEN: CaseNotOver, WAITING: CaseNotOver, ANSWERED: OPEN, CLOSED: TooLateToReopen},
    ),
    "taken": (
        staff(cases.take),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "released": (
        staff(cases.release),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "replied": (
        staff(cases.reply, **WORDS),
        {OPEN: OPEN, WAITING: OPEN, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "asked": (
        staff(cases.ask, text="کدام؟"),
        {OPEN: WAITING, WAITING: WAITING, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "noted": (
        staff(cases.note, text="بررسی شد"),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: ANSWERED, CLOSED: CLOSED},
    ),
    "snoozed": (
        staff(cases.snooze, until=None),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "woken": (
        staff(cases.wake),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "transferred": (
        staff(cases.transfer, service_id="library"),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "ended": (
        staff(cases.end, **REJECTED),
        {OPEN: ANSWERED, WAITING: ANSWERED, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "merged": (
        merge,
        {OPEN: ANSWERED, WAITING: ANSWERED, ANSWERED: WrongState, CLOSED: WrongState},
    ),
    "process_changed": (
        staff(cases.mark_process_changed),
        {OPEN: OPEN, WAITING: WAITING, ANSWERED: ANSWERED, CLOSED: CLOSED},
    ),
    "escalated": (
        escalate,
        {OPEN: OPEN, ANSWERED: CaseIsOver, CLOSED: CaseIsOver},
    ),
}
EVERY = [
    (name, state, after) for name, (_act, ways) in TABLE.items() for state, after in ways.items()
]


def test_the_table_leaves_nothing_out() -> None:
    by_time_or_first = {Action.REGISTERED, Action.CLOSED, Action.DEADLINE_MOVED, Action.LATE}
    by_other_rooms = {Action.PRIVATE}
    assert set(TABLE) - {"withdrawn"} == set(Action) - by_time_or_first - by_other_rooms
    assert len(EVERY) == 4 * len(TABLE) - 1  # What waits for its citizen does not become late.
    assert set(rules.ALLOWED_IN) == set(Action) - {Action.REGISTERED}


@pytest.mark.parametrize(("name", "state", "after"), EVERY)
async def test_an_act_leads_where_the_table_says_or_leaves_no_trace(
    database: Database, name: str, state: CaseState, after: CaseState | type[DeskError]
) -> None:
    async with database.transaction() as tx:
        case = await given_in(tx, state, source_message_id=(1, 2))
        if name == "released" and case.assignee_id is None:
            case = await cases.take(tx, case_id=case.id, actor=OFFICER, now=NOW)
    async with database.transaction() as tx:
        assert case.state is state
        before = await rows_of(tx)
        if isinstance(after, CaseState):
            await TABLE[name][0](tx, case)
            assert (await cases.dossier(tx, case_id=case.id)).case.state is after
        else:
            with pytest.raises(after):
                async with tx.begin_nested():
                    await TABLE[name][0](tx, case)
            assert await rows_of(tx) == before


async def test_a_case_that_was_read_before_another_changed_it_is_refused(
    database: Database,
) -> None:
    from bot.cases.repository import CaseRepository  # noqa: PLC0415 - looks inside on purpose

    async with database.transaction() as tx:
        read = await given_case(tx)
        await cases.withdraw(tx, code=read.tracking_code, citizen_id=SARA, now=LATER)
        with pytest.raises(WrongState):
            await CaseRepository(tx).change(read, state=WAITING)
