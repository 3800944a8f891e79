import os
from pathlib import Path

import pytest

from bot.kit.errors import StartRefused
from bot.settings import Settings, load_bots, load_settings, reading_from

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
        ("MIZBAN_DATABASE_URL", "postgresql+psycopg://user:hunter2@host/db"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@host"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@host/"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@host:543210/db"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@host:port/db"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@/db"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@[host/db"),
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:hunter2@host/db?sslmode=require"),
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
        ("MIZBAN_DATABASE_URL", "postgresql+asyncpg://user:password@host/name"),
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


SECRETS = ("BOT_TOKEN", "PAYMENT_TOKEN")


def secret_file(path: Path, content: bytes = TOKEN.encode() + b"\n", mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440], ids=oct)
def test_a_secret_is_read_from_a_file_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, mode: int
) -> None:
    secret_file(tmp_path / "secret", mode=mode)
    (tmp_path / "mounted").symlink_to("secret")
    monkeypatch.setenv(f"MIZBAN_{name}_FILE", "mounted")
    settings = load_settings()
    secret = getattr(settings, name.lower())
    assert secret.get_secret_value() == TOKEN
    assert "AAAA" not in repr(settings)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("content", "mode", "complaint"),
    [
        (TOKEN.encode(), 0o644, "open to other users; mend that with: chmod 600 secret."),
        (TOKEN.encode(), 0o666, "open to other users"),
        (TOKEN.encode(), 0o620, "open to other users"),
        (b" \n", 0o600, "is empty"),
        (b"\xff\xfe", 0o600, "is not plain text"),
        (b"hunter2" * 1000, 0o600, "too long"),
        (None, 0o600, "No such file"),
    ],
)
def test_a_file_of_a_secret_that_is_not_fit_for_it_is_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None, mode: int, complaint: str
) -> None:
    if content is not None:
        secret_file(Path("secret"), content, mode)
    monkeypatch.setenv(f"MIZBAN_{name}_FILE", "secret")
    (fault,) = faults()
    assert fault.startswith(f"MIZBAN_{name}_FILE: secret ")
    assert complaint in fault
    assert "AAAA" not in fault
    assert "hunter2" not in fault


def test_a_pipe_in_the_place_of_a_secret_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "secret")
    monkeypatch.setenv("MIZBAN_BOT_TOKEN_FILE", "secret")
    assert faults() == ["MIZBAN_BOT_TOKEN_FILE: secret is not a file."]


def test_a_token_in_a_file_has_to_be_one_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret_file(tmp_path / "secret", b"hunter2")
    monkeypatch.setenv("MIZBAN_BOT_TOKEN_FILE", "secret")
    (fault,) = faults()
    assert fault.startswith("MIZBAN_BOT_TOKEN: must be a number")


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_stands_in_two_places_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    secret_file(tmp_path / "secret")
    monkeypatch.setenv(f"MIZBAN_{name}", TOKEN)
    monkeypatch.setenv(f"MIZBAN_{name}_FILE", "secret")
    assert faults() == [f"MIZBAN_{name}_FILE: set either this or MIZBAN_{name}."]


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_of_settings_that_others_can_read_may_hold_no_secret(
    tmp_path: Path, name: str
) -> None:
    line = f"MIZBAN_{name}={TOKEN}\n"
    secret_file(tmp_path / ".env", line.encode(), 0o644)
    assert faults() == [".env: is open to other users; mend that with: chmod 600 .env."]
    for mode in (0o600, 0o640):
        (tmp_path / ".env").chmod(mode)
        assert getattr(load_settings(), name.lower()).get_secret_value() == TOKEN
    secret_file(
        tmp_path / ".env", f"# {line}MIZBAN_PLATFORM=bale\nMIZBAN_{name}=\n".encode(), 0o644
    )
    assert load_settings().platform == "bale"


SERVER = "postgresql+asyncpg://mizban:hunter2@host:5433/desk?ssl=require"


