"""How often is too often, in any window and for each person alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.citizens import use_cases as citizens
from bot.citizens.errors import SlowDown
from bot.citizens.model import CitizenId
from bot.citizens.rules import free_at, slot_end
from bot.citizens.tables import spent_limit
from bot.kit.database import Database

NOW = datetime(2026, 11, 22, 8, 2, tzinfo=UTC)
SARA, REZA = CitizenId(11), CitizenId(22)
HOUR = timedelta(hours=1)


async def spend(
    database: Database, now: datetime = NOW, citizen_id: CitizenId = SARA, kind: str = "case"
) -> bool:
    try:
        async with database.transaction() as tx:
            await citizens.spend(
                tx, citizen_id=citizen_id, kind=kind, most=3, window=HOUR, now=now
            )
    except SlowDown:
        return False
    return True


async def test_the_fourth_of_three_is_refused_until_the_time_it_names(database: Database) -> None:
    assert [await spend(database) for _ in range(3)] == [True] * 3
    with pytest.raises(SlowDown) as slow:
        async with database.transaction() as tx:
            await citizens.spend(tx, citizen_id=SARA, kind="case", most=3, window=HOUR, now=NOW)
    again_at = slow.value.again_at
    assert NOW + HOUR <= again_at <= NOW + HOUR + HOUR / 12
    assert not await spend(database, again_at - timedelta(seconds=1))
    assert await spend(database, again_at)


async def test_people_and_kinds_are_counted_apart(database: Database) -> None:
    for _ in range(3):
        await spend(database)
    assert not await spend(database)
    assert await spend(database, citizen_id=REZA)
    assert await spend(database, kind="code")


async def test_what_was_refused_counts_for_nothing(database: Database) -> None:
    for _ in range(10):
        await spend(database)
    async with database.reading() as tx:
        (row,) = (await tx.execute(select(spent_limit))).all()
    assert row._mapping["count"] == 3


async def test_the_moment_itself_is_not_kept_and_nothing_after_its_time(
    database: Database,
) -> None:
    await spend(database, NOW + timedelta(seconds=17))
    async with database.reading() as tx:
        (row,) = (await tx.execute(select(spent_limit))).all()
    assert row.slot_ends_at == NOW.replace(minute=5)
    async with database.transaction() as tx:
        await citizens.forget_expired(tx, now=row.slot_ends_at + HOUR)
        assert (await tx.execute(select(spent_limit))).all() == []


@given(
    steps=st.lists(st.integers(0, 2400), max_size=40),
    most=st.integers(1, 5),
    window=st.sampled_from([timedelta(minutes=1), HOUR, timedelta(days=1)]),
)
def test_in_no_window_is_anything_done_more_often(
    steps: list[int], most: int, window: timedelta
) -> None:
    spent: dict[datetime, int] = {}
    done: list[datetime] = []
    now = NOW
    for step in steps:
        now += timedelta(seconds=step)
        again_at = free_at(spent, most, window, now)
        if again_at is not None:
            assert now < again_at <= now + window + window / 12
            assert free_at(spent, most, window, again_at) is None
            continue
        end = slot_end(now, window)
        assert now < end <= now + window / 12
        spent[end] = spent.get(end, 0) + 1
        done.append(now)
    for first, later in zip(done, done[most:], strict=False):
        assert later - first >= window
