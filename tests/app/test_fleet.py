"""Several bots in one process: what befalls one befalls no other."""

import asyncio
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import fleet, run_all
from bot.app.desk import House
from bot.kit.errors import StartRefused
from bot.messenger.listener import Listener
from bot.settings import Bot, Settings
from bot.simulator import Simulator
from tests.messenger.support import eventually
from tests.postgres_support import Server
from tests.window import other_records, window_into

PATIENCE = 30.0
LOCKED_SECONDS = 3.0  # shorter than a desk waits for a lock
SECRET = "q7Xb2LkP0vRt9ZsW4mNc8YdE1uHg5JfA"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Two:
    """Two bots, the messengers they are at, and where they are told of."""

    folder: Path
    health_port: int = field(default_factory=free_port)
    simulators: dict[str, Simulator] = field(
        default_factory=lambda: {
            "kanoon": Simulator(token="11:of-kanoon"),
            "mazandaran": Simulator(token="22:of-mazandaran"),
        }
    )
    addresses: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return self.urls.get(name, f"sqlite+aiosqlite:///{self.folder}/{name}.sqlite3")

    def bots(self, **common: Any) -> list[Bot]:
        return [
            Bot(
                name,
                Settings(
                    **{
                        "bot_token": simulator.token,
                        "api_base_url": f"{self.addresses[name]}/bot",
                        "database_url": self.url(name),
                        "keyring_file": self.folder / f"{name}.keyring.json",
                        "cache_dir": self.folder / "cache",
                        "offices": (name,),
                        "semantic": False,
                        "health_port": self.health_port,
                        **common,
                    }
                ),
            )
            for name, simulator in self.simulators.items()
        ]

    async def health(self) -> dict[str, Any]:
        address = f"http://127.0.0.1:{self.health_port}/health"
        async with ClientSession() as session, session.get(address) as response:
            told = await response.json()
            assert (response.status == 200) is told["is_healthy"]
            return dict(told)

    async def is_well(self, name: str) -> bool:
        try:
            return bool((await self.health())["bots"][name]["is_healthy"])
        except OSError:
            return False

    async def is_answered(self, name: str) -> None:
        """Say something there, and wait for what is said to it."""
        simulator = self.simulators[name]
        before = len(simulator.journal.of("sendMessage"))
        simulator.say("sara", "/start")
        await simulator.until(
            lambda: len(simulator.journal.of("sendMessage")) > before, timeout_seconds=PATIENCE
        )

    def records(self, name: str) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / f"{name}.sqlite3")


@pytest.fixture
def empty_urls(server: Server) -> list[str]:
    return [server.database() for _ in range(2)]


@pytest.fixture
def other_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with other_records(request, database_url, tmp_path) as url:
        yield url


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    known = Two(tmp_path)
    async with (
        known.simulators["kanoon"].serve() as first,
        known.simulators["mazandaran"].serve() as second,
    ):
        known.addresses = {"kanoon": first, "mazandaran": second}
        yield known


@asynccontextmanager
async def running(two: Two, **common: Any) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_all(two.bots(**common), on_simulator=False, stop=stop))
        try:
            yield
        finally:
            stop.set()


def soon(is_so: Callable[[], Any]) -> Any:
    return eventually(is_so, PATIENCE)


async def test_each_bot_serves_its_own_office_from_records_of_its_own(
    two: Two, database_url: str, other_url: str
) -> None:
    two.urls = {"kanoon": database_url, "mazandaran": other_url}
    async with running(two):
        for name in two.simulators:
            await soon(lambda name=name: two.is_well(name))
            await two.is_answered(name)
        assert (await two.health())["is_healthy"]
    for name, simulator in two.simulators.items():
        (welcome,) = simulator.journal.of("sendMessage")
        offered = str(welcome.params["reply_markup"])
        assert f"o:{name}" in offered
        others = two.simulators.keys() - {name}
        assert not any(f"o:{other}" in offered for other in others)
        with window_into(two.url(name)) as records:
            assert records.ask("SELECT count(*) FROM inbox") == [(1,)]
            number = int(simulator.token.partition(":")[0])
            assert records.ask("SELECT bot_id FROM installation") == [(number,)]


@pytest.mark.about_a_server("in a file nobody can begin beside another")
async def test_of_two_bots_that_are_given_one_server_by_two_names_the_second_is_refused(
    two: Two, database_url: str
) -> None:
    two.urls = {"kanoon": database_url, "mazandaran": f"{database_url}&"}
    async with running(two):
        await soon(lambda: _is_refused(two))


async def _is_refused(two: Two) -> bool:
    try:
        whys = [one.get("why", "") for one in (await two.health())["bots"].values()]
    except OSError:
        return False
    return any("this database belongs to bot" in why for why in whys) and "" in whys


