"""The catalogue from a shell: out as a workbook and in, compared, undone, measured."""

import asyncio
import shutil
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from aiohttp import web
from openpyxl import load_workbook  # type: ignore[import-untyped]

from bot.__main__ import EXIT_REFUSED, main
from bot.catalogue.loader import load_catalogue
from bot.settings import Settings
from handlers.by_hand.links import all_addresses, reached
from tests.handlers.test_catalogue_book import with_fee
from tests.handlers.workbook_support import cell_of, changed
from tests.keys_support import write_keys

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
PATHS = ("gone", "slow", "well")


@pytest.fixture(autouse=True)
def records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, migrated_file: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIZBAN_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(migrated_file, tmp_path / "desk.sqlite3")
    monkeypatch.setenv("MIZBAN_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/desk.sqlite3")
    monkeypatch.setenv("MIZBAN_KEYRING_FILE", str(write_keys(tmp_path / "keyring.json")))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["catalogue", *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return run


def with_name(content: bytes, name: object) -> bytes:
    return changed(content, ("اداره", cell_of(content, "اداره", "نام کوتاه (فارسی)", 0), name))


def test_a_workbook_goes_out_and_in_is_compared_and_undone(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "k.xlsx"
    assert run("export", "kanoon", str(book))[0] == 0
    assert "Nothing changes" in run("import", "kanoon", str(book))[1]
    book.write_bytes(with_name(book.read_bytes(), "کانون نو"))
    status, said, _err = run("import", "kanoon", str(book))
    assert (status, "کانون نو" in said, "--yes" in said) == (0, True, True)
    assert "Nothing was applied yet" in run("versions", "kanoon")[1]
    status, said, _err = run("import", "kanoon", str(book), "--yes", "--reason", "نامه ۱۲")
    assert "Version 1 is in force" in said
    assert "نامه ۱۲" in run("versions", "kanoon")[1]
    assert "کانون نو" in run("diff", "kanoon", "files", "1")[1]
    again = tmp_path / "again.xlsx"
    run("export", "kanoon", str(again))
    assert "Nothing changes" in run("import", "kanoon", str(again))[1]
    assert "--yes" in run("undo", "kanoon")[1]
    assert "In force: files" in run("undo", "kanoon", "--yes", "--reason", "x")[1]
    assert "In force: 1" in run("undo", "kanoon", "--yes")[1]
    assert run("undo", "kanoon", "--to", "1", "--yes")[0] == EXIT_REFUSED


def test_a_faulty_workbook_is_told_in_both_languages_and_comes_back_marked(
    run: Run, tmp_path: Path
) -> None:
    book = tmp_path / "k.xlsx"
    run("export", "kanoon", str(book))
    content = book.read_bytes()
    cell = cell_of(content, "اداره", "نام کوتاه (فارسی)", 0)
    book.write_bytes(with_name(content, None))
    status, said, _err = run("import", "kanoon", str(book), "--yes")
    assert status == 1
    assert f"اداره!{cell}: این خانه نباید خالی باشد" in said
    assert f"اداره!{cell}: This cell may not be empty" in said
    copy = load_workbook(BytesIO((tmp_path / "k.marked.xlsx").read_bytes()))
    assert copy["اداره"][cell].comment is not None
    assert "Nothing was applied yet" in run("versions", "kanoon")[1]


def test_who_asks_from_a_shell_is_answered_from_what_is_in_force(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "k.xlsx"
    run("export", "kanoon", str(book))
    book.write_bytes(with_fee(book.read_bytes(), 550_000))
    assert run("import", "kanoon", str(book), "--yes")[0] == 0
    monkeypatch.setenv("MIZBAN_SEMANTIC", "false")
    line = '{"id": "1", "text": "آیا کارت اعتباری می‌گیرید؟", "office": "kanoon"}'
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(line.encode())))
    assert main(["ask", "--jsonl"]) == 0
    said = capsys.readouterr()
    assert "kn-new-1" in said.out
    assert said.err == "kanoon: version 1 is in force, not the files.\n"


def test_workshops_are_shown_and_left_to_the_admin_chat(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "k.xlsx"
    run("export", "kanoon", str(book))
    content = book.read_bytes()
    cell = cell_of(content, "کارگاه‌های اداره", "عنوان", 2)
    book.write_bytes(changed(content, ("کارگاه‌های اداره", cell, "رباتیک")))
    status, said, _err = run("import", "kanoon", str(book), "--yes")
    assert (status, "رباتیک" in said, "admin chat" in said) == (0, True, True)
    assert "Nothing was applied yet" in run("versions", "kanoon")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "nowhere", "x.xlsx"),
        ("export", "kanoon", "/nowhere/x.xlsx"),
        ("import", "kanoon", "missing.xlsx"),
        ("diff", "kanoon", "files", "7"),
        ("diff", "kanoon", "files", "x"),
        ("undo", "kanoon", "--yes"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(run: Run, arguments: tuple[str, ...]) -> None:
    status, _out, said = run(*arguments)
    assert status == EXIT_REFUSED
    assert said.strip()


def test_the_meter_and_the_links_are_had_by_a_command(run: Run) -> None:
    status, said, _err = run("check", "--meter")
    assert status == 0
    assert "kanoon: " in said
    assert "اعلام نشده: " in said
    assert run("links") == (0, "Every address is in order.\n", "")


def test_addresses_are_tried_only_on_demand_and_each_once() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path == "/slow":
            await asyncio.sleep(5)
        return web.Response(status=404 if request.path == "/gone" else 200)

    async def play() -> list[str]:
        app = web.Application()
        app.router.add_get("/{rest:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            return await reached({f"{base}/{path}": path for path in PATHS}, 0.4)
        finally:
            await runner.cleanup()

    told = asyncio.run(play())
    assert sorted(asked) == sorted(f"/{path}" for path in PATHS)
    assert ["answers 404" in told[0], "no answer" in told[1], len(told)] == [True, True, 2]
    listed = all_addresses(load_catalogue(ROOT / "data" / "catalogue"))
    assert listed["http://kpf.ir/lms"] == "kanoon/urls/kpf-lms"
