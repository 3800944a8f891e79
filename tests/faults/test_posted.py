"""F1, F6, F7, F17 where updates are posted: kills, ends, and everything posted twice."""

import signal
import socket
from pathlib import Path

import pytest

from tests.faults.scale import IS_LONG, PATIENCE, chance, many
from tests.storm.desk_oracle import look_at
from tests.storm.desk_storm import DeskStorm
from tests.storm.oracle import check_effects, check_invariants
from tests.storm.storm import Storm

pytestmark = pytest.mark.timeout(PATIENCE)

END_SECONDS = 8
TWICE = 0.3


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostedStorm(Storm):
    """A storm over a desk that does not ask; some of what it is told is posted again."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.simulator.world.webhook.retry_seconds = 0.05
        self.environment = {**self.environment, "STORM_WEBHOOK_PORT": str(free_port())}

    def _polls(self) -> int:
        return self.simulator.journal.counts.get("setWebhook", 0)

    def _speak(self) -> None:
        if self.random.random() < TWICE:
            self.simulator.world.updates.duplicate_next(1)
        super()._speak()


def faults(storm: Storm) -> list[str]:
    found = check_invariants(storm.database, storm.simulator, storm.said)
    return found + check_effects(storm.database, storm.said)


class PostedDesk(DeskStorm):
    """The same over the whole desk, whose environment says where it is posted to."""

    def _polls(self) -> int:
        return self.simulator.journal.counts.get("setWebhook", 0)

    def _stir(self, *, begins: bool = True) -> None:
        if self.random.random() < TWICE:
            self.simulator.world.updates.duplicate_next(1)
        super()._stir(begins=begins)


async def test_killed_again_and_again_while_updates_are_posted_it_loses_nothing(
    tmp_path: Path,
) -> None:
    seed = chance().randrange(1_000_000)
    storm = PostedStorm(tmp_path / "storm.sqlite3", seed, kills=many(2, 40))
    await storm.rage()
    assert storm.exit_code == 0
    assert faults(storm) == []
    assert "getUpdates" not in storm.simulator.journal.counts


async def test_killed_between_the_commit_and_the_answer_it_does_nothing_twice(
    tmp_path: Path,
) -> None:
    """The platform posts again what was kept: it never heard that it was."""
    draw = chance()
    for number in range(many(1, 20)):
        storm = PostedStorm(
            tmp_path / f"storm{number}.sqlite3",
            draw.randrange(1_000_000),
            kills=0,
            environment={"STORM_DIES_BEFORE_200": str(draw.randint(1, 8))},
        )
        for _ in range(12):
            storm._speak()
        async with storm.simulator.serve() as address:
            dead = await storm._start(address)
            assert await dead.wait() == -signal.SIGKILL
            assert storm.simulator.world.updates.pending, "of this it has not heard"
            storm.environment = {**storm.environment, "STORM_DIES_BEFORE_200": "0"}
            bot = await storm._start(address)
            await storm._drained(bot)
            bot.send_signal(signal.SIGTERM)
            assert await bot.wait() == 0
        assert faults(storm) == []


async def test_told_to_end_while_updates_are_posted_it_ends_in_order_and_loses_nothing(
    tmp_path: Path,
) -> None:
    seed = chance().randrange(1_000_000)
    storm = PostedStorm(tmp_path / "storm.sqlite3", seed, kills=many(2, 12), ending=signal.SIGTERM)
    await storm.rage()
    assert [code for code, _ in storm.ends] == [0] * len(storm.ends)
    assert max(seconds for _, seconds in storm.ends) < END_SECONDS
    assert faults(storm) == []


@pytest.mark.skipif(not IS_LONG, reason="the like of it runs in the storm of the whole desk")
async def test_the_whole_desk_killed_while_updates_are_posted_loses_no_case_and_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, port = chance().randrange(1_000_000), free_port()
    monkeypatch.setenv("MIZBAN_WEBHOOK_URL", f"http://127.0.0.1:{port}/storm")
    monkeypatch.setenv("MIZBAN_WEBHOOK_SECRET", "q7Xb2LkP0vRt9ZsW4mNc8YdE1uHg5JfA")
    monkeypatch.setenv("MIZBAN_WEBHOOK_PORT", str(port))
    storm = PostedDesk(
        tmp_path / "storm.sqlite3",
        seed,
        kills=6,
        citizens_count=6,
        life_seconds=(0.3, 1.5),
        leavers_count=1,
    )
    storm.simulator.world.webhook.retry_seconds = 0.05
    await storm.rage()
    assert storm.exit_code == 0
    findings = look_at(storm)
    assert findings.faults == []
    assert findings.figures["cases"] > 0
    assert "getUpdates" not in storm.simulator.journal.counts
