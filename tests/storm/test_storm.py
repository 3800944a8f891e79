"""A small storm for every day; `make storm` raises the great one."""

import random
from pathlib import Path

import pytest

from tests.storm.desk_oracle import look_at
from tests.storm.desk_storm import DeskStorm
from tests.storm.oracle import check_effects, check_invariants
from tests.storm.storm import Storm


@pytest.mark.timeout(90)
async def test_three_kills_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    print(f"storm seed {seed}")  # noqa: T201 - to repeat the storm that broke a promise
    storm = Storm(tmp_path / "storm.sqlite3", seed, kills=3, per_life=25)
    await storm.rage()
    assert storm.exit_code == 0
    assert check_invariants(storm.database, storm.simulator, storm.said) == []
    assert check_effects(storm.database, storm.said) == []


@pytest.mark.timeout(120)
async def test_two_kills_of_the_whole_desk_lose_no_case_and_no_answer(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    print(f"storm seed {seed}")  # noqa: T201 - as above
    storm = DeskStorm(
        tmp_path / "storm.sqlite3",
        seed,
        kills=2,
        citizens_count=4,
        life_seconds=(0.0, 1.2),
        leavers_count=1,
    )
    await storm.rage()
    assert storm.exit_code == 0
    findings = look_at(storm)
    assert findings.faults == [], seed
    assert findings.figures["cases"] > 0
    assert findings.figures["people erased"] > 0
