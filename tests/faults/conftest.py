"""A morning that was written down, to be told to desks again in other ways."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.state import Figure, report
from bot.catalogue.model import Catalogue
from bot.inbox import use_cases as inbox
from bot.inbox.model import Received
from bot.kit.database import Database
from bot.messenger.admission import chat_key_of
from bot.messenger.contract import Desk
from bot.messenger.reading import dumps, loads
from bot.messenger.worker import Worker
from tests.day_support import World, world_at
from tests.faults.play import MORNING, begin
from tests.faults.scale import IS_LONG
from tests.window import Window, other_records, window_into

CODES = ("SELECT tracking_code FROM desk_case", "SELECT code FROM top_up")
_BOT = 1
_SEED = 7
Update = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """The updates of a morning, and the records as they were before the first of them."""

    image: Any
    updates: list[Update]
    desk: Desk
    catalogue: Catalogue
    draws: Random
    codes: dict[str, str]  # what was quoted, and where it stands

    async def again(self, window: Window, arrivals: Sequence[Update]) -> None:
        """Let the desk answer these, in the order in which they arrive."""
        self.draws.seed(_SEED)
        window.put_back(self.image)
        database = Database.open(window.url)
        worker = Worker(
            database,
            self.desk,
            clock=lambda: MORNING,
            arrived=asyncio.Event(),
            queued=lambda: None,
            call_directly=lambda _: None,
        )
        try:
            for update in arrivals:
                one = Received(_BOT, update["update_id"], chat_key_of(update), dumps(update))
                async with database.transaction() as tx:
                    await inbox.receive(tx, [one], MORNING)
                while await worker.work_once():
                    pass
        finally:
            await database.close()


def overheard(world: World) -> list[Update]:
    """Write down every update from now on."""
    found: list[Update] = []
    queue = world.simulator.world.updates
    put = queue._put

    def note(queued: Any) -> None:
        found.append(loads(queued.body))
        put(queued)

    queue._put = note
    return found


def draw_alike(monkeypatch: pytest.MonkeyPatch, *, is_one_token: bool = False) -> Random:
    """Let the desk draw alike in every run what buttons carry, and codes; or one and the same."""
    draw = Random(1)

    def token(count: int) -> str:
        return "o" * count if is_one_token else f"{draw.randrange(16**count):0{count}x}"

    drawn = SimpleNamespace(token_urlsafe=token, choice=draw.choice)
    for room in (
        "bot.citizens.use_cases.dialogues",
        "bot.kit.tracking",
        "handlers.views.workshops.paying_fees",
    ):
        monkeypatch.setattr(f"{room}.secrets", drawn)
    return draw


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> Random:
    return draw_alike(monkeypatch)


@pytest.fixture
def elsewhere(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Window]:
    """Other records of the same kind, which take the image of a morning."""
    with other_records(request, database_url, tmp_path) as url, window_into(url) as window:
        yield window


@pytest.fixture
async def told(database_url: str, draws: Random) -> AsyncIterator[Told]:
    async with world_at(MORNING, database_url) as world:
        morning = await begin(world)
        image = world.window.image()
        updates = overheard(world)
        draws.seed(_SEED)
        await morning.whole()
        desk, catalogue = world.messenger._worker._desk, world.shared.catalogue
        codes = {world.ask(query)[0][0]: query for query in CODES}
        yield Told(image, updates, desk, catalogue, draws, codes)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep in docs/state.md how a storm ended in which every fault happened at length."""
    told = session.config.pluginmanager.get_plugin("terminalreporter")
    if IS_LONG and told is not None:  # a worker tells nobody: whoever began it does
        ran = len(told.stats.get("passed", ())) + session.testsfailed  # not those left out
        tests = Figure("tests in which every fault happens at length", ran, "")
        failed = Figure("… that failed", session.testsfailed, "", 0)
        report("storm, every fault", [replace(one, digits=0) for one in (tests, failed)])
