"""What shape a database has, and whether this program can do something with it."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, String, column, create_engine, inspect, select, table

from bot.kit.database import metadata
from bot.kit.migrating import MIGRATIONS, climb, migration_config
from bot.kit.sqlite import set_up

VERSIONS: Final = "alembic_version"
ANOTHER: Final = "set MIZBAN_DATABASE_URL to another database"
_REVISION: Final = re.compile(r"^revision\b.*?[\"'](\w+)[\"']", re.MULTILINE)
_DOWN_REVISION: Final = re.compile(r"^down_revision\b.*?[\"'](\w+)[\"']", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shape:
    """The names of the tables in a database, and the revisions it says to have."""

    tables: frozenset[str]
    revisions: tuple[str, ...]


def shape_at(connection: Connection) -> Shape:
    """Look what is there at the other end of a connection."""
    tables = frozenset(inspect(connection).get_table_names())
    versions = table(VERSIONS, column("version_num", String))
    revisions = (
        connection.scalars(select(versions.c.version_num)).all() if VERSIONS in tables else []
    )
    return Shape(tables, tuple(sorted(map(str, revisions))))


def is_todays(shape: Shape) -> bool:
    """True for the shape of this program.

    The migrations are read as text: to import what runs them takes a tenth of a second and 10 MB.
    """
    return set(shape.revisions) == heads() and shape.tables >= metadata.tables.keys()


def heads() -> set[str]:
    """Name the last steps among the migrations, of which there should be one."""
    texts = [file.read_text(encoding="utf-8") for file in MIGRATIONS.glob("versions/*.py")]
    revisions = {found[1] for text in texts if (found := _REVISION.search(text))}
    superseded = {found[1] for text in texts if (found := _DOWN_REVISION.search(text))}
    return revisions - superseded


def shape_fault(shape: Shape) -> str | None:
    """Say why a database of this shape cannot be used; an older or empty one can."""
    ours = shape.tables - {VERSIONS}
    if not shape.revisions:
        return f"holds the tables of another program; {ANOTHER}" if ours else None
    if len(shape.revisions) > 1:
        return f"has several revisions ({', '.join(shape.revisions)}); restore a backup"
    (revision,) = shape.revisions
    expected = _tables_at(revision)
    if expected is None:
        newer = "made by a newer program than this"
        return f"has revision {revision}, {newer}; start that one, or restore a backup"
    missing = ", ".join(sorted(expected - ours))
    return f"has revision {revision} but lacks {missing}; restore a backup" if missing else None


def _tables_at(revision: str) -> set[str] | None:
    """Name the tables that a revision comes with, or None when this program does not know it."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see is_todays

    engine = create_engine("sqlite://")
    set_up(engine)
    with engine.connect() as connection:
        config = migration_config(connection)
        known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
        if revision not in known:
            return None
        climb(connection, revision)
        tables = set(inspect(connection).get_table_names())
    engine.dispose()
    return tables - {VERSIONS}
