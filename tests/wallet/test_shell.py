"""An operator audits the ledger from a shell, beside a desk that runs."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import EXIT_REFUSED, main
from bot.kit.database import Database
from bot.settings import Settings
from tests.wallet.support import top_up


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, migrated_file: Path) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desk.sqlite3"
    shutil.copy(migrated_file, path)
    monkeypatch.setenv("MIZBAN_DATABASE_URL", f"sqlite+aiosqlite:///{path}")
    return path


def given_money(path: Path) -> None:
    async def given() -> None:
        database = Database.open(f"sqlite+aiosqlite:///{path}")
        async with database.transaction() as tx:
            await top_up(tx, 500)
        await database.close()

    asyncio.run(given())


def test_a_ledger_that_is_right_ends_well(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given_money(path)
    before = path.read_bytes()
    assert main(["audit"]) == 0
    assert capsys.readouterr().out.startswith("The ledger is right")
    assert path.read_bytes() == before


def test_what_is_wrong_is_said_a_line_each(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given_money(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE account SET credits_rial = credits_rial + 1")
    assert main(["audit"]) == 1
    *lines, end = capsys.readouterr().out.splitlines()
    assert end.startswith("The audit of what staff did ends at entry 0: ")
    assert len(lines) == 3
    assert all(line.startswith(("I1 ", "I2 ")) for line in lines)


def test_what_is_wrong_with_workshops_is_said_too(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER workshop_event_refuses_update")
    assert main(["audit"]) == 1
    assert capsys.readouterr().out.startswith(
        "I4 append only: trigger workshop_event_refuses_update: expected there, found gone.\nThe "
    )


def test_without_records_there_is_nothing_to_audit(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.unlink()
    assert main(["audit"]) == EXIT_REFUSED
    assert "start the desk once" in capsys.readouterr().err
    assert not path.exists()
