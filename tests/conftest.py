"""Fixtures that more than one room's tests stand on."""

import asyncio
import gc
import logging
import shutil
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from bot.kit.database import Database, Transaction
from bot.kit.migrating import migrate
from tests.keys_support import lend_keys
from tests.lasting import choose_loop, chosen_loop, end_loop, lend_connections
from tests.pace import keep_bytecode, keep_files_in_memory, share_statements
from tests.postgres_support import Server, find_programs, running_server

# A busy machine takes its time. `pytest --hypothesis-profile=long` draws twenty times as many.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("desk"), max_examples=2_000)
settings.load_profile("desk")
share_statements()
lend_connections()
lend_keys()
keep_bytecode()
keep_files_in_memory()

_TRIES_MAX = 400
NO_POSTGRES = "NO POSTGRESQL ON THIS MACHINE: the other database is not tested in this run"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "about_a_file(why): is not tried on a server")
    config.addinivalue_line("markers", "about_a_server(why): is not tried in a file")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql", "both"],
        default="sqlite",
        help="where the tests keep their records; `make test` tries both",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no rubbish while thousands of tests are made, nor ever again among those."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try whatever keeps records in a file and on a server, unless it is about the file."""
    if "database_url" not in metafunc.fixturenames:
        return
    asked = metafunc.config.getoption("--database")
    kinds = {"sqlite", "postgresql"} if asked == "both" else {asked}
    if "plan_of" in metafunc.fixturenames or _is(metafunc, "about_a_file"):
        kinds -= {"postgresql"}
    if _is(metafunc, "about_a_server"):
        kinds -= {"sqlite"}
    metafunc.parametrize("database_url", sorted(kinds, reverse=True), indirect=True)


def _is(metafunc: pytest.Metafunc, marker: str) -> bool:
    return metafunc.definition.get_closest_marker(marker) is not None


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"chosen": chosen_loop}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let tests on a server run in the loop that keeps its connections."""
    choose_loop(is_lasting="[postgresql" in item.name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if find_programs() is None:
        terminalreporter.write_line(NO_POSTGRES, red=True)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Leave no handler behind that writes to what pytest has closed by then."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(before):
        if type(handler) is logging.StreamHandler:
            root.removeHandler(handler)
            root.setLevel(level)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One empty database in today's shape, made once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for the whole run, where there is the program."""
    programs = find_programs()
    if programs is None:
        pytest.skip(NO_POSTGRES)
    with running_server(programs) as running:
        yield running
        end_loop()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database in today's shape, for this test alone."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        url = server.migrated_database()
        yield url
        server.take_back(url)
        return
    path = tmp_path / "desk.sqlite3"
    shutil.copy(request.getfixturevalue("migrated_file"), path)
    yield f"sqlite+aiosqlite:///{path}"
    for left in tmp_path.glob("*.sqlite3*"):
        left.unlink()  # thousands of them would fill any disk


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    before = _connections()
    database = Database.open(database_url)
    yield database
    await database.close()
    for _ in range(_TRIES_MAX):  # what was cancelled in a statement ends a little later
        if _connections() <= before:
            break
        await asyncio.sleep(0.005)


def _connections() -> set[int | None]:
    """The threads in which connections to files work, which tell a loop when they are done."""
    return {one.ident for one in threading.enumerate() if "_connection_worker" in one.name}


@pytest.fixture
def plan_of(database: Database) -> Callable[..., Awaitable[str]]:
    """Say how SQLite goes about the statements of a unit of work."""

    async def explain(unit: Callable[[Transaction], Awaitable[object]]) -> str:
        seen: list[tuple[str, object]] = []

        def remember(*call: object) -> None:
            seen.append((str(call[2]), call[3]))

        async with database.transaction() as tx:
            engine = database._engine.sync_engine
            event.listen(engine, "before_cursor_execute", remember)
            await unit(tx)
            event.remove(engine, "before_cursor_execute", remember)
            plans = [
                await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                for statement, parameters in seen
            ]
            assert plans
            return " | ".join(row[3] for plan in plans for row in plan)

    return explain
