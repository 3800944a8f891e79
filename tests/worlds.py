"""Worlds that take long to make: each is made once, and copied into the databases of others."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any, TypeVar

import asyncpg

from tests.postgres_support import connected

Made = TypeVar("Made")
_TABLES = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version'
    AND relnamespace = 'public'::regnamespace ORDER BY relname"""
_SEQUENCES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'"
_made: dict[tuple[str, bool], tuple[Any, Any]] = {}


async def settled(url: str, name: str, make: Callable[[], Awaitable[Made]]) -> Made:
    """Let an empty database hold the world of this name; gives what making it gave.

    `make` fills this very database, and is awaited once in a run for each kind of database.
    """
    is_file = url.startswith("sqlite")
    read, write = (_read_file, _write_file) if is_file else (_read_server, _write_server)
    if (name, is_file) in _made:
        result, contents = _made[name, is_file]
        await write(url, contents)
    else:
        result = await make()
        _made[name, is_file] = result, await read(url)
    return result  # type: ignore[no-any-return] - of the same name, hence of the same kind


async def _read_file(url: str) -> bytes:
    with closing(sqlite3.connect(url.partition(":///")[2])) as connection:
        image = connection.serialize()
    return image[:18] + b"\1\1" + image[20:]  # no log of its own, which memory has no place for


async def _write_file(url: str, contents: bytes) -> None:
    with (
        closing(sqlite3.connect(":memory:")) as source,
        closing(sqlite3.connect(url.partition(":///")[2])) as target,
    ):
        source.deserialize(contents)
        source.backup(target)


async def _read_server(url: str) -> tuple[dict[str, list[asyncpg.Record]], dict[str, Any]]:
    async with connected(url) as connection:
        rows = {
            table: await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - a table
            for (table,) in await connection.fetch(_TABLES)
        }
        numbers = {
            sequence: await connection.fetchrow(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - a sequence
            for (sequence,) in await connection.fetch(_SEQUENCES)
        }
    return {table: found for table, found in rows.items() if found}, numbers


async def _write_server(
    url: str, contents: tuple[dict[str, list[asyncpg.Record]], dict[str, Any]]
) -> None:
    rows, numbers = contents
    async with connected(url) as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = 'replica'")
        # A database that nobody had yet holds what its migrations wrote.
        await connection.execute(f"TRUNCATE {', '.join(rows)} CASCADE")
        for table, records in rows.items():
            await connection.copy_records_to_table(table, records=records)
        for sequence, (last, is_called) in numbers.items():
            await connection.execute("SELECT setval($1, $2, $3)", sequence, last, is_called)
