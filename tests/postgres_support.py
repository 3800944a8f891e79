"""A PostgreSQL server of our own for one run of the tests, on a socket nobody else can reach."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
}


def find_programs() -> Path | None:
    """Say where initdb and postgres are, if anywhere."""
    for place in _PLACES:
        if all(Path(place, name).exists() for name in ("initdb", "postgres")):
            return Path(place)
    return None


class Server:
    """Gives databases away, each of which is empty or has today's shape."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = count(1)
        self._has_template = False

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://mizban@/{name}?host={self._directory}"

    def database(self) -> str:
        """Make an empty database and give its URL."""
        return self._create("template0")

    def migrated_database(self) -> str:
        """Make a database in today's shape; the shape is made once and copied."""
        if not self._has_template:
            self._execute("CREATE DATABASE migrated TEMPLATE template0")
            migrate(self.url("migrated"))
            self._has_template = True
        return self._create("migrated")

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, template: str) -> str:
        name = f"desk{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _execute(self, statement: str) -> None:
        asyncio.run(execute(self.url("postgres"), statement))


async def execute(url: str, *statements: str) -> None:
    """Do something by hand, past the desk."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """Start a server in a directory of its own, and stop it; it refuses to run as root."""
    directory = Path(tempfile.mkdtemp(prefix="mizban-postgres-"))
    identity: dict[str, Any] = {}
    if os.getuid() == 0:
        identity = {"user": "nobody", "extra_groups": []}
        shutil.chown(directory, "nobody")
    records = directory / "records"
    arrange = [programs / "initdb", "-D", records, "-U", "mizban", "-A", "trust", "-E", "UTF8"]
    arrange += ["--locale=C.UTF-8", "--no-sync"]
    settings = [part for name, value in _HASTY.items() for part in ("-c", f"{name}={value}")]
    serve = [programs / "postgres", "-D", records, "-k", directory, *settings]
    try:
        subprocess.run(arrange, check=True, capture_output=True, cwd=directory, **identity)
        with (directory / "log").open("wb") as log:
            process = subprocess.Popen(serve, stdout=log, stderr=log, cwd=directory, **identity)
        try:
            asyncio.run(_wait_for(directory, process))
            yield Server(directory)
        finally:
            process.send_signal(signal.SIGINT)  # cuts off whoever is left
            process.wait(timeout=20)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


async def _wait_for(directory: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, (directory / "log").read_text()
        try:
            await execute(Server(directory).url("postgres"), "SELECT 1")
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError((directory / "log").read_text())
