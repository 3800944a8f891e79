"""Many at once: each in a transaction of its own, and only one of them first."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.cases import use_cases as cases
from bot.cases.errors import MergeIntoItself, TakenByOther, WrongState
from bot.cases.model import Action, CaseState, Ending
from bot.kit.database import Database, Transaction
from bot.kit.errors import DeskError
from bot.kit.repository import Turn, take_turn
from tests.cases.support import (
    CALENDAR,
    COLLEAGUE,
    HOUR,
    NOW,
    OFFICER,
    SARA,
    given_case,
    tehran,
)


async def rush(
    database: Database, *units: Callable[[Transaction], Awaitable[Any]]
) -> list[object]:
    async def one(unit: Callable[[Transaction], Awaitable[Any]]) -> object:
        try:
            async with database.transaction() as tx:
                return await unit(tx)
        except DeskError as error:
            return type(error)

    return list(await asyncio.gather(*(one(unit) for unit in units)))


async def test_two_officers_take_a_case_and_one_has_it(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)
    results = await rush(
        database,
        *(
            lambda tx, actor=actor: cases.take(tx, case_id=case.id, actor=actor, now=NOW)
            for actor in (OFFICER, COLLEAGUE) * 5
        ),
    )
    async with database.reading() as tx:
        whole = await cases.dossier(tx, case_id=case.id)
    assert results.count(TakenByOther) == 5
    assert [event.action for event in whole.events].count(Action.TAKEN) == 1


async def test_a_double_tap_registers_one_case(database: Database) -> None:
    results = await rush(database, *[lambda tx: given_case(tx, key="run-1")] * 8)
    assert len(set(results)) == 1
    async with database.reading() as tx:
        assert len(await cases.cases_of(tx, citizen_id=SARA)) == 1


async def test_of_two_merges_that_cross_one_is_refused(database: Database) -> None:
    async with database.transaction() as tx:
        first, second = await given_case(tx), await given_case(tx)
    results = await rush(
        database,
        *(
            lambda tx, case=case, into=into: cases.merge(
                tx, case_id=case.id, into_code=into.tracking_code, actor=OFFICER, now=NOW
            )
            for case, into in ((first, second), (second, first))
        ),
    )
    assert results.count(MergeIntoItself) == 1
    async with database.reading() as tx:
        states = {(await cases.dossier(tx, case_id=c.id)).case.state for c in (first, second)}
    assert states == {CaseState.OPEN, CaseState.ANSWERED}


async def test_an_ending_and_a_withdrawal_exclude_each_other(database: Database) -> None:
    async with database.transaction() as tx:
        case = await given_case(tx)
    results = await rush(
        database,
        lambda tx: cases.end(tx, case_id=case.id, actor=OFFICER, ending=Ending.DONE, now=NOW),
        lambda tx: cases.withdraw(tx, code=case.tracking_code, citizen_id=SARA, now=NOW),
        lambda tx: cases.end(tx, case_id=case.id, actor=COLLEAGUE, ending=Ending.DONE, now=NOW),
    )
    assert sum(isinstance(result, type) for result in results) == 2
    assert WrongState in results


async def test_rounds_that_overlap_tell_each_thing_once(database: Database) -> None:
    async with database.transaction() as tx:
        for _ in range(3):
            await given_case(tx)
    late = await rush(
        database.beginning_with(partial(take_turn, turn=Turn.ROUNDS)),
        *[
            lambda tx: cases.overdue(
                tx, office_id="kanoon", calendar=CALENDAR, now=tehran(1, 14) + HOUR
            )
        ]
        * 4,
    )
    assert sorted(len(found) for found in late if isinstance(found, list)) == [0, 0, 0, 3]
