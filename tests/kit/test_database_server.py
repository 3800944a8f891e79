"""A database on a server: fit for a desk or refused in one line, and brought up whole or not."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.kit import migrating
from bot.kit.database import Database, Transaction
from bot.kit.database_server import server_remarks
from bot.kit.errors import StartRefused
from bot.kit.keys import settle_keyring
from bot.kit.opening import is_current, prepare_database
from bot.kit.remarks import Level
from bot.kit.replicas import ALIVE
from bot.kit.rotating import retire
from bot.kit.shapes import heads
from bot.wallet import use_cases as wallet
from tests.postgres_support import Server, connected, execute
from tests.wallet.support import top_up

STEP = """
import sqlalchemy as sa
from alembic import op
revision = "later"
down_revision = "{before}"
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer))
    {then}
def downgrade():
    op.drop_table("later")
"""
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Steps = Callable[[str], None]


class Look:
    """Looks at an upgrade before it is committed, and finds what it was told to find."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        self.calls = 0

    def in_copy(self, url: str) -> Sequence[str]:
        raise AssertionError(url)

    async def in_transaction(self, tx: Transaction) -> Sequence[str]:
        assert (await tx.exec_driver_sql("SELECT count(*) FROM later")).scalar_one() == 0
        self.calls += 1
        return self.lines


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Let the program be of a later version, whose step ends in what is given."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, folder)

    def step(then: str) -> None:
        (before,) = heads()
        text = STEP.format(before=before, then=then)
        (folder / "versions" / "2999-01-01_later.py").write_text(text)
        for module in ("bot.kit.migrating", "bot.kit.shapes"):
            monkeypatch.setattr(f"{module}.MIGRATIONS", folder)

    return step


@pytest.fixture
def url(server: Server) -> str:
    return server.migrated_database()


@pytest.fixture
def empty(server: Server) -> str:
    return server.database()


def refusal(url: str, look: Look | None = None) -> str:
    with pytest.raises(StartRefused) as refused:
        prepare_database(url, look)
    (line,) = refused.value.faults
    assert "\n" not in line
    return line


def run(work: Awaitable[object]) -> object:
    async def awaited() -> object:
        return await work

    return asyncio.run(awaited())


def tables(url: str) -> list[str]:
    async def names() -> list[str]:
        async with connected(url) as connection:
            query = "SELECT relname::text FROM pg_class WHERE relkind = 'r'"
            return [row[0] for row in await connection.fetch(query)]

    return asyncio.run(names())


def test_an_empty_database_is_brought_to_todays_shape_and_left_alone_then(empty: str) -> None:
    assert not is_current(empty)
    prepare_database(empty)
    assert is_current(empty)
    prepare_database(empty)


async def test_a_desk_may_begin_in_a_loop_that_runs_already(empty: str) -> None:
    prepare_database(empty)
    assert is_current(empty)


async def test_desks_that_start_at_once_all_start(empty: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(prepare_database, empty) for _ in range(3)))
    assert is_current(empty)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("host=", "host=/nowhere"), "the server cannot be reached (No such file or directory)"),
        (("/desk", "/nodesk"), "there is no such database on the server"),
        (("mizban@", "nobody@"), "the server lets this user in with no such password"),
    ],
    ids=["server", "database", "user"],
)
def test_what_is_not_there_is_named_in_one_line(
    empty: str, change: tuple[str, str], why: str
) -> None:
    line = refusal(empty.replace(*change, 1))
    assert line.startswith("database: ")
    assert why in line


def test_no_password_is_in_a_refusal(empty: str) -> None:
    assert "hunter2" not in refusal(empty.replace("mizban@", "nobody:hunter2@"))


def test_a_database_in_another_encoding_is_refused(server: Server) -> None:
    make = "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    run(execute(server.url("postgres"), make))
    assert "is encoded in LATIN1; make it anew" in refusal(server.url("latin"))