async def test_bots_that_start_at_once_bring_their_records_to_shape_each(
    two: Two, empty_urls: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    two.urls = dict(zip(two.simulators, empty_urls, strict=True))
    async with running(two):
        for name in two.simulators:
            await soon(lambda name=name: two.is_well(name))
            await two.is_answered(name)
    assert "a defect" not in caplog.text


async def test_who_has_served_for_a_while_is_begun_anew_soon(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pauses grow while a bot cannot be begun, and not from one trouble to another one's."""
    begun: list[float] = []
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    async def serve(_settings: Any, _content: Any, _house: Any, opened: Any) -> None:
        begun.append(loop.time())
        if len(begun) > 3:  # it serves from the fourth time on, for longer than a pause
            opened(None)
            await asyncio.sleep(0.5)
        if len(begun) == 6:
            stop.set()
        raise StartRefused(["of no matter"])

    monkeypatch.setattr(fleet, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(fleet, "serve", serve)
    (one, _other) = two.bots()
    berth = fleet.Berth(one, None)  # type: ignore[arg-type] # there is nothing to be served
    keeper = fleet.Fleet(House(stop, Listener()), [berth])
    keeper._has_served = True
    await asyncio.wait_for(keeper.keep(berth), PATIENCE)
    pauses = [after - before for before, after in pairwise(begun)]
    assert pauses[0] < pauses[1] < pauses[2], "0.05, 0.1 and 0.2 seconds"
    assert pauses[4] < 0.5 + 0.3, "0.1 after half a second of service, and not 0.8"


async def test_a_token_that_is_unknown_keeps_one_bot_away_by_name_until_it_is_known(
    two: Two, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fleet, "FIRST_PAUSE_SECONDS", 0.2)
    caplog.set_level(logging.INFO)
    mine, stop = two.bots(), asyncio.Event()
    known = two.simulators["kanoon"].token
    two.simulators["kanoon"].world.token = "11:another"
    async with asyncio.TaskGroup() as group:
        group.create_task(run_all(mine, on_simulator=False, stop=stop))
        try:
            await soon(lambda: two.is_well("mazandaran"))
            await two.is_answered("mazandaran")
            told = (await two.health())["bots"]["kanoon"]
            assert "MIZBAN_BOT_TOKEN" in told["why"]
            assert not (await two.health())["is_healthy"]
            two.simulators["kanoon"].world.token = known
            await soon(lambda: two.is_well("kanoon"))
            await two.is_answered("kanoon")
        finally:
            stop.set()
    assert "MIZBAN_BOT_TOKEN" in caplog.text
    assert known not in caplog.text


async def test_a_server_that_does_not_answer_holds_up_one_bot_and_no_other(two: Two) -> None:
    silent = await asyncio.start_server(lambda _reader, _writer: asyncio.sleep(60), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    mine, stop = two.bots(), asyncio.Event()
    url = f"postgresql+asyncpg://a:b@127.0.0.1:{port}/kanoon"
    mine[0] = Bot("kanoon", mine[0].settings.model_copy(update={"database_url": url}))
    running = asyncio.ensure_future(run_all(mine, on_simulator=False, stop=stop))
    try:
        await soon(lambda: two.is_well("mazandaran"))
        await two.is_answered("mazandaran")
        assert "why" in (await two.health())["bots"]["kanoon"]
    finally:
        stop.set()
        silent.close()
        await asyncio.wait_for(running, PATIENCE)


async def test_where_no_bot_can_be_started_all_faults_are_told_by_name(two: Two) -> None:
    mine = two.bots()
    for simulator in two.simulators.values():
        simulator.world.token = "99:another"
    with pytest.raises(StartRefused) as refused:
        await asyncio.wait_for(run_all(mine, on_simulator=False, stop=asyncio.Event()), PATIENCE)
    assert sorted(line.split(": ")[0] for line in refused.value.faults) == sorted(two.simulators)


async def test_a_wrong_catalogue_of_one_is_told_before_any_starts(two: Two) -> None:
    with pytest.raises(StartRefused) as refused:
        await run_all(two.bots(offices=("nowhere",)), on_simulator=False, stop=asyncio.Event())
    assert [line.split(": ")[:2] for line in refused.value.faults] == [
        [name, "MIZBAN_OFFICES"] for name in two.simulators
    ]
    assert not list(two.folder.glob("*.sqlite3"))


async def test_records_that_are_lost_while_running_stop_one_bot_and_no_other(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "FIRST_PAUSE_SECONDS", 0.2)
    async with running(two):
        for name in two.simulators:
            await soon(lambda name=name: two.is_well(name))
        with closing(two.records("kanoon")) as records, records:
            records.execute("DROP TABLE outbox")
        two.simulators["kanoon"].say("sara", "/start")

        async def has_ended() -> bool:
            return "why" in (await two.health())["bots"]["kanoon"]

        await soon(has_ended)
        await two.is_answered("mazandaran")
        assert await two.is_well("mazandaran")


async def test_storage_in_trouble_holds_up_one_bot_and_no_other(two: Two) -> None:
    async with running(two):
        for name in two.simulators:
            await soon(lambda name=name: two.is_well(name))
        loop = asyncio.get_running_loop()
        with closing(two.records("kanoon")) as records:
            records.isolation_level = None
            records.execute("BEGIN IMMEDIATE")
            two.simulators["kanoon"].say("sara", "/start")
            begun = loop.time()
            await two.is_answered("mazandaran")
            assert loop.time() - begun < LOCKED_SECONDS, "it did not wait with the other"
            assert two.simulators["kanoon"].journal.of("sendMessage") == []
            records.execute("COMMIT")
        await two.simulators["kanoon"].until(
            lambda: bool(two.simulators["kanoon"].journal.of("sendMessage")), PATIENCE
        )


async def test_one_port_hears_what_is_posted_for_both(two: Two) -> None:
    port = free_port()
    posted = {
        "webhook_url": f"http://127.0.0.1:{port}/mizban",
        "webhook_secret": SECRET,
        "webhook_port": port,
    }
    async with running(two, **posted):
        for name, simulator in two.simulators.items():
            await simulator.until(
                lambda simulator=simulator: bool(simulator.world.webhook.url), PATIENCE
            )
            await two.is_answered(name)
        urls = {one.world.webhook.url for one in two.simulators.values()}
        assert len(urls) == 2
        async with ClientSession() as session:
            update = {"update_id": 5, "message": {"chat": {"id": 1}}}
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET[::-1]}
            for url in urls:
                async with session.post(url, json=update, headers=headers) as response:
                    assert response.status == 403
    for name, simulator in two.simulators.items():
        assert "getUpdates" not in simulator.journal.counts
        with closing(two.records(name)) as records:
            assert records.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
