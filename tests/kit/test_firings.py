"""Firings of the clock: each slot of a job is had by one, once, and who is overtaken stops."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.kit.database import Database
from bot.kit.firings import SLOT_SECONDS, Overtaken, audit, fire, fired
from bot.kit.tables import firing, sealed_column

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SLOT = timedelta(seconds=SLOT_SECONDS)
JOBS = ("remind", "tell", "tidy")


async def test_of_leaders_at_the_same_moment_one_has_each_slot(
    database: Database, database_url: str
) -> None:
    others = [Database.open(database_url) for _ in range(3)] if database.is_shared else []
    leaders = [database, *others] if others else [database] * 4
    had = []
    for number in range(10):
        moment = NOON + number * SLOT
        found = await asyncio.gather(*(fire(leader, JOBS, moment) for leader in leaders))
        had += [(job, slot) for slots in found for job, slot in slots.items()]
    for other in others:
        await other.close()
    assert sorted({job for job, _ in had}) == sorted(JOBS)
    assert len(had) == len(set(had)) == 10 * len(JOBS)


async def test_a_slot_is_not_had_again_nor_is_one_before_it(database: Database) -> None:
    (first,) = (await fire(database, ["tell"], NOON)).values()
    for moment in (NOON, NOON + SLOT / 2, NOON - SLOT):  # clocks of machines differ
        assert await fire(database, ["tell"], moment) == {}
    assert await fire(database, ["tell", "tidy"], NOON) == {"tidy": first}
    assert await fire(database, ["tell"], NOON + SLOT) == {"tell": first + 1}


async def test_a_clock_that_leaps_repeats_no_slot_and_stops_no_job(database: Database) -> None:
    had = []
    for hours in (0, 3, 0, 0, -24, 5):
        had += (await fire(database, ["tell"], NOON + timedelta(hours=hours))).values()
    assert len(set(had)) == 6
    assert had == sorted(had)


async def test_who_is_overtaken_changes_nothing_more(database: Database) -> None:
    slots = await fire(database, ["tell", "tidy"], NOON)
    old = fired(database, "tell", slots["tell"])
    async with old.transaction():
        pass
    new = fired(database, "tell", (await fire(database, ["tell"], NOON + SLOT))["tell"])
    with pytest.raises(Overtaken):
        async with old.transaction() as tx:
            await tx.execute(insert(sealed_column), {"name": "late", "key_id": 1})
    async with new.transaction():
        pass
    async with fired(database, "tidy", slots["tidy"]).transaction():
        pass  # another job has its own slots


async def test_the_next_slot_waits_until_what_is_being_changed_in_this_one_is_done(
    database: Database,
) -> None:
    slots = await fire(database, ["tell"], NOON)
    async with asyncio.TaskGroup() as group:
        async with fired(database, "tell", slots["tell"]).transaction():
            overtaking = group.create_task(fire(database, ["tell"], NOON + SLOT))
            await asyncio.sleep(0.1)
            assert not overtaking.done()
        assert await overtaking == {"tell": slots["tell"] + 1}


async def test_an_audit_names_a_job_that_stands_in_two_slots(database: Database) -> None:
    await fire(database, JOBS, NOON)
    async with database.transaction() as tx:
        assert await audit(tx) == []
        await tx.execute(insert(firing), {"job": "tell", "slot": 7, "fired_at": NOON})
        (found,) = await audit(tx)
    assert "I22 fired once: the job tell" in str(found)