def test_a_server_of_an_old_version_is_refused(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.kit.database_server.OLDEST", 99)
    assert "the desk needs 99 or newer" in refusal(empty)


def test_a_driver_that_is_not_installed_is_named(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "needs the package asyncpg" in refusal(empty)


def test_the_database_of_another_program_is_left_alone(empty: str) -> None:
    run(execute(empty, "CREATE TABLE theirs (id int)"))
    assert "holds the tables of another program" in refusal(empty)
    assert "citizen" not in tables(empty)


def test_the_database_of_a_newer_program_is_left_alone(url: str) -> None:
    run(execute(url, "UPDATE alembic_version SET version_num = '9999'"))
    assert "has revision 9999, made by a newer program" in refusal(url)


def test_an_upgrade_is_looked_at_before_it_is_committed(url: str, later: Steps) -> None:
    later("pass")
    look = Look()
    prepare_database(url, look)
    assert look.calls == 1
    assert is_current(url)


def test_what_is_found_wrong_in_an_upgrade_undoes_it(url: str, later: Steps) -> None:
    later("pass")
    line = refusal(url, Look("SUMS: 1 is not 2"))
    assert "the audit found in it SUMS: 1 is not 2; nothing was changed" in line
    assert "later" not in tables(url)


@pytest.mark.parametrize("then", ["None.none", "op.execute('SELECT nothing')"])
def test_a_step_that_fails_undoes_those_before_it(url: str, later: Steps, then: str) -> None:
    later(then)
    assert "nothing was changed in it" in refusal(url)
    assert "later" not in tables(url)


async def test_no_desk_is_upgraded_under_its_hands(url: str, later: Steps) -> None:
    later("pass")
    async with connected(url) as desk:
        await desk.execute(f"SELECT pg_advisory_lock_shared({ALIVE}, 1)")
        line = await asyncio.to_thread(refusal, url)
    assert "a desk works on it; end every desk first." in line
    prepare_database(url)
    assert is_current(url)


async def test_no_key_is_retired_while_a_desk_works(url: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    database = Database.open(url)
    async with database.transaction() as tx:
        await settle_keyring(tx, keys)
    await database.close()
    async with connected(url) as desk:
        await desk.execute(f"SELECT pg_advisory_lock_shared({ALIVE}, 1)")
        with pytest.raises(StartRefused, match="in use by a desk"):
            await retire(url, keys, now=NOW)
    assert await retire(url, keys, now=NOW) == []


async def test_a_user_who_owns_the_database_and_is_nothing_else_is_enough(
    server: Server, tmp_path: Path
) -> None:
    await execute(
        server.url("postgres"),
        "CREATE ROLE plain LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE",
        "CREATE DATABASE plain OWNER plain TEMPLATE template0",
    )
    url = server.url("plain").replace("mizban@", "plain@")
    prepare_database(url)
    database = Database.open(url)
    async with database.transaction() as tx:
        database.keyring = await settle_keyring(tx, tmp_path / "keys.json")
        await top_up(tx, 500)
    await database.probe()
    async with database.reading() as tx:
        assert await wallet.audit(tx) == []
    await database.close()


def test_a_server_says_what_it_is_and_what_of_it_could_lose_records(server: Server) -> None:
    first, *others = server_remarks(server.migrated_database())
    assert first.level is Level.FINE
    assert "PostgreSQL 1" in str(first)
    (hasty,) = [str(one) for one in others if "disk" in one.said]
    assert "a power cut loses" in hasty, "as the server of these tests is set"


def test_a_server_with_hardly_a_connection_left_is_ill(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.migrated_database()
    monkeypatch.setattr("bot.kit.database_server._CONNECTIONS_NEEDED", -10_000)
    assert not any("connections" in one.said for one in server_remarks(url))
    monkeypatch.setattr("bot.kit.database_server._CONNECTIONS_NEEDED", 10_000)
    (full,) = [one for one in server_remarks(url) if "connections" in one.said]
    assert full.level is Level.ILL
