"""F1, F17, F18: kills; processes told to end, stopped, or begun twice."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.faults.scale import PATIENCE, chance, many
from tests.storm.oracle import check_effects, check_invariants
from tests.storm.storm import Storm

pytestmark = pytest.mark.timeout(PATIENCE)  # of replicas on a server: test_replicas.py

END_SECONDS = 8
EVENTS, SPOKEN = 60, 12  # there are more events than that


async def test_told_to_end_in_the_middle_of_work_it_ends_in_order_and_loses_nothing(
    tmp_path: Path,
) -> None:
    storm = Storm(
        tmp_path / "storm.sqlite3",
        chance().randrange(1_000_000),
        kills=many(1, 12),
        ending=signal.SIGTERM,
    )
    await storm.rage()
    assert [code for code, _ in storm.ends] == [0] * len(storm.ends)
    assert max(seconds for _, seconds in storm.ends) < END_SECONDS
    assert check_invariants(storm.database, storm.simulator, storm.said) == []
    assert check_effects(storm.database, storm.said) == []


async def test_killed_at_any_event_it_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    """A real kill, at a point that is counted, with whatever the kernel had not written yet."""
    draw = chance()
    for number in range(many(1, 40)):
        environment = {"STORM_DIES_AT": str(draw.randint(1, EVENTS))}
        path = tmp_path / f"storm{number}.sqlite3"
        storm = Storm(path, draw.randrange(1_000_000), kills=0, environment=environment)
        for _ in range(SPOKEN):
            storm._speak()
        async with storm.simulator.serve() as address:
            dead = await storm._start(address)
            assert await dead.wait() == -signal.SIGKILL
            environment.clear()
            bot = await storm._start(address)
            await storm._drained(bot)
            bot.send_signal(signal.SIGTERM)
            assert await bot.wait() == 0
        assert check_invariants(storm.database, storm.simulator, storm.said) == []
        assert check_effects(storm.database, storm.said) == []


async def test_beside_a_desk_that_is_stopped_no_other_begins_and_it_goes_on_where_it_was(
    tmp_path: Path,
) -> None:
    storm = Storm(tmp_path / "storm.sqlite3", chance().randrange(1_000_000), kills=0)
    async with storm.simulator.serve() as address:
        first = await storm._start(address)
        try:
            await storm.simulator.until(lambda: storm._polls() > 0, 30)
            for _ in range(many(1, 20)):
                for _ in range(storm.per_life):
                    storm._speak()
                await asyncio.sleep(storm.random.uniform(0, 0.05))
                first.send_signal(signal.SIGSTOP)  # with a transaction open, as often as not
                second = await storm._start(address)
                assert await second.wait() == 1
                first.send_signal(signal.SIGCONT)
            await storm._drained(first)
        finally:
            first.send_signal(signal.SIGCONT)
            first.send_signal(signal.SIGTERM)
            assert await first.wait() == 0
    assert check_invariants(storm.database, storm.simulator, storm.said) == []
    assert check_effects(storm.database, storm.said) == []
