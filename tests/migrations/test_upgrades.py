"""An upgrade is tried on a copy, and on the file itself happens whole or not at all."""

import asyncio
import logging
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.kit import migrating
from bot.kit.database_file import is_current, prepare_database
from bot.kit.errors import StartRefused
from bot.kit.migrating import migrate
from bot.kit.shapes import heads

ROOT = Path(__file__).parents[2]
STEP = '''"""A step of a later version."""
import os
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    file = op.get_bind().exec_driver_sql("PRAGMA database_list").one()[2]
    is_copy = "/.copy-" in file
    op.create_table("made_by_{revision}", sa.Column("id", sa.Integer, primary_key=True))
    {then}


def downgrade():
    op.drop_table("made_by_{revision}")
'''
CASE = """
    INSERT INTO desk_case (registration_key, tracking_code, office_id, service_version, kind,
    language, state, first_response_minutes, next_response_minutes, resolution_minutes,
    warn_minutes, registered_at, is_snoozed_until_reply, is_process_changed)
    VALUES ('k', 'c', 'kanoon', 1, 'praise', 'fa', 'open', 1, 1, 9, 1, 0, 0, 0)
"""
WIDER = """
    counting = {"sqlite_autoincrement": True}
    with op.batch_alter_table("desk_case", table_kwargs=counting) as table:
        table.drop_constraint(op.f("ck_desk_case_kind_known"), type_="check")
        table.create_check_constraint("kind_known", "kind IN ('praise', 'lost_property')")
"""
Later = Callable[..., None]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of today, which is an older one to the versions below."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}"
    migrate(url)
    with closing(sqlite3.connect(tmp_path / "desk.sqlite3")) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return url


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let the program be of a later version, whose steps end in what is given."""
    folder = tmp_path / "later" / "migrations"
    shutil.copytree(migrating.MIGRATIONS, folder)

    def steps(*endings: str) -> None:
        (before,) = heads()
        for number, then in enumerate(endings):
            revision = f"later{number}"
            text = STEP.format(revision=revision, before=before, then=then)
            (folder / "versions" / f"2999-01-0{number + 1}_{revision}.py").write_text(text)
            before = revision
        for module in ("bot.kit.migrating", "bot.kit.shapes"):
            monkeypatch.setattr(f"{module}.MIGRATIONS", folder)

    return steps


def content(url: str) -> list[str]:
    with closing(sqlite3.connect(url.partition(":///")[2])) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return list(connection.iterdump())


def files(url: str) -> set[str]:
    return {path.name for path in Path(url.partition(":///")[2]).parent.iterdir()} - {"later"}


def refusal(url: str, examine: Callable[[str], list[str]] | None = None) -> str:
    with pytest.raises(StartRefused) as refused:
        prepare_database(url, examine)
    (line,) = refused.value.faults
    assert "\n" not in line
    return line


def test_a_table_to_which_rows_point_can_be_made_anew(url: str, later: Later) -> None:
    path = url.partition(":///")[2]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(CASE)
        connection.execute("INSERT INTO case_event (case_id, action, at) VALUES (1, 'ended', 0)")
    later(WIDER)
    assert prepare_database(url) is None
    with closing(sqlite3.connect(path)) as connection:
        kept = "SELECT count(*) FROM desk_case JOIN case_event ON case_id = desk_case.id"
        assert connection.execute(kept).fetchone() == (1,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("UPDATE desk_case SET kind = 'lost_property'")


def test_two_later_steps_are_taken_and_leave_no_copy(url: str, later: Later) -> None:
    later("pass", "pass")
    examined = []
    prepare_database(url, lambda copy: examined.append(copy) or [])  # type: ignore[func-returns-value] # it notes, and finds nothing
    assert is_current(url)
    assert any("made_by_later1" in line for line in content(url))
    assert len(examined) == 1
    assert ".copy-" in examined[0]
    assert files(url) == {"desk.sqlite3", "desk.sqlite3.lock"}


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ('op.execute("INSERT INTO made_by_later1 VALUES (1), (1)")', "UNIQUE constraint failed"),
        ('raise KeyError("Sara, 0912")', "KeyError"),
        ('op.execute("SELECT * FROM nowhere")', "no such table: nowhere"),
    ],
    ids=["a row that does not fit", "a slip of the pen", "no such table"],
)
def test_a_step_that_fails_on_the_copy_is_not_tried_on_the_file(
    url: str, later: Later, then: str, said: str
) -> None:
    before = Path(url.partition(":///")[2]).read_bytes()
    later("pass", then)
    line = refusal(url)
    assert said in line
    assert "Sara" not in line
    assert "nothing was changed in it; start the version before this" in line
    assert Path(url.partition(":///")[2]).read_bytes() == before
    assert files(url) == {"desk.sqlite3", "desk.sqlite3.lock"}


def test_a_step_that_fails_on_the_file_itself_undoes_those_before_it(
    url: str, later: Later
) -> None:
    before = content(url)
    later("pass", "assert is_copy")
    assert "a step failed with AssertionError" in refusal(url)
    assert content(url) == before


async def test_a_desk_that_is_killed_in_the_middle_finds_everything_as_it_was(
    url: str, later: Later, tmp_path: Path
) -> None:
    before = content(url)
    later("pass", "is_copy or os.kill(os.getpid(), 9)")
    program = (
        "import sys; from pathlib import Path;"
        "from bot.kit import database_file, migrating, shapes;"
        "migrating.MIGRATIONS = shapes.MIGRATIONS = Path(sys.argv[2]);"
        "database_file.prepare_database(sys.argv[1])"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, url, str(tmp_path / "later" / "migrations")), cwd=ROOT
    )
    assert await process.wait() == -signal.SIGKILL
    assert content(url) == before


def test_what_the_audit_finds_in_the_copy_stops_the_upgrade(url: str, later: Later) -> None:
    before = content(url)
    later("pass")
    line = refusal(url, lambda _: ["I1 account wallet: expected 1, found 2"])
    assert "the audit of an upgraded copy found I1 account" in line
    assert content(url) == before


def test_rows_that_belong_to_nothing_stop_the_upgrade(url: str, later: Later) -> None:
    before = content(url)
    later(
        'op.execute("CREATE TABLE child (of_id INTEGER REFERENCES made_by_later0 (id) '
        'DEFERRABLE INITIALLY DEFERRED)"); op.execute("PRAGMA defer_foreign_keys = ON"); '
        'op.execute("INSERT INTO child VALUES (7)")'
    )
    assert "belongs to no made_by_later0" in refusal(url)
    assert content(url) == before


def test_the_traceback_of_a_failed_step_is_in_the_log_for_whoever_asks(
    url: str, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot.kit.upgrading")
    later("raise KeyError")
    refusal(url)
    assert [record.exc_info is not None for record in caplog.records] == [True]
