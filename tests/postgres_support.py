"""A PostgreSQL server of our own for one run of the tests, on a socket nobody else can reach."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from bot.kit.migrating import migrate

_PLACES = (
    "/usr/local/bin",
    "/usr/bin",
    *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin"))),
)
# What a crash would lose is nothing: the server lives as long as the tests.
_HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "listen_addresses": "",
    "track_commit_timestamp": "on",
    "deadlock_timeout": "100ms",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",  # to plan anew is dearer than to scan a table
}


# Whoever ends, is broken off or is killed leaves no server behind: its guard reads to the end of
# an input that ends with them, and then stops the server and clears up.
_GUARD = """
"$0" "$@" > log 2>&1 &
cat > /dev/null
kill -INT $!
wait $!
rm -rf "$PWD"
"""


def find_programs() -> Path | None:
    """Say where initdb and postgres are, if anywhere."""
    for place in _PLACES:
        if all(Path(place, name).exists() for name in ("initdb", "postgres")):
            return Path(place)
    return None


_TABLES = """
SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version'
    AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
_SEQUENCES_BACK = """
SELECT setval(seqrelid, 1, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
_PAST_THE_GUARDS = {"session_replication_role": "replica"}
_ROOM_BYTES = 1024**2  # that rows which are gone may take
_SHAPE = """
SELECT array(SELECT relname || relkind::text FROM pg_class
             WHERE relnamespace = 'public'::regnamespace ORDER BY 1)
    || array(SELECT tgname || tgenabled::text FROM pg_trigger ORDER BY 1)
    || array(SELECT conname::text FROM pg_constraint ORDER BY 1)
"""


class Server:
    """Gives databases away, each of which is empty or has today's shape."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = count(1)
        self._shape: list[str] = []
        self._question = ""  # about each table
        self._shelf: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._keepers: dict[str, asyncpg.Connection] = {}  # one in each database, for its return

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://mizban@/{name}?host={self._directory}"

    def database(self) -> str:
        """Make an empty database and give its URL."""
        return self._create("template0")

    def migrated_database(self) -> str:
        """Give a database in today's shape, which is made once and copied."""
        if not self._shape:
            self._execute("CREATE DATABASE migrated TEMPLATE template0")
            migrate(self.url("migrated"))
            self._shape, self._question = asyncio.run(_shape_of(self.url("migrated")))
        return self._shelf.pop() if self._shelf else self._create("migrated")

    def take_back(self, url: str) -> None:
        """Empty a database for whoever comes next, or drop one that has lost its shape."""
        if self._loop.run_until_complete(self._emptied(url)):
            self._shelf.append(url)
        else:
            name = url.partition("@/")[2].partition("?")[0]
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        for keeper in self._keepers.values():
            keeper.terminate()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _create(self, template: str) -> str:
        name = f"desk{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    async def _emptied(self, url: str) -> bool:
        keeper = self._keepers.get(url)
        if keeper is None or keeper.is_closed():
            keeper = self._keepers[url] = await _connect(url, **_PAST_THE_GUARDS)
        if await keeper.fetchval(_SHAPE) != self._shape:
            return False
        filled = await keeper.fetchrow(self._question)
        emptying = [_emptying(table, bytes_) for table, bytes_ in filled.items() if bytes_]
        await keeper.execute("; ".join([*emptying, _SEQUENCES_BACK]))
        return True

    def _execute(self, statement: str) -> None:
        asyncio.run(execute(self.url("postgres"), statement))


def _question_about(tables: list[str]) -> str:
    """Ask of each table how much room it takes, or 0 where no row is in it."""
    one = "(SELECT pg_relation_size('{0}') WHERE EXISTS (SELECT FROM {0})) AS {0}"
    return f"SELECT {', '.join(map(one.format, tables))}"


def _emptying(table: str, bytes_: int) -> str:
    """Leave a table its file while that is small: to make a new one takes ten times as long."""
    is_small = bytes_ < _ROOM_BYTES
    return f"DELETE FROM {table}" if is_small else f"TRUNCATE {table} CASCADE"  # noqa: S608 - a table


async def _shape_of(url: str) -> tuple[list[str], str]:
    async with connected(url) as connection:
        tables = [str(name) for (name,) in await connection.fetch(_TABLES)]
        return list(await connection.fetchval(_SHAPE)), _question_about(tables)


async def _connect(url: str, **settings: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("+asyncpg", ""), server_settings=settings)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await _connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def execute(url: str, *statements: str) -> None:
    """Do something by hand, past the desk."""
    async with connected(url) as connection:
        for statement in statements:
            await connection.execute(statement)


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """Start a server in a directory of its own, and stop it; it refuses to run as root."""
    place = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    directory = Path(tempfile.mkdtemp(prefix="mizban-postgres-", dir=place))
    identity: dict[str, Any] = {"cwd": directory}
    if os.getuid() == 0:
        identity |= {"user": "nobody", "extra_groups": []}
        shutil.chown(directory, "nobody")
    records = directory / "records"
    arrange = [programs / "initdb", "-D", records, "-U", "mizban", "-A", "trust", "-E", "UTF8"]
    arrange += ["--locale=C.UTF-8", "--no-sync"]
    settings = [part for name, value in _HASTY.items() for part in ("-c", f"{name}={value}")]
    serve = ["sh", "-c", _GUARD, programs / "postgres", "-D", records, "-k", directory, *settings]
    try:
        subprocess.run(arrange, check=True, capture_output=True, **identity)
        process = subprocess.Popen(
            serve, stdin=subprocess.PIPE, start_new_session=True, **identity
        )
        try:
            server = Server(directory)
            asyncio.run(_wait_for(server, directory, process))
            with closing(server):
                yield server
        finally:
            process.communicate(timeout=20)  # closes its input
    finally:
        shutil.rmtree(directory, ignore_errors=True)


async def _wait_for(server: Server, directory: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, (directory / "log").read_text()
        try:
            await execute(server.url("postgres"), "SELECT 1")
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError((directory / "log").read_text())
