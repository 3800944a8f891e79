from pathlib import Path

import pytest

from bot.kit.errors import StartRefused
from bot.settings import Settings, load_settings

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable of the house and no .env of the developer reaches these tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def faults() -> list[str]:
    with pytest.raises(StartRefused) as refused:
        load_settings()
    assert not any("\n" in fault for fault in refused.value.faults)
    return refused.value.faults


def test_without_any_setting_the_desk_can_be_tried() -> None:
    settings = load_settings()
    assert settings.bot_token is None
    assert settings.platform == "telegram"
    assert settings.default_language == "fa"
    assert (settings.catalogue_dir / "kanoon" / "office.yaml").is_file()


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("MIZBAN_PLATFORM=bale\nMIZBAN_HEALTH_PORT=1\n")
    monkeypatch.setenv("MIZBAN_HEALTH_PORT", "2")
    settings = load_settings()
    assert (settings.platform, settings.health_port) == ("bale", 2)


@pytest.mark.parametrize("name", ["MIZBAN_BOT_TOKEN", "MIZBAN_API_BASE_URL", "MIZBAN_PLATFORM"])
def test_an_empty_setting_is_one_that_is_not_set(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert "AAAA" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIZBAN_BOT_TOKEN", "hunter2-secret"),
        ("MIZBAN_BOT_TOKEN", "123456789:"),
        ("MIZBAN_BOT_TOKEN", "123456789:hunter2 secret"),
        ("MIZBAN_PLATFORM", "hunter2"),
        ("MIZBAN_API_BASE_URL", "ftp://hunter2"),
        ("MIZBAN_API_BASE_URL", "https://"),
        ("MIZBAN_DATABASE_URL", "postgresql://user:hunter2@host/db"),
        ("MIZBAN_DATABASE_URL", "sqlite+aiosqlite:///"),
        ("MIZBAN_DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
        ("MIZBAN_HEALTH_PORT", "65536"),
        ("MIZBAN_HEALTH_PORT", "hunter2"),
        ("MIZBAN_SIMULATOR_PORT", "-1"),
        ("MIZBAN_SIMULATOR_PORT", "8081.5"),
        ("MIZBAN_DEFAULT_LANGUAGE", "ar"),
        ("MIZBAN_SEMANTIC", "hunter2"),
        ("MIZBAN_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    (fault,) = faults()
    assert fault.startswith(f"{name}: ")
    assert "hunter2" not in fault


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKKEN", "hunter2")
    (fault,) = faults()
    assert fault.startswith("MIZBAN_BOT_TOKKEN: ")
    assert "hunter2" not in fault


def test_a_misspelt_line_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MIZBAN_BOT_TOKKEN=hunter2\n")
    assert faults() == [
        "MIZBAN_BOT_TOKKEN: there is no such setting; docs/settings.md lists them."
    ]


def test_a_line_that_is_not_the_desks_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=desk\n")
    assert load_settings() == Settings()


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"MIZBAN_BOT_TOKEN=\xff\xfe\x00\n")
    (fault,) = faults()
    assert fault.startswith(".env: ")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("MIZBAN_API_BASE_URL", "https://api.telegram.org/bot"),
        ("MIZBAN_DATABASE_URL", "path of a file"),
    ],
)
def test_a_wrong_address_is_told_with_what_one_looks_like(
    monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.setenv(name, "hunter2")
    (fault,) = faults()
    assert hint in fault


def test_a_line_of_the_file_that_says_nothing_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MIZBAN_PLATFORM=bale\nMIZBAN_BOT_TOKEN hunter2\n")
    assert faults() == [".env: line 2 cannot be read; write NAME=value."]


def test_a_folder_in_the_place_of_the_file_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    (fault,) = faults()
    assert fault.startswith(".env: is a folder; ")


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_TYPO", "1")
    monkeypatch.setenv("MIZBAN_PLATFORM", "icq")
    monkeypatch.setenv("MIZBAN_HEALTH_PORT", "x")
    assert [fault.partition(":")[0] for fault in faults()] == [
        "MIZBAN_TYPO",
        "MIZBAN_PLATFORM",
        "MIZBAN_HEALTH_PORT",
    ]


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().health_port = 1  # type: ignore[misc]