@pytest.mark.parametrize(
    "url",
    [SERVER, "postgresql+asyncpg://mizban@/desk?host=/run/postgresql", "postgresql+asyncpg://h/d"],
)
def test_a_server_may_keep_the_records(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MIZBAN_DATABASE_URL", url)
    settings = load_settings()
    assert settings.database_url == url
    assert url not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_the_address_of_a_server_may_stand_in_a_file_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret_file(Path("secret"), SERVER.encode())
    monkeypatch.setenv("MIZBAN_DATABASE_URL_FILE", "secret")
    assert load_settings().database_url == SERVER
    monkeypatch.setenv("MIZBAN_DATABASE_URL", "sqlite+aiosqlite:///desk.sqlite3")
    assert faults() == ["MIZBAN_DATABASE_URL_FILE: set either this or MIZBAN_DATABASE_URL."]


def test_a_file_of_settings_with_the_password_of_a_server_is_for_its_owner_alone() -> None:
    line = f"MIZBAN_DATABASE_URL={SERVER}\n"
    secret_file(Path(".env"), line.encode(), 0o644)
    assert faults() == [".env: is open to other users; mend that with: chmod 600 .env."]
    for harmless in (line.replace(":hunter2", ""), "MIZBAN_DATABASE_URL=sqlite+aiosqlite:///a\n"):
        secret_file(Path(".env"), harmless.encode(), 0o644)
        assert "hunter2" not in load_settings().database_url


def test_offices_are_names_with_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().offices == ()
    monkeypatch.setenv("MIZBAN_OFFICES", " kanoon, mazandaran,kanoon ,")
    assert load_settings().offices == ("kanoon", "mazandaran")
    monkeypatch.setenv("MIZBAN_OFFICES", "../kanoon")
    (fault,) = faults()
    assert fault.startswith("MIZBAN_OFFICES: ")


SAFE = "MIZBAN_BOT_TOKEN={}\nMIZBAN_DATABASE_URL=sqlite+aiosqlite:///var/{}.sqlite3\n"


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_bots_own_file_goes_before_the_environment_and_ends_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = private(tmp_path / "kanoon.env", SAFE.format(TOKEN, "kanoon"))
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", "1:of-the-house")
    monkeypatch.setenv("MIZBAN_PLATFORM", "bale")
    (bot,) = load_bots([file])
    assert bot.name == "kanoon"
    assert bot.settings.bot_token is not None
    assert bot.settings.bot_token.get_secret_value() == TOKEN
    assert bot.settings.platform == "bale"
    with reading_from(file):
        assert load_settings() == bot.settings
    assert load_settings() != bot.settings


def test_faults_of_several_bots_are_all_told_by_the_files_they_are_in(tmp_path: Path) -> None:
    one = private(tmp_path / "one.env", "MIZBAN_PLATFORM=icq\nMIZBAN_HEALTH_PORT=1\n")
    two = private(tmp_path / "two.env", "MIZBAN_TOKEEN=x\n")
    three = tmp_path / "three.env"
    three.write_text(SAFE.format(TOKEN, "three"))
    three.chmod(0o644)
    with pytest.raises(StartRefused) as refused:
        load_bots([one, two, three, tmp_path / "none.env"])
    lines = refused.value.faults
    assert [line.split(":")[0] for line in lines] == [
        *[str(one)] * 2,
        str(two),
        str(three),
        str(tmp_path / "none.env"),
    ]
    assert [line.split(":")[1].strip() for line in lines[:3]] == [
        "MIZBAN_HEALTH_PORT",
        "MIZBAN_PLATFORM",
        "MIZBAN_TOKEEN",
    ]
    assert "AAAA" not in "".join(lines)


def test_two_files_that_would_give_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    files = [private(at / "kanoon.env", "") for at in (tmp_path, tmp_path / "a")]
    with pytest.raises(StartRefused, match="kanoon"):
        load_bots(files)
