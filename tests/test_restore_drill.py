"""The restore drill of a server, by its own tools: the very commands of docs/operating.md."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.day_support import world_at
from tests.faults.play import MORNING, begin
from tests.keys_support import write_keys
from tests.postgres_support import Server, find_programs
from tests.window import Window, window_into

pytestmark = pytest.mark.about_a_server("a file is restored by commands of our own")

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "operating.md"
NO_TOOLS = "NO pg_dump AND pg_restore ON THIS MACHINE: the restore drill is not played in this run"
MADE, RESTORED = "postgresql://mizban@host:5432/mizban", "postgresql://mizban@host:5432/restored"


@pytest.fixture
def tools() -> str:
    """The search path on which the tools of the server are."""
    path = f"{find_programs()}{os.pathsep}{os.environ['PATH']}"
    if not all(shutil.which(name, path=path) for name in ("pg_dump", "pg_restore")):
        pytest.skip(NO_TOOLS)
    return path


@pytest.fixture
def empty_url(server: Server) -> Iterator[str]:
    url = server.database()
    yield url
    server.take_back(url)


def command(name: str) -> str:
    (line,) = re.findall(rf"^\$ ({name} .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return str(line)


def rows(window: Window) -> dict[str, list[str]]:
    found = {name: sorted(map(repr, window.rows(name))) for name in window.tables()}
    return {name: written for name, written in found.items() if written}


async def test_a_desk_is_restored_from_a_dump_with_all_its_rows_and_guards(
    database_url: str, empty_url: str, tools: str, tmp_path: Path
) -> None:
    async with world_at(MORNING, database_url) as world:
        await (await begin(world)).whole()

    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MIZBAN_")},
        "PATH": tools,
        "PYTHONPATH": str(ROOT),
        "MIZBAN_BOT_TOKEN": "123456789:" + "A" * 35,
        "MIZBAN_DATABASE_URL": empty_url,
        "MIZBAN_KEYRING_FILE": str(write_keys(tmp_path / "keyring.json")),
    }

    def play(line: str, *, status: int = 0) -> str:
        for ours, url in ((MADE, database_url), (RESTORED, empty_url)):
            line = line.replace(ours, url.replace("+asyncpg", ""))
        done = subprocess.run(  # noqa: S602 - as people type it
            line.replace("mizban-….dump", "mizban-*.dump"),
            shell=True,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, (line, done.stdout, done.stderr)
        return done.stdout + done.stderr

    play(command("pg_dump"))
    play(command("pg_restore"))
    looked = play(f"{sys.executable} -m bot check --offline", status=1).splitlines()
    assert "keys: The keys" in looked[3]
    assert "fsync = on" in looked[-1], "all that is wrong: the server of the tests is a hasty one"
    assert "The desk would start" in looked[-2]
    play(f"{sys.executable} -m bot audit")
    with window_into(database_url) as before, window_into(empty_url) as after:
        assert rows(after) == rows(before)
        assert len(rows(after)["transfer"]) > 3
        with pytest.raises(Exception, match="append-only"):
            after.do("UPDATE transfer SET amount_rial = 1")
        after.do("ALTER TABLE transfer DISABLE TRIGGER USER", "DELETE FROM transfer")
    assert "I4" in play(f"{sys.executable} -m bot audit", status=1)
