"""A window into records, beside the desk: of a file or of a server, with the same words.

It shares no code with the desk, asks without waiting for the loop, and can put everything back to
how it once was.
"""

import asyncio
import itertools
import shutil
import sqlite3
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.postgres_support import Server

_T = TypeVar("_T")

_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version'
AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY relname
"""
# What was undone gave numbers away on a server, and gives them back in a file.
_NUMBERS_BACK = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT d.objid::regclass AS counter, d.refobjid::regclass AS kept, a.attname AS name
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.deptype IN ('a', 'i')
  LOOP EXECUTE format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM %s',
                      one.counter, one.name, one.kept); END LOOP;
END $$
"""


class Window(Protocol):
    """What can be seen of records past the desk."""

    url: str

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look at rows; a question mark stands for each value."""

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Look at a whole table."""

    def tables(self) -> list[str]:
        """Name the tables, at least those that hold something."""

    def do(self, *statements: str) -> None:
        """Change something by hand."""

    def image(self) -> Any:
        """Keep everything as it is now."""

    def put_back(self, image: Any) -> None:
        """Have everything as it was; nobody may be at work."""

    def give_numbers_back(self) -> None:
        """Let what was undone leave no gap, as in a file."""

    def faults(self) -> list[str]:
        """Name what storage itself has lost, as far as it can tell."""

    def close(self) -> None:
        """Look no more."""


@contextmanager
def other_records(request: pytest.FixtureRequest, url: str, folder: Path) -> Iterator[str]:
    """Give the URL of empty records beside those of a test, of the same kind."""
    if url.startswith("sqlite"):
        path = folder / "other.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite+aiosqlite:///{path}"
        path.unlink()
        return
    server: Server = request.getfixturevalue("server")
    other = server.migrated_database()
    yield other
    server.take_back(other)


@contextmanager
def window_into(url: str) -> Iterator[Window]:
    window = open_window(url)
    try:
        yield window
    finally:
        window.close()


def open_window(url: str) -> Window:
    return FileWindow(url) if url.startswith("sqlite") else ServerWindow(url)


class FileWindow:
    """A connection of its own to the file."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = Path(url.partition(":///")[2])
        self._connection = sqlite3.connect(self.path, isolation_level=None)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = self._connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def tables(self) -> list[str]:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return [name for (name,) in self.ask(query) if name != "alembic_version"]

    def do(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(statement)

    def image(self) -> bytes:
        return self._connection.serialize()

    def put_back(self, image: bytes) -> None:
        self._connection.close()
        for log in ("-wal", "-shm"):
            Path(f"{self.path}{log}").unlink(missing_ok=True)
        self.path.write_bytes(image)
        self._connection = sqlite3.connect(self.path, isolation_level=None)

    def give_numbers_back(self) -> None:
        """A file does so by itself."""

    def faults(self) -> list[str]:
        (found,) = self.ask("PRAGMA integrity_check")
        lost = [str(row) for row in self.ask("PRAGMA foreign_key_check")]
        return lost if found == ("ok",) else [str(found), *lost]

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True)
class _Image:
    tables: dict[str, bytes]
    numbers: list[tuple[str, int, bool]]


class ServerWindow:
    """A connection of its own to the server, in a loop of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        address = url.replace("+asyncpg", "")
        self._connection = self._wait(asyncpg.connect(address))

    def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        numbers = itertools.count(1)
        parts = query.split("?")
        numbered = parts[0] + "".join(f"${next(numbers)}{part}" for part in parts[1:])
        found = self._wait(self._fetched(numbered, values))
        return [tuple(map(_as_in_a_file, row)) for row in found]

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = self._wait(self._connection.fetch(f"SELECT * FROM {table}"))  # noqa: S608 - a table
        return [{name: _as_in_a_file(cell) for name, cell in row.items()} for row in found]

    def tables(self) -> list[str]:
        return [name for (name,) in self.ask(_TABLES)]

    def do(self, *statements: str) -> None:
        for statement in statements:
            self._wait(self._connection.execute(statement))

    def image(self) -> _Image:
        filled = {name: self._wait(self._copied(name)) for name in self.tables()}
        numbers = self.ask("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'")
        given = [
            (name, *self.ask(f"SELECT last_value, is_called::text FROM {name}")[0])  # noqa: S608 - a counter
            for (name,) in numbers
        ]
        return _Image(filled, [(name, last, called == "true") for name, last, called in given])

    def put_back(self, image: _Image) -> None:
        self._wait(self._put_back(image, self.tables()))

    def give_numbers_back(self) -> None:
        self.do(_NUMBERS_BACK)

    def faults(self) -> list[str]:
        """A server looks after its own files, and after references when they are made."""
        return []

    def close(self) -> None:
        self._wait(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _fetched(self, query: str, values: Sequence[object]) -> list[Any]:
        if not any(isinstance(value, str) for value in values):
            return list(await self._connection.fetch(query, *values))
        statement = await self._connection.prepare(query)
        kinds = [parameter.name for parameter in statement.get_parameters()]
        given = [
            date.fromisoformat(value) if kind == "date" and isinstance(value, str) else value
            for value, kind in zip(values, kinds, strict=True)
        ]
        return list(await statement.fetch(*given))

    async def _copied(self, table: str) -> bytes:
        rows = BytesIO()
        await self._connection.copy_from_table(table, output=rows, format="binary")
        return rows.getvalue()

    async def _put_back(self, image: _Image, tables: Sequence[str]) -> None:
        async with self._connection.transaction():
            await self._connection.execute("SET LOCAL session_replication_role = replica")
            if tables:
                await self._connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            for name, rows in image.tables.items():
                source = BytesIO(rows)
                await self._connection.copy_to_table(name, source=source, format="binary")
            query = "SELECT setval($1::text::regclass, $2, $3)"
            await self._connection.executemany(query, image.numbers)


def _as_in_a_file(cell: object) -> object:
    """Write a cell as SQLite keeps it."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "microseconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return int(cell) if isinstance(cell, bool | Decimal) else cell
