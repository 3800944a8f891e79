from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.digests import use_cases
from bot.digests.model import DigestKind, Period
from bot.kit.database import Database, Transaction
from tests.digests.support import desk_policy, office_calendar, tehran

DESK, CALENDAR = desk_policy(), office_calendar()
DAILY, WEEKLY = DigestKind.DAILY, DigestKind.WEEKLY


async def due(
    tx: Transaction, now: datetime, *, office_id: str = "kanoon", kind: DigestKind = DAILY
) -> Period | None:
    return await use_cases.due(
        tx, office_id=office_id, kind=kind, desk=DESK, calendar=CALENDAR, now=now
    )


async def record(
    tx: Transaction, period: Period, *, office_id: str = "kanoon", kind: DigestKind = DAILY
) -> bool:
    return await use_cases.record(
        tx, office_id=office_id, kind=kind, period=period, now=period.until
    )


async def test_what_was_told_is_not_due_again_and_the_next_begins_where_it_ended(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        first = await due(tx, tehran(22, 8))
        assert first is not None
        assert await record(tx, first)
    async with database.transaction() as tx:
        assert await due(tx, tehran(22, 12)) is None
        second = await due(tx, tehran(23, 8))
    assert second == Period(first.until, tehran(23, 8))


async def test_two_rounds_that_saw_the_same_period_tell_it_once(database: Database) -> None:
    async with database.reading() as tx:
        seen = [await due(tx, tehran(22, 8)) for _ in range(2)]
    assert seen[0] is not None
    told = []
    for period in seen:
        assert period is not None
        async with database.transaction() as tx:
            told.append(await record(tx, period))
    assert told == [True, False]


async def test_a_period_that_leaves_a_gap_or_overlaps_is_not_recorded(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        assert await record(tx, Period(tehran(21, 8), tehran(22, 8)))
        for since in (tehran(22, 7), tehran(22, 9)):
            assert not await record(tx, Period(since, tehran(23, 8)))


async def test_offices_and_kinds_are_told_apart(database: Database) -> None:
    async with database.transaction() as tx:
        assert await record(tx, Period(tehran(21, 8), tehran(22, 8)))
        assert await due(tx, tehran(22, 8), office_id="mazandaran") is not None
        assert await due(tx, tehran(21, 8), kind=WEEKLY) is not None


async def test_a_restart_in_the_middle_repeats_the_period_and_loses_nothing(
    database: Database,
) -> None:
    async with database.reading() as tx:
        before = await due(tx, tehran(22, 8))
    async with database.reading() as tx:
        assert await due(tx, tehran(22, 8, 5)) == before


async def test_a_look_covers_what_no_digest_has(database: Database) -> None:
    async with database.transaction() as tx:
        now = tehran(22, 11)
        unknown = await use_cases.uncovered(tx, office_id="kanoon", kind=WEEKLY, now=now)
        assert unknown == Period(now - timedelta(weeks=1), now)
        await record(tx, Period(tehran(21, 8), tehran(22, 8)))
        later = await use_cases.uncovered(tx, office_id="kanoon", kind=DAILY, now=now)
        assert later == Period(tehran(22, 8), now)
        earlier = tehran(22, 7)  # the clock was put back
        again = await use_cases.uncovered(tx, office_id="kanoon", kind=DAILY, now=earlier)
        assert again.until == earlier


async def test_whole_days_are_those_of_tehran() -> None:
    day = tehran(22, 12).date()
    assert use_cases.day_period(day, day) == Period(tehran(22, 0), tehran(23, 0))


async def test_what_was_told_is_found_by_index(
    plan_of: Callable[..., Awaitable[str]],
) -> None:
    plan = await plan_of(lambda tx: due(tx, tehran(22, 8)))
    assert "SCAN" not in plan
