"""The database on a server: whether it is fit for a desk, and what shape it has."""

import asyncio
import importlib.util
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.kit import postgres
from bot.kit.database import Transaction, is_storage_trouble
from bot.kit.errors import StartRefused
from bot.kit.migrating import climb, climbing
from bot.kit.remarks import Remark, fine, ill
from bot.kit.replicas import ALIVE
from bot.kit.shapes import Shape, is_todays, shape_at, shape_fault
from bot.kit.troubles import told
from bot.kit.upgrading import UNCHANGED

ExamineWithin = Callable[[Transaction], Awaitable[Sequence[str]]]
"""Says what is wrong in records that were upgraded but not committed, a line each."""
OLDEST: Final = 15
"""The first version of PostgreSQL that the desk is tried on."""
_logger = logging.getLogger(__name__)
_ALIVE: Final = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = $1::oid
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_OLDER: Final = "is older than this program, and a desk works on it; end every desk first"
_BUSY_SECONDS: Final = 10.0
_CONNECTIONS_NEEDED: Final = 12
_NO_DRIVER: Final = "a server needs the package asyncpg; install what requirements.lock names"


@dataclass(frozen=True, slots=True)
class _Server:
    """What a server says of itself and of one database."""

    version: int
    encoding: str
    is_copy: bool
    shape: Shape


def prepare_server(url: str, examine: ExamineWithin | None) -> None:
    """Bring a database to this program's shape; raise StartRefused when that cannot be.

    Two desks that start at once climb one after the other. A loop may run already.
    """
    with ThreadPoolExecutor(1) as thread:
        faults = thread.submit(_prepared, url, examine).result()
    if faults:
        raise StartRefused([f"database: {postgres.name_of(url)} {fault}." for fault in faults])


def ensure_fit(url: str) -> None:
    """Raise StartRefused where a server does not answer, or cannot keep what a desk writes."""
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_looked_at, url).result()
    fault = found if isinstance(found, str) else _unfit(found)
    if fault is not None:
        raise StartRefused([f"database: {postgres.name_of(url)} {fault}."])


def ensure_empty(connection: Connection) -> None:
    """Raise StartRefused where a database has any table."""
    tables = shape_at(connection).tables
    if tables:
        some = ", ".join(sorted(tables)[:3])
        why = f"it has tables already ({some} …); name a new one, made by CREATE DATABASE"
        raise StartRefused([f"move: an office moves into an empty database alone, and {why}."])


def has_tables(url: str) -> bool:
    """True where a desk, or anybody else, has made a table there."""
    ensure_fit(url)
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_looked_at, url).result()
    return not isinstance(found, str) and bool(found.shape.tables)


def is_current(url: str) -> bool:
    """True when the database has the shape of this program already; raises StartRefused."""
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_looked_at, url).result()
    if isinstance(found, str):
        raise StartRefused([f"database: {postgres.name_of(url)} {found}."])
    return is_todays(found.shape)


def _prepared(url: str, examine: ExamineWithin | None) -> Sequence[str]:
    found = _looked_at(url)
    if isinstance(found, str):
        return [found]
    fault = _unfit(found) or shape_fault(found.shape)
    if fault is not None:
        return [fault]
    if is_todays(found.shape):
        return []
    try:
        return asyncio.run(_climb(url, examine if found.shape.revisions else None))
    except Exception as error:
        if is_storage_trouble(error) or isinstance(error, DBAPIError):
            return [f"cannot be brought to today's shape: {told(error)}; {UNCHANGED}"]
        _logger.debug("a migration failed", exc_info=True)
        return [f"cannot be upgraded: a step failed with {type(error).__name__}; {UNCHANGED}"]


async def _climb(url: str, examine: ExamineWithin | None) -> Sequence[str]:
    """Take every step in one transaction, which is undone where something is found wrong."""
    async with climbing(url) as tx:
        if is_todays(await tx.run_sync(shape_at)):
            return []  # somebody else was first, and was waited for
        if await _count_alive(tx):
            return [_OLDER]
        await tx.run_sync(climb)
        faults = [] if examine is None else await examine(tx)
        if faults:
            await tx.rollback()
        else:
            await tx.commit()
    return [f"cannot be upgraded: the audit found in it {line}; {UNCHANGED}" for line in faults]


def _looked_at(url: str) -> _Server | str:
    """Ask the server, or say why it does not answer."""
    if importlib.util.find_spec("asyncpg") is None:
        return f"cannot be opened: {_NO_DRIVER}"
    try:
        return asyncio.run(_ask(url))
    except (DBAPIError, ValueError) as error:
        return f"cannot be opened: {told(error)}"


async def _ask(url: str) -> _Server:
    engine = postgres.open_plain_engine(url, busy_seconds=_BUSY_SECONDS)
    try:
        async with engine.connect() as tx:
            return _Server(
                version=int(await _setting(tx, "server_version_num")) // 10_000,
                encoding=await _setting(tx, "server_encoding"),
                is_copy=bool(await tx.scalar(select(func.pg_is_in_recovery()))),
                shape=await tx.run_sync(shape_at),
            )
    finally:
        await engine.dispose()


def server_remarks(url: str) -> list[Remark]:
    """Say which server keeps the records, and what of it could lose or refuse them.

    The server is known to answer, and to be fit for a desk.
    """
    about = f"database: {postgres.name_of(url)}"
    with ThreadPoolExecutor(1) as thread:
        version, fsync, allowed, used, size = thread.submit(asyncio.run, _described(url)).result()
    remarks = [fine(about, f"PostgreSQL {version}, {size / 1_000_000:.1f} MB.")]
    if fsync != "on":
        mend = "set fsync = on there, or a power cut loses what was acknowledged"
        remarks.append(ill(about, f"it does not wait for its disk; {mend}."))
    if allowed - used < _CONNECTIONS_NEEDED:
        mend = "raise max_connections, or end who holds them"
        said = f"{used} of its {allowed} connections are taken, and a desk opens ten"
        remarks.append(ill(about, f"{said}; {mend}."))
    return remarks


async def _described(url: str) -> tuple[str, str, int, int, int]:
    engine = postgres.open_plain_engine(url, busy_seconds=_BUSY_SECONDS)
    used = select(func.count()).select_from(table("pg_stat_activity"))
    size = select(func.pg_database_size(func.current_database()))
    try:
        async with engine.connect() as tx:
            return (
                await _setting(tx, "server_version"),
                await _setting(tx, "fsync"),
                int(await _setting(tx, "max_connections")),
                int(await tx.scalar(used) or 0),
                int(await tx.scalar(size) or 0),
            )
    finally:
        await engine.dispose()


async def ensure_nobody_works(tx: Transaction) -> None:
    """Raise StartRefused while any desk works on the database of this transaction."""
    if await _count_alive(tx):
        raise StartRefused(["database: is in use by a desk; end every one of them first."])


async def _count_alive(tx: Transaction) -> int:
    """Count the processes of desks that say that they are there."""
    return int((await tx.exec_driver_sql(_ALIVE, (ALIVE,))).scalar_one())


async def _setting(tx: AsyncConnection, name: str) -> str:
    return str(await tx.scalar(select(func.current_setting(name))))


def _unfit(found: _Server) -> str | None:
    if found.version < OLDEST:
        return f"is PostgreSQL {found.version}; the desk needs {OLDEST} or newer"
    if found.encoding != "UTF8":
        return f"is encoded in {found.encoding}; make it anew with ENCODING 'UTF8'"
    if found.is_copy:
        return "is a copy that can only be read; name the server that it follows"
    return None
