"""F1, F11, F17, F18: kills; locks of others; processes told to end, stopped, or begun twice."""

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.kit.database import Database
from bot.messenger.contract import Desk
from bot.messenger.limits import Limiter
from bot.messenger.platforms import TELEGRAM
from bot.messenger.transport import BotApi
from bot.messenger.wire import Wire
from bot.simulator import Simulator
from tests.faults.oracle import leaks
from tests.faults.scale import PATIENCE, chance, many
from tests.messenger.support import EchoDesk, eventually, running
from tests.storm.oracle import Said, check_effects, check_invariants, waiting_count
from tests.storm.storm import Storm

pytestmark = [
    pytest.mark.timeout(PATIENCE),
    pytest.mark.about_a_file("the faults are those of a file"),
]

END_SECONDS = 8
LOCKED_SECONDS = 1.2  # longer than the desk under test waits for one lock, five times
EVENTS, SPOKEN = 60, 12  # there are more events than that
SARA = 501


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


async def test_a_lock_that_another_process_keeps_for_long_delays_and_loses_nothing(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    path, said, simulator = Path(database_url.partition("///")[2]), Said(), Simulator()
    simulator.add_person("p", SARA, "Citizen")
    simulator.world.chats[SARA].is_started = True
    database = Database.open(database_url, busy_seconds=0.1)
    echo = EchoDesk()

    def speak() -> None:
        said.updates.append((simulator.last_update_id + 1, SARA, f"n{len(said.updates)}"))
        simulator.say(SARA, said.updates[-1][2])

    async def is_quiet() -> bool:
        with closing(sqlite3.connect(path)) as window:
            known = window.execute("SELECT count(*) FROM inbox").fetchone()[0]
        return known == len(said.updates) and waiting_count(path) == 0

    async with simulator.serve() as address, Wire() as wire:
        api = BotApi(TELEGRAM.at(address), simulator.token, wire)
        limiter = Limiter(1000, is_paced=False)
        async with running(database, api, Desk(echo.answer, echo.refuse), limiter=limiter):
            speak()
            await eventually(is_quiet, 10)
            began = time.monotonic()
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                for _ in range(5):
                    speak()
                await asyncio.sleep(LOCKED_SECONDS)
                other.execute("COMMIT")
            assert not await is_quiet()
            await eventually(is_quiet, 20)
            assert time.monotonic() - began > LOCKED_SECONDS
    await database.close()
    assert check_invariants(path, simulator, said) == []
    assert "cannot be kept" in caplog.text
    assert leaks(caplog.text) == []
