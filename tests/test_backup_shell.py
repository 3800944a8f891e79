"""The restore drill, as docs/operating.md has it: from a desk's folder to a fresh one."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from bot.__main__ import EXIT_REFUSED, main
from bot.kit.database import Database
from bot.kit.database_file import prepare_database
from bot.kit.keys import settle_keyring
from bot.settings import Settings
from tests.wallet.support import top_up

ROOT = Path(__file__).parent.parent
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def old_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder in which a desk has worked, and which is the working directory."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", "123456789:" + "A" * 35)
    folder = tmp_path / "old"
    (folder / "backups").mkdir(parents=True)
    monkeypatch.chdir(folder)

    async def work() -> None:
        url = "sqlite+aiosqlite:///var/mizban.sqlite3"
        prepare_database(url)
        database = Database.open(url)
        async with database.transaction() as tx:
            database.keyring = await settle_keyring(tx, Path("var/keyring.json"))
            await top_up(tx, 500)
        await database.close()

    asyncio.run(work())
    return folder


def only(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def refusal(capsys: Said, *arguments: str) -> str:
    capsys.readouterr()
    assert main(arguments) == EXIT_REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


def test_a_desk_is_restored_on_a_fresh_machine(
    old_machine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Said
) -> None:
    assert main(["backup", "backups"]) == 0
    assert "opened again" in capsys.readouterr().out
    fresh = tmp_path / "fresh"
    (fresh / "var").mkdir(parents=True)
    backup = shutil.copy(only(old_machine / "backups"), fresh)
    shutil.copy(old_machine / "var" / "keyring.json", fresh / "var")
    shutil.rmtree(old_machine)
    monkeypatch.chdir(fresh)
    assert main(["restore", str(backup)]) == 0
    assert "start the desk" in capsys.readouterr().out
    assert main(["check", "--offline"]) == 0
    assert "in order" in capsys.readouterr().out
    assert main(["audit"]) == 0
    assert "the records" not in refusal(capsys, "restore", "nothing")
    assert "is there already" in refusal(capsys, "restore", str(backup))


def test_the_folder_of_the_settings_is_used_where_none_is_named(
    old_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    assert "MIZBAN_BACKUP_DIR" in refusal(capsys, "backup")
    monkeypatch.setenv("MIZBAN_BACKUP_DIR", "backups")
    monkeypatch.setenv("MIZBAN_BACKUP_KEEP", "1")
    assert main(["backup"]) == 0
    assert only(old_machine / "backups").name.startswith("mizban-")


def test_without_the_keys_there_is_one_line(old_machine: Path, capsys: Said) -> None:
    assert main(["backup", "backups"]) == 0
    shutil.rmtree(old_machine / "var")
    line = refusal(capsys, "restore", str(only(old_machine / "backups")))
    assert line.startswith("keyring: var/keyring.json is not there; without the keys")
    assert not (old_machine / "var").exists()


@pytest.mark.parametrize("hours", ["", "24", "-1", "3;15", "three", "3,,15"])
def test_hours_that_are_none_are_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, hours: str
) -> None:
    monkeypatch.setenv("MIZBAN_BACKUP_HOURS", hours)
    if hours == "":
        assert main(["backup", "backups"]) == 0, "what is empty is not set"
        return
    assert refusal(capsys, "backup", "backups").startswith("MIZBAN_BACKUP_HOURS: must be hours")


async def test_a_desk_that_runs_makes_a_backup_by_itself(old_machine: Path) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "MIZBAN_BACKUP_DIR": "backups"}
    surroundings |= {"MIZBAN_SEMANTIC": "false", "MIZBAN_HEALTH_PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo"),
        env={**surroundings, "MIZBAN_SIMULATOR_PORT": "0"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(60):
            while not list((old_machine / "backups").glob("mizban-*.backup")):  # noqa: ASYNC110 - a file rings no bell
                await asyncio.sleep(0.1)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
