"""Two bots of one process have nothing in common that is theirs."""

from pathlib import Path
from typing import Any

import pytest

from bot.app import ensure_apart
from bot.kit.errors import StartRefused
from bot.settings import Bot, Settings

TOKENS = ("11:" + "A" * 35, "22:" + "A" * 35)
SERVER = "postgresql+asyncpg://a:b@db.example/{}"


def bots(folder: Path, **same: Any) -> list[Bot]:
    """Two bots that are apart, but for what is said."""
    return [
        Bot(
            name,
            Settings(
                **{
                    "bot_token": TOKENS[number],
                    "database_url": f"sqlite+aiosqlite:///{folder}/{name}.sqlite3",
                    "keyring_file": folder / f"{name}.keyring.json",
                    "backup_dir": folder / name,
                    **{
                        setting: value[number] if isinstance(value, list) else value
                        for setting, value in same.items()
                    },
                }
            ),
        )
        for number, name in enumerate(("kanoon", "mazandaran"))
    ]


def faults(folder: Path, *, on_simulator: bool = False, **same: Any) -> list[str]:
    with pytest.raises(StartRefused) as refused:
        ensure_apart(bots(folder, **same), on_simulator=on_simulator)
    return refused.value.faults


def test_bots_that_have_each_their_own_may_start(tmp_path: Path) -> None:
    ensure_apart(bots(tmp_path), on_simulator=False)
    other = [SERVER.format("kanoon"), SERVER.format("mazandaran")]
    ensure_apart(bots(tmp_path, database_url=other), on_simulator=False)
    both = ["telegram", "bale"]
    ensure_apart(bots(tmp_path, bot_token=TOKENS[0], platform=both), on_simulator=False)


@pytest.mark.parametrize(
    ("setting", "same"),
    [
        ("bot_token", TOKENS[0]),
        ("bot_token", ["11:" + "A" * 35, "011:" + "B" * 35]),
        ("database_url", "sqlite+aiosqlite:///{}/one.sqlite3"),
        ("database_url", ["sqlite+aiosqlite:///{}/a", "sqlite+aiosqlite:///{}/x/../a"]),
        ("database_url", SERVER.format("one")),
        (
            "database_url",
            [
                "postgresql+asyncpg://a:b@db.example/one",
                "postgresql+asyncpg://c:d@DB.example:5432/one",
            ],
        ),
        ("keyring_file", "{}/one.json"),
        ("backup_dir", "{}/backups"),
    ],
)
def test_what_two_bots_have_in_common_is_told_by_the_name_of_both(
    tmp_path: Path, setting: str, same: Any
) -> None:
    known = [one.format(tmp_path) for one in ([same] if isinstance(same, str) else same)]
    (fault,) = faults(tmp_path, **{setting: known if len(known) > 1 else known[0]})
    assert fault.startswith(f"mazandaran: MIZBAN_{setting.upper()}: kanoon has the same")
    assert "AAAA" not in fault


def test_a_file_under_two_names_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "one.sqlite3").touch()
    (tmp_path / "two.sqlite3").symlink_to(tmp_path / "one.sqlite3")
    (tmp_path / "three.sqlite3").hardlink_to(tmp_path / "one.sqlite3")
    for other in ("two", "three"):
        urls = [f"sqlite+aiosqlite:///{tmp_path}/{name}.sqlite3" for name in ("one", other)]
        (fault,) = faults(tmp_path, database_url=urls)
        assert "MIZBAN_DATABASE_URL" in fault


def test_on_simulators_each_has_a_chat_page_and_records_of_its_own(tmp_path: Path) -> None:
    own: dict[str, Any] = {"bot_token": None, "simulator_port": [18001, 18002]}
    ensure_apart(bots(tmp_path, **own), on_simulator=True)
    (fault,) = faults(tmp_path, bot_token=None, simulator_port=18001)
    assert "MIZBAN_SIMULATOR_PORT" in fault
    default = Settings.model_fields["database_url"].default
    said = faults(tmp_path, **own, database_url=default, on_simulator=True)
    assert any("MIZBAN_DATABASE_URL" in fault for fault in said)
