"""The command line for one of several bots, and for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import EXIT_REFUSED, main
from bot.settings import Settings

TOKENS = {"kanoon": "11:" + "A" * 35, "mazandaran": "22:" + "A" * 35}


@pytest.fixture(autouse=True)
def bots(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    for name in TOKENS:
        write(tmp_path, name)
    yield
    for left in tmp_path.rglob("*.sqlite3*"):
        left.unlink()


def write(folder: Path, name: str, **more: str) -> None:
    lines = {
        "BOT_TOKEN": TOKENS[name],
        "DATABASE_URL": f"sqlite+aiosqlite:///var/{name}.sqlite3",
        "KEYRING_FILE": f"var/{name}.keyring.json",
        "OFFICES": name,
        **more,
    }
    file = folder / f"{name}.env"
    file.write_text("".join(f"MIZBAN_{setting}={value}\n" for setting, value in lines.items()))
    file.chmod(0o600)


def test_a_command_is_done_for_each_bot_and_says_for_which(
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = ["--bot", "kanoon.env", "--bot", "mazandaran.env"]
    assert main([*both, "check", "--offline"]) in {0, 1}
    said = capsys.readouterr().out
    first, _, second = said.partition("mazandaran.env:\n")
    assert first.startswith("kanoon.env:\n")
    assert "kanoon;" in first
    assert "mazandaran;" in second


def test_an_invitation_is_made_in_the_records_of_its_bot_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZBAN_API_BASE_URL", "http://127.0.0.1:9/bot")  # nobody is there
    command = ["invite", "--role", "manager", "--office"]
    assert main(["--bot", "kanoon.env", *command, "kanoon"]) == 0
    assert "/start inv_" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "var").glob("*.sqlite3")] == ["kanoon.sqlite3"]
    assert main(["--bot", "kanoon.env", *command, "mazandaran"]) == EXIT_REFUSED
    assert capsys.readouterr().err.startswith("--office: this desk serves kanoon")


@pytest.mark.parametrize("command", [["run"], ["check", "--offline"], ["audit"]])
def test_bots_that_are_not_apart_are_refused_by_every_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    write(tmp_path, "mazandaran", KEYRING_FILE="var/kanoon.keyring.json")
    assert main(["--bot", "kanoon.env", "--bot", "mazandaran.env", *command]) == EXIT_REFUSED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mazandaran: MIZBAN_KEYRING_FILE: kanoon has the same")
    assert not (tmp_path / "var").exists()


def test_a_fault_in_the_file_of_one_bot_is_told_with_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, "mazandaran", PLATFORM="icq")
    assert main(["run", "--bot", "kanoon.env", "--bot", "mazandaran.env"]) == EXIT_REFUSED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mazandaran.env: MIZBAN_PLATFORM: ")
