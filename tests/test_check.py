"""`python -m bot check` as an operator calls it: what it says, and with which status it ends."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.catalogue.loader import load_catalogue
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role, Staff
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.database_file import prepare_database
from bot.kit.opening import has_records
from bot.settings import Settings
from bot.simulator import Simulator
from handlers.jobs.offices_ready import office_remarks, tell_what_is_lacking

ROOT = Path(__file__).parent.parent
MANAGER = CitizenId(7001)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.chdir(tmp_path)


async def checked(*options: str, **settings: str) -> tuple[int, str, str]:
    """Run it as a process of its own, beside a simulator that this test serves."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "check", *options),
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    assert b"Traceback" not in err
    return process.returncode, out.decode(), err.decode()


async def given_office(url: str, chat_id: int | None = None) -> None:
    """Give kanoon a manager, and an admin chat where one is named."""
    member = Staff(MANAGER, "kanoon", Role.MANAGER, "Manager")
    database = Database.open(url)
    async with database.transaction() as tx:
        await citizens.grant(
            tx, citizen_id=member.id, office_id="kanoon", role=member.role, name="M", now=now()
        )
        if chat_id is not None:
            await citizens.bind_admin_chat(
                tx, office_id="kanoon", chat_id=chat_id, actor=member, now=now()
            )
    await database.close()


async def test_the_status_says_whether_the_desk_would_start_and_is_well() -> None:
    simulator = Simulator()
    simulator.add_person("manager", MANAGER, "Manager")
    group = simulator.add_group("Staff", ["manager"])
    url = "sqlite+aiosqlite:///desk.sqlite3"
    prepare_database(url)
    await given_office(url, group)
    async with simulator.serve() as address:
        here = {"MIZBAN_API_BASE_URL": f"{address}/bot", "MIZBAN_DATABASE_URL": url}
        known = {**here, "MIZBAN_BOT_TOKEN": simulator.token}
        status, out, err = await checked(**known)
        assert (status, err) == (0, "")
        assert out.splitlines()[-1] == "Everything is in order."
        assert "ok   admin chat of kanoon: " in out
        simulator.set_bot_member("manager", group, "kicked")
        status, out, err = await checked(**known)
        assert status == 1
        assert err.startswith("admin chat of kanoon: ")
        assert (await checked("--offline", **known))[0] == 0
        status, out, err = await checked(**here, MIZBAN_BOT_TOKEN="2:" + "S3cret" * 6)
        assert status == 2
        assert out.splitlines()[-1] == "The desk would not start."
        assert err.startswith("MIZBAN_BOT_TOKEN: ")
        assert "S3cret" not in out + err
    assert simulator.journal.counts.keys() <= {
        *("getMe", "getWebhookInfo", "getMyCommands", "getChatMember")
    }, "nothing is changed at the platform"


async def test_a_platform_that_is_away_is_ill_but_would_be_waited_for() -> None:
    async with Simulator().serve() as address:
        pass
    settings = {"MIZBAN_BOT_TOKEN": "1:token", "MIZBAN_API_BASE_URL": f"{address}/bot"}
    status, out, err = await checked(**settings)
    assert status == 1
    assert "it does not answer: no connection" in err
    assert "would start" in out


def test_faults_of_all_kinds_are_told_together(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "diary").write_text("no database at all, but long enough to be looked at" * 9)
    monkeypatch.setenv("MIZBAN_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/diary")
    monkeypatch.setenv("MIZBAN_BACKUP_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("TZ", "Nowhere")
    assert main(["check", "--offline"]) == 2
    said = capsys.readouterr()
    abouts = [line.partition(":")[0] for line in said.err.splitlines()]
    assert sorted(abouts) == ["MIZBAN_BACKUP_DIR", "TZ", "database"]


def test_every_line_says_how_it_is_and_about_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == "Everything is in order."
    assert lines
    assert [line for line in lines if not re.match(r"(ok  |note) \S.*: .*\.$", line)] == []


@pytest.fixture(params=["sqlite", "postgresql"])
def unmade_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where no desk has ever been."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("server").database())
    return f"sqlite+aiosqlite:///{tmp_path}/none/desk.sqlite3"


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


async def test_looking_makes_no_records(unmade_url: str, tmp_path: Path) -> None:
    status, out, err = await checked("--offline", MIZBAN_DATABASE_URL=unmade_url)
    assert (status, err) == (0, "")
    assert "note database: there are no records yet" in out
    assert files_in(tmp_path) == [], "neither records nor keys"
    assert not has_records(unmade_url)


async def said_of_kanoon(url: str) -> str:
    _, remarks = await office_remarks(url, load_catalogue(ROOT / "data" / "catalogue"))
    return next(str(one) for one in remarks if one.about == "office kanoon")


async def test_what_an_office_lacks_is_told_with_the_next_step(database_url: str) -> None:
    assert "bot invite --office kanoon --role manager" in await said_of_kanoon(database_url)
    await given_office(database_url)
    assert "/setup" in await said_of_kanoon(database_url)
    await given_office(database_url, -100_5)
    said = await said_of_kanoon(database_url)
    assert "no officer and no finance" in said


async def test_the_log_of_a_start_leads_to_the_first_manager(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    catalogue = load_catalogue(ROOT / "data" / "catalogue")
    await given_office(database_url, -100_5)
    database = Database.open(database_url)
    async with database.reading() as tx:
        await tell_what_is_lacking(tx, catalogue)
    await database.close()
    (line,) = caplog.messages
    assert "bot invite --office mazandaran --role manager" in line
