"""All records, carried from one database into another of the same shape that holds none yet.

Nothing is opened, and every row keeps its number: what is sealed is sealed for its row. What
arrived is read again and added up on both sides: a sum of the digests of all rows of a table does
not depend on the order in which either side gives them.
"""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
)

from bot.kit.database import Moment, metadata
from bot.kit.errors import StartRefused
from bot.kit.tables import Sealed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from sqlalchemy import Select

    from bot.kit.database import Transaction

_ROWS_AT_ONCE: Final = 500
_FAULTS_MAX: Final = 20
_SUMS: Final = 2**256
_counters: Final = Table(
    "sqlite_sequence", MetaData(), Column("name", String), Column("seq", Integer)
)
_KINDS: Final[tuple[tuple[type[Any], tuple[type, ...]], ...]] = (
    (Moment, (datetime,)),
    (Sealed, (bytes,)),
    (LargeBinary, (bytes,)),
    (Boolean, (bool,)),
    (String, (str,)),
    (Date, (date,)),
    (Integer, (int,)),
)


@dataclass(frozen=True, slots=True)
class Carried:
    """One table: how many rows it has, and what they come to."""

    table: str
    rows: int
    digest: str


async def carry(source: Transaction, target: Transaction) -> None:
    """Write every row of one database into another; raises StartRefused for what does not fit.

    What its migrations wrote into the other one makes room.
    """
    faults: list[str] = []
    async with _references_later(target):
        for table in metadata.sorted_tables:
            if await _holds_any(target, table):  # what its migrations wrote
                await target.execute(delete(table))
            async for rows in _pages(source, table):
                faults += [fault for row in rows if (fault := _fault(table, row)) is not None]
                if len(faults) > _FAULTS_MAX:
                    break
                if not faults:
                    await target.execute(insert(table), rows)
    if faults:
        raise StartRefused([f"move: {fault}." for fault in faults[:_FAULTS_MAX]])
    await _go_on_counting(source, target)


async def added_up(tx: Transaction) -> list[Carried]:
    """Count the rows of every table, and add their digests up."""
    return [await _added_up(tx, table) for table in metadata.sorted_tables]


async def _added_up(tx: Transaction, table: Table) -> Carried:
    count, total = 0, 0
    async for rows in _pages(tx, table):
        for row in rows:
            said = b"".join(_written(row[column.name]) for column in table.c)
            total += int.from_bytes(hashlib.sha256(said).digest(), "big")
        count += len(rows)
    return Carried(table.name, count, f"{total % _SUMS:064x}")


def _written(value: object) -> bytes:
    """Write a value so that no two rows read alike that are not."""
    if isinstance(value, bytes):
        kind, content = b"y", value
    elif isinstance(value, date):  # a moment is one too
        kind, content = b"d", value.isoformat().encode()
    elif value is None:
        kind, content = b"n", b""
    else:
        kind, content = type(value).__name__[:1].encode(), str(value).encode()
    return kind + len(content).to_bytes(8, "big") + content


async def _pages(tx: Transaction, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
    """Read a table page by page, in the order of its key."""
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(_ROWS_AT_ONCE)
    page = query
    while rows := [dict(row._mapping) for row in await tx.execute(page)]:  # noqa: SLF001 - so SQLAlchemy names it
        yield rows
        last = [literal(rows[-1][key.name], key.type) for key in keys]
        page = query.where(tuple_(*keys) > tuple_(*last) if keys[1:] else keys[0] > last[0])


def _fault(table: Table, row: Mapping[str, Any]) -> str | None:
    """Say what a server would not take, and never what stands there."""
    for column in table.c:
        why = _unfit(column, row[column.name])
        if why is not None:
            place = ", ".join(f"{key.name} {row[key.name]!r}" for key in table.primary_key)
            return f"{table.name}.{column.name} of {place} {why}"
    return None


def _unfit(column: Column[Any], value: object) -> str | None:
    if value is None:
        return None
    kinds = next(kinds for kind, kinds in _KINDS if isinstance(column.type, kind))
    if type(value) not in kinds:
        return f"holds {type(value).__name__} where {kinds[0].__name__} belongs"
    if isinstance(value, str):
        if "\0" in value:
            return "holds a NUL, which no server keeps"
        length = getattr(column.type, "length", None)
        if length is not None and len(value) > length:
            return f"holds {len(value)} characters where {length} have room"
    if isinstance(value, int) and value.bit_length() >= _bits(column):
        return "holds a number that is too great"
    return None


def _bits(column: Column[Any]) -> int:
    if isinstance(column.type, BigInteger):
        return 64
    return 16 if isinstance(column.type, SmallInteger) else 32


@asynccontextmanager
async def _references_later(tx: Transaction) -> AsyncIterator[None]:
    """Look at references of rows to rows of their own table once all are there."""
    if tx.dialect.name == "sqlite":
        await tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    held = [
        (key.table.name, key.name)
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is table
    ]
    for table, name in held:
        await tx.exec_driver_sql(
            f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"
        )
    yield
    await tx.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in held:
        await tx.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


async def _go_on_counting(source: Transaction, target: Transaction) -> None:
    """Let the next rows have numbers that no row ever had, though it may be gone."""
    ever = await _last_numbers(source)
    for (table, column), number in ever.items():
        if number and target.dialect.name == "sqlite":
            await target.execute(delete(_counters).where(_counters.c.name == table))
            await target.execute(insert(_counters), {"name": table, "seq": number})
        elif number:
            counter = func.pg_get_serial_sequence(table, column)
            await target.execute(select(func.setval(counter, number)))


async def _last_numbers(tx: Transaction) -> dict[tuple[str, str], int]:
    """Say which number the last row of each table had that counts its rows, by its column."""
    counted = [(one.name, one.autoincrement_column) for one in metadata.sorted_tables]
    last: dict[tuple[str, str], int] = {}
    for table, column in counted:
        if column is not None:
            last[table, column.name] = await tx.scalar(_last_number(tx, table, column.name)) or 0
    return last


def _last_number(tx: Transaction, table: str, column: str) -> Select[Any]:
    if tx.dialect.name == "sqlite":
        return select(_counters.c.seq).where(_counters.c.name == table)
    return select(func.pg_sequence_last_value(func.pg_get_serial_sequence(table, column)))


async def _holds_any(tx: Transaction, table: Table) -> bool:
    return (await tx.execute(select(table).limit(1))).first() is not None
