import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.__main__ import EXIT_REFUSED, main
from bot.digests.tables import digest as digest_table
from bot.kit.clock import now
from bot.kit.database import Database, Transaction
from bot.kit.jalali import jalali_numbers, tehran_day
from bot.settings import Settings
from tests.digests.support import given_case
from tests.keys_support import write_keys

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, migrated_file: Path) -> str:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(migrated_file, tmp_path / "desk.sqlite3")
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}"
    monkeypatch.setenv("MIZBAN_DATABASE_URL", url)
    monkeypatch.setenv("MIZBAN_KEYRING_FILE", str(write_keys(tmp_path / "keyring.json")))
    return url


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return run


@pytest.fixture
def case_of_today(records: str) -> str:
    """A case of just now; its tracking code."""

    async def register() -> str:
        database = Database.open(records)
        async with database.transaction() as tx:
            case = await given_case(tx, 1, at=now() - timedelta(seconds=1), text="رازی مگو")
        await database.close()
        return case.tracking_code

    return asyncio.run(register())


def today() -> str:
    return "{:04}/{:02}/{:02}".format(*jalali_numbers(tehran_day(now())))


@pytest.mark.parametrize("more", [[], ["--weekly"]])
def test_a_digest_is_printed_as_plain_text_and_counts_as_untold(
    run: Run, records: str, case_of_today: str, more: list[str]
) -> None:
    before = Path("desk.sqlite3").read_bytes()
    status, out, err = run("digest", "--office", "kanoon", "--dry-run", *more)
    assert (status, err) == (0, "")
    assert (case_of_today[:5] in out) is (not more), "a week is told in sums, a day by its cases"
    assert "<" not in out
    assert ("۲۹ اسفند ۱۴۰۲" in out) is (not more)
    assert Path("desk.sqlite3").read_bytes() == before

    async def told(tx: Transaction) -> list[object]:
        return list(await tx.execute(select(digest_table)))

    async def look() -> list[object]:
        database = Database.open(records)
        async with database.reading() as tx:
            rows = await told(tx)
        await database.close()
        return rows

    assert asyncio.run(look()) == []


def test_a_digest_can_be_read_while_the_desk_writes(
    run: Run, records: str, case_of_today: str
) -> None:
    writer = sqlite3.connect(records.partition(":///")[2], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        status, out, _err = run("digest", "--office", "kanoon", "--dry-run")
    finally:
        writer.rollback()
        writer.close()
    assert status == 0
    assert case_of_today[:5] in out


def test_only_the_desk_itself_sends_a_digest(run: Run) -> None:
    status, out, err = run("digest", "--office", "kanoon")
    assert (status, out) == (EXIT_REFUSED, "")
    assert "--dry-run" in err


@pytest.mark.parametrize("command", ["digest", "export"])
def test_an_office_that_does_not_exist_is_refused_by_its_name(run: Run, command: str) -> None:
    more = {
        "digest": ["--dry-run"],
        "export": ["--from", today(), "--to", today(), "--format", "csv", "--output", "x.csv"],
    }
    status, _out, err = run(command, "--office", "nowhere", *more[command])
    assert status == EXIT_REFUSED
    assert "kanoon" in err


def test_where_there_are_no_records_none_are_made(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZBAN_DATABASE_URL", "sqlite+aiosqlite:///var/none.sqlite3")
    status, _out, err = run("digest", "--office", "kanoon", "--dry-run")
    assert status == EXIT_REFUSED
    assert "start the desk once" in err
    assert not Path("var").exists()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_report_is_written_to_a_file(run: Run, case_of_today: str, form: str) -> None:
    output = f"cases.{form}"
    days = ["--from", "1405/01/01", "--to", today()]
    arguments = [*days, "--format", form, "--output", output]
    status, out, _err = run("export", "--office", "kanoon", *arguments)
    assert status == 0
    assert out == f"Cases in {output}: 1.\n"
    content = Path(output).read_bytes()
    if form == "xlsx":
        sheet = load_workbook(output).active
        assert sheet is not None
        text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        text = content.decode("utf-8-sig")
    assert f"{case_of_today[:2]}••••••{case_of_today[-2:]}" in text
    assert case_of_today not in text
    assert "رازی" not in text


def test_persian_digits_are_days_too(run: Run, case_of_today: str) -> None:
    assert case_of_today
    arguments = [
        "--format",
        "csv",
        "--output",
        "x.csv",
        "--from",
        "۱۴۰۵/۰۸/۰۱",
        "--to",
        "۱۴۰۵-۸-۳۰",
    ]
    status, _out, _err = run("export", "--office", "kanoon", *arguments)
    assert status == 0


@pytest.mark.parametrize(
    ("first", "last", "complaint"),
    [
        ("1405/13/01", "1405/08/30", "--from"),
        ("1405/08/01", "yesterday", "--to"),
        ("1405/08/02", "1405/08/01", "before"),
    ],
)
def test_days_that_are_none_are_refused(run: Run, first: str, last: str, complaint: str) -> None:
    arguments = ["--format", "csv", "--output", "x.csv", "--from", first, "--to", last]
    status, _out, err = run("export", "--office", "kanoon", *arguments)
    assert status == EXIT_REFUSED
    assert complaint in err
    assert not Path("x.csv").exists()


def test_a_file_that_cannot_be_written_is_refused_in_one_line(run: Run) -> None:
    arguments = [
        "--format",
        "csv",
        "--output",
        "no/such/x.csv",
        "--from",
        today(),
        "--to",
        today(),
    ]
    status, _out, err = run("export", "--office", "kanoon", *arguments)
    assert status == EXIT_REFUSED
    assert err.count("\n") == 1
