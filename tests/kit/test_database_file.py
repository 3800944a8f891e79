"""One file is one process's, for as long as that lives and no longer."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.kit.database_file import held
from bot.kit.errors import StartRefused

pytestmark = pytest.mark.about_a_file("of a file there is one desk")

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from bot.kit.database_file import held
with held(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def _refusal(url: str) -> str:
    with pytest.raises(StartRefused) as refused, held(url):
        pass
    (fault,) = refused.value.faults
    return fault


async def test_a_second_process_is_refused_until_the_first_is_killed(database_url: str) -> None:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLDER, database_url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    assert "in use by another desk" in _refusal(database_url)
    holder.kill()
    await holder.wait()
    with held(database_url):
        pass


def test_another_name_of_the_same_file_is_no_way_around(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "alias.sqlite3").symlink_to(tmp_path / "desk.sqlite3")
    with held(database_url):
        assert "alias.sqlite3" in _refusal(f"sqlite+aiosqlite:///{tmp_path}/alias.sqlite3")


def test_a_folder_that_is_not_there_is_a_refusal_too(tmp_path: Path) -> None:
    assert "No such file" in _refusal(f"sqlite+aiosqlite:///{tmp_path}/none/desk.sqlite3")
