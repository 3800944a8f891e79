"""The database has the shape that the tables say, on every way up and down."""

import sqlite3
from contextlib import closing
from pathlib import Path

import alembic.command
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.kit.database_file import heads, is_current, prepare_database, schema_faults
from bot.kit.errors import StartRefused
from bot.kit.migrating import migrate, migration_config, on_connection


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def each_url(request: pytest.FixtureRequest, url: str) -> str:
    """The URL of an empty database: a file, or one on a server."""
    return url if request.param == "sqlite" else request.getfixturevalue("server").database()


def _tables(url: str) -> set[str]:
    return on_connection(url, lambda connection: set(inspect(connection).get_table_names()))


def _steps(connection: Connection) -> list[str]:
    script = ScriptDirectory.from_config(migration_config(connection))
    return [step.revision for step in script.walk_revisions()][::-1]


def test_each_step_goes_up_down_and_up_again(each_url: str) -> None:
    def climb(connection: Connection) -> None:
        config = migration_config(connection)
        for revision in _steps(connection):
            alembic.command.upgrade(config, revision)
            alembic.command.downgrade(config, "-1")
            alembic.command.upgrade(config, revision)

    on_connection(each_url, climb)
    assert {"inbox", "outbox", "chat_standing"} <= _tables(each_url)


def test_all_the_way_down_leaves_nothing(each_url: str) -> None:
    migrate(each_url)
    on_connection(each_url, lambda held: alembic.command.downgrade(migration_config(held), "base"))
    assert _tables(each_url) == {"alembic_version"}


def test_tables_and_migrations_agree(each_url: str) -> None:
    migrate(each_url)
    on_connection(each_url, lambda held: alembic.command.check(migration_config(held)))


def test_a_fresh_file_and_a_migrated_one_have_no_faults(url: str) -> None:
    assert schema_faults(url) == []
    migrate(url)
    migrate(url)
    assert schema_faults(url) == []


def test_a_newer_database_is_refused_in_one_line(url: str) -> None:
    migrate(url)
    with sqlite3.connect(url.partition(":///")[2]) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    (fault,) = schema_faults(url)
    assert "9999" in fault
    assert "\n" not in fault


def test_a_file_that_is_no_database_is_refused_in_one_line(url: str) -> None:
    Path(url.partition(":///")[2]).write_bytes(b"a letter to the mayor" * 100)
    (fault,) = schema_faults(url)
    assert "not a database" in fault


def _altered(url: str, *statements: str) -> Path:
    path = Path(url.partition(":///")[2])
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE invoice (id INTEGER)",
        "CREATE TABLE inbox (subject TEXT)",
        "CREATE TABLE alembic_version (version_num TEXT)",
    ],
)
def test_the_database_of_another_program_is_refused_and_left_alone(
    url: str, statement: str
) -> None:
    path = _altered(url, statement, "CREATE TABLE letter (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StartRefused) as refused:
        prepare_database(url)
    (fault,) = refused.value.faults
    assert "another program" in fault
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("INSERT INTO alembic_version VALUES ('0001')", "several revisions"),
        ("DROP TABLE chat_standing", "lacks chat_standing"),
        ("ALTER TABLE alembic_version RENAME COLUMN version_num TO number", "version_num"),
    ],
)
def test_a_database_that_somebody_tampered_with_is_refused_in_one_line(
    url: str, statement: str, complaint: str
) -> None:
    migrate(url)
    _altered(url, statement)
    with pytest.raises(StartRefused) as refused:
        prepare_database(url)
    (fault,) = refused.value.faults
    assert complaint in fault


def test_what_the_last_steps_are_is_read_as_alembic_reads_it(url: str) -> None:
    steps = on_connection(url, _steps)
    assert heads() == {steps[-1]}


def test_a_migration_never_imports_todays_tables() -> None:
    versions = Path(__file__).parents[2] / "bot" / "migrations" / "versions"
    assert not [p.name for p in versions.glob("*.py") if ".tables import" in p.read_text()]


def test_only_a_database_at_the_last_step_is_current(url: str) -> None:
    assert not is_current(url)
    for revision in on_connection(url, _steps):
        assert not is_current(url)
        migrate(url, revision)
    assert is_current(url)


def test_a_file_that_is_no_database_is_not_current(url: str, tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite3").write_bytes(b"not a database" * 100)
    assert not is_current(url)
