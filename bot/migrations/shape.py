"""Writes shape.sql: what all the migrations make of an empty file, for a first start to take over.

Run it when a migration was added (`make shape`); until then a first start climbs the migrations.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.kit.migrating import SHAPE, migrate

_HEADING: Final = "-- Written by `make shape` from the migrations; do not edit.\n"
_OURS: Final = (
    "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'"
    " ORDER BY type = 'trigger', type = 'index', tbl_name, name"
)


def shape_of(path: Path) -> str:
    """Write what a file holds as statements that make it again: its shape, and its first rows."""
    with closing(sqlite3.connect(path)) as connection:
        statements = [f"{_in_order(row[0])};\n" for row in connection.execute(_OURS)]
        rows = [f"{line}\n" for line in connection.iterdump() if line.startswith("INSERT ")]
    return _HEADING + "".join(
        (*statements, *(row for row in rows if "sqlite_sequence" not in row))
    )


def _in_order(statement: str) -> str:
    """Put the conditions of a table in one order: as they come it changes from run to run."""
    head, *conditions = re.split(r",\s*(?=CONSTRAINT )", statement.removesuffix("\n)"))
    table = ",\n\t".join((head, *sorted(conditions)))
    lines = f"{table}\n)" if statement.endswith("\n)") else statement
    return re.sub(r"[ \t]+$", "", lines, flags=re.MULTILINE)


def main() -> None:
    """Climb the migrations in a file of its own, and keep its shape."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        migrate(f"sqlite+aiosqlite:///{path}")
        SHAPE.write_text(shape_of(path), encoding="utf-8")


if __name__ == "__main__":
    main()
