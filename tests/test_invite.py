"""Inviting from the shell: the first manager comes in this way, also while the desk runs."""

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import EXIT_REFUSED, main
from bot.citizens import use_cases as citizens
from bot.citizens.model import CitizenId, Role
from bot.citizens.rules import INVITATIONS_OPEN_MAX
from bot.kit.clock import now
from bot.kit.database import Database
from bot.kit.opening import held
from bot.settings import Settings
from bot.simulator import Simulator

INVITE = ["invite", "--office", "kanoon", "--role", "manager"]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIZBAN_DATABASE_URL", database_url)


async def accepted(database: Database, said: str) -> list[tuple[str, Role]]:
    token = said.rpartition("inv_")[2].strip()
    async with database.transaction() as tx:
        joined = await citizens.accept_invitation(
            tx, token=token, citizen_id=CitizenId(7), name="Elham", now=now()
        )
        entries = await citizens.audit_of(tx, office_id="kanoon", limit=9)
    assert [entry.action for entry in entries] == ["join"]
    return [(joined.office_id, joined.role)]


async def test_the_first_manager_comes_in_while_the_desk_runs(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(database_url):
        assert await asyncio.to_thread(main, INVITE) == 0
        said = capsys.readouterr().out
        assert "/start inv_" in said
        assert await accepted(database, said) == [("kanoon", Role.MANAGER)]


async def test_the_link_is_printed_where_the_platform_names_the_bot(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    simulator = Simulator()
    async with simulator.serve() as address:
        monkeypatch.setenv("MIZBAN_BOT_TOKEN", simulator.token)
        monkeypatch.setenv("MIZBAN_API_BASE_URL", address)
        assert await asyncio.to_thread(main, INVITE) == 0
    said = capsys.readouterr().out
    assert "https://t.me/mizban_demo_bot?start=inv_" in said
    assert simulator.token not in said
    assert await accepted(database, said) == [("kanoon", Role.MANAGER)]


def test_without_the_platform_there_is_a_line_to_send(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIZBAN_BOT_TOKEN", "123456789:" + "S3cret-" * 5)
    monkeypatch.setenv("MIZBAN_API_BASE_URL", "http://127.0.0.1:1")
    assert main(INVITE) == 0
    said = capsys.readouterr()
    assert "/start inv_" in said.out
    assert "S3cret" not in said.out + said.err


def test_an_unknown_office_is_refused_and_the_known_ones_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["invite", "--office", "konoon", "--role", "manager"]) == EXIT_REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert "kanoon" in said.err
    assert len(said.err.splitlines()) == 1


def test_more_links_than_an_office_may_have_out_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(INVITATIONS_OPEN_MAX):
        assert main(INVITE) == 0
    capsys.readouterr()
    assert main(INVITE) == EXIT_REFUSED
    assert capsys.readouterr().out == ""
